package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Groups returns in which group (党小组) and at which hub (党员中心户) of their home branch those
// members are today who are in one, of a scope and at or below a path ("" for everywhere). What
// was recorded before somebody came to the branch where he is holds no more; who has left is in
// none.
func (v *Snapshot) Groups(scope access.Scope, below string) (map[domain.MemberID]domain.Grouping, error) {
	where, args := scopeSQL(scope, true)
	if below != "" {
		within, paths := atOrBelow("o", []string{below})
		where, args = where+" AND "+within, append(args, paths...)
	}
	var rows []struct {
		MemberID  domain.MemberID
		Attribute string
		Text      string
	}
	today := v.today()
	err := v.all(&rows, `SELECT f.member_id, f.attribute, f.text FROM orgs o JOIN members m ON m.home_id = o.id
		JOIN facts f ON f.member_id = m.id
		WHERE f.attribute IN (?, ?) AND f.from_on <= ? AND f.request_id IS NULL AND `+factNow("f")+`
		AND (m.left_on IS NULL OR m.left_on > ?) AND f.from_on >= (SELECT max(a.from_on) FROM affiliations a
		WHERE a.member_id = m.id AND a.kind = 'home' AND a.from_on <= ? AND `+affiliationNow("a")+`)
		AND `+where+" ORDER BY f.member_id, f.from_on, f.id", append([]any{domain.Group, domain.Hub, today, today, today},
		args...)...)
	out := map[domain.MemberID]domain.Grouping{}
	for _, r := range rows { // of one day's values the latest recorded holds
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
	for id, g := range out {
		if g == (domain.Grouping{}) {
			delete(out, id)
		}
	}
	return out, err
}

// HomeSince returns from which day a member is in the branch where he is today.
func (v *Snapshot) HomeSince(id domain.MemberID) (calendar.Day, error) {
	var since day
	err := v.get(&since, `SELECT coalesce(max(a.from_on), '') FROM affiliations a WHERE a.member_id = ?
		AND a.kind = 'home' AND a.from_on <= ? AND `+affiliationNow("a"), string(id), v.today())
	return calendar.Day(since), err
}
