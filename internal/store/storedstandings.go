package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// StoredStandings returns the next rows of standings, at most n, in the order of
// member, scheme and period; nil asks for the first. It reads what is stored as it
// stands, also what nothing would ever read again.
func (v *Snapshot) StoredStandings(
	scope access.Scope, after *domain.StoredStanding, n int,
) ([]domain.StoredStanding, error) {
	where, args := scopeSQL(scope, true)
	if after != nil {
		where += " AND (s.member_id, s.scheme, s.period) > (?, ?, ?)"
		args = append(args, string(after.Holder.ID), after.Scheme, after.Period)
	}
	var rows []struct {
		memberRow
		Scheme      string
		Period      string
		Of          int64 // the version it was computed from
		Rules       string
		AsOf        string
		StableUntil string
		Body        []byte
		SettledOn   day
	}
	err := v.all(&rows, `SELECT m.id, m.name, m.initials, m.version, NULL AS joined_on, NULL AS left_on, o.id AS org_id,
		o.path, o.kind, o.name AS org_name, s.scheme, s.period, s.version AS of, s.rules, s.as_of, s.stable_until, s.body,
		(SELECT max(a.from_on) FROM affiliations a WHERE a.member_id = m.id AND a.kind = 'home'
			AND `+affiliationNow("a")+`) AS settled_on
		FROM standings s JOIN members m ON m.id = s.member_id LEFT JOIN orgs o ON o.id = m.home_id
		WHERE `+where+" ORDER BY s.member_id, s.scheme, s.period LIMIT ?", append(args, n)...)
	codes := v.chains.seals()
	out := make([]domain.StoredStanding, len(rows))
	for i := range rows {
		r, s := &rows[i], &out[i]
		s.Holder, s.Scheme, s.Period, s.Settled = r.member(), r.Scheme, r.Period, calendar.Day(r.SettledOn)
		s.CachedStanding = domain.CachedStanding{Member: s.Holder.ID, Version: r.Of, Rules: r.Rules, Until: calendar.Forever,
			Body: r.Body}
		var bad error
		if s.AsOf, bad = calendar.Parse(r.AsOf); bad != nil {
			s.Broken = "as_of"
		}
		if r.StableUntil != forever {
			if s.Until, bad = calendar.Parse(r.StableUntil); bad != nil {
				s.Broken = "stable_until"
			}
		}
		s.Coded, s.Damaged = codes.uncode(r.Scheme, r.Period, &s.CachedStanding)
	}
	return out, err
}
