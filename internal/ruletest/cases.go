// Package ruletest reads and runs worked cases (用例): small lives with what
// they must come to, written beside the rules and worked out by hand from the
// regulation. A rule file whose cases fail is not to be believed.
package ruletest

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// Book is one file of cases for one rule file.
type Book struct {
	File  string   // name it was read from
	Rules []string // 办法: paths of the rule file, or of the texts one after the other, relative to this file's folder
	Added []string // 补充: paths of supplements, likewise
	Cases []Case
}

// Case is one life with what it must come to. What is recorded is understood
// under a rulebook, when the case is run.
type Case struct {
	Name  string
	Basis string // 依据: where in the regulation the expectation comes from
	Line  int

	period     *yamldoc.Node // 考核期
	asOf       calendar.Day  // 截至; 0 = the period's last day
	until      *yamldoc.Node // where it is written
	member     *yamldoc.Node // 党员: attributes from the beginning, 加入, 离开, 支部 and what is above it, 支部类型
	changes    []*yamldoc.Node
	entries    []*yamldoc.Node
	attendance []*yamldoc.Node
	place      *yamldoc.Node // 排在: the place among others, where a grade goes by share
	expect     *yamldoc.Node
	hurt       bool // some of it could not be read
}

// Loaded is the result of reading one file: a Book if there was no error, and
// every problem found.
type Loaded struct {
	Book *Book // nil if any problem is an error
	yamldoc.Findings

	read *Book // as far as it could be read
}

// Limits of one file.
const (
	maxCases   = 2000
	maxRecords = 2000 // of one case
	maxPaths   = 50
	maxText    = 200 // runes of a name or basis
)

// Read reads a case file and checks its form. What the entries mean is checked
// by Run, under the rulebook.
func Read(name string, src []byte) *Loaded {
	file, problems := yamldoc.Parse(name, src, "办法", "用例")
	out := &Loaded{Findings: yamldoc.CollectFindings(file, problems)}
	if file.Root == nil {
		return out
	}
	r := &reader{problems: append(problems, file.Unwrap("名称", "依据", "事项")...)}
	book := r.book(name, file.Root)
	out.Findings, out.read = yamldoc.CollectFindings(file, r.problems), book
	if out.Errors() == 0 {
		out.Book = book
	}
	return out
}

type reader struct{ problems []yamldoc.Problem }

func (r *reader) fail(n *yamldoc.Node, message, advice string) {
	r.problems = append(r.problems, n.At(0, message, advice))
}

// keys checks that a node is a map with known keys and all that must be there.
func (r *reader) keys(n *yamldoc.Node, what string, must, may []string) bool {
	if n.Kind != yamldoc.Map {
		r.fail(n, what+"要写成一组“名称: 值”", "例如 "+must[0]+": …")
		return false
	}
	known := slices.Concat(must, may)
	for _, p := range n.Pairs {
		if !slices.Contains(known, p.Key.Text) {
			r.fail(p.Key, what+"里没有“"+p.Key.Text+"”这一项", "这里可写："+strings.Join(known, "、"))
		}
	}
	for _, key := range must {
		if n.Get(key) == nil {
			r.fail(n, what+"缺“"+key+"”", "加上 "+key+": …")
		}
	}
	return true
}

func (r *reader) book(name string, root *yamldoc.Node) *Book {
	b := &Book{File: name}
	if !r.keys(root, "用例文件", []string{"办法", "用例"}, []string{"补充"}) {
		return b
	}
	b.Rules = r.paths(root.Get("办法"), "办法", "规则文件", "../weizhou.yaml")
	b.Added = r.paths(root.Get("补充"), "补充", "补充文件", "../补充/清理楼道.yaml")
	for _, n := range r.list(root.Get("用例"), "用例", maxCases) {
		b.Cases = append(b.Cases, r.readCase(n))
	}
	return b
}

// paths reads the place of a file, or a list of them.
func (r *reader) paths(n *yamldoc.Node, key, what, example string) []string {
	if n == nil {
		return nil
	}
	list := []*yamldoc.Node{n}
	if n.Kind == yamldoc.List {
		list = n.Items
	}
	if len(list) == 0 || len(list) > maxPaths {
		r.fail(n, "“"+key+"”里的文件太多，或者一个也没有", "写 1 到 50 个")
		return nil
	}
	var out []string
	for _, at := range list {
		if at.Kind != yamldoc.Scalar || at.Text == "" || strings.HasPrefix(at.Text, "/") || strings.Contains(at.Text, "\\") {
			r.fail(at, "“"+key+"”要写"+what+"的位置", "从本文件所在的文件夹写起，例如 "+example)
			return nil
		}
		out = append(out, at.Text)
	}
	return out
}

