-- The certificate that serves, and the one that will serve next: desks learn the next while the other serves still.

CREATE TABLE certificate (
  stands TEXT NOT NULL PRIMARY KEY CHECK (stands IN ('serving', 'next')),
  -- Since when it is kept; none counts after one that is later.
  made_ms INTEGER NOT NULL,
  -- Since when it serves; empty of the next.
  since_ms INTEGER,
  -- DER.
  certificate BLOB NOT NULL,
  -- The certificates of who vouches for it, DER, one after another, each vouching for the one before; empty where it
  -- vouches for itself.
  chain BLOB NOT NULL,
  -- DER, sealed under the master key.
  sealed_key BLOB NOT NULL
) STRICT;

INSERT INTO certificate (stands, made_ms, since_ms, certificate, chain, sealed_key)
SELECT 'serving', created_ms, created_ms, certificate, x'', sealed_certificate_key FROM instance;

ALTER TABLE instance DROP COLUMN certificate;
ALTER TABLE instance DROP COLUMN sealed_certificate_key;

-- When the latest certificate was made by which the desk knows the server, as it said last.
ALTER TABLE device ADD COLUMN knows_ms INTEGER NOT NULL DEFAULT 0;
