-- The bytes of a snapshot's piece that is not whole yet, in the order in which they came: after a restart it goes on
-- where it was. They go when the piece is whole.
CREATE TABLE unfinished_piece (
  piece INTEGER NOT NULL REFERENCES snapshot_piece (number),
  start INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (piece, start)
) STRICT, WITHOUT ROWID;
