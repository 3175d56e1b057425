-- Second factors of people whose role needs one, and whether the district asks for them; what desks say of themselves.

ALTER TABLE instance ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'required';

CREATE TABLE second_factor (
  person BYTEA NOT NULL PRIMARY KEY REFERENCES account (person),
  -- What the app on the person's telephone counts with.
  sealed_secret BYTEA NOT NULL,
  -- When a code of it was right for the first time; until then it is an offer.
  proven_ms BIGINT,
  -- The half minute whose code was taken last: no code counts twice.
  last_step BIGINT NOT NULL
);

-- Codes on paper, each good once.
CREATE TABLE recovery_code (
  person BYTEA NOT NULL REFERENCES account (person),
  -- A keyed hash.
  hash BYTEA NOT NULL,
  used_ms BIGINT,
  PRIMARY KEY (person, hash)
);

-- On which desks a person showed theirs: there it is not asked for again.
CREATE TABLE factor_shown (
  person BYTEA NOT NULL REFERENCES account (person),
  device BYTEA NOT NULL REFERENCES device (id),
  shown_ms BIGINT NOT NULL,
  PRIMARY KEY (person, device)
);

-- What a desk said of itself when it exchanged last: the version of its program, how many of its changes it had not
-- sent, and up to which number it holds each space.
ALTER TABLE device ADD COLUMN version TEXT;
ALTER TABLE device ADD COLUMN unsent BIGINT;
ALTER TABLE device ADD COLUMN holds TEXT;
