package demo

import (
	"fmt"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// holdActivities holds every meeting of the year and takes the attendance.
func (b *build) holdActivities(d dice) {
	for _, br := range b.homes {
		b.year(d, br)
		for month := 1; month <= 12; month++ {
			on := b.day(month, d.between(21, 27))
			b.hold(d, br, "支委会", on, committee(br, on))
			for _, g := range br.groups {
				if g.holdsActivities {
					b.hold(d, br, "党小组会", b.day(month, d.between(9, 26)), g.members)
				}
			}
		}
		for quarter := range 4 {
			b.hold(d, br, "支部党员大会", b.day(quarter*3+d.between(1, 3), d.between(9, 26)), br.members)
		}
		b.hold(d, br, "组织生活会", b.day(12, br.reviewDay), br.members)
	}
	for _, br := range b.sides {
		b.year(d, br)
	}
	slices.SortStableFunc(b.street.Activities, func(x, y Activity) int { return int(x.On - y.On) })
	for i := range b.street.Activities {
		b.street.Activities[i].ID = fmt.Sprintf("H%05d", i+1)
	}
}

// year holds what every branch holds: a themed day a month, a lecture a quarter.
func (b *build) year(d dice, br *branch) {
	for month := 1; month <= 12; month++ {
		b.hold(d, br, "主题党日", b.day(month, br.themeDay+d.between(0, 4)), br.members)
	}
	for quarter := range 4 {
		b.hold(d, br, "党课", b.day(quarter*3+d.between(1, 3), d.between(9, 26)), br.members)
	}
}

// committee returns who sat on the branch committee on a day.
func committee(br *branch, on calendar.Day) []*person {
	var sat []*person
	for _, p := range br.members {
		if !p.officer {
			continue
		}
		if office := p.word("职务", on); office == "支部书记" || office == "支部委员" {
			sat = append(sat, p)
		}
	}
	return sat
}

// hold records one activity for those of the people who were members that day.
func (b *build) hold(d dice, br *branch, kind string, on calendar.Day, people []*person) {
	a := Activity{Org: br.id, Kind: kind, On: on, Attendance: make([]Attendance, 0, len(people))}
	home := len(people) > 0 && people[0].home == br && kind != "支委会"
	for _, p := range people {
		if !p.here(on) {
			continue
		}
		a.Attendance = append(a.Attendance, Attendance{Member: p.ID, Status: p.attends(d, on)})
		// Attendance has room for everybody, so the line does not move again.
		if home && p.lifeAt(on) >= employed && !p.off(on) && !p.unseen(on) {
			p.present = append(p.present, &a.Attendance[len(a.Attendance)-1])
		}
	}
	if len(a.Attendance) > 0 {
		b.street.Activities = append(b.street.Activities, a)
	}
}

// attends draws how a person attends. Those whom an absence costs points are
// never absent here: skip decides how often they are.
func (p *person) attends(d dice, on calendar.Day) domain.AttendanceStatus {
	weights := []int{850, 40, 22, 60, 28, 0}
	switch way := p.lifeAt(on); {
	case p.exempt(on):
		return "请假"
	case p.unseen(on):
		return "缺席"
	case p.off(on):
		weights = []int{0, 0, 0, 500, 0, 500}
	case p.officer:
		weights = []int{940, 20, 10, 20, 10, 0}
	case way == cared || way == frail && p.number%3 == 0: // can hardly leave the house
		weights = []int{320, 10, 20, 500, 135, 15}
	case way == frail:
		weights = []int{720, 15, 35, 170, 50, 10}
	case way == away:
		weights = []int{180, 20, 10, 600, 150, 40}
	}
	return domain.AttendanceStatuses()[d.weighted(weights...)]
}

// skip turns as many of a person's lines as the plan says into absences.
func (b *build) skip(d dice) {
	for _, p := range b.people {
		for i := range min(p.plan.absences, len(p.present)) {
			j := d.between(i, len(p.present)-1)
			p.present[i], p.present[j] = p.present[j], p.present[i]
			p.present[i].Status = "缺席"
		}
	}
}
