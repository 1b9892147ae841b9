-- expands
-- What members ask to be corrected. Nothing is read or rewritten: it takes no time in a large database.
CREATE TABLE corrections (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  about       TEXT NOT NULL CHECK (about <> ''), -- the part of what is held, a code
  wrong       INTEGER NOT NULL REFERENCES texts (id),
  wanted      INTEGER NOT NULL REFERENCES texts (id),
  request_id  INTEGER NOT NULL REFERENCES requests (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE UNIQUE INDEX corrections_by_request ON corrections (request_id);
CREATE INDEX corrections_by_member ON corrections (member_id, id);
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END;
CREATE TRIGGER corrections_kept BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END;
