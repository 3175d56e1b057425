-- Records that the district erased for good: nothing of them is held any more, and nothing of them is part of the
-- present, whatever still comes.
CREATE TABLE erased (
  record BLOB NOT NULL,
  kind INTEGER NOT NULL REFERENCES kind (number),
  space INTEGER NOT NULL REFERENCES space (number),
  -- The record that says so.
  said_by BLOB NOT NULL,
  PRIMARY KEY (record, kind, space)
) STRICT, WITHOUT ROWID;

-- A row as long as what was erased may still stand on the disk: in free pages, in the log beside the file, in copies.
CREATE TABLE sweeping (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1)
) STRICT;

-- What was carried over is only a stub any more.
ALTER TABLE carried ADD COLUMN is_stub INTEGER NOT NULL DEFAULT 0;

-- Of a change nothing is ever edited but its body, which goes once and leaves a stub under the same hash.
DROP TRIGGER change_is_never_edited;

CREATE TRIGGER change_is_never_edited
BEFORE UPDATE OF local, device, seq, space, kind, record, action, hash, chain, arrived ON change
BEGIN
  SELECT RAISE(ABORT, 'a change is never edited');
END;

-- It goes with its record, unless the district has not answered to it; and when it came too late for its record and
-- somebody decided about it.
CREATE TRIGGER a_body_goes_with_its_record
BEFORE UPDATE OF bytes ON change
WHEN NOT CASE WHEN json_valid(CAST(NEW.bytes AS TEXT)) THEN
    json_extract(CAST(OLD.bytes AS TEXT), '$.erased') IS NULL
    AND json_extract(CAST(NEW.bytes AS TEXT), '$.erased') IS lower(hex(OLD.hash))
    AND json_extract(CAST(NEW.bytes AS TEXT), '$.fields') IS '{}'
    AND (
      (OLD.parked IS 'erased' AND OLD.lsn IS NULL) -- not a kind: a reason for which something is kept aside
      OR (
        (OLD.answered IS NOT NULL OR OLD.device <> (SELECT device FROM desk))
        AND EXISTS (
          SELECT 1 FROM erased
          WHERE erased.record = OLD.record AND erased.kind = OLD.kind AND erased.space = OLD.space
        )
      )
    )
  ELSE FALSE END
BEGIN
  SELECT RAISE(ABORT, 'a change is never edited');
END;
