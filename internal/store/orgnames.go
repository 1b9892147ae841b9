package store

import (
	"cmp"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// NamesOn returns what organisations were called on a day, as the view knows it, of those
// that are called otherwise now.
func (v *Snapshot) NamesOn(on calendar.Day) (map[domain.OrgID]string, error) {
	type rename struct {
		ID, OrgID int64
		Was       string
	}
	var list []rename
	const renames = "SELECT c.id, c.org_id, c.was FROM org_changes c WHERE c.kind = '更名' AND "
	err := v.all(&list, renames+"c.from_on > ?", on.String())
	if err == nil && v.Past() {
		var later []rename
		err = v.all(&later, renames+"c.recorded_at > ?", v.known)
		list = append(list, later...)
	}
	if err != nil || len(list) == 0 {
		return nil, err
	}
	slices.SortFunc(list, func(a, b rename) int { return cmp.Compare(b.ID, a.ID) })
	out := make(map[domain.OrgID]string, len(list))
	for _, r := range list { // the earliest is written last
		out[orgID(r.OrgID)] = r.Was
	}
	return out, nil
}

// FormerNames returns what the organisations of a scope were called before, the oldest
// first.
func (v *Snapshot) FormerNames(scope access.Scope) (map[domain.OrgID][]string, error) {
	where, args := scopeSQL(scope, false)
	var rows []struct {
		OrgID int64
		Was   string
	}
	err := v.all(&rows, `SELECT c.org_id, c.was FROM org_changes c JOIN orgs o ON o.id = c.org_id
		WHERE c.kind = '更名' AND c.was <> o.name AND `+where+" ORDER BY c.id", args...)
	out := map[domain.OrgID][]string{}
	for _, r := range rows {
		id := orgID(r.OrgID)
		if !slices.Contains(out[id], r.Was) {
			out[id] = append(out[id], r.Was)
		}
	}
	return out, err
}
