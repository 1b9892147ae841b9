package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/yamldoc"
)

// hush notes that a node has a mistake of which somebody has been told: what
// needs it to be right can see that, and nobody is told twice.
func (l *loader) hush(n *yamldoc.Node) {
	l.problems = append(l.problems, yamldoc.Problem{Line: n.Line, Col: n.Col, Follows: true})
}

// follow notes damage within a node, if there is any.
func (l *loader) follow(n *yamldoc.Node) {
	if n.Damaged {
		l.hush(n)
	}
}

// spoil notes that something was declared with mistakes.
func (l *loader) spoil(what string) {
	if l.hurt == nil {
		l.hurt = map[string]bool{}
	}
	l.hurt[what] = true
}

// watch reads the value of a key and notes whether a whole part of the file was
// read with mistakes.
func (l *loader) watch(section string, p yamldoc.Pair, read reader) {
	before := len(l.problems)
	read(p.Key, p.Value)
	if section != "规则文件" {
		return
	}
	if p.Value.Damaged {
		l.spoil(p.Key.Text + ".一行")
	}
	if p.Value.Damaged || countErrors(l.problems[before:]) > 0 {
		l.spoil(p.Key.Text)
	}
}

// unread reports whether a word that nothing declares may have been declared in
// a line that could not be read.
func (l *loader) unread(n *yamldoc.Node, what string) bool {
	declared := []string{"板块", "属于", "再比", "项目", "红线", "等次", "类别", "来自", "这里"}
	if !slices.Contains(declared, what) || !l.file.Partial || !l.file.Lost(n.Text) {
		return false
	}
	l.hush(n)
	return true
}

// sound reports whether everything that conditions look at was declared without
// mistakes, so that a proof over all there may be is one.
func (s *scope) sound(r *reading) bool {
	l := s.l
	if len(l.hurt) == 0 && !l.file.Partial {
		return true
	}
	if len(r.days) > 0 && l.book.From == 0 {
		return false
	}
	return !slices.ContainsFunc(r.slots, func(slot int) bool {
		switch kind, i := Slot(slot); kind {
		case SlotAttribute:
			name := l.book.Attributes[i].Name
			return l.hurt["属性."+name] || (name == "豁免" && l.hurt["豁免"])
		case SlotField:
			return l.fieldsHurt(s.fields)
		case SlotCategory:
			return l.hurt["类别"] || l.file.Lost("类别")
		case SlotBlock, SlotPrevBlock:
			return i >= len(l.book.Blocks) || l.hurt["板块"] || l.hurt["总分"] || l.file.Lost("总分")
		case SlotGrade, SlotPrevGrade:
			return l.hurt["等次"]
		}
		return false
	})
}

// fieldsHurt reports whether the fields of an item were read with mistakes.
func (l *loader) fieldsHurt(fields []Attribute) bool {
	return slices.ContainsFunc(l.book.Items, func(it Item) bool {
		return len(fields) > 0 && len(it.Fields) > 0 && &it.Fields[0] == &fields[0] && l.hurt["项目."+it.Name+".记录"]
	})
}

// incomplete reports whether a name's options may be more than are known.
func (l *loader) incomplete(name string) bool {
	return l.hurt["属性."+name] || (name == "类别" && l.hurt["类别.一行"]) || (name == "豁免" && l.hurt["豁免.一行"]) ||
		(name == "等次" && l.hurt["等次.一行"])
}

// oneWord tells of words that look like two between which a comma was forgotten.
func (l *loader) oneWord(n *yamldoc.Node, what string) bool {
	before, after, two := strings.Cut(n.Text, " ")
	if !two || n.Quoted || !isIdentifier(before) || !isIdentifier(strings.TrimSpace(after)) {
		return true
	}
	l.fail(n, what+"“"+n.Text+"”中间有空格，像是少了逗号", "写成："+before+", "+strings.TrimSpace(after)+"；确是一个词，就不空格")
	l.file.MarkLost(n.Text)
	return false
}

// within reports whether a map or one of its values is damaged.
func within(n *yamldoc.Node) bool {
	return n.Damaged || slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool { return p.Value.Damaged })
}

// mistaken reports whether something is wrong within the lines of a node.
func (l *loader) mistaken(n *yamldoc.Node) bool {
	last := n.Last()
	return slices.ContainsFunc(l.problems, func(p yamldoc.Problem) bool {
		return !p.Warning && p.Line >= n.Line && p.Line <= last
	})
}
