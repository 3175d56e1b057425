-- Records as a snapshot brought them, in place of the log up to there. Together with `change` they are the truth from
-- which the present can be rebuilt: a record's base first, then its changes.

-- At most one of each space.
CREATE TABLE snapshot (
  space INTEGER NOT NULL PRIMARY KEY REFERENCES space (number),
  epoch INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  -- As the server signed it.
  manifest TEXT NOT NULL,
  -- The digest of the records that are here.
  digest BLOB NOT NULL,
  -- All pieces are here.
  whole INTEGER NOT NULL,
  -- The commit since which its numbers are of an epoch that is over.
  void_since INTEGER,
  -- The log brought all of its changes again.
  covered INTEGER NOT NULL
) STRICT;

-- The pieces that the manifest names, in its order.
CREATE TABLE snapshot_piece (
  number INTEGER NOT NULL PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES snapshot (space),
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  tier TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  records INTEGER NOT NULL,
  here INTEGER NOT NULL,
  UNIQUE (space, place)
) STRICT;

CREATE TABLE snapshot_record (
  record BLOB NOT NULL,
  kind INTEGER NOT NULL REFERENCES kind (number),
  space INTEGER NOT NULL REFERENCES space (number),
  piece INTEGER NOT NULL REFERENCES snapshot_piece (number),
  -- The commit it came with.
  arrived INTEGER NOT NULL,
  base BLOB NOT NULL,
  PRIMARY KEY (record, kind, space)
) STRICT, WITHOUT ROWID;

CREATE INDEX snapshot_record_by_piece ON snapshot_record (piece);
