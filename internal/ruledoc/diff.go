package ruledoc

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// Kind is the kind of a Change.
type Kind uint8

// The kinds.
const (
	Added Kind = iota + 1
	Removed
	Changed
	Renamed
	Reordered
)

// Change is one difference in meaning between two texts.
type Change struct {
	Kind  Kind
	Path  string // 项目.投诉属实.分值
	From  string // the day from which a dated value changes; "" for the whole text
	Old   string // in words; "" where there was nothing
	New   string
	Basis string // the legal basis that the new text names
	Line  int    // in the new text; for what was removed, in the old one
}

// String is the change as one line for a terminal.
func (c Change) String() string {
	var words string
	switch c.Kind {
	case Added:
		words = "增加 " + c.New
	case Removed:
		words = "删去 " + c.Old
	case Renamed:
		words = "改名，原来叫 " + c.Old
	case Reordered:
		words = "次序由 " + c.Old + " 改为 " + c.New
	default:
		words = c.Old + " 改为 " + c.New
	}
	if c.From != "" {
		words = c.From + " 起 " + words
	}
	if c.Basis != "" {
		words += "（" + c.Basis + "）"
	}
	return fmt.Sprintf("第 %d 行 %s：%s", c.Line, c.Path, words)
}

// Diff returns what a new text of a scheme (or of a supplement) changes in
// meaning, in the order of the language: reordered keys, comments, quotes and
// what only writes out what holds anyhow are no change. Both texts have loaded.
func Diff(before, after *yamldoc.Node) []Change {
	d := &differ{sole: [2]string{sole(before), sole(after)}, from: [2]string{first(before), first(after)}}
	name := "规则文件"
	if after.Get("补充") != nil {
		name = "补充文件"
	}
	d.section("", name, before, after)
	return d.out
}

type differ struct {
	out  []Change
	sole [2]string // the only block of a text, before and after: an item need not name it
	from [2]string // the texts' first days
}

// first is the day from which a text's values have to be there.
func first(root *yamldoc.Node) string {
	return orElse(word(root, "首次施行"), word(root, "施行"))
}

// word is a key's text, "" where it is not written.
func word(n *yamldoc.Node, key string) string {
	if v := n.Get(key); v != nil {
		return v.Text
	}
	return ""
}

func (d *differ) add(c Change, at *yamldoc.Node) {
	c.Line = at.Line
	d.out = append(d.out, c)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// section compares two maps with known keys.
func (d *differ) section(path, name string, before, after *yamldoc.Node) {
	for _, k := range ruleset.SectionOf(name).Keys {
		if k.Name == "原名" {
			continue // told as a change of the name
		}
		was, is := before.Get(k.Name), after.Get(k.Name)
		if name == "项目" && k.Name == "板块" {
			was, is = named(before, was, d.sole[0]), named(after, is, d.sole[1])
		}
		d.key(join(path, k.Name), &k, was, is, after)
	}
	// A section may have names of its own beside the keys: blocks in 则.
	d.rest(path, ruleset.SectionOf(name), before, after)
}

func (d *differ) rest(path string, s ruleset.Section, before, after *yamldoc.Node) {
	loose := func(n *yamldoc.Node) (out []string) {
		for _, p := range n.Pairs {
			if s.Key(p.Key.Text) == nil {
				out = append(out, p.Key.Text)
			}
		}
		return out
	}
	for _, name := range loose(before) {
		d.key(join(path, name), &ruleset.Key{Name: name}, before.Get(name), after.Get(name), after)
	}
	for _, name := range loose(after) {
		if before.Get(name) == nil {
			d.key(join(path, name), &ruleset.Key{Name: name}, nil, after.Get(name), after)
		}
	}
}

// sole is the name of a text's only block, "" where it has several.
func sole(root *yamldoc.Node) string {
	if blocks := root.Get("板块"); blocks != nil && len(blocks.Pairs) == 1 {
		return blocks.Pairs[0].Key.Text
	}
	return ""
}

// named is an item's 板块, or the only block there is.
func named(item, block *yamldoc.Node, sole string) *yamldoc.Node {
	if block != nil || sole == "" || item.Get("分值") == nil {
		return block
	}
	return &yamldoc.Node{Kind: yamldoc.Scalar, Line: item.Line, Text: sole}
}

// key compares the values of one key; nil where it is not written.
func (d *differ) key(path string, k *ruleset.Key, before, after, around *yamldoc.Node) {
	usual := func(n *yamldoc.Node) *yamldoc.Node {
		if n == nil && k.Usual != "" {
			return &yamldoc.Node{Kind: yamldoc.Scalar, Line: around.Line, Text: k.Usual}
		}
		return n
	}
	if before == nil && after == nil {
		return
	}
	before, after = usual(before), usual(after)
	switch {
	case before == nil:
		d.add(Change{Kind: Added, Path: path, New: shapeText(k.Shape, after)}, after)
	case after == nil:
		d.add(Change{Kind: Removed, Path: path, Old: shapeText(k.Shape, before)}, before)
	default:
		d.shape(path, k.Shape, before, after)
	}
}

// long writes out a short form.
func long(s ruleset.Shape, n *yamldoc.Node) *yamldoc.Node {
	if s.Short == nil || (n.Kind == yamldoc.Map && isSection(s.Section, n)) {
		return n
	}
	return &yamldoc.Node{Kind: yamldoc.Map, Line: n.Line, Col: n.Col,
		Pairs: []yamldoc.Pair{{Key: &yamldoc.Node{Kind: yamldoc.Scalar, Text: s.For, Line: n.Line}, Value: n}}}
}

func isSection(name string, n *yamldoc.Node) bool {
	s := ruleset.SectionOf(name)
	return len(n.Pairs) == 0 || slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool { return s.Key(p.Key.Text) != nil })
}

