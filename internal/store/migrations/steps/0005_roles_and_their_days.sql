-- expands
-- Roles hold from a day to a day, some wait for a second person, and the program knows which there
-- are. Assignments are some rows for each account.
CREATE TABLE assignments2 (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  role        TEXT NOT NULL CHECK (role <> ''),
  org_id      INTEGER REFERENCES orgs (id),
  ended       INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  from_on     TEXT,
  until_on    TEXT,
  waits       INTEGER,
  confirms    INTEGER
) STRICT;
INSERT INTO assignments2 (id, street_id, account_id, role, org_id, ended, recorded_at, recorded_by)
SELECT id, street_id, account_id, role, org_id, ended, recorded_at, recorded_by FROM assignments;
DROP TABLE assignments;
ALTER TABLE assignments2 RENAME TO assignments;
CREATE INDEX assignments_by_account ON assignments (account_id, id);
CREATE INDEX assignments_by_org ON assignments (org_id, account_id);
CREATE TRIGGER assignments_stay BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments is append-only'); END;
CREATE TRIGGER assignments_kept BEFORE DELETE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments is append-only'); END;
