-- Snapshots of spaces for desks that have just joined, and the way to all changes of one record.

-- Hashes and sizes alone, as they are sent and signed.
CREATE TABLE snapshot (
  space INTEGER NOT NULL REFERENCES space (number),
  epoch INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  made_ms INTEGER NOT NULL,
  manifest TEXT NOT NULL,
  PRIMARY KEY (space, epoch, lsn)
) STRICT;

-- A piece may belong to several snapshots.
CREATE TABLE snapshot_piece (
  space INTEGER NOT NULL REFERENCES space (number),
  hash BLOB NOT NULL,
  made_ms INTEGER NOT NULL,
  sealed_body BLOB NOT NULL,
  PRIMARY KEY (space, hash)
) STRICT;

CREATE INDEX change_by_record ON change (space, kind, record);