func (d *differ) shape(path string, s ruleset.Shape, before, after *yamldoc.Node) {
	if s.Cases {
		d.dated(path, s, before, after)
		return
	}
	d.plain(path, s, before, after, "", "")
}

// dated compares two values step by step: what holds from each day on.
func (d *differ) dated(path string, s ruleset.Shape, before, after *yamldoc.Node) {
	old, fresh := steps(before), steps(after)
	days := append(begin(old, d.from[0]), begin(fresh, d.from[1])...)
	slices.Sort(days)
	days = slices.Compact(days)
	if slices.ContainsFunc(days, func(day string) bool {
		return (valueOn(old, day) == nil) != (valueOn(fresh,
			day) == nil)
	}) {
		// it begins on another day
		d.add(Change{Kind: Changed, Path: path, Old: shapeText(s, before), New: shapeText(s, after)}, after)
		return
	}
	for _, from := range days {
		was, is := valueOn(old, from), valueOn(fresh, from)
		if was == nil {
			continue
		}
		told := len(d.out)
		d.cases(path, s, was.node, is.node, from, is.basis)
		if len(d.out) == told && was.basis != is.basis {
			d.add(Change{Kind: Changed, Path: path, From: from, Old: valueText(s, was), New: valueText(s, is)}, after)
		}
	}
}

// begin gives the steps that hold from the text's own first day on no day of
// their own and returns the days on which a value changes.
func begin(list []value, first string) []string {
	days := make([]string, len(list))
	for i := range list {
		if list[i].from <= first {
			list[i].from = ""
		}
		days[i] = list[i].from
	}
	return days
}

// valueOn returns what holds on a day, nil for nothing.
func valueOn(list []value, day string) *value {
	var v *value
	for i := range list {
		if list[i].from <= day {
			v = &list[i]
		}
	}
	return v
}

// valueText is a value with the article it stands on.
func valueText(s ruleset.Shape, v *value) string {
	if v.basis == "" {
		return shapeText(s, v.node) + "（没有依据）"
	}
	return shapeText(s, v.node) + "（" + v.basis + "）"
}

// cases compares two values that hold from one day on.
func (d *differ) cases(path string, s ruleset.Shape, before, after *yamldoc.Node, from, basis string) {
	one, other := before.Kind == yamldoc.Map && !isPlain(s, before), after.Kind == yamldoc.Map && !isPlain(s, after)
	if one && other {
		if was, is := word(before, "按"), word(after, "按"); was != is {
			d.add(Change{Kind: Changed, Path: join(path, "按"), From: from, Old: orElse(was, "没有写"), New: orElse(is, "没有写"),
				Basis: basis}, after)
			before, after = without(before, "按"), without(after, "按")
		}
		d.rows(path, ruleset.Shape{Form: ruleset.FormTable, Row: &s, Ordered: true}, before, after)
		return
	}
	s.Cases = one || other
	if one != other {
		d.add(Change{Kind: Changed, Path: path, From: from, Old: shapeText(s, before), New: shapeText(s, after),
			Basis: basis}, after)
		return
	}
	d.plain(path, s, before, after, from, basis)
}

