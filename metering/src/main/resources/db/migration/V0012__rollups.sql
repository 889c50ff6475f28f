-- Which windows are kept at which grain. One row. Before 1970 lies only the start of the first days in
-- zones east of Greenwich, so everything begins with the month before.
CREATE TABLE usage_rollup (
  single       boolean PRIMARY KEY DEFAULT true CHECK (single),
  -- Every window before is in the hours; who adds to one adds to both, and holds this row while doing so.
  -- Whoever moves it has put everything together before, and holds up others for a moment only.
  hours_to     timestamptz NOT NULL,
  -- Every window before is in the days too.
  days_to      timestamptz NOT NULL,
  -- Minutes before are no longer kept. Always the start of a month, in UTC.
  minutes_from timestamptz NOT NULL,
  CHECK (minutes_from <= days_to AND days_to <= hours_to)
);
INSERT INTO usage_rollup (hours_to, days_to, minutes_from)
VALUES ('1969-12-01Z', '1969-12-01Z', '1969-12-01Z');
GRANT SELECT ON usage_rollup TO weir_app;
GRANT SELECT, UPDATE ON usage_rollup TO weir_engine;

-- Windows before these are in the hours, or in the days, or being put together. Every flush holds this row;
-- it is moved on its own, at once, so that only flushes of older windows ever look at usage_rollup.
CREATE TABLE usage_closing (
  single   boolean PRIMARY KEY DEFAULT true CHECK (single),
  hours_to timestamptz NOT NULL,
  days_to  timestamptz NOT NULL
);
INSERT INTO usage_closing (hours_to, days_to) VALUES ('1969-12-01Z', '1969-12-01Z');
GRANT SELECT, UPDATE ON usage_closing TO weir_engine;

-- Hours and days of series that changed while they were being put together, and are put together once more
-- before the watermark moves. No key: whoever adds must not find that another is taking the same away.
CREATE TABLE usage_late (
  minutes   integer NOT NULL CHECK (minutes IN (60, 1440)),
  series_id bigint NOT NULL,
  start     timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON usage_late TO weir_engine;

-- Holds off other rollups, and removals of usage, until the transaction ends. Flushes do not care.
CREATE FUNCTION weir_hold_rollups() RETURNS void
  LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('usage_rollup', 0))
$$;
REVOKE ALL ON FUNCTION weir_hold_rollups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION weir_hold_rollups() TO weir_engine;

-- Hours with minute windows that are not in the hours yet, and days with hours not in the days yet.
CREATE TABLE usage_open (
  minutes integer NOT NULL CHECK (minutes IN (60, 1440)),
  start   timestamptz NOT NULL,
  PRIMARY KEY (minutes, start)
);
GRANT SELECT, INSERT, DELETE ON usage_open TO weir_engine;

-- Hours and days, as in UTC. The same columns as the minutes; what a window's start decides (value_moment)
-- is counted from the hour's or day's start.
CREATE TABLE usage_hours (LIKE usage_windows INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start))
  WITH (fillfactor = 90);
CREATE TABLE usage_days (LIKE usage_windows INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start))
  WITH (fillfactor = 90);
CREATE TABLE usage_hour_uniques
  (LIKE usage_uniques INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start, value_hash));
CREATE TABLE usage_day_uniques
  (LIKE usage_uniques INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start, value_hash));
CREATE TABLE usage_hour_values
  (LIKE usage_values INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start, value));
CREATE TABLE usage_day_values
  (LIKE usage_values INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start, value));
CREATE INDEX usage_hours_start ON usage_hours
  USING brin (window_start) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX usage_hour_uniques_start ON usage_hour_uniques
  USING brin (window_start) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX usage_hour_values_start ON usage_hour_values
  USING brin (window_start) WITH (pages_per_range = 16, autosummarize = on);
CALL weir_protect('usage_hours');
CALL weir_protect('usage_days');
CALL weir_protect('usage_hour_uniques');
CALL weir_protect('usage_day_uniques');
CALL weir_protect('usage_hour_values');
CALL weir_protect('usage_day_values');

