-- Where events of a WEIGHTED_UNIQUE_COUNT meter say whether they add or remove their key.
ALTER TABLE meters ADD COLUMN operation_property text;

-- Such a meter's windows keep each operation with its key and time, so that hours and days hold what
-- minutes do, and a void takes back exactly its own. The form sorts by key, then time, then operation.
COMMENT ON COLUMN usage_uniques.value_hash IS
  'UNIQUE_COUNT: the 128-bit hash of a value. WEIGHTED_UNIQUE_COUNT: the 128-bit hash of a key, then 8'
  ' bytes of event time in nanoseconds, 1 byte that is 1 when the key is removed, and 8 bytes of the time'
  ' in nanoseconds from which that counts.';
