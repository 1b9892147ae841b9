-- expands
ALTER TABLE assignments DROP CONSTRAINT assignments_role_check;
ALTER TABLE assignments ADD CONSTRAINT assignments_role_check CHECK (role <> '');
ALTER TABLE assignments ADD COLUMN from_on text COLLATE "C";
ALTER TABLE assignments ADD COLUMN until_on text COLLATE "C";
ALTER TABLE assignments ADD COLUMN waits bigint;
ALTER TABLE assignments ADD COLUMN confirms bigint;
