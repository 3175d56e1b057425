-- Desks that go on under another identity, desks that are withdrawn, and what was decided about parked changes.

-- The old identity is closed for good; more than one desk may come of it when a disk was copied.
CREATE TABLE succession (
  device BLOB NOT NULL PRIMARY KEY REFERENCES device (id),
  former BLOB NOT NULL REFERENCES device (id),
  -- Who confirmed it.
  person BLOB NOT NULL,
  made_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX succession_by_former ON succession (former);

-- The last order to a desk to hold nothing any more, and what it answered.
CREATE TABLE withdrawal (
  device BLOB NOT NULL PRIMARY KEY REFERENCES device (id),
  number INTEGER NOT NULL,
  -- Without bringing first what it has.
  is_now INTEGER NOT NULL CHECK (is_now IN (0, 1)),
  ordered_ms INTEGER NOT NULL,
  -- When the desk first asked after the order was given.
  heard_ms INTEGER,
  -- When its receipt came, how many changes it destroyed unsent, and the receipt as it was signed.
  done_ms INTEGER,
  unsent INTEGER,
  receipt TEXT,
  signature TEXT
) STRICT;

CREATE TABLE decision (
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  decided TEXT NOT NULL CHECK (decided IN ('released', 'dismissed', 'adopted')),
  decided_ms INTEGER NOT NULL,
  PRIMARY KEY (device, seq),
  FOREIGN KEY (device, seq) REFERENCES parked (device, seq)
) STRICT;
