package web

import (
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// effects fills in what an activity did to everybody who attended: the total
// with it and without it. Of people outside the scope it says that they were
// there, and nothing of their points.
func (s *Site) effects(v *store.Snapshot, scope access.Scope, a *domain.Activity, lines []domain.PresentLine, out *ui.MeetingDone) error {
	ids := make([]domain.MemberID, len(lines))
	for i := range lines {
		ids[i] = lines[i].Member
	}
	seen, err := v.MembersOf(scope, ids)
	if err != nil {
		return err
	}
	members := make([]domain.Member, len(lines))
	for i := range lines {
		if members[i] = seen[lines[i].Member]; members[i].ID == "" {
			members[i].ID = lines[i].Member // nothing is recorded of him that this page may tell
		}
	}
	records, err := v.Records(members)
	if err != nil {
		return err
	}
	id := strconv.FormatInt(int64(a.ID), 10)
	reckoner, err := s.Standings.Reckoner(v, s.today(), members...)
	if err != nil {
		return err
	}
	counts := map[domain.AttendanceStatus]int{}
	for i, l := range lines {
		counts[l.Status]++
		if l.Claim {
			out.Waiting++
		}
		if _, ok := seen[l.Member]; !ok {
			row, err := guestRow(v, scope, &l, a)
			if err != nil {
				return err
			}
			out.Rows = append(out.Rows, row)
			continue
		}
		without := records[i]
		without.Attendance = slices.DeleteFunc(slices.Clone(without.Attendance), func(x domain.Attendance) bool { return x.Activity == id })
		text, err := reckoner.Of(&members[i], a.On, func(b *ruleset.RuleSet) bool { return b.Kind(a.Kind) })
		if err != nil {
			return err
		}
		res, before := text.Member(&records[i]), text.Member(&without).Standing
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
	for _, st := range domain.AttendanceStatuses() {
		if n := counts[st]; n > 0 {
			out.Counts = append(out.Counts, ui.Count{Words: string(st), N: n})
		}
	}
	return nil
}

// guestRow is the line of somebody of another branch.
func guestRow(v *store.Snapshot, scope access.Scope, l *domain.PresentLine, a *domain.Activity) (ui.Effect, error) {
	name, err := stranger(v, scope, l.Member, l.Name, a.On)
	return ui.Effect{Member: l.Member, Name: name, Status: l.Status, MadeUp: l.MadeUpOn, Waiting: l.Claim, Guest: true, Remark: "别的支部的，分记在那边"}, err
}

// stranger is what somebody outside the scope is called: by name where he was known
// as a guest on a day, else by the number he was recorded by.
func stranger(v *store.Snapshot, scope access.Scope, id domain.MemberID, name string, on calendar.Day) (string, error) {
	known, err := v.Guest(scope, id, on)
	if !known {
		name = "编号 " + string(id)
	}
	return name, err
}
