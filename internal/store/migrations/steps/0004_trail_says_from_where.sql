-- expands
-- Lines of the trail say in which role, from where and by which route, how it ended, and whom it concerned as a keyed hash.
ALTER TABLE trail ADD COLUMN role TEXT;
ALTER TABLE trail ADD COLUMN address TEXT;
ALTER TABLE trail ADD COLUMN route TEXT;
ALTER TABLE trail ADD COLUMN result TEXT;
ALTER TABLE trail ADD COLUMN subject TEXT;
ALTER TABLE trail ADD COLUMN subjects INTEGER;
CREATE INDEX trail_by_subject ON trail (subject, id) WHERE subject IS NOT NULL;
