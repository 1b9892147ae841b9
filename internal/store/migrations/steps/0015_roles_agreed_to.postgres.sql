-- expands
-- A column that is NULL and two indexes that hold no row yet: assignments is read once, and nothing is rewritten.
ALTER TABLE assignments ADD COLUMN reason bigint;
ALTER TABLE assignments ADD FOREIGN KEY (reason) REFERENCES texts (id);
CREATE INDEX IF NOT EXISTS assignments_waiting ON assignments (recorded_at) WHERE waits IS NOT NULL;
CREATE INDEX IF NOT EXISTS assignments_answering ON assignments (confirms) WHERE confirms IS NOT NULL;
