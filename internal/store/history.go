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
	Ended  bool       // of a host or participant: over from that day
	State  ClaimState // of a fact that had to be agreed to; "" for one that holds by itself
	ByName string     // "" for the program itself
	At     string     // recorded_at
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
		Waits      string
		Later      bool
		RecordedAt string
		ByName     *string
		lastStep
	}
	err := v.all(&facts, `SELECT f.attribute, f.from_on, f.text, f.number, f.waits, `+superseded+` AS later, f.recorded_at, b.name AS by_name, d.accepted, d.rest
		FROM facts f LEFT JOIN accounts b ON b.id = f.recorded_by `+lastDecision("fact", "f")+` WHERE f.member_id = ? ORDER BY f.id DESC`, string(id))
	if err != nil {
		return nil, err
	}
	var moves []struct {
		Kind       string
		OrgName    *string
		FromOn     day
		Ended      bool
		RecordedAt string
		ByName     *string
	}
	err = v.all(&moves, `SELECT a.kind, o.name AS org_name, a.from_on, a.ended, a.recorded_at, b.name AS by_name FROM affiliations a
		LEFT JOIN orgs o ON o.id = a.org_id LEFT JOIN accounts b ON b.id = a.recorded_by WHERE a.member_id = ? ORDER BY a.id DESC`, string(id))
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, m := range moves {
		out = append(out, Step{Kind: m.Kind, Org: text(m.OrgName), From: calendar.Day(m.FromOn), Ended: m.Ended, ByName: text(m.ByName), At: m.RecordedAt})
	}
	for i := range facts {
		f := &facts[i]
		var state ClaimState
		if f.Waits != "" {
			if state = f.state(f.Waits); state == ClaimWaits && f.Later {
				state = ClaimWithdrawn
			}
		}
		out = append(out, Step{State: state, Fact: party.Fact{Attribute: f.Attribute, From: calendar.Day(f.FromOn), Value: party.Value{Text: f.Text, Number: f.Number}},
			From: calendar.Day(f.FromOn), ByName: text(f.ByName), At: f.RecordedAt})
	}
	slices.SortStableFunc(out, func(a, b Step) int { return strings.Compare(b.At, a.At) })
	return out, nil
}
