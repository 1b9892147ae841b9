-- expands
ALTER TABLE trail ADD COLUMN role text COLLATE "C";
ALTER TABLE trail ADD COLUMN address text COLLATE "C";
ALTER TABLE trail ADD COLUMN route text COLLATE "C";
ALTER TABLE trail ADD COLUMN result text COLLATE "C";
ALTER TABLE trail ADD COLUMN subject text COLLATE "C";
ALTER TABLE trail ADD COLUMN subjects bigint;
CREATE INDEX trail_by_subject ON trail (subject, id) WHERE subject IS NOT NULL;
