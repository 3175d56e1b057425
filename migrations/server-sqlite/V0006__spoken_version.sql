-- The latest version of the exchange that a desk spoke. From 5 on a desk proves who signed in there, and is held to it.

ALTER TABLE device ADD COLUMN speaks INTEGER NOT NULL DEFAULT 0;
