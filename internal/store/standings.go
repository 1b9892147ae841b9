package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Population returns the members who belonged to the scope at or below a path (""
// for everywhere) on a day, by id, with what is remembered of them for one scheme
// and period. Who had left by the day since is left out. It is what every list of
// standings begins with, and so reads both at once and scans by hand.
func (v *Snapshot) Population(
	scope access.Scope, below, scheme, period string, since, on calendar.Day,
) ([]domain.MemberStanding, error) {
	moved, err := v.elsewhere(scope, below, on)
	if err != nil {
		return nil, err
	}
	where, args := scopeSQL(scope, true)
	if below != "" {
		from, to := subtree(below)
		where += " AND o.path >= ? AND o.path < ?"
		args = append(args, from, to)
	}
	out, err := v.population(where+" AND (m.left_on IS NULL OR m.left_on > ?)", scheme, period,
		append(args, since.String())...)
	if err != nil || len(moved) == 0 {
		return out, err
	}
	out = slices.DeleteFunc(out, func(k domain.MemberStanding) bool { _, is := moved[k.Member.ID]; return is })
	err = chunks(slices.Collect(maps.Keys(moved)), func(marks string, args []any) error {
		some, err := v.population("m.id IN ("+marks+")", scheme, period, args...)
		for i := range some {
			k := &some[i]
			home, joined, left, here := moved[k.Member.ID].on(on)
			if !here || left != 0 && left <= since || !scope.Sees(k.Member.ID, home.Path) ||
				!strings.HasPrefix(home.Path, below) {
				continue
			}
			// What is remembered was reckoned for another home.
			k.Member.Moved, k.Any = home.ID != k.Member.Home.ID, false
			k.Member.Home, k.Member.Joined, k.Member.Left, k.Then = home, joined, left, true
			out = append(out, *k)
		}
		return err
	})
	slices.SortFunc(out, func(a, b domain.MemberStanding) int { return cmp.Compare(a.Member.ID, b.Member.ID) })
	return out, err
}

func (v *Snapshot) population(where, scheme, period string, args ...any) ([]domain.MemberStanding, error) {
	s := newKnownRows(v.chains.seals(), scheme, period)
	if err := v.each(s.scan, `SELECT m.id, m.name, m.initials, m.version, m.joined_on, m.left_on, m.home_id,
		s.version, s.rules, s.as_of, s.stable_until, s.body
		FROM members m LEFT JOIN orgs o ON o.id = m.home_id
		LEFT JOIN standings s ON s.member_id = m.id AND s.scheme = ? AND s.period = ?
		WHERE `+where, append([]any{scheme, period}, args...)...); err != nil {
		return nil, err
	}
	orgs, err := v.homesBy(s.homes)
	return s.sorted(orgs), err
}

// forever is the stored day of a standing that never changes by itself.
const forever = "9999-12-31"

// Remember keeps a computed standing under a code of the key of the chains, if the member's version is still the one
// it was computed from.
func (tx *Tx) Remember(scheme, period string, s domain.CachedStanding) error {
	until := s.Until.String()
	if s.Until >= calendar.Forever {
		until = forever
	}
	_, err := tx.exec(`INSERT INTO standings (member_id, street_id, scheme, period, version, rules, as_of, `+
		`stable_until, body)
		SELECT m.id, m.street_id, ?, ?, ?, ?, ?, ?, ? FROM members m WHERE m.id = ? AND m.version = ?
		ON CONFLICT (member_id, scheme, period) DO UPDATE SET street_id = excluded.street_id,
			version = excluded.version, rules = excluded.rules,
			as_of = excluded.as_of, stable_until = excluded.stable_until, body = excluded.body`,
		scheme, period, s.Version, s.Rules, s.AsOf.String(), until, tx.chains.coded(scheme, period, &s), string(s.Member),
		s.Version)
	return err
}

// Forget deletes a cached standing; it is computed anew when somebody looks.
func (tx *Tx) Forget(scheme, period string, member domain.MemberID) error {
	_, err := tx.exec("DELETE FROM standings WHERE member_id = ? AND scheme = ? AND period = ?", string(member), scheme,
		period)
	return err
}
