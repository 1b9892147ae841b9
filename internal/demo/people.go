package demo

import (
	"fmt"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// life is a person's way of life. It decides the category, what comes to the
// meetings, and what the year will look like.
type life uint8

const (
	frail    life = iota // 75 or older
	cared                // younger, but 照顾
	away                 // 流动
	employed             // in employment or in a two-new organisation
	settled              // everyone else: mostly retired, some self-employed
)

// person is a member in the making, with what only the generator needs to know.
type person struct {
	Member
	number  int
	life    life
	home    *branch
	officer bool         // holds an office on some day of the year
	picked  bool         // already has a story of its own: see change
	from    calendar.Day // first day here within the year
	to      calendar.Day // last day here within the year
	stages  stages
	plan    plan
	praised bool           // has been commended: nobody is twice a year
	busy    []calendar.Day // days taken by something that happens but once a day
	present []*Attendance  // the lines in which the person could be absent without leave
}

// stages are the stretches of the year in which something special holds.
type stages struct {
	turn       calendar.Day // from this day on, life is another
	then       life
	exemptFrom calendar.Day // 不参加积分 from this day on; 0 = never
	offFrom    calendar.Day // 暂离
	offTo      calendar.Day // first day back
	unseen     months       // comes to nothing
	unpaid     months       // pays no dues
	idle       months       // does no work
}

// months is a run of months of the year; the zero value is none.
type months struct{ first, count int }

func (m months) has(month int) bool { return month >= m.first && month < m.first+m.count }

// populate fills the home branches. The first members of a branch are its
// officers; in a community's first branch, the community's officers too.
func (b *build) populate(d dice) {
	for _, br := range b.homes {
		offices := []string{"支部书记", "支部委员", "支部委员"}
		if br.seat {
			offices = append(offices, "社区书记", "社区委员", "社区委员")
		}
		for i := range br.size {
			office, way := "无", employed
			switch {
			case i < len(offices):
				office = offices[i]
				if br.kind == "社区" && d.chance(600) {
					way = settled
				}
			default:
				way = life(d.weighted(lives(br.kind)...))
			}
			b.person(d, br, way, office)
		}
		assignHousehold(br)
	}
}

// lives returns how often each life occurs among the members without office.
func lives(kind domain.BranchKind) []int {
	switch kind {
	case "市场":
		return []int{30, 20, 150, 500, 300}
	case "两新":
		return []int{8, 12, 120, 860, 0}
	default:
		return []int{182, 46, 134, 252, 386}
	}
}

// person makes one member with the facts that held when the year began.
func (b *build) person(d dice, br *branch, way life, office string) {
	n := len(b.people) + 1
	age, job := ageAndJob(d, br.kind, way)
	if office != "无" && (age < 28 || age > 71) {
		age = d.between(30, 58)
	}
	p := &person{number: n, life: way, home: br, officer: office != "无", from: b.first, to: b.last}
	p.ID = domain.MemberID(fmt.Sprintf("P%0*d", max(4, len(strconv.Itoa(b.Members))), n))
	p.Name = name(d, n, age)
	p.Home = [domain.Levels]domain.OrgID{br.id, br.community, streetName}
	p.Kind = br.kind
	p.know("出生日期", 0, domain.Value{Number: int64(b.birth(d, age))})
	p.say("人员类别", 0, "正式党员")
	p.say("处分", 0, "无")
	p.say("豁免", 0, "无")
	p.tick("照顾", 0, way == cared || way == frail && d.chance(150))
	p.tick("流动", 0, way == away)
	p.say("职务", 0, office)
	p.say("就业", 0, job)
	br.members = append(br.members, p)
	b.people = append(b.people, p)
}

// birth returns a birthday of one who is of that age when the year ends.
func (b *build) birth(d dice, age int) calendar.Day {
	first := calendar.Of(b.Year-age, 1, 1)
	return first + calendar.Day(d.IntN(365))
}

// ageAndJob draws the age at the year's end and the 就业 that go with a life.
func ageAndJob(d dice, kind domain.BranchKind, way life) (age int, job string) {
	switch way {
	case frail:
		age = 75 + min(d.IntN(22), d.IntN(22)) // fewer, the older
		return age, []string{"离退休", "无业"}[d.weighted(80, 20)]
	case cared:
		if d.chance(800) {
			return d.between(61, 74), "离退休"
		}
		return d.between(35, 60), "无业"
	case away:
		return d.between(22, 59), []string{"灵活就业", "两新", "在职", "无业"}[d.weighted(45, 30, 15, 10)]
	case employed:
		if kind == "两新" || d.chance(450) {
			return d.between(22, 57), "两新"
		}
		return d.between(24, 59), "在职"
	default:
		weights := []int{72, 18, 10}
		if kind == "市场" {
			weights = []int{10, 90, 0}
		}
		switch d.weighted(weights...) {
		case 0:
			return d.between(56, 74), "离退休"
		case 1:
			return d.between(27, 58), "灵活就业"
		default:
			return d.between(20, 55), "无业"
		}
	}
}

// assignHousehold puts members of a community branch into its building groups
// and, nine in ten, into its hub households.
func assignHousehold(br *branch) {
	const most = 20
	next := 0
	for _, g := range br.groups {
		end := min(len(br.members), next+min(most, len(br.members)/len(br.groups)))
		for _, p := range br.members[next:end] {
			p.Group = g.id
			g.members = append(g.members, p)
		}
		next = end
	}
	for i, p := range br.members {
		if len(br.hubs) > 0 && i%10 != 9 {
			p.Hub = br.hubs[i*len(br.hubs)/len(br.members)]
		}
	}
}

func (p *person) know(attribute string, from calendar.Day, v domain.Value) {
	p.Facts = append(p.Facts, domain.Fact{Attribute: attribute, From: from, Value: v})
}

func (p *person) say(attribute string, from calendar.Day, word string) {
	p.know(attribute, from, domain.Value{Text: word})
}

func (p *person) tick(attribute string, from calendar.Day, yes bool) {
	v := domain.Value{}
	if yes {
		v.Number = 1
	}
	p.know(attribute, from, v)
}

// word returns what a text attribute says on a day.
func (p *person) word(attribute string, on calendar.Day) string {
	var best domain.Fact
	for _, f := range p.Facts {
		if f.Attribute == attribute && f.From <= on && f.From >= best.From {
			best = f
		}
	}
	return best.Value.Text
}

// here reports whether the person is a member of the street on a day.
func (p *person) here(on calendar.Day) bool { return p.from <= on && on <= p.to }

// exempt reports whether the person takes no part in the points on a day.
func (p *person) exempt(on calendar.Day) bool {
	return p.stages.exemptFrom != 0 && on >= p.stages.exemptFrom
}

// off reports whether the person is on leave of absence (暂离) on a day.
func (p *person) off(on calendar.Day) bool { return p.stages.offFrom <= on && on < p.stages.offTo }

// unseen reports whether a day lies in months in which the person comes to nothing.
func (p *person) unseen(on calendar.Day) bool {
	_, month, _ := on.Civil()
	return p.stages.unseen.has(month)
}

// lifeAt returns how the person lives on a day.
func (p *person) lifeAt(on calendar.Day) life {
	if p.stages.turn != 0 && on >= p.stages.turn {
		return p.stages.then
	}
	return p.life
}
