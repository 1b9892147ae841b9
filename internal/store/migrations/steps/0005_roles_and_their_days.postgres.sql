-- expands
ALTER TABLE accounts ADD COLUMN not_member bigint NOT NULL DEFAULT 0 CHECK (not_member IN (0, 1));
ALTER TABLE account_changes ADD COLUMN not_member bigint;
ALTER TABLE assignments DROP CONSTRAINT assignments_role_check;
ALTER TABLE assignments ADD CONSTRAINT assignments_role_check CHECK (role <> '');
ALTER TABLE assignments ADD COLUMN from_on text COLLATE "C";
ALTER TABLE assignments ADD COLUMN until_on text COLLATE "C";
ALTER TABLE assignments ADD COLUMN waits bigint;
ALTER TABLE assignments ADD COLUMN confirms bigint;
