-- What was dismissed of what this desk wrote, as the district told it last.
CREATE TABLE dismissed (
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  told TEXT NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT;
