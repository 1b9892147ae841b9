package demo

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// change gives some people a story: what alters in mid-year, and who falls
// silent. Every story occurs at least once in a street of any size, as far as
// there is somebody whom it fits.
func (b *build) change(d dice) {
	pool := shuffled(d, b.people)
	pick := func(n int, fits func(*person) bool, story func(i int, p *person)) {
		for _, p := range pool {
			if n > 0 && !p.picked && !p.officer && fits(p) {
				p.picked = true
				n--
				story(n, p)
			}
		}
	}
	b.changeOffices(d)
	b.changeLives(d, pick)
	b.changeStanding(d, pick)
	b.silence(d, pick)
	// Whatever the draw, both ends of the bell exist.
	for _, r := range []rank{oneStar, twoStars, fiveStars} {
		pick(1, plain, func(_ int, p *person) { p.plan.rank = r })
	}
}

// picker gives a story to n people whom it fits and who have none yet.
type picker func(n int, fits func(*person) bool, story func(i int, p *person))

func plain(p *person) bool      { return p.life >= employed }
func retired(p *person) bool    { return p.life == settled && p.word("就业", 0) == "离退休" }
func floating(p *person) bool   { return p.life == away }
func unpunished(p *person) bool { return p.life < employed } // absence takes no points from them

// firstOf returns the first day of a month between two.
func (b *build) firstOf(d dice, from, to int) calendar.Day { return b.day(d.between(from, to), 1) }

// changeOffices replaces a few secretaries: a committee member follows, and
// somebody without office joins the committee.
func (b *build) changeOffices(d dice) {
	n := b.scaled(3)
	for _, br := range shuffled(d, b.homes) {
		if n == 0 {
			return
		}
		old, next, on := br.members[0], br.members[1], b.firstOf(d, 4, 9)
		for _, p := range br.members {
			if !p.officer && !p.picked && plain(p) {
				old.say("职务", on, "无")
				next.say("职务", on, "支部书记")
				p.say("职务", on, "支部委员")
				p.picked, p.officer = true, true
				n--
				break
			}
		}
	}
}

// changeLives alters what decides the category: floating, care, employment.
func (b *build) changeLives(d dice, pick picker) {
	pick(b.scaled(14), func(p *person) bool { return p.life == employed && p.home.kind != "市场" }, func(i int, p *person) {
		p.Facts = p.Facts[:0] // younger than drawn: a probationary member
		b.begin(d, p)
		if i < b.scaled(5) {
			p.say("人员类别", b.firstOf(d, 3, 11), "正式党员")
		}
	})
	turn := func(p *person, on calendar.Day, then life) { p.stages.turn, p.stages.then = on, then }
	pick(b.scaled(9), plain, func(_ int, p *person) {
		turn(p, b.firstOf(d, 3, 10), away)
		p.tick("流动", p.stages.turn, true)
	})
	pick(b.scaled(4), floating, func(_ int, p *person) {
		turn(p, b.firstOf(d, 3, 10), employed)
		p.tick("流动", p.stages.turn, false)
	})
	pick(b.scaled(7), retired, func(_ int, p *person) {
		turn(p, b.firstOf(d, 2, 10)+calendar.Day(d.IntN(20)), cared)
		p.tick("照顾", p.stages.turn, true)
	})
	pick(b.scaled(12), plain, func(_ int, p *person) {
		follow := "在职"
		switch p.word("就业", 0) {
		case "在职":
			follow = "离退休"
			p.Facts[0].Value.Number = int64(b.birth(d, 60))
		case "离退休", "无业":
			follow = "灵活就业"
		}
		p.say("就业", b.firstOf(d, 2, 11), follow)
	})
}

// begin gives a person the facts of a young probationary member.
func (b *build) begin(d dice, p *person) {
	p.know("出生日期", 0, domain.Value{Number: int64(b.birth(d, d.between(20, 34)))})
	p.say("人员类别", 0, "预备党员")
	p.say("处分", 0, "无")
	p.say("豁免", 0, "无")
	p.tick("照顾", 0, false)
	p.tick("流动", 0, false)
	p.say("职务", 0, "无")
	p.say("就业", 0, one(d, []string{"在职", "两新"}))
}

// changeStanding lets people come, go, be exempt and be disciplined.
func (b *build) changeStanding(d dice, pick picker) {
	pick(b.scaled(15), plain, func(_ int, p *person) {
		p.Joined = b.day(d.between(2, 9), d.between(1, 10))
		p.from = p.Joined
	})
	pick(b.scaled(12), plain, func(_ int, p *person) {
		p.Left = b.day(d.between(3, 11), d.between(1, 6))
		p.to = p.Left - 1
	})
	pick(b.scaled(8), func(p *person) bool { return p.life == frail || p.life == cared }, func(_ int, p *person) {
		p.stages.exemptFrom = b.firstOf(d, 2, 8) + calendar.Day(d.IntN(25))
		p.say("豁免", p.stages.exemptFrom, "不参加积分")
	})
	pick(b.scaled(6), plain, func(_ int, p *person) {
		p.stages.offFrom = b.firstOf(d, 2, 8)
		p.stages.offTo = p.stages.offFrom.AddMonths(3)
		p.say("豁免", p.stages.offFrom, "暂离")
		p.say("豁免", p.stages.offTo, "无")
	})
	pick(b.scaled(2), plain, func(_ int, p *person) { p.say("处分", b.day(d.between(3, 9), d.between(10, 28)), "警告") })
	pick(b.scaled(1), plain, func(_ int, p *person) { p.say("处分", b.day(d.between(4, 10), d.between(10, 28)), "留党察看") })
}

// silence makes people fall silent in one respect for 3, 4 or 6 and more
// months, so that each alert occurs at each of its levels.
func (b *build) silence(d dice, pick picker) {
	run := func(least, most int) months {
		n := d.between(least, most)
		return months{first: d.between(1, 13-n), count: n}
	}
	for _, c := range [...]struct{ least, most, unseen, unpaid, idle int }{{3, 3, 5, 5, 6}, {4, 5, 4, 4, 5},
		{6, 9, 3, 3, 5}} {
		pick(b.scaled(c.unseen), unpunished, func(_ int, p *person) { p.stages.unseen = run(c.least, c.most) })
		pick(b.scaled(c.unpaid), plain, func(_ int, p *person) { p.stages.unpaid = run(c.least, c.most) })
		pick(b.scaled(c.idle), plain, func(_ int, p *person) { p.stages.idle = run(c.least, c.most) })
	}
	// A few of those whom absence does cost points: they end at the bottom.
	pick(b.scaled(3), plain, func(_ int, p *person) {
		p.stages.unseen, p.plan.rank = run(3, 6), oneStar
	})
}
