-- Desks that go on under another identity, desks that are withdrawn, and what was decided about parked changes.

-- The old identity is closed for good; more than one desk may come of it when a disk was copied.
CREATE TABLE succession (
  device BYTEA NOT NULL PRIMARY KEY REFERENCES device (id),
  former BYTEA NOT NULL REFERENCES device (id),
  -- Who confirmed it.
  person BYTEA NOT NULL,
  made_ms BIGINT NOT NULL
);

CREATE INDEX succession_by_former ON succession (former);

-- The last order to a desk to hold nothing any more, and what it answered.
CREATE TABLE withdrawal (
  device BYTEA NOT NULL PRIMARY KEY REFERENCES device (id),
  number BIGINT NOT NULL,
  -- Without bringing first what it has.
  is_now BIGINT NOT NULL CHECK (is_now IN (0, 1)),
  ordered_ms BIGINT NOT NULL,
  -- When the desk first asked after the order was given.
  heard_ms BIGINT,
  -- When its receipt came, how many changes it destroyed unsent, and the receipt as it was signed.
  done_ms BIGINT,
  unsent BIGINT,
  receipt TEXT COLLATE "C",
  signature TEXT COLLATE "C"
);

CREATE TABLE decision (
  device BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  decided TEXT COLLATE "C" NOT NULL CHECK (decided IN ('released', 'dismissed', 'adopted')),
  decided_ms BIGINT NOT NULL,
  PRIMARY KEY (device, seq),
  FOREIGN KEY (device, seq) REFERENCES parked (device, seq)
);
