-- Meters. What decides the meaning of past usage (type, aggregation, paths, filter) never changes.
-- Events count after the journal position active_from, and no longer after active_to, which a deleted
-- meter has, so that a rebuild gives the same windows.
CREATE TABLE meters (
  meter_id       uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL,
  key            text NOT NULL,
  description    text,
  event_type     text NOT NULL,
  aggregation    text NOT NULL,
  value_property text,
  group_by       jsonb NOT NULL,
  filter         jsonb NOT NULL,
  active_from    text NOT NULL,
  active_to      text,
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  deleted_at     timestamptz
);
CREATE UNIQUE INDEX meters_key ON meters (tenant_id, key) WHERE deleted_at IS NULL;
CALL weir_protect('meters');

-- One row for each combination of meter, subject and group values. The hash stands for that
-- combination in the unique index, as the values themselves can be too long for one.
CREATE TABLE usage_series (
  series_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id   uuid NOT NULL,
  meter_id    uuid NOT NULL,
  series_hash bytea NOT NULL,
  subject     text NOT NULL,
  groups      jsonb NOT NULL
);
CREATE UNIQUE INDEX usage_series_hash ON usage_series (meter_id, series_hash);
CREATE INDEX usage_series_subject ON usage_series (meter_id, subject);
CALL weir_protect('usage_series');

-- Minute windows: the base grain. No foreign keys and room in the pages, as these rows are updated
-- far more often than anything else.
CREATE TABLE usage_windows (
  series_id       bigint NOT NULL,
  window_start    timestamptz NOT NULL,
  tenant_id       uuid NOT NULL,
  events          bigint NOT NULL,
  value_sum       numeric,
  value_min       numeric,
  value_max       numeric,
  latest_value    numeric,
  latest_nanos    bigint,
  latest_identity bytea,
  PRIMARY KEY (series_id, window_start)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CALL weir_protect('usage_windows');

-- The distinct values of UNIQUE_COUNT meters, as 128-bit hashes.
CREATE TABLE usage_uniques (
  series_id    bigint NOT NULL,
  window_start timestamptz NOT NULL,
  value_hash   bytea NOT NULL,
  tenant_id    uuid NOT NULL,
  PRIMARY KEY (series_id, window_start, value_hash)
);
CALL weir_protect('usage_uniques');

-- Events that came with a known identity and another payload: kept as they came, never counted.
CREATE TABLE event_conflicts (
  lane        integer NOT NULL,
  sequence    bigint NOT NULL,
  tenant_id   uuid NOT NULL,
  source      text NOT NULL,
  event_id    text NOT NULL,
  type        text NOT NULL,
  subject     text NOT NULL,
  event_time  timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  data        text NOT NULL,
  PRIMARY KEY (lane, sequence)
);
CREATE INDEX event_conflicts_identity ON event_conflicts (tenant_id, source, event_id);
CALL weir_protect('event_conflicts');

-- How far each lane has been aggregated; moved in the same transaction as the windows. Belongs to no
-- tenant, so only the engine may touch it.
CREATE TABLE aggregator_positions (
  lane          integer PRIMARY KEY,
  sequence      bigint NOT NULL,
  journal_index bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON aggregator_positions TO weir_engine;
