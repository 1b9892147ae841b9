package ruletest

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/yamldoc"
)

// Check holds what the cases say against the rules they are for, without
// scoring: every name and every value that the rules do not know, with its
// place. Cases that have mistakes of form are checked as far as they go.
func (l *Loaded) Check(files *ruleversions.Versions) []yamldoc.Problem {
	if l.read == nil {
		return nil
	}
	var out []yamldoc.Problem
	for i := range l.read.Cases {
		c := &l.read.Cases[i]
		t := c.trial(files)
		period := t.readHistory(c)
		t.places(c.place)
		last := period.Last
		if t.rules != nil && t.rules.Seasons { // what belongs to the period may happen in the next one
			last = period.Next().Last
		}
		if c.asOf != 0 && period.Last != 0 && (c.asOf < period.First || c.asOf > last) {
			t.noteMistake(c.until, "截至 "+c.asOf.String()+" 不在考核期 "+period.String()+" 里",
				"写 "+period.First.String()+" 至 "+last.String()+" 之间的一天，或改考核期")
		}
		t.expected(c.expect)
		out = append(out, t.found...)
	}
	return yamldoc.CollectFindings(l.File, out).Problems
}

// oneOf advises which words may stand in place of one.
func oneOf[T ~string](word string, list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return ruleset.Suggest(word, words)
}

// field notes what is wrong with one field of an entry, where it is written.
func (t *trial) field(n *yamldoc.Node, rules *ruleset.RuleSet, name string, err error) {
	k := slices.IndexFunc(n.Pairs, func(p yamldoc.Pair) bool { return p.Key.Text == name })
	i := rules.Item(n.Get("项目").Text)
	switch {
	case k < 0:
		t.noteError(n, err)
	case i < 0 || name == "分值" || name == "项目" || name == domain.MatterField:
		t.noteError(n.Pairs[k].Value, err)
	case slices.ContainsFunc(rules.Items[i].Fields, func(a ruleset.Attribute) bool { return a.Name == name }):
		t.noteError(n.Pairs[k].Value, err)
	default:
		var fields []string
		for _, f := range rules.Items[i].Fields {
			fields = append(fields, f.Name)
		}
		advice := "删去这一项"
		if len(fields) > 0 {
			advice = oneOf(name, fields)
		}
		t.noteMistake(n.Pairs[k].Key, "“"+rules.Items[i].Name+"”不记“"+name+"”", advice)
	}
}

// expected checks the names and the form of what a case expects.
func (t *trial) expected(n *yamldoc.Node) {
	if n == nil || n.Kind != yamldoc.Map {
		return
	}
	for _, p := range n.Pairs {
		switch key := p.Key.Text; key {
		case "类别":
			var codes []string
			for i := range t.rules.Categories {
				codes = append(codes, t.rules.Categories[i].Code)
			}
			t.known(p.Value, "类别", codes)
		case "等次":
			t.known(p.Value, "等次", append(slices.Clone(t.rules.GradeNames), "未评"))
		case "人群":
			var groups []string
			for i := range t.rules.Ranking.Groups {
				groups = append(groups, t.rules.Ranking.Groups[i].Name)
			}
			t.known(p.Value, "人群", groups)
		case "不计分", "不排名":
			t.known(p.Value, key, []string{"是", "否"})
		case "加分次数", "扣分次数":
			if c, err := strconv.Atoi(p.Value.Text); err != nil || c < 0 {
				t.noteMistake(p.Value, key+"：“"+p.Value.Text+"”不是次数", "写 3 这样的整数")
			}
		case "红线":
			var names []string
			for i := range t.rules.RedLines {
				names = append(names, t.rules.RedLines[i].Name)
			}
			t.knownAll(p.Value, "红线", names)
		case "标杆":
			var names []string
			for i := range t.rules.Benchmarks {
				names = append(names, t.rules.Benchmarks[i].Name)
			}
			t.knownAll(p.Value, "标杆", names)
		case "缺资料":
			if p.Value.Kind != yamldoc.List {
				t.noteMistake(p.Value, "缺资料要写成方括号里的一列", "例如 [就业]；没有就写 []")
			}
		case "预警":
			t.expectedAlerts(p.Value)
		case notTaken:
			var names []string
			for i := range t.rules.Items {
				names = append(names, t.rules.Items[i].Name)
			}
			t.knownAll(p.Value, "项目", names)
		case "项目得分":
			t.expectedItems(p.Value)
		default:
			if slices.ContainsFunc(t.rules.Blocks, func(b ruleset.Block) bool { return b.Name == key }) {
				t.number(p)
				continue
			}
			t.noteMistake(p.Key, "应得里没有“"+key+"”这一项", oneOf(key, t.expectable()))
		}
	}
}

