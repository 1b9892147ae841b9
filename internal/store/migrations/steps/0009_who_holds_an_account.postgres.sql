-- expands
-- Accounts say who holds them as a member, where they are not a member's own. Columns that are NULL: nothing that is there is
-- read or rewritten, however large the database.
ALTER TABLE accounts ADD COLUMN person text COLLATE "C";
ALTER TABLE account_changes ADD COLUMN person text COLLATE "C";
