package store

import "jifen/internal/domain"

// InForce returns every text that was put in force, in the order in which they
// were recorded. Which of them holds for a branch on a day is for the caller to
// find: a list asks it of many branches and days. A text is no secret and has no
// scope.
func (v *Snapshot) InForce() ([]domain.RuleVersionInForce, error) {
	var rows []struct {
		enactmentRow
		Path string
	}
	err := v.all(&rows, `SELECT e.org_id, o.path, e.supplement, e.beside, e.code, e.from_on, e.hash, e.draft_id, coalesce((SELECT q.body FROM texts q WHERE q.id = e.person), '') AS person, e.retroactive, NULL AS drafter, e.recorded_at
		FROM enactments e JOIN orgs o ON o.id = e.org_id WHERE e.recorded_at <= ? ORDER BY e.id`, v.knownBy())
	out := make([]domain.RuleVersionInForce, len(rows))
	for i := range rows {
		out[i] = domain.RuleVersionInForce{RuleVersion: rows[i].enactment(), Path: rows[i].Path}
	}
	return out, err
}

// Kinds returns the kind of every branch, by its path.
func (v *Snapshot) Kinds() (map[string]domain.BranchKind, error) {
	var rows []struct {
		Path string
		Kind string
	}
	err := v.all(&rows, "SELECT path, kind FROM orgs WHERE kind <> ''")
	out := make(map[string]domain.BranchKind, len(rows))
	for _, r := range rows {
		out[r.Path] = domain.BranchKind(r.Kind)
	}
	return out, err
}

// InForceMark changes with everything that is put in force and with every
// organisation.
func (v *Snapshot) InForceMark() (string, error) {
	var mark string
	err := v.get(&mark, `SELECT (SELECT count(*) FROM enactments) || ' ' || coalesce((SELECT e.id || ' ' || e.hash || ' ' || e.recorded_at FROM enactments e ORDER BY e.id DESC LIMIT 1), '')
		|| ' ' || (SELECT count(*) FROM orgs) || ' ' || coalesce((SELECT o.path || o.kind || ' ' || o.recorded_at FROM orgs o ORDER BY o.id DESC LIMIT 1), '')`)
	return mark, err
}
