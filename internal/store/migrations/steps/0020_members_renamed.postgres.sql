-- expands
-- Columns that are NULL, and an index over what no database of before has: nothing that is there is rewritten.
ALTER TABLE member_changes ADD COLUMN from_on text COLLATE "C";
ALTER TABLE member_changes ADD COLUMN reason bigint;
ALTER TABLE member_changes ADD FOREIGN KEY (reason) REFERENCES texts (id);
CREATE INDEX IF NOT EXISTS member_changes_of_names ON member_changes (from_on, member_id) WHERE reason IS NOT NULL;