-- The minutes by month, so that old ones go as files. The owner sees rows only where row security is not
-- forced on him.
ALTER TABLE usage_windows RENAME TO usage_windows_before;
ALTER TABLE usage_uniques RENAME TO usage_uniques_before;
ALTER TABLE usage_values RENAME TO usage_values_before;
ALTER INDEX usage_windows_pkey RENAME TO usage_windows_before_pkey;
ALTER INDEX usage_uniques_pkey RENAME TO usage_uniques_before_pkey;
ALTER INDEX usage_values_pkey RENAME TO usage_values_before_pkey;
ALTER TABLE usage_windows_before NO FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_uniques_before NO FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_values_before NO FORCE ROW LEVEL SECURITY;

CREATE TABLE usage_windows
  (LIKE usage_windows_before INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start))
  PARTITION BY RANGE (window_start);
CREATE TABLE usage_uniques
  (LIKE usage_uniques_before INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start, value_hash))
  PARTITION BY RANGE (window_start);
CREATE TABLE usage_values
  (LIKE usage_values_before INCLUDING DEFAULTS, PRIMARY KEY (series_id, window_start, value))
  PARTITION BY RANGE (window_start);
CREATE INDEX usage_windows_start ON usage_windows
  USING brin (window_start) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX usage_uniques_start ON usage_uniques
  USING brin (window_start) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX usage_values_start ON usage_values
  USING brin (window_start) WITH (pages_per_range = 16, autosummarize = on);

-- What no month covers.
CREATE TABLE usage_windows_default PARTITION OF usage_windows DEFAULT
  WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE usage_uniques_default PARTITION OF usage_uniques DEFAULT;
CREATE TABLE usage_values_default PARTITION OF usage_values DEFAULT;
CALL weir_protect('usage_windows_default');
CALL weir_protect('usage_uniques_default');
CALL weir_protect('usage_values_default');

-- Holds the minute tables against whoever reads or writes them, in the order in which those name them, until
-- the transaction ends. While this waits for a long query, others wait for this; but it waits longer than
-- deadlock_timeout, after which PostgreSQL ends an autovacuum that is in the way.
CREATE FUNCTION weir_hold_minutes() RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
  LOCK TABLE ONLY usage_windows IN ACCESS EXCLUSIVE MODE;
  LOCK TABLE ONLY usage_uniques IN ACCESS EXCLUSIVE MODE;
  LOCK TABLE ONLY usage_values IN ACCESS EXCLUSIVE MODE;
$$;
REVOKE ALL ON FUNCTION weir_hold_minutes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION weir_hold_minutes() TO weir_engine;

