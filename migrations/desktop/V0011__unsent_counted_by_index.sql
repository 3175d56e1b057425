-- After weeks without the network the log holds tens of thousands of unsent changes, and the window asks after every save
-- how many there are, of what kinds and spaces, and since when; so does every round. SQLite answers out of an index alone only when all
-- columns that are asked about stand in it, those of its condition too.
DROP INDEX change_unsent;
CREATE INDEX change_unsent ON change (device, seq, kind, space, lsn, parked) WHERE lsn IS NULL AND parked IS NULL;
