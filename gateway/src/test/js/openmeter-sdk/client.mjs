// Drives Weir with the published OpenMeter client as its users do; only base URL and token are ours.
// Prints one JSON object: what each call gave, under the step's name. Exits 1 when a step fails that
// should not. Judging the results is the caller's part.
import { OpenMeter, isHTTPError } from '@openmeter/sdk'

const { WEIR_URL: baseUrl, WEIR_TOKEN: apiKey } = process.env
const openmeter = new OpenMeter({ baseUrl, apiKey })
const results = {}

async function step(name, call) {
  try {
    results[name] = (await call()) ?? null
    return results[name]
  } catch (error) {
    process.stderr.write(`${name}: ${error.stack}\n`)
    throw error
  }
}

/** A call that must fail: what the client makes of the answer. */
async function refused(name, call) {
  await step(name, async () => {
    try {
      await call()
    } catch (error) {
      if (!isHTTPError(error)) throw error
      const { message, type, title, status } = error
      return { message, type, title, status, code: error.getField('error')?.code }
    }
    throw new Error('was not refused')
  })
}

const DAY = { from: new Date('2026-03-29T00:00:00Z'), to: new Date('2026-03-30T00:00:00Z') }
const EVENT = { type: 'prompt', source: 'sdk' }

function usage(id, subject, time, data) {
  return { ...EVENT, id, subject, time: new Date(time), data }
}

async function meters() {
  await step('created', () =>
    openmeter.meters.create({
      slug: 'tokens_total',
      name: 'Tokens Total',
      description: 'AI Token Usage',
      aggregation: 'SUM',
      eventType: 'prompt',
      valueProperty: '$.tokens',
      groupBy: { model: '$.model', type: '$.type' },
      metadata: { team: 'billing' },
    }),
  )
  await step('unnamed', () =>
    openmeter.meters.create({ slug: 'prompts', aggregation: 'COUNT', eventType: 'prompt' }),
  )
  for (const aggregation of ['AVG', 'MIN', 'MAX', 'LATEST', 'UNIQUE_COUNT']) {
    await step(`created ${aggregation}`, () =>
      openmeter.meters.create({
        slug: `tokens_${aggregation.toLowerCase()}`,
        aggregation,
        eventType: 'prompt',
        valueProperty: aggregation === 'UNIQUE_COUNT' ? '$.model' : '$.tokens',
      }),
    )
  }
  await step('listed', () => openmeter.meters.list())
  await step('page', () =>
    openmeter.meters.list({
      params: { query: { page: 2, pageSize: 3, orderBy: 'createdAt', order: 'ASC' } },
    }),
  )
  await step('by id', () => openmeter.meters.get(results.created.id))
  await step('by slug', () => openmeter.meters.get('tokens_total'))
  await step('updated', () =>
    openmeter.meters.update('tokens_total', {
      name: 'Tokens',
      description: 'All tokens',
      groupBy: { model: '$.model', type: '$.type' },
      metadata: { team: 'platform' },
    }),
  )
}

async function events() {
  await step('ingested one', () =>
    openmeter.events.ingest(
      usage('1', 'acme', '2026-03-29T00:59:59.999Z', { tokens: 10.5, model: 'm1', type: 'in' }),
    ),
  )
  await step('ingested many', () =>
    openmeter.events.ingest([
      usage('2', 'acme', '2026-03-29T10:00:00Z', { tokens: '100', model: 'm2', type: 'out' }),
      usage('3', 'globex', '2026-03-29T22:30:00Z', { tokens: 7, model: 'm1', type: 'in' }),
      usage('1', 'acme', '2026-03-29T00:59:59.999Z', { type: 'in', model: 'm1', tokens: 10.5 }),
    ]),
  )
  const last = await step('ingested with defaults', () =>
    openmeter.events.ingest({ type: 'other', subject: 'acme' }),
  )
  await step('events', () => openmeter.events.list({ subject: 'acme', ...DAY }))
  await step('newest event', () => openmeter.events.list({ limit: 1, id: '3' }))
  return last.position
}

