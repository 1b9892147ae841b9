package site

import (
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/store"
	"jifen/internal/ui"
)

// effects fills in what an activity did to everybody who attended: the total
// with it and without it. Of who is outside the scope it says only how many.
func (s *Site) effects(v *store.View, scope access.Scope, book *rulebook.Rulebook, a *store.Activity, out *ui.MeetingDone) error {
	lines, err := v.Attendance(scope, a.ID)
	if err != nil {
		return err
	}
	all, err := v.Attendance(access.System("how many attended, and how many of them wait, is told of guests too"), a.ID)
	if err != nil {
		return err
	}
	counts := map[party.Status]int{}
	for _, l := range all {
		counts[l.Status]++
		if l.Claim {
			out.Waiting++
		}
	}
	out.Undone, out.People, out.Guests = len(all) == 0, len(all), len(all)-len(lines)
	members := make([]store.Member, 0, len(lines))
	for _, l := range lines {
		m, err := v.Member(scope, l.Member)
		if err != nil {
			return err
		}
		members = append(members, m)
	}
	records, err := v.Records(members)
	if err != nil {
		return err
	}
	period, id := book.Cycle.Unit.Of(a.On), strconv.FormatInt(int64(a.ID), 10)
	for i, l := range lines {
		without := records[i]
		without.Attendance = slices.DeleteFunc(slices.Clone(without.Attendance), func(x party.Attendance) bool { return x.Activity == id })
		res := scoring.Member(book, &records[i], period, s.today())
		before := scoring.Member(book, &without, period, s.today()).Standing
		row := ui.Effect{
			Member: l.Member, Name: l.Name, Status: l.Status, MadeUp: l.MadeUpOn, Scored: res.Standing.Scored, Total: res.Standing.Total,
			Change: res.Standing.Total - before.Total, Waiting: l.Claim,
		}
		if !row.Scored {
			row.Remark = res.Standing.Why
		}
		out.Effect += row.Change
		out.Rows = append(out.Rows, row)
	}
	for _, st := range party.Statuses() {
		if n := counts[st]; n > 0 {
			out.Counts = append(out.Counts, ui.Count{Words: string(st), N: n})
		}
	}
	return nil
}
