-- Who decided at a desk about what was kept aside, and why, in their words, sealed.

ALTER TABLE decision ADD COLUMN person BLOB;
ALTER TABLE decision ADD COLUMN desk BLOB;
ALTER TABLE decision ADD COLUMN sealed_why BLOB;
