-- The change log of one desktop, the present folded from it, and what screens need beside it.
-- Truth is `change` alone; `record` and every table below it can be rebuilt from the log.

-- What this file knows of itself: one row.
CREATE TABLE desk (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  device BLOB NOT NULL,
  -- Rises with every commit that changes what a screen shows.
  commits INTEGER NOT NULL,
  clock_ms INTEGER NOT NULL,
  clock_count INTEGER NOT NULL,
  -- What the projections were made by; another text than this build's means they are rebuilt.
  projected_by TEXT NOT NULL
) STRICT;

CREATE TABLE space (
  number INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  epoch INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  head INTEGER NOT NULL,
  chain BLOB NOT NULL,
  digest BLOB NOT NULL,
  diverged INTEGER NOT NULL,
  heard_ms INTEGER
) STRICT;

CREATE TABLE kind (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE change (
  local INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  space INTEGER NOT NULL REFERENCES space (number),
  kind INTEGER NOT NULL REFERENCES kind (number),
  record BLOB NOT NULL,
  action BLOB NOT NULL,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL,
  -- The device's chain after this change; kept for this desk's own.
  chain BLOB,
  -- The commit it came with.
  arrived INTEGER NOT NULL,
  -- What the server answered to it: its number, or why it is kept aside; it is then no part of the
  -- present.
  lsn INTEGER,
  parked TEXT,
  -- The commit the answer came with.
  answered INTEGER,
  UNIQUE (device, seq)
) STRICT;

CREATE UNIQUE INDEX change_by_lsn ON change (space, lsn) WHERE lsn IS NOT NULL;
CREATE INDEX change_by_record ON change (record, kind, space);
CREATE INDEX change_unsent ON change (device, seq) WHERE lsn IS NULL AND parked IS NULL;
CREATE INDEX change_parked ON change (device, seq) WHERE parked IS NOT NULL;

CREATE TRIGGER change_is_never_edited
BEFORE UPDATE OF local, device, seq, space, kind, record, action, bytes, hash, chain, arrived ON change
BEGIN
  SELECT RAISE(ABORT, 'a change is never edited');
END;

CREATE TRIGGER change_is_never_deleted
BEFORE DELETE ON change
BEGIN
  SELECT RAISE(ABORT, 'a change is never deleted');
END;

-- What the server answered before it answered otherwise, or before its answer was lost with its last
-- days: a form that was opened then still shows it. It held from commit `since` until before `until`.
CREATE TABLE earlier_answer (
  change INTEGER NOT NULL REFERENCES change (local),
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  lsn INTEGER,
  parked INTEGER NOT NULL,
  PRIMARY KEY (change, until)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER an_answer_is_kept
AFTER UPDATE OF lsn, parked ON change
WHEN OLD.answered IS NOT NULL
BEGIN
  INSERT INTO earlier_answer (change, since, until, lsn, parked)
  SELECT OLD.local, OLD.answered, desk.commits, OLD.lsn, OLD.parked IS NOT NULL FROM desk
  WHERE OLD.answered < desk.commits;
END;

-- The folded present. `key` holds the number of the kind in its upper bits, so that the records
-- of a kind lie together here and in the search tables.
CREATE TABLE record (
  key INTEGER NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL REFERENCES kind (number),
  id BLOB NOT NULL,
  space INTEGER NOT NULL REFERENCES space (number),
  voided INTEGER NOT NULL,
  -- The commit it last changed with.
  touched INTEGER NOT NULL,
  state BLOB NOT NULL,
  UNIQUE (id, kind, space)
) STRICT;

CREATE TABLE conflict (
  record INTEGER NOT NULL,
  field TEXT NOT NULL,
  PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_entry (
  kind INTEGER NOT NULL,
  field TEXT NOT NULL,
  value BLOB NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (kind, field, value, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE interval (
  record INTEGER NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  subject BLOB NOT NULL,
  holder BLOB NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  is_open INTEGER NOT NULL
) STRICT;

CREATE INDEX interval_open ON interval (kind, record) WHERE is_open = 1;
CREATE INDEX interval_by_subject ON interval (kind, subject, to_ms, from_ms);
CREATE INDEX interval_by_holder ON interval (kind, holder, to_ms, from_ms);

-- Two intervals that claim one subject or one holder at one time; `first` is the smaller key.
CREATE TABLE clash (
  first INTEGER NOT NULL,
  second INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  PRIMARY KEY (first, second)
) STRICT, WITHOUT ROWID;

CREATE INDEX clash_by_second ON clash (second);
CREATE INDEX clash_by_kind ON clash (kind);

CREATE TABLE ledger (
  record INTEGER NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  account BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  amount INTEGER NOT NULL
) STRICT;

CREATE INDEX ledger_in_order ON ledger (kind, account, at_ms, id);

CREATE TABLE balance (
  kind INTEGER NOT NULL,
  account BLOB NOT NULL,
  sum INTEGER NOT NULL,
  lowest INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  last_id BLOB NOT NULL,
  PRIMARY KEY (kind, account)
) STRICT, WITHOUT ROWID;

-- Search. The words are folded before they come here, so the tokenizer only parts them at spaces.
CREATE VIRTUAL TABLE search_word USING fts5 (
  words, sounds, phones, enohps, identifiers,
  tokenize = 'ascii', detail = 'column', prefix = '1 2 3'
);

CREATE VIRTUAL TABLE search_part USING fts5 (
  words,
  tokenize = 'trigram case_sensitive 1'
);

-- The desk's own: forms not yet saved, and settings.
CREATE TABLE draft (
  person BLOB NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
