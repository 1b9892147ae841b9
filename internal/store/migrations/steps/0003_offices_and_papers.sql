-- expands
-- Who holds an office over an organisation, and the paper records of a street, are found
-- without reading those of all.
CREATE INDEX assignments_by_org ON assignments (org_id, account_id);
CREATE INDEX entries_of_papers ON entries (street_id, paper) WHERE paper IS NOT NULL;
CREATE INDEX activities_of_papers ON activities (street_id, paper) WHERE paper IS NOT NULL;
