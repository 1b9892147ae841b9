-- expands
-- Who ever belonged to an organisation is found without reading everybody's homes.
CREATE INDEX IF NOT EXISTS affiliations_by_home ON affiliations (org_id, member_id) WHERE kind = 'home' AND org_id IS NOT NULL;
