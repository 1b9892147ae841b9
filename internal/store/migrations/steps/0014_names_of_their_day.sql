-- expands
-- An index of the changes of names: org_changes has some rows for each organisation.
CREATE INDEX IF NOT EXISTS org_changes_of_names ON org_changes (from_on, id) WHERE kind = '更名';