// expectable lists what an expectation may speak of.
func (t *trial) expectable() []string {
	out := []string{"类别", "总分"}
	for i := range t.rules.Blocks {
		if name := t.rules.Blocks[i].Name; name != "总分" {
			out = append(out, name)
		}
	}
	return append(out, "等次", "人群", "不计分", "不排名", "红线", "标杆", "预警", "加分次数", "扣分次数", "缺资料", "项目得分", notTaken)
}

// number checks a number of points.
func (t *trial) number(p yamldoc.Pair) {
	if _, ok := domain.ParseHundredths(p.Value.Text); !ok || p.Value.Kind != yamldoc.Scalar {
		t.noteMistake(p.Value, p.Key.Text+"要写一个数", "写成 92.5 这样，不写单位")
	}
}

// known checks one word of a closed list.
func (t *trial) known(n *yamldoc.Node, what string, list []string) {
	if n.Kind != yamldoc.Scalar || !slices.Contains(list, n.Text) {
		t.noteMistake(n, what+"没有“"+n.Text+"”这种写法", oneOf(n.Text, list))
	}
}

// knownAll checks a list of such words.
func (t *trial) knownAll(n *yamldoc.Node, what string, list []string) {
	if n.Kind != yamldoc.List {
		t.noteMistake(n, what+"要写成方括号里的一列", "例如 ["+strings.Join(list[:min(1, len(list))], "")+"]；没有就写 []")
		return
	}
	for _, i := range n.Items {
		if i.Kind != yamldoc.Scalar || !slices.Contains(list, i.Text) {
			t.noteMistake(i, "办法里没有“"+i.Text+"”这条"+what, oneOf(i.Text, list))
		}
	}
}

func (t *trial) expectedAlerts(n *yamldoc.Node) {
	var names []string
	for i := range t.rules.Alerts {
		names = append(names, t.rules.Alerts[i].Name)
	}
	if n.Kind != yamldoc.List {
		t.noteMistake(n, "预警要写成方括号里的一列", "例如 [{名称: …, 级别: 红, 于: 2026-03-31}]；没有就写 []")
		return
	}
	for _, i := range n.Items {
		if i.Kind == yamldoc.Scalar {
			t.known(i, "预警", names)
			continue
		}
		for _, p := range i.Pairs {
			switch p.Key.Text {
			case "名称":
				t.known(p.Value, "预警", names)
			case "级别":
				t.known(p.Value, "级别", domain.Texts(domain.AlertLevels()))
			case "于":
				if day(p.Value) == 0 {
					t.noteMistake(p.Value, "“"+p.Value.Text+"”不是日期", "写成 2026-01-01 这样的年-月-日")
				}
			default:
				t.noteMistake(p.Key, "预警里没有“"+p.Key.Text+"”这一项", "只写 名称、级别、于")
			}
		}
	}
}

func (t *trial) expectedItems(n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		t.noteMistake(n, "项目得分要写成 {志愿服务: 5} 这样", "")
		return
	}
	var names []string
	for _, book := range t.files.Books() {
		for i := range book.Items {
			names = append(names, book.Items[i].Name)
		}
	}
	for _, p := range n.Pairs {
		if !slices.Contains(names, p.Key.Text) {
			t.noteMistake(p.Key, "办法里没有“"+p.Key.Text+"”这个项目", oneOf(p.Key.Text, names))
			continue
		}
		t.number(p)
	}
}
