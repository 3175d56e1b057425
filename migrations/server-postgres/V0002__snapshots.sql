-- Snapshots of spaces for desks that have just joined, and the way to all changes of one record.

-- Hashes and sizes alone, as they are sent and signed.
CREATE TABLE snapshot (
  space BIGINT NOT NULL REFERENCES space (number),
  epoch BIGINT NOT NULL,
  lsn BIGINT NOT NULL,
  made_ms BIGINT NOT NULL,
  manifest TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (space, epoch, lsn)
);

-- A piece may belong to several snapshots.
CREATE TABLE snapshot_piece (
  space BIGINT NOT NULL REFERENCES space (number),
  hash BYTEA NOT NULL,
  made_ms BIGINT NOT NULL,
  sealed_body BYTEA NOT NULL,
  PRIMARY KEY (space, hash)
);

CREATE INDEX change_by_record ON change (space, kind, record);
