-- expands
-- An index over what no database of before has: transfers that are asked for.
CREATE INDEX IF NOT EXISTS requests_by_org ON requests (org_id, id) WHERE org_id IS NOT NULL;
