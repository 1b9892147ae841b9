-- expands
-- Columns that are NULL: nothing that is there is read or rewritten, however large the database.
ALTER TABLE requests ADD COLUMN org_id bigint;
ALTER TABLE requests ADD FOREIGN KEY (org_id) REFERENCES orgs (id);
ALTER TABLE requests ADD COLUMN reason bigint;
ALTER TABLE requests ADD FOREIGN KEY (reason) REFERENCES texts (id);
