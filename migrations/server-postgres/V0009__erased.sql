-- Changes whose bodies were erased: what is left of each says who wrote it and when, and the hash that it had, so that
-- every chain stays what it was.

-- Whether the change erases the records that it names; written by the server alone.
ALTER TABLE change ADD COLUMN erases BIGINT NOT NULL DEFAULT 0 CHECK (erases IN (0, 1));
-- The number of the change by which this one was erased. 0: it came erased, and no change of this log says so yet.
ALTER TABLE change ADD COLUMN erased_by BIGINT;

CREATE INDEX change_erased ON change (space, kind, record) WHERE erased_by IS NOT NULL;
CREATE INDEX change_erases ON change (space, lsn) WHERE erases = 1;

DROP TRIGGER change_is_never_edited ON change;

-- One exception: its body goes, once, by a change of the same log that erases.
CREATE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erases = 0 AND coalesce(OLD.erased_by, 0) = 0 AND NEW.erased_by > 0
    AND (NEW.space, NEW.lsn, NEW.device, NEW.seq, NEW.action, NEW.kind, NEW.record, NEW.hash, NEW.chain, NEW.erases)
      = (OLD.space, OLD.lsn, OLD.device, OLD.seq, OLD.action, OLD.kind, OLD.record, OLD.hash, OLD.chain, OLD.erases)
    AND EXISTS (
      SELECT 1 FROM change AS eraser
      WHERE eraser.space = OLD.space AND eraser.lsn = NEW.erased_by AND eraser.erases = 1
    )
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a change is never edited and never deleted';
END
$$;

CREATE TRIGGER change_is_never_edited
BEFORE UPDATE ON change
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased();
