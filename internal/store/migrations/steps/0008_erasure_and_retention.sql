-- expands
-- A new, empty table and a column that is NULL: nothing that is there is read or rewritten, however large the database.
CREATE TABLE person_erasures (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  kinds       TEXT NOT NULL, -- codes, divided by blanks
  reason      INTEGER NOT NULL REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: the program itself
) STRICT;
CREATE INDEX person_erasures_by_member ON person_erasures (member_id, id);
CREATE TRIGGER person_erasures_stay BEFORE UPDATE ON person_erasures BEGIN SELECT RAISE(ABORT, 'person_erasures is append-only'); END;
CREATE TRIGGER person_erasures_kept BEFORE DELETE ON person_erasures BEGIN SELECT RAISE(ABORT, 'person_erasures is append-only'); END;
ALTER TABLE replies ADD COLUMN made_at TEXT;
