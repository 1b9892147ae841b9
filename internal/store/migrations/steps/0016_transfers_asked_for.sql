-- expands
-- Columns that are NULL: nothing that is there is read or rewritten, however large the database.
ALTER TABLE requests ADD COLUMN org_id INTEGER REFERENCES orgs (id);
ALTER TABLE requests ADD COLUMN reason INTEGER REFERENCES texts (id);
