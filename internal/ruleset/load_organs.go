package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// maxBodies bounds how many organs of its own a file may declare.
const maxBodies = 30

// bodies reads 机构: {镇党委: 街道, 县委组织部: 外部}, and says which of them no
// rule asks.
func (l *loader) bodies(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "机构要写成“名称: 在哪一级”", "例如 机构: {镇党委: 街道, 县委组织部: 外部}")
		return
	}
	if len(n.Pairs) > maxBodies {
		l.fail(n.Pairs[maxBodies].Key, fmt.Sprintf("机构最多写 %d 个", maxBodies), "")
		return
	}
	for _, p := range n.Pairs {
		name := p.Key.Text
		switch {
		case !l.name(p.Key, "机构", false):
			continue
		case strings.ContainsAny(name, "@、，,"):
			l.fail(p.Key, "机构的名称“"+name+"”里不能有顿号、逗号和 @", "只写名称，例如 镇党委")
			continue
		case slices.Contains(domain.OrganNames(), name):
			l.fail(p.Key, "“"+name+"”本来就有，不用写", "机构里只写别的：从这里删去“"+name+"”")
			continue
		}
		if i := l.oneOf(p.Value, "机构", domain.OrganPlaces()); i >= 0 {
			organ := domain.DeclaredOrgan(name, p.Value.Text)
			l.book.Bodies = append(l.book.Bodies, Body{organ, l.clause("机构."+name, p.Key, "")})
			l.later = append(l.later, func() {
				if !l.asked[organ] && !l.file.Lost(name) {
					l.warn(p.Key, "机构“"+name+"”没有一处用到", "在 录入、审批、负责 里写它，或者删去")
				}
			})
		}
	}
}

// organ reads one organ: a built-in one, or one of 机构. inside refuses those
// outside the program, which have no account to act with.
func (l *loader) organ(n *yamldoc.Node, what string, inside bool) (domain.Organ, bool) {
	if n.Kind == yamldoc.Scalar {
		if slices.Contains(domain.OrganNames(), n.Text) {
			return domain.Organ(n.Text), true
		}
		for i := range l.book.Bodies {
			o := l.book.Bodies[i].Organ
			if o.Name() != n.Text {
				continue
			}
			if l.asked == nil {
				l.asked = map[domain.Organ]bool{}
			}
			l.asked[o] = true
			if inside && o.Outside() {
				l.fail(n, "“"+n.Text+"”在系统以外，不能写在“"+what+"”里",
					"写由谁代办，例如 "+map[bool]string{true: "支部书记", false: "[支部书记]"}[what == "负责"]+"；外部的只写在“审批”里")
				return "", false
			}
			return o, true
		}
	}
	l.unknownOrgan(n, what)
	return "", false
}

// unknownOrgan offers the table to whoever names a body that the file does not
// declare.
func (l *loader) unknownOrgan(n *yamldoc.Node, what string) {
	have := domain.OrganNames()
	for i := range l.book.Bodies {
		have = append(have, l.book.Bodies[i].Organ.Name())
	}
	if n.Kind != yamldoc.Scalar || n.Text == "" {
		l.fail(n, what+"要写机构的名称", "可写："+strings.Join(have, "、"))
		return
	}
	if l.file.Lost("机构") || l.file.Lost(n.Text) || l.file.Root.Get("机构").Get(n.Text) != nil {
		l.hush(n) // declared with a mistake, or in what could not be read
		return
	}
	if parts := strings.FieldsFunc(n.Text, func(r rune) bool { return strings.ContainsRune("、，,；/", r) }); len(parts) > 1 {
		l.fail(n, what+"里几个机构写在了一起：“"+n.Text+"”", "用半角逗号分开：["+strings.Join(parts, ", ")+"]")
		return
	}
	line := n.Text + ": " + likelyPlace(n.Text)
	if l.file.Root.Get("机构") == nil {
		line = "机构: {" + line + "}"
	} else {
		line = "“" + line + "”到 机构 里"
	}
	if i := slices.IndexFunc(have, func(h string) bool { return oneSlip(n.Text, h) }); i >= 0 {
		l.fail(n, what+"里的“"+n.Text+"”没有说是哪一级的机构", "是不是“"+have[i]+"”？真是另一个机构，就加一行 "+line)
		return
	}
	l.fail(n, what+"里的“"+n.Text+"”没有说是哪一级的机构",
		"加一行 "+line+"，相当于哪一级就写哪一级（支部、社区、街道），系统以外的写 外部；或者改成："+strings.Join(have, "、"))
}

// oneSlip tells a name with one character wrong.
func oneSlip(written, meant string) bool {
	a, b := []rune(written), []rune(meant)
	wrong := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			wrong++
		}
	}
	return len(a) == len(b) && len(a) > 3 && wrong == 1
}

// likelyPlace guesses from its name where a body acts, for the advice alone.
func likelyPlace(name string) string {
	for _, g := range []struct{ place, marks string }{
		{"社区", "领导小组"}, {"支部", "支部 支委 党小组 党员大会"}, {"外部", "县 市委 省委 区委 组织部 群众 居民 村民 局 纪委 政府"}, {"社区", "村 社区 总支 机关党委"},
	} {
		if slices.ContainsFunc(strings.Fields(g.marks), func(mark string) bool { return strings.Contains(name, mark) }) {
			return g.place
		}
	}
	return "街道"
}

// organList reads [支部委员会, 镇党委].
func (l *loader) organList(n *yamldoc.Node, what string, inside bool) []domain.Organ {
	var out []domain.Organ
	for _, w := range l.words(n, what) {
		if o, ok := l.organ(w, what, inside); ok {
			out = append(out, o)
		}
	}
	return out
}

// owner reads 负责: an organ or a post, never the member of whom the alert is.
func (l *loader) owner(n *yamldoc.Node) string {
	if n.Kind == yamldoc.Scalar && (n.Text == "本人申请" || n.Text == "本人") {
		others := slices.DeleteFunc(domain.OrganNames(), func(o string) bool { return o == "本人申请" })
		l.fail(n, "预警不能由党员本人负责", "写该去办的人或组织："+strings.Join(others, "、"))
		return ""
	}
	o, _ := l.organ(n, "负责", true)
	return o.Name()
}
