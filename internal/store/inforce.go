package store

import (
	"fmt"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InForce returns every text that was put in force at or below a path ("" for
// everywhere) or on the line upwards, in the order in which they were recorded. Which of
// them holds for a branch on a day is for the caller to find: a list asks it of many
// branches and days. It has no scope, and no text: what one may read is for Source.
func (v *Snapshot) InForce(path string) ([]domain.RuleVersionInForce, error) {
	var rows []struct {
		enactmentRow
		Path string
	}
	where, args := atOrBelow("o", []string{path})
	for range domain.Levels { // as many as stand above a branch
		if path = above(path); path != "" {
			where, args = where+" OR o.path = ?", append(args, path)
		}
	}
	where = "(" + where + ")"
	err := v.all(&rows, `SELECT e.org_id, o.path, e.supplement, e.beside, e.code, e.from_on, e.hash, e.draft_id,
		coalesce((SELECT q.body FROM texts q WHERE q.id = e.person), '') AS person, e.retroactive, NULL AS drafter,
		e.recorded_at
		FROM enactments e JOIN orgs o ON o.id = e.org_id WHERE e.recorded_at <= ? AND `+where+" ORDER BY e.id",
		append([]any{v.knownBy()}, args...)...)
	out := make([]domain.RuleVersionInForce, len(rows))
	for i := range rows {
		out[i] = domain.RuleVersionInForce{RuleVersion: rows[i].enactment(), Path: rows[i].Path}
	}
	return out, err
}

// Kinds returns the kind of every branch at or below a path ("" for everywhere), by its
// path.
func (v *Snapshot) Kinds(path string) (map[string]domain.BranchKind, error) {
	var rows []struct {
		Path string
		Kind string
	}
	where, args := atOrBelow("o", []string{path})
	err := v.all(&rows, "SELECT o.path, o.kind FROM orgs o WHERE o.kind <> '' AND "+where, args...)
	out := make(map[string]domain.BranchKind, len(rows))
	for _, r := range rows {
		out[r.Path] = domain.BranchKind(r.Kind)
	}
	return out, err
}

// InForceMark changes with everything that is put in force and with every
// organisation. It is their version with the last row of each, so that it costs the
// same however many there are: where many write, rows may be kept in another order than
// that of their ids, and what was undone again leaves no mark that another row might have.
func (v *Snapshot) InForceMark() (string, error) {
	if v.held != nil {
		return v.held.inForce, nil
	}
	version, err := v.ofAll(rulesVersion)
	if err != nil {
		return "", err
	}
	mark := fmt.Sprintf("%d\n", version)
	for _, last := range [...]string{
		"SELECT e.id, e.hash AS said, e.recorded_at FROM enactments e ORDER BY e.id DESC LIMIT 1",
		"SELECT o.id, o.path || o.kind AS said, o.recorded_at FROM orgs o ORDER BY o.id DESC LIMIT 1",
	} {
		var row struct {
			ID         int64
			Said       string
			RecordedAt string
		}
		if err := v.get(&row, last); err != nil && fault.CodeOf(err) != fault.NotFound {
			return "", err
		}
		mark += fmt.Sprintf("%d %s %s\n", row.ID, row.Said, row.RecordedAt)
	}
	return mark, nil
}

// InForceMarkAt changes with everything that is put in force in the street of an
// organisation and above it, and with what organisations there are; for one above streets
// it is InForceMark.
func (v *Snapshot) InForceMarkAt(org domain.OrgID) (string, error) {
	street, err := v.streetOf(org)
	switch {
	case err != nil:
		return "", err
	case street == 0:
		return v.InForceMark()
	}
	of, err := v.version(rulesVersion, []int64{street})
	return fmt.Sprintf("%d of %d", of.number, street), err
}
