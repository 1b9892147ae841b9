package ruleset

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

func (l *loader) alerts(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "预警要写成“名称: {每: 月, 当: …}”", "")
		return
	}
	if l.refuseTooManyRows(n, "预警", maxNames) {
		return
	}
	for _, p := range n.Pairs {
		l.name(p.Key, "预警", false)
		before := len(l.problems)
		l.book.Alerts = append(l.book.Alerts, l.alert(p))
		if p.Value.Damaged || countErrors(l.problems[before:]) > 0 {
			l.spoil("预警." + p.Key.Text)
		}
	}
}

func (l *loader) alert(p yamldoc.Pair) Alert {
	a := Alert{Name: p.Key.Text, Every: calendar.Single}
	s := &scope{l: l, may: mayAlert, path: "预警." + a.Name}
	level, runs, within, when := "", (*yamldoc.Node)(nil), (*yamldoc.Node)(nil), (*yamldoc.Node)(nil)
	l.section(p.Value, "预警“"+a.Name+"”",
		keyed{"依据", func(_, v *yamldoc.Node) { a.Basis = l.text(v, "依据", 200) }},
		keyed{"每", func(_, v *yamldoc.Node) {
			if i := l.oneOf(v, "每", []string{"实时", "周", "月", "季", "半年", "年"}); i > 0 {
				a.Every = calendar.UnitOf(v.Text)
			}
		}},
		keyed{"当", func(_, v *yamldoc.Node) { when = v; l.alertWhen(&a, s.in("当"), v) }},
		keyed{"连续", func(_, v *yamldoc.Node) { runs = v }},
		keyed{"级别", func(_, v *yamldoc.Node) { l.oneOf(v, "级别", alertLevels()); level = v.Text }},
		keyed{"建议", func(_, v *yamldoc.Node) { a.Suggest = l.text(v, "建议", 60) }},
		keyed{"负责", func(_, v *yamldoc.Node) { a.Owner = l.owner(v) }},
		keyed{"限期", func(_, v *yamldoc.Node) { within = v; a.Within, _ = l.span(v) }})
	a.Clause = l.clause("预警."+a.Name, p.Key, a.Basis)
	if p.Value.Kind != yamldoc.Map {
		return a
	}
	for _, must := range []string{"每", "当", "建议", "负责"} {
		if p.Value.Get(must) == nil {
			l.fail(p.Key, "预警“"+a.Name+"”缺“"+must+"”", "写全 每、当、级别、建议、负责、限期")
		}
	}
	if within == nil && p.Value.Get("负责") != nil {
		l.fail(p.Key, "预警“"+a.Name+"”缺“限期”", "例如 限期: 7天")
	}
	a.Runs = l.runs(p, runs, level, a.Every)
	if when != nil && a.Every == calendar.Single {
		s.warnAlarmFromStart(&a.When, when)
	}
	if a.Rank != nil && a.Every != calendar.Single && (a.Every != l.book.Cycle.Unit || runs != nil) {
		l.fail(p.Key, "预警“"+a.Name+"”要看名次，只能在考核期末或实时判断", "写 每: "+l.book.Cycle.Unit.String()+" 或 每: 实时，不写 连续")
	}
	return a
}

// alertWhen reads an alert's condition and parts what reads the member from
// what reads his place among others, which is known later.
func (l *loader) alertWhen(a *Alert, s *scope, n *yamldoc.Node) {
	if n.Kind == yamldoc.Map {
		a.When = l.cond(s, n, false)
		return
	}
	s.at = n
	terms, problems := formula.ParseTerms(n.Text, s)
	if n.Kind != yamldoc.Scalar || len(problems) > 0 {
		s.condition(n) // says what is wrong
		return
	}
	var own, among []*formula.Condition
	for _, t := range terms {
		ranked := 0
		for _, slot := range t.Reads {
			if kind, _ := Slot(slot); kind == SlotPlace || (kind == SlotGrade && l.book.Quotas) {
				ranked++
			}
		}
		switch ranked {
		case 0:
			own = append(own, t)
		case len(t.Reads):
			among = append(among, t)
		default:
			l.fail(n, "名次和别的条件缠在一起，分不开", "写成 名次的条件 and 别的条件，例如 倒数名次 <= 3 and 总分 < 60")
			return
		}
	}
	if len(among) > 0 {
		a.Rank = formula.All(among)
		if len(l.book.Ranking.Levels) == 0 && !l.hurt["排名"] && !l.file.Lost("排名") {
			l.fail(n, "要看名次，先要有排名", "加上 排名: {范围: [支部]}")
		}
	}
	a.When = Cond{Plain(formula.All(own), l.clause(s.path, n, a.Basis))}
}

func alertLevels() []string { return domain.Texts(domain.AlertLevels()) }

// runs reads 连续: 2 with 级别, or 连续: {3: 提醒, 4: 警示, 6: 红}.
func (l *loader) runs(p yamldoc.Pair, n *yamldoc.Node, level string, every calendar.Unit) []Run {
	if n != nil && every == calendar.Single {
		l.fail(n, "实时预警没有“连续”", "写 每: 月 这样的周期，或删去 连续")
	}
	one := func(v *yamldoc.Node) int {
		h, ok := domain.ParseHundredths(v.Text)
		if v.Kind != yamldoc.Scalar || !ok || h < 100 || h%100 != 0 || h > 120_00 {
			l.fail(v, "连续要写几期", "写 2 这样的整数，或 {3: 提醒, 6: 红}")
			return 1
		}
		return int(h / 100)
	}
	if n == nil || n.Kind != yamldoc.Map {
		if level == "" {
			l.fail(p.Key, "预警“"+p.Key.Text+"”缺“级别”", "写 级别: 提醒、警示 或 红")
		}
		windows := 1
		if n != nil {
			windows = one(n)
		}
		return []Run{{windows, domain.AlertLevel(level)}}
	}
	if level != "" {
		l.fail(p.Value.Get("级别"), "连续里已经写了级别", "删去 级别")
	}
	var out []Run
	for _, r := range n.Pairs {
		w := one(r.Key)
		l.oneOf(r.Value, "级别", alertLevels())
		if len(out) > 0 && out[len(out)-1].Windows >= w {
			l.fail(r.Key, "连续的期数要从小到大", "")
		}
		out = append(out, Run{w, domain.AlertLevel(r.Value.Text)})
	}
	return out
}
