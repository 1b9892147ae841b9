package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// leafReader reads one plain value; clause is the one it stands under.
type leafReader[T any] func(n *yamldoc.Node, clause int) (T, bool)

// readValue reads a value with its three faces. isLeaf tells maps that are
// themselves a plain value, such as {数量: …}, from those by case; nil if none
// is. basis is the article in force unless a leaf names its own.
func readValue[T any](s *scope, n *yamldoc.Node, basis string, isLeaf func(*yamldoc.Node) bool,
	leaf leafReader[T]) Value[T] {
	l := s.l
	if n.Kind != yamldoc.Map || (isLeaf != nil && isLeaf(n)) {
		clause := l.clause(s.path, n, basis)
		v, ok := leaf(n, clause)
		if !ok {
			return Value[T]{}
		}
		return Plain(v, clause)
	}
	if len(n.Pairs) == 0 {
		l.fail(n, "花括号里是空的", "")
		return Value[T]{}
	}
	if value := n.Get("值"); value != nil {
		return annotated(s, n, basis, isLeaf, leaf)
	}
	if strings.HasPrefix(n.Pairs[0].Key.Text, "自 ") {
		return readDated(s, n, basis, isLeaf, leaf)
	}
	return readCases(s, n, basis, isLeaf, leaf)
}

// annotated reads {值: -3, 依据: 修订第三条}.
func annotated[T any](s *scope, n *yamldoc.Node, basis string, isLeaf func(*yamldoc.Node) bool,
	leaf leafReader[T]) Value[T] {
	var out Value[T]
	s.l.section(n, "带依据的值",
		keyed{"依据", func(_, v *yamldoc.Node) { basis = s.l.text(v, "依据", 200) }},
		keyed{"值", func(_, v *yamldoc.Node) { out = readValue(s, v, basis, isLeaf, leaf) }})
	return out
}

func readDated[T any](s *scope, n *yamldoc.Node, basis string, isLeaf func(*yamldoc.Node) bool,
	leaf leafReader[T]) Value[T] {
	l := s.l
	out := Value[T]{face: byDate}
	for i, p := range n.Pairs {
		text, ok := strings.CutPrefix(p.Key.Text, "自 ")
		if !ok {
			l.fail(p.Key, "带日期的值里不能夹别的写法", "每一行都写成 自 2026-07-01: 值")
			continue
		}
		at := *p.Key
		at.Text, at.Col = text, at.Col+2
		day := l.day(&at)
		if day == 0 {
			continue
		}
		if i > 0 && len(out.dated) > 0 && out.dated[len(out.dated)-1].from >= day {
			l.fail(p.Key, "日期要从早到晚写", "")
		}
		if i == 0 && !s.mayBegin && day > l.book.Since && l.book.Since != 0 {
			l.fail(p.Key, "第一个日期晚于施行日，中间这段没有值", "第一行写 自 "+l.book.Since.String())
		}
		l.dates[day] = true
		out.dated = append(out.dated, dated[T]{from: day, value: readValue(s, p.Value, basis, isLeaf, leaf)})
	}
	return out
}

func readCases[T any](s *scope, n *yamldoc.Node, basis string, isLeaf func(*yamldoc.Node) bool,
	leaf leafReader[T]) Value[T] {
	l := s.l
	out := Value[T]{face: byCase}
	choice, ok := s.choiceFor(n)
	if !ok {
		return Value[T]{}
	}
	covered, before := map[string]bool{}, len(l.problems)
	l.follow(n)
	rest, meant := false, false // 其余 is there; or was meant, and that has been told
	for _, p := range n.Pairs {
		key := p.Key.Text
		if key == "按" {
			continue
		}
		if rest {
			l.fail(p.Key, "“其余”之后的行永远轮不到", "把“其余”放在最后一行")
			break
		}
		a := arm[T]{}
		switch {
		case key == "其余":
			rest = true
		case choice != nil:
			k := l.option(p.Key, choice)
			if k < 0 {
				meant = meant || meansElse(key)
				continue
			}
			covered[key] = true
			a.when = formula.Is(choice.Slot, k, key)
		default:
			a.when = s.condition(p.Key)
			if a.when == nil {
				continue
			}
		}
		a.value = readValue(s.in(key), p.Value, basis, isLeaf, leaf)
		out.cases = append(out.cases, a)
	}
	if choice == nil && len(l.problems) == before {
		d := ladderOf(s.placeName(), n, &out)
		s.warnUnreachable(d.lines, d.what, nil)
		s.checkLadder(d)
	}
	switch {
	case rest || meant:
	case choice != nil && len(covered) < len(choice.Options):
		l.fail(n, "不是每种情况都有值", "还缺："+strings.Join(missing(choice.Options, covered), "、")+"；补上，或最后加一行 其余: …")
	case choice == nil && len(l.problems) == before:
		coverAll(s, n, &out)
	}
	return out
}

