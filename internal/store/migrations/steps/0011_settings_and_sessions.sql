-- expands
-- A new, empty table, columns that are NULL, and an index of a table of a few thousand rows: nothing else is read, nothing rewritten.
ALTER TABLE accounts ADD COLUMN password_at TEXT;
ALTER TABLE sessions ADD COLUMN account_id INTEGER;
ALTER TABLE sessions ADD COLUMN made_at TEXT;
ALTER TABLE sessions ADD COLUMN seen_at TEXT;
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN agent TEXT;
CREATE INDEX sessions_by_account ON sessions (account_id, made_at) WHERE account_id IS NOT NULL;
CREATE TABLE setting_changes (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  name        TEXT NOT NULL CHECK (name <> ''),
  value       INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
CREATE INDEX setting_changes_by_name ON setting_changes (name, id);
CREATE TRIGGER setting_changes_stay BEFORE UPDATE ON setting_changes BEGIN SELECT RAISE(ABORT, 'setting_changes is append-only'); END;
CREATE TRIGGER setting_changes_kept BEFORE DELETE ON setting_changes BEGIN SELECT RAISE(ABORT, 'setting_changes is append-only'); END;
