-- The district server's file: the log of every space, the present folded from it, desks and people.
-- Bodies, names and secrets stand here sealed; ids, numbers and hashes do not.

-- The server itself: one row. What is sealed here is sealed under the master key.
CREATE TABLE instance (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  district BLOB NOT NULL,
  utc_offset_minutes INTEGER NOT NULL,
  -- The key under which names and shares are sealed.
  sealed_key BLOB NOT NULL,
  -- The key with which the server signs grants and its own changes.
  sealed_signing_key BLOB NOT NULL,
  certificate BLOB NOT NULL,
  sealed_certificate_key BLOB NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE space (
  number INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  epoch INTEGER NOT NULL,
  head INTEGER NOT NULL,
  chain BLOB NOT NULL,
  digest BLOB NOT NULL,
  -- The key of the space's bodies, sealed under the master key.
  sealed_key BLOB NOT NULL
) STRICT;

CREATE TABLE change (
  space INTEGER NOT NULL REFERENCES space (number),
  lsn INTEGER NOT NULL,
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  action BLOB NOT NULL,
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  hash BLOB NOT NULL,
  -- The space's chain after this change.
  chain BLOB NOT NULL,
  sealed_body BLOB NOT NULL,
  PRIMARY KEY (space, lsn),
  UNIQUE (device, seq)
) STRICT;

CREATE TRIGGER change_is_never_edited
BEFORE UPDATE ON change
BEGIN
  SELECT RAISE(ABORT, 'a change is never edited');
END;

CREATE TRIGGER change_is_never_deleted
BEFORE DELETE ON change
BEGIN
  SELECT RAISE(ABORT, 'a change is never deleted');
END;

-- The folded present; can be rebuilt from the log.
CREATE TABLE record (
  space INTEGER NOT NULL REFERENCES space (number),
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  -- How many of its fields are in conflict.
  conflicts INTEGER NOT NULL,
  sealed_state BLOB NOT NULL,
  PRIMARY KEY (space, kind, record)
) STRICT;

CREATE INDEX record_in_conflict ON record (space) WHERE conflicts > 0;

CREATE TABLE device (
  id BLOB NOT NULL PRIMARY KEY,
  key BLOB NOT NULL,
  sealed_name BLOB NOT NULL,
  facility BLOB NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'revoked', 'server')),
  last_seq INTEGER NOT NULL,
  -- The device's chain after its change `last_seq`.
  chain BLOB NOT NULL,
  enrolled_ms INTEGER NOT NULL,
  contact_ms INTEGER NOT NULL,
  sealed_share BLOB NOT NULL
) STRICT;

-- What a device has asked before: no request counts twice.
CREATE TABLE nonce (
  device BLOB NOT NULL REFERENCES device (id),
  -- The first half of the hash of what the device sent.
  hash BLOB NOT NULL,
  heard_ms INTEGER NOT NULL,
  PRIMARY KEY (device, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX nonce_by_age ON nonce (heard_ms);

CREATE TABLE account (
  person BLOB NOT NULL PRIMARY KEY,
  -- A keyed hash, by which a person who signs in is found.
  username_hash BLOB NOT NULL UNIQUE,
  sealed_username BLOB NOT NULL,
  -- Argon2id; empty until a password is set.
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  facility BLOB,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
) STRICT;

-- Failed sign-ins, of names that exist and of names that do not.
CREATE TABLE attempt (
  username_hash BLOB NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  token_hash BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL REFERENCES account (person),
  device BLOB NOT NULL REFERENCES device (id),
  expires_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_end ON session (expires_ms);

CREATE TABLE invitation (
  -- The first characters of the code.
  id TEXT NOT NULL PRIMARY KEY,
  -- The SHA-256 of the whole code, sealed: whoever has it can prove to know the code.
  sealed_code_hash BLOB NOT NULL,
  facility BLOB NOT NULL,
  sealed_facility_name BLOB NOT NULL,
  sealed_name BLOB NOT NULL,
  expires_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  -- The device that joined with it.
  used_by BLOB
) STRICT;

-- Whole actions that were kept aside for a person to decide.
CREATE TABLE parked (
  device BLOB NOT NULL REFERENCES device (id),
  seq INTEGER NOT NULL,
  space TEXT NOT NULL,
  action BLOB NOT NULL,
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  reason TEXT NOT NULL,
  hash BLOB NOT NULL,
  heard_ms INTEGER NOT NULL,
  sealed_body BLOB NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT;

CREATE INDEX parked_by_record ON parked (record, kind, space);
