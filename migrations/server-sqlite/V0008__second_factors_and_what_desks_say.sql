-- Second factors of people whose role needs one, and whether the district asks for them; what desks say of themselves.

ALTER TABLE instance ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'required';

CREATE TABLE second_factor (
  person BLOB NOT NULL PRIMARY KEY REFERENCES account (person),
  -- What the app on the person's telephone counts with.
  sealed_secret BLOB NOT NULL,
  -- When a code of it was right for the first time; until then it is an offer.
  proven_ms INTEGER,
  -- The half minute whose code was taken last: no code counts twice.
  last_step INTEGER NOT NULL
) STRICT;

-- Codes on paper, each good once.
CREATE TABLE recovery_code (
  person BLOB NOT NULL REFERENCES account (person),
  -- A keyed hash.
  hash BLOB NOT NULL,
  used_ms INTEGER,
  PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

-- On which desks a person showed theirs: there it is not asked for again.
CREATE TABLE factor_shown (
  person BLOB NOT NULL REFERENCES account (person),
  device BLOB NOT NULL REFERENCES device (id),
  shown_ms INTEGER NOT NULL,
  PRIMARY KEY (person, device)
) STRICT, WITHOUT ROWID;

-- What a desk said of itself when it exchanged last: the version of its program, how many of its changes it had not
-- sent, and up to which number it holds each space.
ALTER TABLE device ADD COLUMN version TEXT;
ALTER TABLE device ADD COLUMN unsent INTEGER;
ALTER TABLE device ADD COLUMN holds TEXT;
