package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/party"
)

// Remembered is one remembered standing: for what it was computed, and until
// when it is good.
type Remembered struct {
	Member  party.MemberID
	Version int64  // the member's, when it was computed
	Rules   string // the text's hash and the engine's name
	AsOf    calendar.Day
	Until   calendar.Day // stable until
	Body    []byte
}

// Remembered returns what is remembered of the members of the scope at or
// below a path, for one scheme and period.
func (v *View) Remembered(scope access.Scope, below, scheme, period string) (map[party.MemberID]Remembered, error) {
	where, args := scopeSQL(scope, true)
	if below != "" {
		from, to := subtree(below)
		where += " AND o.path >= ? AND o.path < ?"
		args = append(args, from, to)
	}
	var rows []struct {
		MemberID    string
		Version     int64
		Rules       string
		AsOf        day
		StableUntil string
		Body        []byte
	}
	err := v.all(&rows, `SELECT s.member_id, s.version, s.rules, s.as_of, s.stable_until, s.body FROM standings s
		JOIN members m ON m.id = s.member_id LEFT JOIN orgs o ON o.id = m.home_id
		WHERE s.scheme = ? AND s.period = ? AND `+where, append([]any{scheme, period}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make(map[party.MemberID]Remembered, len(rows))
	for _, r := range rows {
		until := calendar.Forever
		if r.StableUntil != forever {
			if until, err = calendar.Parse(r.StableUntil); err != nil {
				return nil, mapError(err)
			}
		}
		out[party.MemberID(r.MemberID)] = Remembered{party.MemberID(r.MemberID), r.Version, r.Rules, calendar.Day(r.AsOf), until, r.Body}
	}
	return out, nil
}

// forever is how a standing that never changes by itself is stored.
const forever = "9999-12-31"

// Remember keeps a computed standing, if the member's version is still the one
// it was computed from.
func (tx *Tx) Remember(scheme, period string, s Remembered) error {
	until := s.Until.String()
	if s.Until >= calendar.Forever {
		until = forever
	}
	_, err := tx.exec(`INSERT INTO standings (member_id, scheme, period, version, rules, as_of, stable_until, body)
		SELECT m.id, ?, ?, ?, ?, ?, ?, ? FROM members m WHERE m.id = ? AND m.version = ?
		ON CONFLICT (member_id, scheme, period) DO UPDATE SET version = excluded.version, rules = excluded.rules,
			as_of = excluded.as_of, stable_until = excluded.stable_until, body = excluded.body`,
		scheme, period, s.Version, s.Rules, s.AsOf.String(), until, s.Body, string(s.Member), s.Version)
	return err
}
