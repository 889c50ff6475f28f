-- How a meter aggregates beyond its aggregation, and what it leaves out. The defaults are what meters
-- did before these columns were there.
ALTER TABLE meters
  ADD COLUMN percentile     numeric,
  ADD COLUMN exclude        jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN rounding_mode  text,
  ADD COLUMN rounding_scale integer,
  ADD COLUMN non_negative   boolean NOT NULL DEFAULT false,
  ADD COLUMN weighting_zone text;

-- For WEIGHTED_SUM: the sum of each delta times the nanoseconds from the window's start to the event.
ALTER TABLE usage_windows ADD COLUMN value_moment numeric;

-- How often a distinct value occurred, so that a void can take one of them back.
ALTER TABLE usage_uniques ADD COLUMN occurrences bigint NOT NULL DEFAULT 1;
ALTER TABLE usage_uniques ALTER COLUMN occurrences DROP DEFAULT;

-- How often those occurred that are here already is not known. The journal knows: where there are any,
-- windows and positions begin anew, and the engine folds them again when it starts. (The owner sees
-- rows only where row security is not forced on him.)
DO $$
BEGIN
  ALTER TABLE usage_uniques NO FORCE ROW LEVEL SECURITY;
  IF EXISTS (SELECT FROM usage_uniques) THEN
    TRUNCATE usage_windows, usage_uniques;
    UPDATE aggregator_positions SET sequence = 0, frame_location = 0;
  END IF;
  ALTER TABLE usage_uniques FORCE ROW LEVEL SECURITY;
END
$$;

-- The values of PERCENTILE meters and how often each occurred: exact, and whole windows can be merged.
CREATE TABLE usage_values (
  series_id    bigint NOT NULL,
  window_start timestamptz NOT NULL,
  value        numeric NOT NULL,
  tenant_id    uuid NOT NULL,
  occurrences  bigint NOT NULL,
  PRIMARY KEY (series_id, window_start, value)
);
CALL weir_protect('usage_values');
