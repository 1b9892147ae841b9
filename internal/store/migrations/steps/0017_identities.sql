-- expands
-- Accounts say who their holder is at a provider of identities. Columns that are NULL, and an index over them, which takes as long as
-- the accounts are many: a second for a hundred thousand.
ALTER TABLE accounts ADD COLUMN issuer TEXT;
ALTER TABLE accounts ADD COLUMN subject TEXT;
ALTER TABLE account_changes ADD COLUMN issuer TEXT;
ALTER TABLE account_changes ADD COLUMN subject INTEGER REFERENCES texts (id);
CREATE UNIQUE INDEX accounts_by_subject ON accounts (issuer, subject);
