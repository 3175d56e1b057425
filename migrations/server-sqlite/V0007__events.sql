-- What happened at the server itself: who signed in, who did not, which desks joined and were locked out, what was
-- copied away. Ids, words and counts; each row is chained to the one before under a key that is not in this file.

CREATE TABLE event (
  number INTEGER NOT NULL PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL,
  person BLOB,
  device BLOB,
  facility BLOB,
  -- How often, so far, where the same happens again and again.
  times INTEGER NOT NULL,
  chain BLOB NOT NULL
) STRICT;

CREATE TRIGGER event_is_never_edited
BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'an event is never edited');
END;

CREATE TRIGGER event_is_never_deleted
BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'an event is never deleted');
END;
