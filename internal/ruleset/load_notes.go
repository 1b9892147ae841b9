package ruleset

import (
	"cmp"
	"slices"
	"strings"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// Note (说明) answers the reminders of one place of the file with a reason.
type Note struct {
	Place  string // 项目.学习强国
	Reason string
	key    *yamldoc.Node
}

// notes reads 说明: {项目.学习强国: 上级文件规定…}.
func (l *loader) notes(_, n *yamldoc.Node) {
	if l.refuseTooManyRows(n, "说明", maxNames) {
		return
	}
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "说明要写成“哪一处: 为什么”", "例如 说明: {项目.学习强国: 县委组织部文件规定的，支部不能删}")
		return
	}
	for _, p := range n.Pairs {
		l.book.Notes = append(l.book.Notes, Note{Place: p.Key.Text, Reason: l.text(p.Value, "说明", 200), key: p.Key})
	}
}

// mark is the place at which a node begins.
type mark struct {
	line, col int
	place     string
}

// marks lists where every node of a file begins, in the order of the text.
func marks(root *yamldoc.Node) []mark {
	var out []mark
	var walk func(n *yamldoc.Node, place string)
	walk = func(n *yamldoc.Node, place string) {
		out = append(out, mark{n.Line, n.Col, place})
		for _, p := range n.Pairs {
			at := p.Key.Text
			if place != "" {
				at = place + "." + at
			}
			out = append(out, mark{p.Key.Line, p.Key.Col, at})
			walk(p.Value, at)
		}
		for _, i := range n.Items {
			walk(i, place)
		}
	}
	walk(root, "")
	slices.SortStableFunc(out, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.line, b.line),
			cmp.Compare(a.col, b.col))
	})
	return out
}

// reply says of every warning at which place it is, gives it the reason that
// 说明 has for it, and warns of reasons for which there is no warning.
func (l *loader) reply(root *yamldoc.Node) {
	all := marks(root)
	used := make([]bool, len(l.book.Notes))
	var open []string
	for i := range l.problems {
		p := &l.problems[i]
		if !p.Warning {
			continue
		}
		k, found := slices.BinarySearchFunc(all, p, func(m mark, p *yamldoc.Problem) int {
			return cmp.Or(cmp.Compare(m.line, p.Line), cmp.Compare(m.col, p.Col))
		})
		for found && k+1 < len(all) && all[k+1].line == p.Line && all[k+1].col == p.Col {
			k++
		}
		if !found {
			k--
		}
		if k < 0 {
			continue
		}
		p.Place = writable(all[k].place)
		for j := range l.book.Notes {
			if covers(l.book.Notes[j].Place, all[k].place) {
				p.Reply, used[j] = l.book.Notes[j].Reason, true
			}
		}
		if p.Reply == "" && !slices.Contains(open, p.Place) {
			open = append(open, p.Place)
		}
	}
	if countErrors(l.problems) > 0 {
		return // not all that could be reminded of was looked at
	}
	for j := range used {
		n := l.book.Notes[j].key
		if used[j] {
			continue
		}
		advice := "删去这一行"
		if near := formula.Nearest(n.Text, open); near != "" {
			advice = "是不是“" + near + "”？不是就删去这一行"
		} else if len(open) > 0 {
			advice = "有提醒的是：" + strings.Join(open[:min(len(open), 5)], "、") + "；都不是就删去这一行"
		}
		l.warn(n, "“"+n.Text+"”这里没有提醒，不用说明", advice)
	}
}

// covers reports whether a reason given for one place answers what is said of
// another: the same, or one within a named thing (项目.志愿服务).
func covers(note, place string) bool {
	return note == place || strings.Contains(note, ".") && strings.HasPrefix(place, note+".")
}

// writable cuts a place to what can be written as a key without quotes.
func writable(place string) string {
	parts := strings.Split(place, ".")
	for i, p := range parts {
		if i >= 2 && strings.ContainsAny(p, ",:{}[]\"'#&*<>=!（） ") {
			parts = parts[:i]
			break
		}
	}
	return strings.Join(parts, ".")
}
