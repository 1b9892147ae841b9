package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

func (l *loader) ranking(_, n *yamldoc.Node) {
	quota := -1
	l.section(n, "排名",
		keyed{"范围", func(_, v *yamldoc.Node) {
			for _, w := range l.words(v, "范围") {
				if i := l.oneOf(w, "范围", levelWords()); i >= 0 {
					l.book.Ranking.Levels = append(l.book.Ranking.Levels, domain.Level(i))
				}
			}
		}},
		keyed{"再比", func(_, v *yamldoc.Node) {
			names := make([]string, 0, len(l.book.Blocks))
			for i := range l.book.Blocks {
				names = append(names, l.book.Blocks[i].Name)
			}
			for _, w := range l.words(v, "再比") {
				if i := l.oneOf(w, "再比", names); i >= 0 {
					l.book.Ranking.TieBreak = append(l.book.Ranking.TieBreak, i)
				}
			}
		}},
		keyed{"人群", l.rankGroups},
		keyed{"名额", func(_, v *yamldoc.Node) {
			quota = l.oneOf(v, "名额", levelWords())
			level := domain.Level(quota) //nolint:gosec // a level
			if quota >= 0 && !l.file.Lost(v.Text) && !slices.Contains(l.book.Ranking.Levels, level) {
				l.fail(v, "排名的范围里没有“"+v.Text+"”", "在 范围 里补上")
			}
		}},
		keyed{"压线", func(_, v *yamldoc.Node) { l.book.Ranking.Out = l.oneOf(v, "压线", []string{"同进", "同退"}) == 1 }},
		keyed{"取整", func(_, v *yamldoc.Node) {
			how := max(0, l.oneOf(v, "取整", []string{"四舍五入", "舍去", "进一"}))
			l.book.Ranking.Round = PlaceRounding(how) //nolint:gosec // one of three
		}},
		keyed{"至少", func(_, v *yamldoc.Node) {
			people, ok := strings.CutSuffix(v.Text, "人")
			if h, isNumber := domain.ParseHundredths(people); ok && isNumber && h >= 100 && h%100 == 0 {
				l.book.Ranking.Least = int(h / 100)
				return
			}
			l.fail(v, "“"+v.Text+"”不是人数", "写 5人 这样")
		}})
	switch {
	case quota >= 0:
		l.book.Ranking.Quota = domain.Level(quota) //nolint:gosec // a level
	case len(l.book.Ranking.Levels) > 0:
		l.book.Ranking.Quota = l.book.Ranking.Levels[0]
	}
}

// rankGroups reads 人群.
func (l *loader) rankGroups(_, n *yamldoc.Node) {
	if l.refuseTooManyRows(n, "人群", maxOptions) {
		return
	}
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "人群要自上而下写成“名称: 条件”", "例如 人群: {班子成员: '职务 != \"无\"', 党员: 其余}")
		return
	}
	s := &scope{l: l, may: mayAttributes | mayCategory, path: "排名.人群"}
	rest, before := false, len(l.problems)
	l.follow(n)
	var order []row
	for i, p := range n.Pairs {
		l.name(p.Key, "人群", false)
		if rest {
			break // told about
		}
		rest = p.Value.Text == "其余"
		if rest && i < len(n.Pairs)-1 {
			l.fail(p.Value, "“其余”之后的人群永远轮不到", "把 其余 放在最后一行")
		}
		g := RankGroup{Name: p.Key.Text, When: l.cond(s.in(p.Key.Text), p.Value, true)}
		l.book.Ranking.Groups = append(l.book.Ranking.Groups, g)
		order = append(order, row{name: g.Name, at: p.Key, when: g.When})
	}
	if len(l.problems) == before {
		if !rest {
			s.requireTotal(order, "人群", "这样人人都排在一处")
		}
		s.warnUnreachable(order, "人群", nil)
		s.checkLadder(&ladder{what: "人群", lines: order})
	}
}

func levelWords() []string {
	var out []string
	for lv := domain.Branch; lv < domain.Levels; lv++ {
		out = append(out, lv.String())
	}
	return out
}

// resolveReferences links what is written at one place and needed at another.
func (l *loader) resolveReferences() {
	for i := range l.book.Items {
		it := &l.book.Items[i]
		if a := it.Auto; a != nil {
			ask := func(c *formula.Condition) { a.Previous = a.Previous || readsPrevious(c) }
			a.When.v.Leaves(ask)
			it.Applies.v.Leaves(ask)
		}
		it.Counts = it.readsCounters()
		for _, red := range it.Repairs {
			if red < len(l.book.RedLines) {
				l.book.RedLines[red].Repairs = append(l.book.RedLines[red].Repairs, i)
			}
		}
	}
}
