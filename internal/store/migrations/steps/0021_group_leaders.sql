-- expands
-- Assignments say which group of the branch a group leader reads. A column that is NULL: nothing is rewritten, and a large database
-- takes as long as a small one.
ALTER TABLE assignments ADD COLUMN group_name TEXT;
