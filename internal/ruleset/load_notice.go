package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// Limits of what a file says of notices.
const (
	maxNotices = 12
	maxTerm    = 90 // days
)

// notices reads 公示: {季度公示: {每: 季, 天数: 5个工作日, …}}.
func (l *loader) notices(_, n *yamldoc.Node) {
	switch {
	case n.Kind != yamldoc.Map || len(n.Pairs) == 0:
		l.fail(n, "公示要写成“名称: {每: …, 天数: …}”", "例如 公示: {季度公示: {每: 季, 天数: 5天, 答复: 7个工作日}}")
		return
	case isUnnamedNotice(n):
		l.unnamedNotice(n)
		return
	case len(n.Pairs) > maxNotices:
		l.fail(n.Pairs[maxNotices].Key, fmt.Sprintf("公示最多写 %d 种", maxNotices), "")
		return
	}
	for _, p := range n.Pairs {
		l.name(p.Key, "公示", false)
		if p.Value.Get("异议") != nil {
			l.bareObjection(p.Key.Text, p.Value)
			continue
		}
		l.oneNotice(p.Key, p.Value)
	}
}

// isUnnamedNotice tells the keys of one notice, written where names belong.
func isUnnamedNotice(n *yamldoc.Node) bool {
	known := append(noticeSection().names(), "异议")
	return slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool {
		return p.Value.Kind != yamldoc.Map && slices.Contains(known, p.Key.Text)
	})
}

// unnamedNotice refuses 公示: {每: 季, …} with the same under a name.
func (l *loader) unnamedNotice(n *yamldoc.Node) {
	name := "季度公示"
	if every := n.Get("每"); every != nil {
		if named := map[string]string{"月": "每月公示", "半年": "半年公示", "年": "年度公示"}[every.Text]; named != "" {
			name = named
		}
	}
	if n.Get("异议") != nil {
		l.bareObjection(name, n)
		return
	}
	l.fail(n.Pairs[0].Key, "公示可以有几种，各起一个名称", "写成 公示: {"+name+": "+flow(n, nil)+"}")
}

// bareObjection asks which clock 异议 means: until when one may object, or until
// when an objection has to be answered.
func (l *loader) bareObjection(name string, n *yamldoc.Node) {
	at := n.Pairs[slices.IndexFunc(n.Pairs, func(p yamldoc.Pair) bool { return p.Key.Text == "异议" })].Key
	as := func(key string) string {
		return "公示: {" + name + ": " + flow(n, map[string]string{"异议": key}) + "}"
	}
	l.fail(at, "异议的期限是哪一个？提出的期限，还是答复的期限",
		"几天以内可以提出的，写 "+as("提出")+"；提出以后几天以内要答复的，写 "+as("答复"))
}