// coverAll refuses cases by condition that leave somebody without a value.
func coverAll[T any](s *scope, n *yamldoc.Node, v *Value[T]) {
	var r reading
	v.read(&r)
	switch gap, proven := gapOf(s, v); {
	case !s.sound(&r):
	case gap != "":
		s.warnOpen(ladderOf("", n, v), n, gap, "不是每种情况都有值", "补上这一种情况，或最后加一行 其余: …")
	case !proven:
		s.l.fail(n, "不是每种情况都有值，或者证明不了都有", "最后加一行 其余: …")
	}
}

func missing(options []string, covered map[string]bool) []string {
	var out []string
	for _, o := range options {
		if !covered[o] {
			out = append(out, o)
		}
	}
	return out
}

func (l *loader) option(n *yamldoc.Node, sym *formula.Symbol) int {
	if n.Kind == yamldoc.Scalar && meansElse(n.Text) && !slices.Contains(sym.Options, n.Text) {
		l.fail(n, "这里没有“"+n.Text+"”这种写法", "写成：其余")
		return -1
	}
	return l.oneOf(n, "这里", sym.Options)
}

// points reads a number of points.
func (l *loader) points(n *yamldoc.Node, what string) (domain.Points, bool) {
	h, ok := domain.ParseHundredths(n.Text)
	if n.Kind != yamldoc.Scalar || !ok || n.Quoted {
		advice := "写成 80 或 -2.5 这样，最多两位小数"
		if meant := suggestNumber(n.Text); meant != "" && n.Kind == yamldoc.Scalar {
			advice = "写成 " + meant
			if strings.HasSuffix(n.Text, "分") {
				advice = "不用写“分”，写成 " + meant
			}
		}
		l.fail(n, what+"要写一个数", advice)
		return 0, false
	}
	if p := domain.Points(h); p > domain.MaxPoints || p < -domain.MaxPoints {
		l.fail(n, what+"太大", "最多一百万分")
		return 0, false
	}
	return domain.Points(h), l.checkDecimals(n, h)
}

// checkDecimals refuses a number of points with more decimals than 小数 keeps: it
// would be rounded every time, and nobody would know.
func (l *loader) checkDecimals(n *yamldoc.Node, h int64) bool {
	if h%int64(l.book.Grain()) == 0 {
		return true
	}
	l.fail(n, fmt.Sprintf("“%s”的小数多于 %d 位", n.Text, l.book.Decimals), "改这个数，或在 小数 里把位数写大")
	return false
}

// pointsValue reads points with the three faces.
func (l *loader) pointsValue(s *scope, n *yamldoc.Node, what, basis string) Value[domain.Points] {
	return readValue(s.in(what), n, basis, nil,
		func(v *yamldoc.Node, _ int) (domain.Points, bool) { return l.points(v, what) })
}

// hundredths reads a number that is no points: a quantity or a factor.
func (l *loader) hundredths(n *yamldoc.Node, what string) (int64, bool) {
	h, ok := domain.ParseHundredths(n.Text)
	if n.Kind != yamldoc.Scalar || !ok || n.Quoted {
		advice := "写成 10 或 0.5 这样，最多两位小数"
		if meant := suggestNumber(n.Text); meant != "" && n.Kind == yamldoc.Scalar {
			advice = "写成 " + meant
		}
		l.fail(n, what+"要写一个数", advice)
		return 0, false
	}
	return h, true
}

// cond reads a condition with the three faces; 其余 is the condition that
// always holds, where rest allows it.
func (l *loader) cond(s *scope, n *yamldoc.Node, rest bool) Cond {
	return Cond{readValue(s, n, "", nil, func(v *yamldoc.Node, _ int) (*formula.Condition, bool) {
		if rest && v.Kind == yamldoc.Scalar && v.Text == "其余" {
			return nil, true
		}
		c := s.condition(v)
		return c, c != nil
	})}
}
