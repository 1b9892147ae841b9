package store

import (
	"maps"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// groupRow holds the group or hub that was recorded of a member in the branch where he is.
type groupRow struct {
	MemberID  domain.MemberID
	HomeID    int64
	Attribute string
	Text      string
}

// groupRows reads the groups and hubs of today; of one attribute of a member the last row holds.
// What was recorded before somebody came to the branch where he is holds no more.
func (v *Snapshot) groupRows(scope access.Scope, below string) (rows []groupRow, err error) {
	where, args := scopeSQL(scope, true)
	if below != "" {
		within, paths := atOrBelow("o", []string{below})
		where, args = where+" AND "+within, append(args, paths...)
	}
	today := v.today()
	err = v.all(&rows, `SELECT f.member_id, m.home_id, f.attribute, f.text FROM orgs o JOIN members m ON m.home_id = o.id
		JOIN facts f ON f.member_id = m.id
		WHERE f.attribute IN (?, ?) AND f.from_on <= ? AND f.request_id IS NULL AND `+factNow("f")+`
		AND (m.left_on IS NULL OR m.left_on > ?) AND f.from_on >= (SELECT max(a.from_on) FROM affiliations a
		WHERE a.member_id = m.id AND a.kind = 'home' AND a.from_on <= ? AND `+affiliationNow("a")+`)
		AND `+where+" ORDER BY f.member_id, f.from_on, f.id", append([]any{domain.Group, domain.Hub, today, today, today},
		args...)...)
	return rows, err
}

// Groups returns in which group (党小组) and at which hub (党员中心户) of their home branch those
// members are today who are in one, of a scope and at or below a path ("" for everywhere). Who has
// left is in none.
func (v *Snapshot) Groups(scope access.Scope, below string) (map[domain.MemberID]domain.Grouping, error) {
	rows, err := v.groupRows(scope, below)
	out := map[domain.MemberID]domain.Grouping{}
	for _, r := range rows {
		g, name := out[r.MemberID], r.Text
		if name == domain.NoGroup {
			name = ""
		}
		if r.Attribute == domain.Group {
			g.Group = name
		} else {
			g.Hub = name
		}
		out[r.MemberID] = g
	}
	maps.DeleteFunc(out, func(_ domain.MemberID, g domain.Grouping) bool { return g == domain.Grouping{} })
	return out, err
}

// GroupedBranches returns the branches of a scope that have a group today.
func (v *Snapshot) GroupedBranches(scope access.Scope) (map[domain.OrgID]bool, error) {
	rows, err := v.groupRows(scope, "")
	last := map[domain.MemberID]groupRow{}
	for _, r := range rows {
		if r.Attribute == domain.Group {
			last[r.MemberID] = r
		}
	}
	out := map[domain.OrgID]bool{}
	for _, r := range last {
		if r.Text != domain.NoGroup && r.Text != "" {
			out[orgID(r.HomeID)] = true
		}
	}
	return out, err
}

// GroupNames returns what the groups and hubs are called today of the members of a scope at or
// below a path.
func (v *Snapshot) GroupNames(scope access.Scope, below string) (domain.GroupNames, error) {
	groups, err := v.Groups(scope, below)
	out := domain.GroupNames{}
	for _, attribute := range domain.Groupings() {
		names := map[string]bool{}
		for _, g := range groups {
			if name := g.Of(attribute); name != "" {
				names[name] = true
			}
		}
		out[attribute] = slices.Sorted(maps.Keys(names))
	}
	return out, err
}

// inGroup returns who is in a group of a branch today, in order; nobody for no group.
func (v *Snapshot) inGroup(branch, name string) (out []domain.MemberID, err error) {
	if branch == "" || name == "" || name == domain.NoGroup {
		return nil, nil
	}
	groups, err := v.Groups(access.System("whom the leader of a group reads"), branch)
	for id, g := range groups {
		if g.Group == name {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, err
}

// HomeSince returns from which day a member is in the branch where he is today.
func (v *Snapshot) HomeSince(id domain.MemberID) (calendar.Day, error) {
	var since day
	err := v.get(&since, `SELECT coalesce(max(a.from_on), '') FROM affiliations a WHERE a.member_id = ?
		AND a.kind = 'home' AND a.from_on <= ? AND `+affiliationNow("a"), string(id), v.today())
	return calendar.Day(since), err
}
