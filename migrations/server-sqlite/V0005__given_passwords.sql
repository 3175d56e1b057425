-- Passwords that somebody else gave: until when they open the way to one of the person's own. Since when a person's
-- session lasts, in all its tokens.

ALTER TABLE account ADD COLUMN given_until_ms INTEGER;
ALTER TABLE session ADD COLUMN began_ms INTEGER NOT NULL DEFAULT 0;
