-- expands
-- Activation slips of accounts, and how each ended. Nothing is read or rewritten: it takes no time in a large database.
CREATE TABLE slips (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  hash        BLOB NOT NULL UNIQUE,
  expires_at  TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
CREATE INDEX slips_by_account ON slips (account_id, id);

CREATE TABLE slip_ends (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  slip_id     INTEGER NOT NULL UNIQUE REFERENCES slips (id),
  used        INTEGER NOT NULL CHECK (used IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
CREATE TRIGGER slips_stay BEFORE UPDATE ON slips BEGIN SELECT RAISE(ABORT, 'slips is append-only'); END;
CREATE TRIGGER slips_kept BEFORE DELETE ON slips BEGIN SELECT RAISE(ABORT, 'slips is append-only'); END;
CREATE TRIGGER slip_ends_stay BEFORE UPDATE ON slip_ends BEGIN SELECT RAISE(ABORT, 'slip_ends is append-only'); END;
CREATE TRIGGER slip_ends_kept BEFORE DELETE ON slip_ends BEGIN SELECT RAISE(ABORT, 'slip_ends is append-only'); END;
