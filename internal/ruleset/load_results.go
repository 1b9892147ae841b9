package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// What may stand where results are judged.
const (
	mayRedLine = mayAttributes | mayCategory | mayCounters | mayAutomatic | mayHas
	mayJudge   = mayRedLine | mayBlocks | mayTotal | mayRedLines | mayTally | mayPrevious
	mayBench   = mayJudge | mayGrade
	mayAlert   = mayBench | mayPlace
)

func (l *loader) redLines(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "红线要写成“名称: {当: …, 则: …, 直到: …}”", "")
		return
	}
	if len(n.Pairs) > MaxRedLines {
		l.fail(n, "红线太多", fmt.Sprintf("最多 %d 条", MaxRedLines))
		return
	}
	for _, p := range n.Pairs {
		l.name(p.Key, "红线", true)
		r := RedLine{Name: p.Key.Text, Grade: -1, MaxGrade: -1}
		s := &scope{l: l, may: mayRedLine, path: "红线." + r.Name}
		var until, when *yamldoc.Node
		l.section(p.Value, "红线“"+r.Name+"”",
			keyed{"依据", func(_, v *yamldoc.Node) { r.Basis = l.text(v, "依据", 200) }},
			keyed{"当", func(_, v *yamldoc.Node) { when = v; r.When = l.cond(s.in("当"), v, false) }},
			keyed{"则", func(_, v *yamldoc.Node) { l.effects(&r, v) }},
			keyed{"直到", func(_, v *yamldoc.Node) {
				until = v
				r.AtCycle = l.oneOf(v, "直到", []string{"解除", "期末"}) == 1
			}})
		r.Clause = l.clause("红线."+r.Name, p.Key, r.Basis)
		if p.Value.Kind == yamldoc.Map {
			l.redLineWhole(&r, p, until, when)
		}
		r.Reads = r.When.reads()
		l.book.RedLines = append(l.book.RedLines, r)
	}
}

func (l *loader) redLineWhole(r *RedLine, p yamldoc.Pair, until, when *yamldoc.Node) {
	switch {
	case when == nil:
		l.fail(p.Key, "红线“"+r.Name+"”没写条件", "加上 当: 条件")
	case p.Value.Get("则") == nil:
		l.fail(p.Key, "红线“"+r.Name+"”没写后果", "加上 则: {总分: 0} 或 则: {最高等次: …}")
	case until == nil:
		l.fail(p.Key, "红线“"+r.Name+"”没写到什么时候为止", "加上 直到: 解除（条件在就管）或 直到: 期末（本期有过就管到期末）")
	case r.AtCycle && when.Kind == yamldoc.Scalar && (strings.Contains(when.Text, "== 0") || strings.Contains(when.Text, "not ")):
		l.warn(when, "“没有……”的条件配 直到: 期末，一开头就成立，整期都会管着", "多半要写 直到: 解除")
	}
}

func (l *loader) effects(r *RedLine, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "则要写成“{总分: 0}”", "可写 总分、板块名、等次、最高等次、加分")
		return
	}
	for _, p := range n.Pairs {
		switch key := p.Key.Text; key {
		case "等次":
			r.Grade = l.oneOf(p.Value, "等次", l.book.GradeNames)
		case "最高等次":
			r.MaxGrade = l.oneOf(p.Value, "等次", l.book.GradeNames)
		case "加分":
			r.Bonus = Bonus(1 + l.oneOf(p.Value, "加分", []string{"暂停", "作废"})) //nolint:gosec // one of two
			l.book.Waits = l.book.Waits || r.Bonus == BonusWaits
			l.book.Forfeits = l.book.Forfeits || r.Bonus == BonusForfeit
		default:
			i, ok := l.blocks[key]
			if !ok {
				l.fail(p.Key, "则里没有“"+key+"”这种写法", "可写 总分、板块名、等次、最高等次、加分")
				continue
			}
			if to, ok := l.points(p.Value, key); ok {
				r.Sets = append(r.Sets, BlockSet{Block: i, To: to})
			}
		}
	}
}

// declareGrades learns the grades' names, best first, before red lines speak
// of them.
func (l *loader) declareGrades(n *yamldoc.Node) {
	if n == nil || n.Kind != yamldoc.Map {
		return
	}
	tables := []*yamldoc.Node{n}
	if n.Get("按") != nil {
		tables = nil
		for _, p := range n.Pairs {
			if p.Key.Text != "按" {
				tables = append(tables, p.Value)
			}
		}
	}
	for _, t := range tables {
		if t != n && within(t) { // a table written in one line: what else stood in it is not known
			l.spoil("等次.一行")
		}
		for _, p := range t.Pairs {
			if !slices.Contains(l.book.GradeNames, p.Key.Text) {
				l.book.GradeNames = append(l.book.GradeNames, p.Key.Text)
			}
		}
	}
}

func (l *loader) grades(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "等次要自上而下写成“名称: 条件”", "例如 等次: {优秀: 总分 >= 90, 合格: 其余}")
		return
	}
	if len(l.book.GradeNames) > maxOptions {
		l.fail(n, "等次太多", "最多 60 个")
		return
	}
	s := &scope{l: l, may: mayJudge, path: "等次"}
	isTable := func(v *yamldoc.Node) bool { return v.Get("按") == nil }
	l.book.Grades = readValue(s, n, "", isTable, func(v *yamldoc.Node, _ int) ([]GradeRow, bool) {
		rows := l.gradeTable(s, v)
		return rows, len(rows) > 0
	})
	everybody(s, &l.book.Grades, n, "等次")
}

