package store

import (
	"database/sql"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// knownRows reads members with what is remembered of them. A street has thousands, who
// share a few hundred homes, days and texts of rules: each of those is read once.
type knownRows struct {
	list  []domain.MemberStanding
	homes []int64 // of each of them; 0 = none

	rules map[string]string
	days  map[string]calendar.Day

	seals          *seals // that check the codes of what is remembered
	scheme, period string
}

func newKnownRows(s *seals, scheme, period string) *knownRows {
	return &knownRows{seals: s, scheme: scheme, period: period,
		rules: map[string]string{}, days: map[string]calendar.Day{"": 0, forever: calendar.Forever}}
}

// scan reads one row.
func (s *knownRows) scan(rows *sqlx.Rows) error {
	var k domain.MemberStanding
	var home, version sql.NullInt64
	var joined, left, rules, asOf, until sql.RawBytes
	m, r := &k.Member, &k.Remembered
	if err := rows.Scan(&m.ID, &m.Name, &m.Initials, &m.Version, &joined, &left, &home, &version, &rules, &asOf, &until,
		&r.Body); err != nil {
		return err
	}
	for _, day := range []struct {
		text sql.RawBytes
		into *calendar.Day
	}{{joined, &m.Joined}, {left, &m.Left}, {asOf, &r.AsOf}, {until, &r.Until}} {
		if err := s.day(day.text, day.into); err != nil {
			return err
		}
	}
	if k.Any = version.Valid; k.Any {
		r.Member, r.Version = m.ID, version.Int64
		known, ok := s.rules[string(rules)]
		if !ok {
			known = string(rules)
			s.rules[known] = known
		}
		r.Rules = known
		k.Any, k.Damaged = s.seals.uncode(s.scheme, s.period, r)
		k.Any = k.Any && !k.Damaged
	}
	s.list, s.homes = append(s.list, k), append(s.homes, home.Int64)
	return nil
}

// day reads a day that is mostly one of those read before.
func (s *knownRows) day(text sql.RawBytes, into *calendar.Day) (err error) {
	day, ok := s.days[string(text)]
	if !ok {
		if day, err = calendar.Parse(string(text)); err != nil {
			return err
		}
		s.days[string(text)] = day
	}
	*into = day
	return nil
}

// sorted returns the members with their homes, by id.
func (s *knownRows) sorted(orgs map[int64]domain.Org) []domain.MemberStanding {
	order := make([]*domain.MemberStanding, len(s.list)) // rows are long
	for i := range s.list {
		s.list[i].Member.Home = orgs[s.homes[i]]
		order[i] = &s.list[i]
	}
	slices.SortFunc(order, func(a, b *domain.MemberStanding) int {
		return strings.Compare(string(a.Member.ID), string(b.Member.ID))
	})
	out := make([]domain.MemberStanding, len(order))
	for i, k := range order {
		out[i] = *k
	}
	return out
}

// homesBy returns organisations as the homes of members, by their rows.
func (v *Snapshot) homesBy(ids []int64) (map[int64]domain.Org, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	out := make(map[int64]domain.Org, len(ids))
	err := chunks(ids, func(marks string, args []any) error {
		return v.each(func(rows *sqlx.Rows) error {
			var id int64
			var o domain.Org
			err := rows.Scan(&id, &o.Path, &o.Kind, &o.Name)
			o.ID = orgID(id)
			out[id] = o
			return err
		}, "SELECT id, path, kind, name FROM orgs WHERE id IN ("+marks+")", args...)
	})
	return out, err
}
