-- What the district has of an earlier name of this desk stays as well: a district that falls back on a backup may not
-- have it any more, and then it is asked again. 'held' is new among the fates.
CREATE TABLE carried_by_now (
  number INTEGER NOT NULL PRIMARY KEY,
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL,
  -- Another desk's, in a sealed copy: a person decides about each.
  imported INTEGER NOT NULL,
  -- The district had answered to it when it was carried over, or has answered since.
  answered INTEGER NOT NULL,
  -- Nothing until it was compared with what the district has; kept aside are those a person decides about.
  fate TEXT CHECK (fate IN ('held', 'wanted', 'aside')),
  -- Why it is kept aside.
  reason TEXT,
  -- The change it was written anew as.
  became TEXT,
  UNIQUE (device, seq)
) STRICT;

INSERT INTO carried_by_now (number, device, seq, bytes, hash, imported, answered, fate, reason, became)
SELECT number, device, seq, bytes, hash, imported, answered, fate, reason, became FROM carried;

DROP TABLE carried;
ALTER TABLE carried_by_now RENAME TO carried;
CREATE INDEX carried_by_fate ON carried (fate, device, seq);
