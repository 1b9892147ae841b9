package ruleset

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// every reads 每 and 取 of a block: 平均, 合计, 末期 or 最高3期.
func (l *loader) every(b *Block, n, take *yamldoc.Node) {
	if n.Kind == yamldoc.Scalar && n.Text == "周" {
		l.fail(n, "板块不能按周分：一周会跨两个月、两个年度", "按 月、季 或 半年 分；每周的上限写 限额: {周: 3分}")
		return
	}
	if l.oneOf(n, "每", []string{"月", "季", "半年", "年"}) < 0 {
		return
	}
	parts := &Parts{Every: calendar.UnitOf(n.Text)}
	if parts.Every.Months() >= l.book.Cycle.Unit.Months() {
		l.fail(n, "考核期按"+l.book.Cycle.Unit.String()+"，板块不能再按"+n.Text+"分", "写比考核期短的")
		return
	}
	if take == nil {
		l.fail(n, "写了 每，没写各期怎么合起来", "例如 取: 平均；可写 平均、合计、末期、最高3期")
		return
	}
	if best, ok := strings.CutPrefix(take.Text, "最高"); ok {
		if h, isNumber := domain.ParseHundredths(strings.TrimSuffix(best, "期")); isNumber && strings.HasSuffix(best, "期") &&
			h >= 100 && h%100 == 0 && h <= 12_00 {
			parts.Take, parts.Best = Best, int(h/100)
			b.Parts = parts
			return
		}
	}
	if i := l.oneOf(take, "取", []string{"平均", "合计", "末期", "最高3期"}); i >= 0 {
		parts.Take = Take(i) //nolint:gosec // one of four
		b.Parts = parts
	}
}

// needsEvery refuses what says how parts are combined where there are none.
func (l *loader) needsEvery(block *yamldoc.Node) reader {
	return func(k, v *yamldoc.Node) {
		if block.Get("每") == nil {
			l.fail(v, "写了 "+k.Text+"，没写按什么分期", "例如 每: 月")
		}
	}
}

// emptyParts reads 空期: whether 平均 and 最高n期 leave out a part of which
// nothing is recorded, and the running one.
func (l *loader) emptyParts(b *Block, block *yamldoc.Node) reader {
	return func(k, v *yamldoc.Node) {
		l.needsEvery(block)(k, v)
		i := l.oneOf(v, "空期", []string{"不计", "记零"})
		switch {
		case i < 0 || b.Parts == nil:
		case !b.Parts.Averages():
			l.fail(v, "取 合计 或 末期 的，各期照样算，不写 空期", "删去 空期；它只配 取: 平均 和 取: 最高3期")
		default:
			b.Parts.Zero = i == 1
		}
	}
}

// emptyPartsWarning warns of a block that begins every part with points and
// averages, but does not say whether a part of which nothing is recorded, which
// would be worth these points, is one of them.
func (l *loader) emptyPartsWarning(b *Block, block *yamldoc.Node) {
	if b.Parts == nil || !b.Parts.Averages() || block.Get("空期") != nil {
		return
	}
	start := domain.Points(0)
	b.Start.Leaves(func(p domain.Points) { start = max(start, p) })
	if start > 0 {
		every := b.Parts.Every.String()
		l.warn(block.Get("取"), "没有记录的"+every+"不算进"+block.Get("取").Text+"，起点的 "+start.String()+" 分也就不算",
			"没有加减的"+every+"要照起点算一期，写 空期: 记零；确实不算，写 空期: 不计")
	}
}
