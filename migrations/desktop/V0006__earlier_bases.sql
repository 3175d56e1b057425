-- Bases that are not part of the present any more, since a newer snapshot came in their place or a log of a new epoch
-- told everything again: a form that was opened before still shows them. Each held from commit `arrived` until before
-- `gone`, from `void_since` on without its numbers.
CREATE TABLE earlier_base (
  record BLOB NOT NULL,
  kind INTEGER NOT NULL REFERENCES kind (number),
  space INTEGER NOT NULL REFERENCES space (number),
  arrived INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  void_since INTEGER,
  base BLOB NOT NULL,
  PRIMARY KEY (record, kind, space, arrived)
) STRICT, WITHOUT ROWID;

-- Changes of which only a base was here, and which the district lost when it fell back on a backup: what of them still
-- stood. A row goes when the change comes again.
CREATE TABLE lost_change (
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  space INTEGER NOT NULL REFERENCES space (number),
  record BLOB NOT NULL,
  kind INTEGER NOT NULL REFERENCES kind (number),
  actor BLOB NOT NULL,
  wall_ms INTEGER NOT NULL,
  -- The fields by name, in JSON.
  fields TEXT NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX lost_change_by_space ON lost_change (space);
