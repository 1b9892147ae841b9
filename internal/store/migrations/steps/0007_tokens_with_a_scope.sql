-- expands
-- Tokens say in which role they act and whether they only read, and when they were last used. Reads and rewrites no row.
ALTER TABLE tokens ADD COLUMN scope TEXT;
CREATE TABLE token_uses (
  token_id INTEGER PRIMARY KEY REFERENCES tokens (id),
  used_at  TEXT NOT NULL
) STRICT;
