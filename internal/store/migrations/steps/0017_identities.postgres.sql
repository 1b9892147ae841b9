-- expands
-- Accounts say who their holder is at a provider of identities. Columns that are NULL, and an index over them, which takes as long as
-- the accounts are many: a second for a hundred thousand.
ALTER TABLE accounts ADD COLUMN issuer text COLLATE "C";
ALTER TABLE accounts ADD COLUMN subject text COLLATE "C";
ALTER TABLE account_changes ADD COLUMN issuer text COLLATE "C";
ALTER TABLE account_changes ADD COLUMN subject bigint;
ALTER TABLE account_changes ADD FOREIGN KEY (subject) REFERENCES texts (id);
CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_subject ON accounts (issuer, subject);