-- Gives the month that holds an instant a partition of each minute table, with row security, and moves
-- there what the default partition has of it. Does nothing when it is there already or no longer kept.
-- Everybody waits for it, so it fails with program_limit_exceeded where there is much to move: such a month
-- stays in the default.
CREATE FUNCTION weir_add_month(instant timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  month_start timestamptz := date_trunc('month', instant);
  month_end   timestamptz := month_start + interval '1 month';
  suffix      text := to_char(month_start, '"_"YYYY"_"MM');
  parent      text;
  child       text;
  moved       bigint;
BEGIN
  -- The last of the three to be made.
  IF to_regclass('usage_values' || suffix) IS NOT NULL THEN
    RETURN;
  END IF;
  -- Two may make the same month at once; and who has planned a query without the month, and then waits for
  -- the default, would see the rows that move in neither.
  PERFORM weir_hold_minutes();
  IF to_regclass('usage_values' || suffix) IS NOT NULL
      OR month_start < (SELECT minutes_from FROM usage_rollup) THEN
    RETURN;
  END IF;
  FOREACH parent IN ARRAY ARRAY['usage_windows', 'usage_uniques', 'usage_values'] LOOP
    child := parent || suffix;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
    IF parent = 'usage_windows' THEN
      EXECUTE format('ALTER TABLE %I SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)', child);
    END IF;
    IF pg_relation_size(parent || '_default') > 0 THEN
      EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', parent || '_default');
      EXECUTE format('SELECT count(*) FROM (SELECT FROM %I WHERE window_start >= %L AND window_start < %L '
        'LIMIT 250001) AS first', parent || '_default', month_start, month_end) INTO moved;
      IF moved > 250000 THEN
        RAISE program_limit_exceeded USING MESSAGE = format('%s has too many rows of %s to move them',
          parent || '_default', month_start);
      END IF;
      EXECUTE format('WITH moved AS (DELETE FROM %I WHERE window_start >= %L AND window_start < %L RETURNING *) '
        'INSERT INTO %I SELECT * FROM moved', parent || '_default', month_start, month_end, child);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', parent || '_default');
    END IF;
    CALL weir_protect(child::regclass);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      parent, child, month_start, month_end);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION weir_add_month(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION weir_add_month(timestamptz) TO weir_engine;

-- Drops the months of minutes that end at an instant or before it. What the default partition has of them
-- is for the caller to delete.
CREATE FUNCTION weir_drop_months(before timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  child regclass;
BEGIN
  PERFORM weir_hold_minutes();
  FOR child IN
    SELECT i.inhrelid::regclass FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('usage_windows'::regclass, 'usage_uniques'::regclass, 'usage_values'::regclass)
       AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
       AND to_timestamp(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= before
  LOOP
    EXECUTE format('DROP TABLE %s', child);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION weir_drop_months(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION weir_drop_months(timestamptz) TO weir_engine;

-- Lets an index by time know of what was written last, so that a rollup does not read the rest. Gives way
-- to a vacuum of the table: whoever waited longer than deadlock_timeout would end it.
CREATE FUNCTION weir_summarize(index_id oid) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '300ms' AS $$
  SELECT brin_summarize_new_values(c.oid) FROM pg_class c
   WHERE c.oid = index_id AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'usage\_%'
$$;
REVOKE ALL ON FUNCTION weir_summarize(oid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION weir_summarize(oid) TO weir_engine;

-- Forgets everything that follows from the journal, so that the engine folds it again when it starts. For
-- the owner, while the engine does not run.
CREATE PROCEDURE weir_forget_windows()
  LANGUAGE sql AS $$
  TRUNCATE usage_windows, usage_uniques, usage_values, usage_hours, usage_hour_uniques,
           usage_hour_values, usage_days, usage_day_uniques, usage_day_values, usage_open,
           usage_late, event_conflicts;
  UPDATE usage_rollup
     SET hours_to = '1969-12-01Z', days_to = '1969-12-01Z', minutes_from = '1969-12-01Z';
  UPDATE usage_closing SET hours_to = '1969-12-01Z', days_to = '1969-12-01Z';
  DELETE FROM aggregator_positions;
$$;
REVOKE ALL ON PROCEDURE weir_forget_windows() FROM PUBLIC;

-- The newest months that have windows, up to a year ahead; the others stay in the default, so that a few
-- events of years to come leave a partition to those that are asked for.
SELECT weir_add_month(month)
  FROM (SELECT DISTINCT date_trunc('month', window_start, 'UTC') AS month FROM usage_windows_before
         WHERE window_start < now() + interval '1 year'
         ORDER BY 1 DESC LIMIT 60) AS months;
INSERT INTO usage_windows SELECT * FROM usage_windows_before;
INSERT INTO usage_uniques SELECT * FROM usage_uniques_before;
INSERT INTO usage_values SELECT * FROM usage_values_before;
INSERT INTO usage_open (minutes, start)
SELECT DISTINCT 60, date_bin('1 hour', window_start, '1970-01-01Z') FROM usage_windows_before;
DROP TABLE usage_windows_before, usage_uniques_before, usage_values_before;
CALL weir_protect('usage_windows');
CALL weir_protect('usage_uniques');
CALL weir_protect('usage_values');
