-- The journal_index becomes a cycle (hours since 1970) and an offset in its file, in units of 4 bytes,
-- by 40 bits. What Chronicle called an index had the cycle over 32 bits; offset 0 means that the frame
-- is looked for in the whole cycle.
UPDATE aggregator_positions SET journal_index = (journal_index >> 32) << 40;
ALTER TABLE aggregator_positions RENAME COLUMN journal_index TO frame_location;
