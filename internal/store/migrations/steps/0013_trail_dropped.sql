-- expands
-- A new, empty table and one setting. The index over the instants of the trail is the one thing that takes time: about a second
-- for each million lines. No month is dropped before every program that works on the database knows of it: an older one's verify would miss it.
CREATE TABLE trail_drops (
  id           INTEGER PRIMARY KEY,
  street_id    INTEGER NOT NULL,
  trail_street INTEGER NOT NULL, -- whose trail; 0 = of no street
  month        TEXT NOT NULL,    -- YYYY-MM
  seq          INTEGER NOT NULL, -- how many lines it had
  before       BLOB,             -- hash of the last line of the month before; NULL: there was none
  hash         BLOB NOT NULL,    -- of its last line
  note         TEXT NOT NULL,    -- both, signed, as in a file of roots
  asked_by     INTEGER NOT NULL REFERENCES accounts (id),
  recorded_at  TEXT NOT NULL,
  recorded_by  INTEGER NOT NULL REFERENCES accounts (id), -- who agreed
  UNIQUE (trail_street, month)
) STRICT;
CREATE TRIGGER trail_drops_stay BEFORE UPDATE ON trail_drops BEGIN SELECT RAISE(ABORT, 'trail_drops is append-only'); END;
CREATE TRIGGER trail_drops_kept BEFORE DELETE ON trail_drops BEGIN SELECT RAISE(ABORT, 'trail_drops is append-only'); END;
CREATE INDEX trail_by_time ON trail (at, account_id);
INSERT INTO settings (name, value) VALUES ('lines since', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- The reason of opening a period again stood in the trail as it was written; now it is a text, as every other.
ALTER TABLE periods ADD COLUMN reason INTEGER REFERENCES texts (id);
