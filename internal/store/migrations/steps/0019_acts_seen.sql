-- expands
-- A table, and indexes over what is taken back and corrected, which is little: it takes seconds in a large database.
CREATE TABLE acts_seen (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  until_at    TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: the program itself
) STRICT;
CREATE INDEX acts_seen_by_org ON acts_seen (org_id, id);
CREATE TRIGGER acts_seen_stay BEFORE UPDATE ON acts_seen BEGIN SELECT RAISE(ABORT, 'acts_seen is append-only'); END;
CREATE TRIGGER acts_seen_kept BEFORE DELETE ON acts_seen BEGIN SELECT RAISE(ABORT, 'acts_seen is append-only'); END;
CREATE INDEX IF NOT EXISTS reversals_by_time ON reversals (street_id, recorded_at);
CREATE INDEX IF NOT EXISTS change_reversals_by_time ON change_reversals (street_id, recorded_at);
CREATE INDEX IF NOT EXISTS attendance_corrected ON attendance (street_id, recorded_at) WHERE reason IS NOT NULL;
