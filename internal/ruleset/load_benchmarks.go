package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

func (l *loader) benchmarks(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "标杆要写成“名称: {范围: 支部, 前: 10%, 当: …}”", "")
		return
	}
	if l.refuseTooManyRows(n, "标杆", maxNames) {
		return
	}
	for _, p := range n.Pairs {
		l.name(p.Key, "标杆", false)
		b := Benchmark{Name: p.Key.Text, Clause: l.clause("标杆."+p.Key.Text, p.Key, "")}
		s := &scope{l: l, may: mayBench, path: "标杆." + b.Name}
		if l.book.Quotas {
			s.may = mayJudge // a grade by share is known after the places only
		}
		l.section(p.Value, "标杆“"+b.Name+"”",
			keyed{"范围", func(_, v *yamldoc.Node) {
				if i := l.oneOf(v, "范围", levelWords()); i >= 0 {
					b.Level = domain.Level(i)
					if len(l.book.Ranking.Levels) > 0 && !l.file.Lost(v.Text) && !slices.Contains(l.book.Ranking.Levels, b.Level) {
						l.fail(v, "排名的范围里没有“"+v.Text+"”", "在 排名 的 范围 里补上")
					}
				}
			}},
			keyed{"前", func(_, v *yamldoc.Node) { l.first(&b, v) }},
			keyed{"当", func(_, v *yamldoc.Node) { b.When = l.cond(s.in("当"), v, false) }})
		if p.Value.Kind == yamldoc.Map && (p.Value.Get("范围") == nil || p.Value.Get("前") == nil) {
			l.fail(p.Key, "标杆“"+b.Name+"”要写 范围 和 前", "例如 {范围: 支部, 前: 10%}")
		}
		l.book.Benchmarks = append(l.book.Benchmarks, b)
	}
}

func (l *loader) first(b *Benchmark, n *yamldoc.Node) {
	if share, ok := shareOf(n); ok {
		b.Share = share
		return
	}
	if people, ok := strings.CutSuffix(n.Text, "人"); ok {
		if h, ok := domain.ParseHundredths(people); ok && h > 0 && h%100 == 0 {
			b.Count = int(h / 100)
			return
		}
	}
	l.fail(n, "“"+n.Text+"”不是名额", "写 10%、1/3 或 3人")
}
