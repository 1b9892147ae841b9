-- expands
-- A new, empty table and columns that are NULL: nothing that is there is read or rewritten, however large the database.
CREATE TABLE change_reversals (
  id             INTEGER PRIMARY KEY,
  street_id      INTEGER NOT NULL,
  member_id      TEXT NOT NULL REFERENCES members (id),
  fact_id        INTEGER UNIQUE REFERENCES facts (id),
  affiliation_id INTEGER UNIQUE REFERENCES affiliations (id),
  reason         INTEGER REFERENCES texts (id), -- NULL: by who recorded it, on the same day
  recorded_at    TEXT NOT NULL,
  recorded_by    INTEGER REFERENCES accounts (id), -- NULL: the program itself
  CHECK ((fact_id IS NULL) <> (affiliation_id IS NULL))
) STRICT;
CREATE INDEX change_reversals_by_member ON change_reversals (member_id, id);
CREATE TRIGGER change_reversals_stay BEFORE UPDATE ON change_reversals BEGIN SELECT RAISE(ABORT, 'change_reversals is append-only'); END;
CREATE TRIGGER change_reversals_kept BEFORE DELETE ON change_reversals BEGIN SELECT RAISE(ABORT, 'change_reversals is append-only'); END;
ALTER TABLE facts ADD COLUMN reason INTEGER REFERENCES texts (id);
ALTER TABLE affiliations ADD COLUMN reason INTEGER REFERENCES texts (id);
