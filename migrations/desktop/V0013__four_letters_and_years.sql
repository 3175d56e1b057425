-- What is found by search and by likeness, filled anew with everything else that follows from the log when the file is opened.

-- Of a hospital's phones many begin with the same four digits, those of one operator; without an index of its own, each of
-- them was read to find who has them.
DROP TABLE search_word;

CREATE VIRTUAL TABLE search_word USING fts5 (
  words, sounds, phones, enohps, identifiers,
  tokenize = 'ascii', detail = 'column', prefix = '1 2 3 4'
);

-- Families share a phone and a name: of those, whoever is not of about the same age need not be compared.
DROP TABLE alike;

-- One trait of one record, as a number made of its text, and the year of birth where it says something among people of about
-- one age alone.
CREATE TABLE alike (
  record INTEGER NOT NULL,
  trait INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  year INTEGER,
  PRIMARY KEY (kind, trait, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX alike_by_record ON alike (record);
