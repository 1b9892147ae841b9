package demo

import (
	"slices"

	"jifen/internal/domain"
)

// merits logs what happens to few: commendations, urgent tasks, complaints and
// matters that the rules do not list.
func (b *build) merits(d dice) {
	var pool []*person // whoever was there all year
	for _, p := range b.people {
		if p.from == b.first && p.until() == b.last {
			pool = append(pool, p)
		}
	}
	pick := func(n int, worst, best rank, story func(p *person)) {
		for _, p := range shuffled(d, pool) {
			if n > 0 && worst <= p.plan.rank && p.plan.rank <= best {
				n--
				story(p)
			}
		}
	}
	b.commend(d, pool)
	pick(b.scaled(14), fiveStars, fiveStars, func(p *person) { b.urgent(d, p, 10) })
	pick(b.scaled(30), threeStars, fiveStars, func(p *person) { b.urgent(d, p, 4) })
	pick(b.scaled(18), twoStars, threeStars, func(p *person) { b.log(p, domain.Entry{Item: "投诉属实", On: p.someDay(d)}) })
	pick(b.scaled(12), threeStars, fiveStars, func(p *person) { b.other(d, p, d.between(1, 5), praise()) })
	pick(b.scaled(8), twoStars, threeStars, func(p *person) { b.other(d, p, d.between(-5, -1), blame()) })
}

// commend logs 表彰: the street's around 1 July and among the good, those of
// higher levels at any time and for the best.
func (b *build) commend(d dice, pool []*person) {
	byRank := shuffled(d, pool)
	slices.SortStableFunc(byRank, func(x, y *person) int { return int(y.plan.rank) - int(x.plan.rank) })
	give := func(n int, level string, order []*person) {
		for _, p := range order {
			if n == 0 || p.praised || p.plan.rank < fourStars {
				continue
			}
			n--
			p.praised = true
			on := b.day(6, d.between(26, 30))
			if level != "街道" {
				on = p.someDay(d)
			}
			b.log(p, domain.Entry{Item: "表彰", On: on, Fields: []domain.Field{{Name: "级别", Value: domain.Value{Text: level}}}})
		}
	}
	give(1, "省", byRank)
	give(b.scaled(2), "市", byRank)
	give(b.scaled(4), "县", byRank)
	give(b.scaled(28), "街道", shuffled(d, pool))
}

// urgent logs 急难险重 with 2 to most points; one in six was in the news.
func (b *build) urgent(d dice, p *person, most int) {
	news := domain.Value{}
	if d.chance(160) {
		news.Number = 1
	}
	b.log(p, domain.Entry{
		Item: "急难险重", On: p.someDay(d), Points: domain.Whole(d.between(2, most)), Chosen: true,
		Fields: []domain.Field{{Name: "媒体报道", Value: news}},
	})
}

// other logs 其他事项 with a reason.
func (b *build) other(d dice, p *person, points int, reasons []string) {
	b.log(p, domain.Entry{
		Item: "其他事项", On: p.someDay(d), Points: domain.Whole(points), Chosen: true,
		Fields: []domain.Field{{Name: "事由", Value: domain.Value{Text: one(d, reasons)}, Free: true}},
	})
}

func praise() []string {
	return []string{
		"连续三个月协助清理楼道杂物", "拾到钱包，找到失主归还", "为社区活动室捐出旧书一批", "提出的路灯改造建议被采纳", "代表街道参加知识竞赛",
		"雪天带头清扫门前积雪",
	}
}

func blame() []string {
	return []string{"楼道堆放杂物，劝导后未改", "答应的值班无故未到", "在居民群里转发未经核实的消息", "遛狗不牵绳，邻居多次反映"}
}