func (l *loader) gradeTable(s *scope, n *yamldoc.Node) []GradeRow {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "等次要写成“名称: 条件”", "")
		return nil
	}
	var rows []GradeRow
	var order []row
	rest, before := false, len(l.problems)
	l.follow(n)
	q := quotas{l: l}
	for i, p := range n.Pairs {
		l.name(p.Key, "等次", false)
		grade := GradeRow{Grade: slices.Index(l.book.GradeNames, p.Key.Text), Clause: l.clause("等次."+p.Key.Text, p.Key, "")}
		when := p.Value
		if p.Value.Get("当") != nil || p.Value.Get("占") != nil {
			when = nil
			l.section(p.Value, "等次",
				keyed{"当", func(_, v *yamldoc.Node) { when = v }},
				keyed{"占", func(_, v *yamldoc.Node) { q.read(&grade, v, i) }})
		}
		rest = when != nil && when.Text == "其余"
		if rest && i < len(n.Pairs)-1 {
			l.fail(when, "“其余”之后的等次永远轮不到", "把 其余 放在最后一行")
		}
		if when != nil {
			grade.When = l.cond(s.in(p.Key.Text), when, true)
		}
		rows = append(rows, grade)
		order = append(order, row{name: p.Key.Text, at: p.Key, when: grade.When, some: grade.Share.Set()})
	}
	q.fromLast(rows)
	sound := len(l.problems) == before
	if len(rows) > 1 && rows[0].Share.Above(33_34, 100_00) {
		l.warn(n.Pairs[0].Value, "第一等占到 "+n.Pairs[0].Value.Get("占").Text+"，超过三分之一", "评优秀的一般不超过三分之一；确需这样，可以不管")
	}
	if sound {
		if !rest {
			s.total(order, "等次", "这样人人都有等次")
		}
		s.climbs(&ladder{what: "等次", lines: order, graded: true})
		s.reachable(order, "等次", func(i int) bool { return rows[i].Least.Set() || l.setByRedLine(rows[i].Grade) })
	}
	return rows
}

// setByRedLine reports whether a red line may give a grade that nobody need
// come to otherwise.
func (l *loader) setByRedLine(grade int) bool {
	return l.hurt["红线"] || slices.ContainsFunc(l.book.RedLines, func(r RedLine) bool { return r.Grade == grade || r.MaxGrade == grade })
}

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
			if quota = l.oneOf(v, "名额", levelWords()); quota >= 0 && !l.file.Lost(v.Text) && !slices.Contains(l.book.Ranking.Levels, domain.Level(quota)) { //nolint:gosec // a level
				l.fail(v, "排名的范围里没有“"+v.Text+"”", "在 范围 里补上")
			}
		}},
		keyed{"压线", func(_, v *yamldoc.Node) { l.book.Ranking.Out = l.oneOf(v, "压线", []string{"同进", "同退"}) == 1 }},
		keyed{"取整", func(_, v *yamldoc.Node) {
			l.book.Ranking.Round = PlaceRounding(max(0, l.oneOf(v, "取整", []string{"四舍五入", "舍去", "进一"}))) //nolint:gosec // one of three
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
	if l.crowded(n, "人群", maxOptions) {
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
			s.total(order, "人群", "这样人人都排在一处")
		}
		s.reachable(order, "人群", nil)
		s.climbs(&ladder{what: "人群", lines: order})
	}
}

func levelWords() []string {
	var out []string
	for lv := domain.Branch; lv < domain.Levels; lv++ {
		out = append(out, lv.String())
	}
	return out
}

func (l *loader) alerts(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "预警要写成“名称: {每: 月, 当: …}”", "")
		return
	}
	if l.crowded(n, "预警", maxNames) {
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
		s.falseAlarm(&a.When, when)
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

func alertLevels() []string { return []string{"提醒", "警示", "红"} }

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
		return []Run{{windows, level}}
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
		out = append(out, Run{w, r.Value.Text})
	}
	return out
}

func (l *loader) benchmarks(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "标杆要写成“名称: {范围: 支部, 前: 10%, 当: …}”", "")
		return
	}
	if l.crowded(n, "标杆", maxNames) {
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

// finish derives what the engine needs of the file as a whole.
func (l *loader) finish(root *yamldoc.Node) {
	lost := l.hurt["排名"] || l.file.Lost("排名")
	if a := root.Get("标杆"); a != nil && root.Get("排名").Get("范围") == nil && !lost {
		l.fail(a, "有标杆就要有排名", "加上 排名: {范围: [支部]}")
	}
	if len(l.book.Blocks) == 0 && root.Get("总分") != nil && root.Get("板块") == nil && !l.file.Lost("板块") {
		l.fail(root.Get("总分"), "没有板块，总分无从算起", "先写 板块")
	}
	for d := range l.dates {
		l.book.Dates = append(l.book.Dates, d)
	}
	slices.Sort(l.book.Dates)
	if l.book.Quotas && len(l.book.Ranking.Levels) == 0 && !lost {
		l.fail(root.Get("等次"), "按比例定等次，先要有排名", "加上 排名: {范围: [支部]}；名额: 写比例在哪一级算")
	}
	l.tie()
	l.alertUses()
	l.index()
	l.lints(root)
	l.whole()
	l.reply(root)
}

// whole makes the checks that were left until all of the file is read. Where
// what they look at is damaged, they find nothing; see sound.
func (l *loader) whole() {
	for _, check := range l.later {
		check()
	}
}

// tie links what is written at one place and needed at another.
func (l *loader) tie() {
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

func (l *loader) index() {
	b := l.book
	b.itemByName = make(map[string]int, len(b.Items))
	b.byKind = map[string][]int{}
	for i := range b.Items {
		b.itemByName[b.Items[i].Name] = i
		for _, former := range b.Items[i].Former {
			b.itemByName[former] = i
		}
		for _, k := range b.Items[i].Kinds {
			b.byKind[k] = append(b.byKind[k], i)
		}
	}
}
