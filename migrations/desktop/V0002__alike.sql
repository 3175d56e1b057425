-- What records of one kind have in common, to find two that were made of one thing. Both tables are
-- projections and can be rebuilt from the log.

-- One trait of one record, as a number made of its text.
CREATE TABLE alike (
  record INTEGER NOT NULL,
  trait INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  PRIMARY KEY (kind, trait, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX alike_by_record ON alike (record);

-- Traits that several records have, and how many.
CREATE TABLE shared (
  kind INTEGER NOT NULL,
  trait INTEGER NOT NULL,
  sharers INTEGER NOT NULL,
  PRIMARY KEY (kind, trait)
) STRICT, WITHOUT ROWID;
