package store

import (
	"github.com/jmoiron/sqlx"

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

// Known is one member with what is remembered of him, if anything is.
type Known struct {
	Member     Member
	Remembered Remembered
	Any        bool
}

// Population returns the members of the scope at or below a path ("" for
// everywhere), by id, with what is remembered of them for one scheme and
// period. Who had left by the day since is left out. It is what every list of standings begins with, and so reads both at
// once and scans by hand.
func (v *View) Population(scope access.Scope, below, scheme, period string, since calendar.Day) ([]Known, error) {
	where, args := scopeSQL(scope, true)
	if below != "" {
		from, to := subtree(below)
		where += " AND o.path >= ? AND o.path < ?"
		args = append(args, from, to)
	}
	var out []Known
	orgs := map[int64]Org{} // a few hundred names, not one for every member
	err := v.each(func(rows *sqlx.Rows) error {
		var k Known
		var org, version *int64
		var path, kind, name, rules, until *string
		var asOf, joined, left day
		m := &k.Member
		if err := rows.Scan(&m.ID, &m.Name, &m.Initials, &m.Version, &joined, &left, &org, &path, &kind, &name, &version, &rules, &asOf, &until, &k.Remembered.Body); err != nil {
			return err
		}
		m.Joined, m.Left = calendar.Day(joined), calendar.Day(left)
		if org != nil {
			home, ok := orgs[*org]
			if !ok {
				home = Org{ID: orgID(*org), Path: *path, Kind: party.BranchKind(*kind), Name: *name}
				orgs[*org] = home
			}
			m.Home = home
		}
		if version != nil {
			k.Any = true
			r := &k.Remembered
			r.Member, r.Version, r.Rules, r.AsOf, r.Until = m.ID, *version, *rules, calendar.Day(asOf), calendar.Forever
			if *until != forever {
				d, err := calendar.Parse(*until)
				if err != nil {
					return err
				}
				r.Until = d
			}
		}
		out = append(out, k)
		return nil
	}, `SELECT m.id, m.name, m.initials, m.version, m.joined_on, m.left_on, o.id, o.path, o.kind, o.name, s.version, s.rules, s.as_of, s.stable_until, s.body
		FROM members m LEFT JOIN orgs o ON o.id = m.home_id
		LEFT JOIN standings s ON s.member_id = m.id AND s.scheme = ? AND s.period = ?
		WHERE (m.left_on IS NULL OR m.left_on > ?) AND `+where+" ORDER BY m.id", append([]any{scheme, period, since.String()}, args...)...)
	return out, err
}

// Mark changes with every member that is added and every input that is recorded
// of one, and with every organisation and every rule file put in force.
type Mark struct{ Members, Versions, Orgs, Enactments int64 }

// Mark returns the view's.
func (v *View) Mark() (Mark, error) {
	var m Mark
	err := v.get(&m, `SELECT count(*) AS members, coalesce(sum(version), 0) AS versions, (SELECT count(*) FROM orgs) AS orgs,
		(SELECT count(*) FROM enactments) AS enactments FROM members`)
	return m, err
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
