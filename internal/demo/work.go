package demo

import (
	"cmp"
	"fmt"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// work logs the year's entries, person by person, and numbers them by day.
func (b *build) work(d dice) {
	for _, p := range b.people {
		b.dues(d, p)
		b.tasks(d, p)
		b.review(d, p)
		b.volunteer(d, p)
		b.donate(d, p)
	}
	b.merits(d)
	slices.SortStableFunc(b.street.Entries, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.On, y.On), cmp.Compare(x.Member, y.Member))
	})
	for i := range b.street.Entries {
		b.street.Entries[i].ID = fmt.Sprintf("J%06d", i+1)
	}
}

// log records something, if the person was there to do it.
func (b *build) log(p *person, e domain.Entry) {
	if p.here(e.On) {
		b.street.Entries = append(b.street.Entries, Entry{Entry: e, Member: p.ID})
	}
}

// until returns the last day on which a person takes part in the points.
func (p *person) until() calendar.Day {
	if p.stages.exemptFrom != 0 {
		return p.stages.exemptFrom - 1
	}
	return p.to
}

// someDay draws a day on which the person takes part in the points, another one
// each time as far as there are enough: two like rows of one day look like a
// slip of the pen.
func (p *person) someDay(d dice) calendar.Day {
	for tries := 0; ; tries++ {
		on := calendar.Day(d.between(int(p.from), int(p.until())))
		if tries == 50 || !slices.Contains(p.busy, on) {
			p.busy = append(p.busy, on)
			return on
		}
	}
}

// dues pays 党费: before the 25th, as a rule, near the branch's themed day. The
// exempt pay like everybody else.
func (b *build) dues(d dice, p *person) {
	bad := shuffled(d, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})[:p.plan.dues]
	for month := 1; month <= 12; month++ {
		on := b.day(month, min(24, p.home.themeDay+d.between(-7, 6)))
		if !p.here(on) { // in the month of joining
			on = b.day(month, d.between(11, 24))
		}
		switch {
		case p.stages.unpaid.has(month):
			continue
		case slices.Contains(bad, month):
			if len(bad) > 3 || d.chance(350) {
				continue
			}
			on = b.day(month, d.between(26, 30))
		}
		b.log(p, domain.Entry{Item: "交纳党费", On: on})
	}
}

// tasks logs 承担工作. Most people never let two months pass without; some,
// above all the old and the floating, help only now and then.
func (b *build) tasks(d dice, p *person) {
	sparse := 60
	switch p.life {
	case frail, cared:
		sparse = 300
	case away:
		sparse = 200
	}
	often, idle := 880, 0
	if d.chance(sparse) && p.stages.idle.count == 0 {
		often = 400
	}
	for month := 1; month <= 12; month++ {
		did := d.chance(often) || (often > 500 && idle > 0)
		if p.stages.idle.has(month) || !did {
			idle++
			continue
		}
		idle = 0
		day := d.between(1, 28)
		if !p.here(b.day(month, day)) { // in the month of joining
			day = d.between(11, 28)
		}
		for range 1 + d.weighted(85, 15) {
			if on := b.day(month, day); on <= p.until() {
				b.log(p, domain.Entry{Item: "承担工作", On: on})
			}
			day = (day+d.between(3, 20))%28 + 1
		}
	}
}

// review logs the result of 民主评议, held with the branch's 组织生活会.
func (b *build) review(d dice, p *person) {
	on := b.day(12, p.home.reviewDay)
	if p.plan.review == 0 || on > p.until() {
		return
	}
	score := p.plan.review * 100
	switch d.weighted(82, 12, 6) { // whole, a half, something odd
	case 1:
		score += 50
	case 2:
		score += d.between(1, 99)
	}
	b.log(p, domain.Entry{Item: "民主评议", On: on, Fields: number("得分", min(score, 98_00))})
}

// volunteer splits the year's hours into sessions of one to eight hours.
func (b *build) volunteer(d dice, p *person) {
	for left := p.plan.halves; left >= 2; {
		session := min(left, d.between(2, 16), d.between(2, 16))
		switch { // half an hour alone is no session
		case left-session != 1:
		case session < 16:
			session++
		default:
			session--
		}
		left -= session
		b.log(p, domain.Entry{Item: "志愿服务", On: p.someDay(d), Fields: number("时长", session*50)})
	}
}

// donate logs the year's donation, a large one in two parts.
func (b *build) donate(d dice, p *person) {
	yuan := p.plan.hundreds * 100
	if yuan == 0 && p.plan.rank >= threeStars && d.chance(60) {
		yuan = 50 // a coin in the box: no points, but on record
	}
	if yuan > 1000 {
		half := yuan / 200 * 100
		b.log(p, domain.Entry{Item: "爱心捐赠", On: p.someDay(d), Fields: number("金额", half*100)})
		yuan -= half
	}
	if yuan > 0 {
		b.log(p, domain.Entry{Item: "爱心捐赠", On: p.someDay(d), Fields: number("金额", yuan*100)})
	}
}

// number makes the one field of an entry from hundredths.
func number(name string, hundredths int) []domain.Field {
	return []domain.Field{{Name: name, Value: domain.Value{Number: int64(hundredths)}}}
}
