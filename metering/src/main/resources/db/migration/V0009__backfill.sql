-- What a meter's usage is kept under: null is the meter's own id; a backfill that has counted the past
-- anew puts its own id here. usage_series.meter_id holds this id.
ALTER TABLE meters ADD COLUMN usage_id uuid;
COMMENT ON COLUMN usage_series.meter_id IS 'meters.usage_id, or meter_id where that is null';

-- Backfills: the past counted anew, by a definition that takes effect when that is done. Their usage is
-- kept under backfill_id, next to the meter's, until one update of meters puts it in its place. chunks is
-- a fence: progress moves only from where it was read.
CREATE TABLE meter_backfills (
  backfill_id     uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL,
  meter_id        uuid NOT NULL,
  wanted          jsonb NOT NULL,
  state           text NOT NULL
    CHECK (state IN ('queued', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  reason_code     text,
  reason          text,
  asked_from      timestamptz,
  complete_from   timestamptz,
  start_position  text,
  until_position  text NOT NULL,
  done_position   text NOT NULL,
  frame_locations jsonb NOT NULL,
  chunks          bigint NOT NULL,
  events_scanned  bigint NOT NULL,
  events_counted  bigint NOT NULL,
  values_skipped  bigint NOT NULL,
  working_nanos   bigint NOT NULL,
  created_at      timestamptz NOT NULL,
  started_at      timestamptz,
  updated_at      timestamptz NOT NULL,
  ended_at        timestamptz
);
-- One at a time for a meter.
CREATE UNIQUE INDEX meter_backfills_unfinished ON meter_backfills (meter_id)
  WHERE state IN ('queued', 'running', 'paused');
CREATE INDEX meter_backfills_meter ON meter_backfills (meter_id, created_at);
CALL weir_protect('meter_backfills');

-- Usage that no meter shows any more. It goes when no transaction is left that may be reading it.
CREATE TABLE usage_removals (
  usage_id   uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL,
  created_at timestamptz NOT NULL
);
CALL weir_protect('usage_removals');
