package store

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/party"
)

// Step is one line of what was recorded of a member: a fact, or where he
// belongs.
type Step struct {
	Fact   party.Fact // Attribute "" where it is an affiliation
	Kind   string     // home, host or participant
	Org    string     // name; "" for leaving
	From   calendar.Day
	ByName string // "" for the program itself
	At     string // recorded_at
}

// History returns what was recorded of a member, the latest recorded first.
// fault.NotFound outside the scope.
func (v *View) History(scope access.Scope, id party.MemberID) ([]Step, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	var facts []struct {
		Attribute  string
		FromOn     day
		Text       string
		Number     int64
		RecordedAt string
		ByName     *string
	}
	err := v.all(&facts, `SELECT f.attribute, f.from_on, f.text, f.number, f.recorded_at, b.name AS by_name
		FROM facts f LEFT JOIN accounts b ON b.id = f.recorded_by WHERE f.member_id = ? ORDER BY f.id DESC`, string(id))
	if err != nil {
		return nil, err
	}
	var moves []struct {
		Kind       string
		OrgName    *string
		FromOn     day
		RecordedAt string
		ByName     *string
	}
	err = v.all(&moves, `SELECT a.kind, o.name AS org_name, a.from_on, a.recorded_at, b.name AS by_name FROM affiliations a
		LEFT JOIN orgs o ON o.id = a.org_id LEFT JOIN accounts b ON b.id = a.recorded_by WHERE a.member_id = ? ORDER BY a.id DESC`, string(id))
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, m := range moves {
		out = append(out, Step{Kind: m.Kind, Org: text(m.OrgName), From: calendar.Day(m.FromOn), ByName: text(m.ByName), At: m.RecordedAt})
	}
	for _, f := range facts {
		out = append(out, Step{Fact: party.Fact{Attribute: f.Attribute, From: calendar.Day(f.FromOn), Value: party.Value{Text: f.Text, Number: f.Number}},
			From: calendar.Day(f.FromOn), ByName: text(f.ByName), At: f.RecordedAt})
	}
	slices.SortStableFunc(out, func(a, b Step) int { return strings.Compare(b.At, a.At) })
	return out, nil
}
