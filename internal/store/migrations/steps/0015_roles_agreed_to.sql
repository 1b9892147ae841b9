-- expands
-- A column that is NULL and two indexes that hold no row yet: assignments is read once, and nothing is rewritten.
ALTER TABLE assignments ADD COLUMN reason INTEGER REFERENCES texts (id);
CREATE INDEX assignments_waiting ON assignments (recorded_at) WHERE waits IS NOT NULL;
CREATE INDEX assignments_answering ON assignments (confirms) WHERE confirms IS NOT NULL;