// plain compares two things that are written neither by case nor by date.
func (d *differ) plain(path string, s ruleset.Shape, before, after *yamldoc.Node, from, basis string) {
	if s.Form == ruleset.FormSection {
		before, after = long(s, before), long(s, after)
	}
	switch {
	case before.Kind != after.Kind:
	case s.Form == ruleset.FormSection:
		d.section(path, s.Section, before, after)
		return
	case s.Form == ruleset.FormAmount && before.Kind == yamldoc.Map:
		if canonicalAll(before) == canonicalAll(after) {
			return
		}
	case s.Form == ruleset.FormTable:
		d.rows(path, s, before, after)
		return
	case before.Kind == yamldoc.Scalar:
		if canonical(s.Form, before) == canonical(s.Form, after) {
			return
		}
	case canonicalAll(before) == canonicalAll(after):
		return
	}
	d.add(Change{Kind: Changed, Path: path, From: from, Old: shapeText(s, before), New: shapeText(s, after),
		Basis: basis}, after)
}

// without is a map without one key.
func without(n *yamldoc.Node, key string) *yamldoc.Node {
	out := *n
	out.Pairs = slices.DeleteFunc(slices.Clone(n.Pairs), func(p yamldoc.Pair) bool { return p.Key.Text == key })
	return &out
}

// canonicalAll is a node of any kind; the order of a map's keys means nothing
// here, that of a list does.
func canonicalAll(n *yamldoc.Node) string {
	switch n.Kind {
	case yamldoc.Map:
		var parts []string
		for _, p := range n.Pairs {
			parts = append(parts, p.Key.Text+":"+canonicalAll(p.Value))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case yamldoc.List:
		var parts []string
		for _, i := range n.Items {
			parts = append(parts, canonicalAll(i))
		}
		return "[" + strings.Join(parts, ",") + "]"
	default:
		return canonical(ruleset.FormCondition, n)
	}
}

// rows compares two tables by the names of their rows.
func (d *differ) rows(path string, s ruleset.Shape, before, after *yamldoc.Node) {
	taken := map[string]bool{}
	var common [2][]string
	for _, p := range after.Pairs {
		name := p.Key.Text
		was, old := before.Get(name), name
		if was == nil {
			was, old = former(p.Value, before, after)
		}
		at := join(path, name)
		if was == nil {
			d.add(Change{Kind: Added, Path: at, New: shapeText(*s.Row, p.Value)}, p.Key)
			continue
		}
		taken[old] = true
		if old != name {
			d.add(Change{Kind: Renamed, Path: at, Old: old, New: name}, p.Key)
		} else {
			common[1] = append(common[1], name)
		}
		d.shape(at, *s.Row, was, p.Value)
	}
	for _, p := range before.Pairs {
		if !taken[p.Key.Text] {
			d.add(Change{Kind: Removed, Path: join(path, p.Key.Text), Old: shapeText(*s.Row, p.Value)}, p.Key)
		} else if after.Get(p.Key.Text) != nil {
			common[0] = append(common[0], p.Key.Text)
		}
	}
	if s.Ordered && !slices.Equal(common[0], common[1]) {
		d.add(Change{Kind: Reordered, Path: path, Old: strings.Join(common[0], "、"), New: strings.Join(common[1], "、")},
			after)
	}
}

// former finds the row that a renamed one was: 原名 names one that is gone.
func former(n, before, after *yamldoc.Node) (was *yamldoc.Node, name string) {
	names := n.Get("原名")
	if names == nil {
		return nil, ""
	}
	for _, w := range names.Items {
		if old := before.Get(w.Text); old != nil && after.Get(w.Text) == nil {
			return old, w.Text
		}
	}
	return nil, ""
}
