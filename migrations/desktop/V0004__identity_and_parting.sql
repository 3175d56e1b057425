-- What a desk needs that goes on under another identity, takes in what another desk could not send, or is withdrawn.

-- Rises with every opening; an older copy of the file falls behind what the desk noted elsewhere.
ALTER TABLE desk ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;

-- What an earlier identity of this desk wrote, or another desk, until it is known that the district has it or it
-- was written anew here.
CREATE TABLE carried (
  number INTEGER NOT NULL PRIMARY KEY,
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL,
  -- Another desk's, in a sealed copy: a person decides about each.
  imported INTEGER NOT NULL,
  -- The district had answered to it when it was carried over.
  answered INTEGER NOT NULL,
  -- Nothing until it was compared with what the district has; kept aside are those a person decides about.
  fate TEXT CHECK (fate IN ('wanted', 'aside')),
  -- Why it is kept aside.
  reason TEXT,
  -- The change it was written anew as.
  became TEXT,
  UNIQUE (device, seq)
) STRICT;

CREATE INDEX carried_by_fate ON carried (fate, device, seq);

-- The order by which this desk was withdrawn, and how far it has come: one row, or none.
CREATE TABLE parting (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL,
  -- Without bringing first what it has.
  is_now INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('draining', 'emptying', 'emptied', 'clean', 'told')),
  -- This desk's last change when it was emptied, and how many were destroyed unsent.
  last_seq INTEGER NOT NULL,
  unsent INTEGER NOT NULL
) STRICT;

-- Only a desk that is withdrawn deletes, and never what the district did not answer to, unless it was ordered to.
DROP TRIGGER change_is_never_deleted;

CREATE TRIGGER change_is_never_deleted
BEFORE DELETE ON change
WHEN NOT EXISTS (
  SELECT 1 FROM parting, desk
  WHERE parting.step = 'emptying'
  AND (parting.is_now = 1 OR OLD.answered IS NOT NULL OR OLD.device <> desk.device)
)
BEGIN
  SELECT RAISE(ABORT, 'a change is never deleted');
END;