// Files returns the rule files that the cases are for, texts before
// supplements, as far as they could be read; none after a mistake in them.
func (l *Loaded) Files() []string {
	if l.read == nil || l.read.Rules == nil || l.read.Added == nil && l.File.Root.Get("补充") != nil {
		return nil
	}
	return slices.Concat(l.read.Rules, l.read.Added)
}

// damaged reports whether some of a node could not be read.
func damaged(n *yamldoc.Node) bool {
	return n != nil && (n.Damaged || slices.ContainsFunc(n.Items, damaged) ||
		slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool { return damaged(p.Key) || damaged(p.Value) }))
}

// list reads a list; nil for none.
func (r *reader) list(n *yamldoc.Node, what string, most int) []*yamldoc.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind != yamldoc.List:
		r.fail(n, what+"要写成一列", "每一条前面写一个减号和一个空格")
		return nil
	case len(n.Items) > most:
		r.fail(n, what+"太多", "分成几个")
		return nil
	}
	return n.Items
}

func (r *reader) readCase(n *yamldoc.Node) Case {
	c := Case{Line: n.Line, hurt: damaged(n)}
	if !r.keys(n, "用例", []string{"名称", "考核期", "应得"}, []string{"依据", "截至", "党员", "变动", "记录", "出勤", "排在"}) {
		return c
	}
	c.Name, c.Basis = r.text(n.Get("名称"), "名称"), r.text(n.Get("依据"), "依据")
	c.period, c.expect, c.member = n.Get("考核期"), n.Get("应得"), n.Get("党员")
	c.until = n.Get("截至")
	c.asOf = r.day(c.until)
	if c.place = n.Get("排在"); c.place != nil {
		r.keys(c.place, "排在", []string{"名次", "人数"}, []string{"并列"})
	}
	c.changes = r.list(n.Get("变动"), "变动", maxRecords)
	c.entries = r.list(n.Get("记录"), "记录", maxRecords)
	c.attendance = r.list(n.Get("出勤"), "出勤", maxRecords)
	for _, m := range []*yamldoc.Node{c.member, c.expect} {
		if m != nil && m.Kind != yamldoc.Map {
			r.fail(m, "要写成一组“名称: 值”", "例如 {加入: 2026-01-01}")
		}
	}
	if c.expect != nil && c.expect.Kind == yamldoc.Map && len(c.expect.Pairs) == 0 {
		r.fail(c.expect, "“应得”是空的，这个用例什么也没有证明", "写上 {总分: …}")
	}
	for _, each := range []struct {
		list []*yamldoc.Node
		what string
		must []string
	}{{c.changes, "变动", []string{"自"}}, {c.entries, "记录", []string{"项目", "日期"}},
		{c.attendance, "出勤", []string{"种类", "日期", "出勤"}}} {
		for _, m := range each.list {
			r.row(m, each.what, each.must)
		}
	}
	return c
}

// row checks one change, entry or attendance: a map of plain values with its
// day.
func (r *reader) row(n *yamldoc.Node, what string, must []string) {
	if n.Kind != yamldoc.Map {
		r.fail(n, what+"要写成一组“名称: 值”", "例如 {"+must[0]+": …}")
		return
	}
	for _, key := range must {
		if n.Get(key) == nil {
			r.fail(n, what+"缺“"+key+"”", "加上 "+key+": …")
		}
	}
	for _, p := range n.Pairs {
		if p.Value.Kind != yamldoc.Scalar {
			r.fail(p.Value, "“"+p.Key.Text+"”要写一个值", "")
		}
		if p.Key.Text == "日期" || p.Key.Text == "自" || p.Key.Text == ruleset.RecordedWord {
			r.day(p.Value)
		}
	}
}

func (r *reader) text(n *yamldoc.Node, what string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yamldoc.Scalar || strings.TrimSpace(n.Text) == "" || len([]rune(n.Text)) > maxText {
		r.fail(n, what+"要写成一段文字，最多 200 字", "")
	}
	return n.Text
}

func (r *reader) day(n *yamldoc.Node) calendar.Day {
	if n == nil {
		return 0
	}
	d, err := calendar.Parse(n.Text)
	if n.Kind != yamldoc.Scalar || err != nil {
		r.fail(n, "“"+n.Text+"”不是日期", "写成 2026-01-01 这样的年-月-日")
	}
	return d
}
