-- What people call a meter, and what they note with it; no part of what it counts.
ALTER TABLE meters
  ADD COLUMN name     text,
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
