-- What happened at the server itself: who signed in, who did not, which desks joined and were locked out, what was
-- copied away. Ids, words and counts; each row is chained to the one before under a key that is not in this database.

CREATE TABLE event (
  number BIGINT NOT NULL PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  person BYTEA,
  device BYTEA,
  facility BYTEA,
  -- How often, so far, where the same happens again and again.
  times BIGINT NOT NULL,
  chain BYTEA NOT NULL
);

CREATE TRIGGER event_is_never_edited
BEFORE UPDATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION refuse();

CREATE TRIGGER event_is_never_deleted
BEFORE DELETE OR TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION refuse();
