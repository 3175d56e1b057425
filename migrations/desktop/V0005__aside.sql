-- What the district keeps aside for the people of this facility to decide, as it was told last, and what they decided.

CREATE TABLE aside (
  -- The place in the list.
  number INTEGER NOT NULL PRIMARY KEY,
  -- The action's first change.
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  -- The action as it was told.
  told TEXT NOT NULL
) STRICT;

-- The name of the list, and how many actions wait besides: one row, once anything was told.
CREATE TABLE aside_list (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  name BLOB NOT NULL,
  left_out INTEGER NOT NULL
) STRICT;

CREATE TABLE decision (
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  why TEXT NOT NULL,
  person BLOB NOT NULL,
  wall_ms INTEGER NOT NULL,
  -- What the district answered; nothing until it has.
  outcome TEXT,
  PRIMARY KEY (device, seq)
) STRICT;