async function queries(after) {
  const query = (name, slug, parameters, options) =>
    step(name, () => openmeter.meters.query(slug, parameters, options))
  await query('total', 'tokens_total', { ...DAY, after })
  await query('for ever', 'tokens_total')
  await query('up to now', 'tokens_total', { from: DAY.from, to: new Date() })
  await query('hours', 'tokens_total', { ...DAY, windowSize: 'HOUR' })
  await query('days', 'tokens_total', { windowSize: 'DAY', windowTimeZone: 'Europe/Berlin' })
  await query('months', 'tokens_total', { windowSize: 'MONTH', windowTimeZone: 'Asia/Kathmandu' })
  await query('minutes', 'tokens_total', { ...DAY, windowSize: 'MINUTE', subject: ['globex'] })
  await query('one subject', 'tokens_total', { ...DAY, subject: ['acme'] })
  await query('two subjects', 'tokens_total', { ...DAY, subject: ['acme', 'globex'] })
  await query('groups', 'tokens_total', { ...DAY, groupBy: ['subject', 'model'] })
  await query('filtered', 'tokens_total', {
    ...DAY,
    filterGroupBy: { model: 'm1', type: 'in' },
    groupBy: ['model'],
    clientId: 'f74e58ed-94ce-4041-ae06-cf45420451a3',
  })
  await query('nobody', 'tokens_total', { ...DAY, subject: ['nobody'] })
  for (const slug of ['prompts', 'avg', 'min', 'max', 'latest', 'unique_count']) {
    const name = slug === 'prompts' ? slug : `tokens_${slug}`
    await query(name, name, DAY)
  }
  await query('csv', 'tokens_total', { ...DAY, windowSize: 'DAY', groupBy: ['model', 'subject'] }, {
    headers: { Accept: 'text/csv' },
    parseAs: 'text',
  })
  await step('posted', () =>
    openmeter.meters.queryPost('tokens_total', {
      ...DAY,
      windowSize: 'DAY',
      windowTimeZone: 'UTC',
      subject: ['acme', 'globex'],
      filterGroupBy: { model: ['m1', 'm2'] },
      groupBy: ['model'],
      clientId: 'f74e58ed-94ce-4041-ae06-cf45420451a3',
    }),
  )
  await step('posted with conditions', () =>
    openmeter.meters.queryPost('tokens_total', {
      ...DAY,
      advancedMeterGroupByFilters: { model: { $in: ['m1', 'm3'] }, type: { $eq: 'in' } },
    }),
  )
  await step('group values', () =>
    openmeter.meters.listGroupByValues('tokens_total', 'model', DAY),
  )
  const subjects = (name, range) =>
    step(name, () =>
      openmeter.client
        .GET('/api/v1/meters/{meterIdOrSlug}/subjects', {
          params: { path: { meterIdOrSlug: 'tokens_total' }, query: range },
        })
        .then((answer) => answer.data),
    )
  await subjects('subjects', {})
  await subjects('subjects of an hour', { from: new Date('2026-03-29T22:00:00Z'), to: DAY.to })
}

async function refusals() {
  const stranger = new OpenMeter({ baseUrl, apiKey: 'wk_unknown' })
  await refused('no such meter', () => openmeter.meters.get('absent'))
  await refused('slug taken', () =>
    openmeter.meters.create({ slug: 'prompts', aggregation: 'COUNT', eventType: 'x' }),
  )
  await refused('no such group', () =>
    openmeter.meters.query('tokens_total', { groupBy: ['colour'] }),
  )
  await refused('no such zone', () =>
    openmeter.meters.query('tokens_total', { windowSize: 'DAY', windowTimeZone: 'Mars/Olympus' }),
  )
  await refused('customers are not known to meters', () =>
    openmeter.meters.query('tokens_total', { filterCustomerId: ['c1'] }),
  )
  await refused('other conditions', () =>
    openmeter.meters.queryPost('tokens_total', {
      advancedMeterGroupByFilters: { model: { $like: 'm%' } },
    }),
  )
  await refused('another meaning', () =>
    openmeter.meters.update('tokens_total', { groupBy: { colour: '$.colour' } }),
  )
  await refused('bad event', () =>
    openmeter.events.ingest({ ...EVENT, id: 'bad', subject: 'acme', data: { tokens: 'many' } }),
  )
  await refused('bad events', () =>
    openmeter.events.ingest([{ ...EVENT, id: 'bad' }, { ...EVENT, id: 'worse', time: 'noon' }]),
  )
  await refused('bad token', () => stranger.meters.list())
}

async function goodbye() {
  await step('deleted', () => openmeter.meters.delete('tokens_total'))
  await refused('gone', () => openmeter.meters.get('tokens_total'))
}

try {
  await meters()
  const position = await events()
  await queries(position)
  await refusals()
  await goodbye()
} catch {
  process.exitCode = 1
}
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