// flow writes a notice on one line, with some keys under other names and with
// what a notice has to say.
func flow(n *yamldoc.Node, renamed map[string]string) string {
	parts := make([]string, 0, len(n.Pairs)+2)
	for _, must := range []string{"每: 季", "天数: 5天"} {
		if key, _, _ := strings.Cut(must, ":"); n.Get(key) == nil {
			parts = append(parts, must)
		}
	}
	for _, p := range n.Pairs {
		key, value := p.Key.Text, p.Value.Text
		if to := renamed[key]; to != "" {
			key = to
		}
		if p.Value.Kind == yamldoc.List {
			value = "[" + strings.ReplaceAll(plainText(p.Value), "、", ", ") + "]"
		}
		parts = append(parts, key+": "+value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (l *loader) oneNotice(key, n *yamldoc.Node) {
	v := Notice{Name: key.Text, Clause: l.clause("公示."+key.Text, key, "")}
	what := "公示“" + key.Text + "”"
	var columns *yamldoc.Node
	l.section(n, what,
		keyed{"每", func(_, w *yamldoc.Node) {
			if l.oneOf(w, "每", units()) < 0 {
				return
			}
			v.Every = calendar.UnitOf(w.Text)
			if cycle := l.book.Cycle.Unit; cycle != 0 && v.Every > cycle {
				l.fail(w, "考核期比“"+w.Text+"”短，没有这么长的一期可以公示", "“每”写考核期那么长，或者更短")
			}
		}},
		keyed{"天数", func(_, w *yamldoc.Node) { v.Stands = l.term(w) }},
		keyed{"提出", func(_, w *yamldoc.Node) {
			v.Object = l.term(w)
			if v.Object.endsBefore(v.Stands) {
				l.warn(w, "公示还没有结束，就不能提异议了", "提出的期限从公示那天算起，一般不短于“天数”")
			}
		}},
		keyed{"答复", func(_, w *yamldoc.Node) { v.Answer = l.term(w) }},
		keyed{"范围", func(_, w *yamldoc.Node) {
			if i := l.oneOf(w, "范围", levelWords()); i >= 0 {
				v.Level = domain.Level(i) //nolint:gosec // a level
			}
		}},
		keyed{"列", func(_, w *yamldoc.Node) {
			columns = w
			v.Columns = l.columns(w)
		}})
	for _, must := range []string{"每", "天数"} {
		if n.Kind == yamldoc.Map && n.Get(must) == nil {
			l.fail(key, what+"缺“"+must+"”", "例如 "+key.Text+": {每: 季, 天数: 5天}")
			break
		}
	}
	if columns == nil {
		v.Columns = l.usualColumns()
	}
	l.book.Notices = append(l.book.Notices, v)
}

// term reads 5天 or 7个工作日.
func (l *loader) term(n *yamldoc.Node) Term {
	t, text := Term{}, n.Text
	if s, ok := strings.CutSuffix(text, workingDays); ok {
		t.Working, text = true, s+"天"
	}
	s, ok := calendar.ParseSpan(text)
	switch {
	case n.Kind != yamldoc.Scalar || !ok || s.Days == 0:
		advice := "写成 5天 或 7个工作日 这样"
		if plain := plainTerm(n.Text); plain != "" && n.Kind == yamldoc.Scalar {
			advice = "写成：" + plain
		}
		l.fail(n, "“"+n.Text+"”不是天数", advice)
		return Term{}
	case s.Days > maxTerm:
		l.fail(n, "“"+n.Text+"”太长", fmt.Sprintf("最多 %d 天", maxTerm))
		return Term{}
	}
	t.Days = s.Days
	return t
}

// plainTerm writes a term as it should stand: 7 工作日 as 7个工作日; "" for what
// is none.
func plainTerm(written string) string {
	var digits, rest strings.Builder
	for _, r := range written {
		switch {
		case r >= '０' && r <= '９':
			digits.WriteRune(r - '０' + '0')
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r != ' ' && r != '　' && r != '个':
			rest.WriteRune(r)
		}
	}
	unit := map[string]string{"天": "天", "日": "天", "工作日": workingDays}[rest.String()]
	if _, ok := calendar.ParseSpan(digits.String() + "天"); !ok || unit == "" {
		return ""
	}
	return digits.String() + unit
}

// endsBefore reports whether a term is over before another that begins on the
// same day, whatever days of rest there are.
func (t Term) endsBefore(other Term) bool {
	return t.Days != 0 && t.Days < other.Days && (!t.Working || other.Working)
}

// columns reads 列.
func (l *loader) columns(n *yamldoc.Node) []Column {
	var out []Column
	for _, w := range l.words(n, "列") {
		c := Column(w.Text)
		switch {
		case slices.Contains(privateColumns(), w.Text):
			l.fail(w, "“"+w.Text+"”不能公示", "公示只说得了多少分、评了什么，可写："+strings.Join(columnWords(), "、"))
			continue
		case l.oneOf(w, "列", columnWords()) < 0:
			continue
		}
		needs := map[Column]string{ColumnGrade: "等次", ColumnPlace: "排名", ColumnBenchmark: "标杆"}[c]
		if needs != "" && l.file.Root.Get(needs) == nil && !l.file.Lost(needs) {
			l.fail(w, "文件里没有“"+needs+"”，公示不出“"+w.Text+"”", "从“列”里删去")
			continue
		}
		out = append(out, c)
	}
	if len(out) > 0 && !slices.Contains(out, ColumnName) {
		l.fail(n, "列里没有“姓名”，看不出是谁的", "写成 [姓名, 总分] 这样")
	}
	return out
}

// usualColumns returns the columns of a notice that names none.
func (l *loader) usualColumns() []Column {
	out := []Column{ColumnName, ColumnTotal}
	if l.file.Root.Get("等次") != nil {
		out = append(out, ColumnGrade)
	}
	return out
}

// privateColumns are words that people might want on the wall and that tell of
// somebody's health, discipline or affairs.
func privateColumns() []string {
	return []string{"类别", "人员类别", "处分", "豁免", "红线", "预警", "出生日期", "转正日期", "年龄", "电话", "身份证号", "项目", "事由", "依据", "明细",
		"原因", "理由", "审批", "录入"}
}
