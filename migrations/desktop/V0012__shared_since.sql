-- A hospital's years of registrations share phones and names by families, and what is shared lately is asked for with every
-- look at the war room: the newest of those who share a trait, by its id, when that begins with the time at which it was made
-- (a UUIDv7); empty when none does.
DROP TABLE shared;

-- Traits that several records have, and how many.
CREATE TABLE shared (
  kind INTEGER NOT NULL,
  trait INTEGER NOT NULL,
  sharers INTEGER NOT NULL,
  newest BLOB NOT NULL,
  PRIMARY KEY (kind, trait)
) STRICT, WITHOUT ROWID;

CREATE INDEX shared_since ON shared (kind, newest, sharers);

INSERT INTO shared (kind, trait, sharers, newest)
  SELECT alike.kind, alike.trait, count(*), coalesce(max(record.id) FILTER (WHERE hex(substr(record.id, 7, 1)) LIKE '7%'), x'')
  FROM alike JOIN record ON record.key = alike.record
  GROUP BY alike.kind, alike.trait HAVING count(*) > 1;
