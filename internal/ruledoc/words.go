// Package ruledoc tells a rule file to people: typeset as the regulation it
// is, and compared with an earlier text by what changed in meaning. It walks
// the file's nodes along the grammar and computes nothing.
package ruledoc

import (
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// Expression says a condition or formula with the signs people read. What
// stands in quotes is left as it is.
func Expression(source string) string {
	var b strings.Builder
	inside := rune(0)
	word := ""
	flush := func() {
		switch word {
		case "and":
			word = " 且 "
		case "or":
			word = " 或 "
		case "not":
			word = " 非 "
		case "in":
			word = " 属于 "
		}
		b.WriteString(word)
		word = ""
	}
	for _, r := range source {
		switch {
		case inside != 0 && r == inside:
			inside = 0
			b.WriteRune('”')
		case inside != 0:
			b.WriteRune(r)
		case r == '"' || r == '\'':
			flush()
			inside = r
			b.WriteRune('“')
		case r >= 'a' && r <= 'z':
			word += string(r)
		default:
			flush()
			b.WriteRune(r)
		}
	}
	flush()
	signs := strings.NewReplacer(">=", " ≥ ", "<=", " ≤ ", "==", " ＝ ", "!=", " ≠ ", "<", " < ", ">", " > ", "*", " × ",
		"/", " ÷ ", "”, “", "”、“", " 否则 ", "，除数为 0 时按 ")
	return strings.Join(strings.Fields(signs.Replace(b.String())), " ")
}

// canonical is a scalar without what means nothing: blanks, the kind of quotes,
// zeros behind a number.
func canonical(form ruleset.Form, n *yamldoc.Node) string {
	text := strings.TrimSpace(n.Text)
	if h, ok := domain.ParseHundredths(strings.TrimSuffix(text, "分")); ok {
		return domain.Points(h).String()
	}
	if form != ruleset.FormCondition && form != ruleset.FormAmount && form != ruleset.FormFormula {
		return text
	}
	var b strings.Builder
	inside, blank, last := rune(0), false, rune(0)
	for _, r := range text {
		switch {
		case inside != 0:
			if r == inside {
				inside, r = 0, '"'
			}
			b.WriteRune(r)
			last = r
			continue
		case r == ' ' || r == '\t':
			blank = true
			continue
		case r == '"' || r == '\'':
			inside, r = r, '"'
		}
		if blank && letter(last) && letter(r) {
			b.WriteRune(' ')
		}
		blank = false
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// letter reports whether a blank beside a sign keeps two words apart.
func letter(r rune) bool { return r != 0 && !strings.ContainsRune("<>=!+-*/(),[]", r) }

// value is a node that may be written by case or by date, taken apart.
type value struct {
	from  string // of one dated step: 自 2026-07-01
	basis string
	node  *yamldoc.Node // plain, or by case
}

// steps takes a value apart by date; one that has no dates is one step.
func steps(n *yamldoc.Node) []value {
	if n.Kind == yamldoc.Map && len(n.Pairs) > 0 && strings.HasPrefix(n.Pairs[0].Key.Text, "自 ") {
		var out []value
		for _, p := range n.Pairs {
			v := based(p.Value)
			v.from = strings.TrimSpace(strings.TrimPrefix(p.Key.Text, "自 "))
			out = append(out, v)
		}
		return out
	}
	return []value{based(n)}
}

// based takes {值: …, 依据: …} apart.
func based(n *yamldoc.Node) value {
	if inner := n.Get("值"); inner != nil {
		v := value{node: inner}
		if b := n.Get("依据"); b != nil {
			v.basis = b.Text
		}
		return v
	}
	return value{node: n}
}

// shapeText puts a value into words.
func shapeText(s ruleset.Shape, n *yamldoc.Node) string {
	if n == nil {
		return ""
	}
	if !s.Cases {
		return plainText(s, n)
	}
	var parts []string
	all := steps(n)
	for _, v := range all {
		words := casesText(s, v.node)
		if v.basis != "" {
			words += "（" + v.basis + "）"
		}
		if v.from != "" {
			words = v.from + " 起 " + words
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, "；")
}

func casesText(s ruleset.Shape, n *yamldoc.Node) string {
	if n.Kind != yamldoc.Map || isPlain(s, n) {
		return plainText(s, n)
	}
	var parts []string
	for _, p := range n.Pairs {
		if p.Key.Text != "按" {
			parts = append(parts, caseOf(p.Key.Text, shapeText(s, p.Value)))
		}
	}
	words := strings.Join(parts, "，")
	if by := n.Get("按"); by != nil {
		words = "按" + by.Text + "：" + words
	}
	return words
}

// caseOf prints a case. A condition ends in a colon: 分值 < -40：2年.
func caseOf(when, words string) string {
	if strings.ContainsAny(when, "<>=") {
		return Expression(when) + "：" + words
	}
	return labelled(Expression(when), words)
}

// isPlain tells a map that is the thing itself from one by case.
func isPlain(s ruleset.Shape, n *yamldoc.Node) bool {
	has := func(names ...string) bool {
		for _, name := range names {
			if n.Get(name) != nil {
				return true
			}
		}
		return false
	}
	switch s.Form {
	case ruleset.FormAmount:
		return has("数量", "达到", "分段")
	case ruleset.FormTable:
		return len(s.Words) == 0 && n.Get("按") == nil || has(s.Words...)
	case ruleset.FormSection:
		return true
	default:
		return false
	}
}

func plainText(s ruleset.Shape, n *yamldoc.Node) string {
	switch {
	case n.Kind == yamldoc.List:
		var parts []string
		for _, i := range n.Items {
			parts = append(parts, plainText(ruleset.Shape{}, i))
		}
		return strings.Join(parts, "、")
	case s.Form == ruleset.FormAmount && n.Kind == yamldoc.Map:
		return stepsText(n)
	case n.Kind == yamldoc.Map && s.Form == ruleset.FormTable:
		var parts []string
		for _, p := range n.Pairs {
			words := shapeText(*s.Row, p.Value)
			if s.Row.Form == ruleset.FormCondition {
				parts = append(parts, p.Key.Text+"："+words)
				continue
			}
			parts = append(parts, labelled(p.Key.Text, words))
		}
		return strings.Join(parts, "，")
	case n.Kind == yamldoc.Map:
		var parts []string
		for _, p := range n.Pairs {
			var shape ruleset.Shape
			if k := ruleset.SectionOf(s.Section).Key(p.Key.Text); k != nil {
				shape = k.Shape
			}
			parts = append(parts, labelled(Expression(p.Key.Text), shapeText(shape, p.Value)))
		}
		return strings.Join(parts, "，")
	case s.Form == ruleset.FormCondition || s.Form == ruleset.FormAmount || s.Form == ruleset.FormFormula:
		return Expression(n.Text)
	default:
		return n.Text
	}
}

// stepsText puts a cumulative amount into words.
func stepsText(n *yamldoc.Node) string {
	words := "按" + Expression(n.Get("数量").Text)
	if every := n.Get("每"); every != nil {
		words += "（" + map[string]string{"年": "每年", "半年": "每半年", "季": "每季", "月": "每月", "周": "每周", "终身": "一直"}[every.Text] +
			"累计）"
	}
	var parts []string
	if tiers := n.Get("达到"); tiers != nil {
		for _, p := range tiers.Pairs {
			parts = append(parts, "满 "+p.Key.Text+" 记 "+p.Value.Text)
		}
		return words + "：" + strings.Join(parts, "，") + "，取最高一档"
	}
	from := ""
	for _, band := range n.Get("分段").Items {
		part := "其余"
		if to := band.Get("至"); to != nil {
			part = to.Text + " 以内"
			if from != "" {
				part = from + " 至 " + to.Text
			}
			from = to.Text
		} else if from != "" {
			part = from + " 以上"
		}
		gives := "1"
		if g := band.Get("得"); g != nil {
			gives = g.Text
		}
		parts = append(parts, part+"每满 "+band.Get("每").Text+" 记 "+gives)
	}
	return words + "：" + strings.Join(parts, "，") + "，各段相加"
}

// Requirements prints what is lacking for a better grade: 要评四星，还要总分 ≥ 95（现在 80）.
func Requirements(l *domain.Requirements) string {
	var parts []string
	for i := range l.Needs {
		n := &l.Needs[i]
		words := Expression(n.Source)
		switch {
		case n.RedLine:
			parts = append(parts, "要等红线“"+n.Source+"”解除")
			continue
		case n.Want:
			words = "要" + words
		default:
			words = "不再" + words
		}
		if n.Now != "" {
			words += "（现在 " + n.Now + "）"
		}
		parts = append(parts, words)
	}
	return "评" + l.Grade + "，" + strings.Join(parts, "，并且")
}

// Headroom prints what is still to be had under a limit: 公益 今年还可加 5 分.
func Headroom(r *domain.Headroom) string {
	window := map[calendar.Unit]string{calendar.OneDay: "今天", calendar.Week: "本周", calendar.Month: "本月",
		calendar.Quarter: "本季", calendar.Half: "本半年", calendar.Year: "今年", calendar.Life: "今后"}[r.Unit]
	var parts []string
	switch {
	case r.HasPlus:
		parts = append(parts, leftText(r.Plus, "加")+inBrackets(r.By))
	case r.Full && r.HasTimes && r.Times > 0:
		parts = append(parts, "再记也不加分"+inBrackets(r.By))
	}
	if r.HasMinus {
		parts = append(parts, leftText(r.Minus, "扣"))
	}
	if r.HasTimes && (!r.Full || r.Times == 0) {
		words := "还可记 " + strconv.Itoa(r.Times) + " 次"
		if r.Times == 0 {
			words = "次数已经记满"
		}
		parts = append(parts, words)
	}
	return r.Name + " " + window + strings.Join(parts, "，")
}

func leftText(p domain.Points, verb string) string {
	if p == 0 {
		return verb + "分已经到顶"
	}
	return "还可" + verb + " " + p.String() + " 分"
}

// inBrackets returns what leaves less than the limit itself, in brackets, "" for none.
func inBrackets(b *domain.Bound) string {
	if b == nil {
		return ""
	}
	return "（" + Bound(b) + "）"
}

// Bound names a limit, a cap or a red line by which an addition is bounded:
// 公益限额每年, 贡献上限 20 分, 红线“受过处分”.
func Bound(b *domain.Bound) string {
	switch {
	case b.Kind == domain.LineRedLine:
		return "红线“" + b.Name + "”"
	case b.Kind == domain.LineClamp:
		return b.Name + "上限 " + b.Points.String() + " 分"
	case b.Unit == calendar.Life:
		return b.Name + "限额终身"
	default:
		return b.Name + "限额每" + b.Unit.String()
	}
}
