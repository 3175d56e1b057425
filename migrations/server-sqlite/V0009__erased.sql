-- Changes whose bodies were erased: what is left of each says who wrote it and when, and the hash that it had, so that
-- every chain stays what it was.

-- Whether the change erases the records that it names; written by the server alone.
ALTER TABLE change ADD COLUMN erases INTEGER NOT NULL DEFAULT 0 CHECK (erases IN (0, 1));
-- The number of the change by which this one was erased. 0: it came erased, and no change of this log says so yet.
ALTER TABLE change ADD COLUMN erased_by INTEGER;

CREATE INDEX change_erased ON change (space, kind, record) WHERE erased_by IS NOT NULL;
CREATE INDEX change_erases ON change (space, lsn) WHERE erases = 1;

DROP TRIGGER change_is_never_edited;

-- One exception: its body goes, once, by a change of the same log that erases.
CREATE TRIGGER change_is_never_edited
BEFORE UPDATE ON change
WHEN NOT coalesce(
  OLD.erases = 0 AND coalesce(OLD.erased_by, 0) = 0 AND NEW.erased_by > 0
  AND NEW.space = OLD.space AND NEW.lsn = OLD.lsn AND NEW.device = OLD.device AND NEW.seq = OLD.seq
  AND NEW.action = OLD.action AND NEW.kind = OLD.kind AND NEW.record = OLD.record
  AND NEW.hash = OLD.hash AND NEW.chain = OLD.chain AND NEW.erases = OLD.erases
  AND EXISTS (
    SELECT 1 FROM change AS eraser
    WHERE eraser.space = OLD.space AND eraser.lsn = NEW.erased_by AND eraser.erases = 1
  ), 0)
BEGIN
  SELECT RAISE(ABORT, 'a change is never edited');
END;
