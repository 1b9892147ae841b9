package ruleset

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// amount reads one plain 分值.
func (l *loader) amount(s *scope, n *yamldoc.Node) (Amount, bool) {
	if n.Kind == yamldoc.Map {
		steps, ok := l.steps(s, n)
		return Amount{Kind: Stepped, Steps: steps}, ok
	}
	if n.Kind != yamldoc.Scalar {
		l.fail(n, "分值要写一个数、一个范围或一个算式", "例如 -5、1至20、得分 * 0.2")
		return Amount{}, false
	}
	if isNumber(n.Text) {
		p, ok := l.points(n, "分值")
		return Amount{Kind: Fixed, Points: p}, ok
	}
	if a, b, ok := cutRange(n.Text); ok {
		lo, hi, ok := l.interval(&yamldoc.Node{Kind: yamldoc.Scalar, Line: n.Line, Col: n.Col, Text: a + "至" + b})
		if ok && (domain.Points(hi) > domain.MaxPoints || domain.Points(lo) < -domain.MaxPoints) {
			l.fail(n, "分值太大", "最多一百万分")
			return Amount{}, false
		}
		return Amount{Kind: Range, Lo: domain.Points(lo), Hi: domain.Points(hi)}, ok && l.checkDecimals(n, lo) &&
			l.checkDecimals(n, hi)
	}
	f := s.formula(n)
	if f == nil {
		return Amount{}, false
	}
	return Amount{Kind: Computed, Formula: f}, true
}

// isNumber reports whether a text is meant as a number, rightly written or not, and not as a
// formula: one of 2.125 alone would be rounded, and nobody would know.
func isNumber(text string) bool {
	digits := strings.TrimLeft(strings.TrimSuffix(text, "分"), "+-")
	return digits != "" && digits[0] >= '0' && digits[0] <= '9' && strings.Trim(digits, "0123456789.eE_") == ""
}

// cutRange recognises 1至20; names may hold 至 too, so both ends must begin as
// numbers do.
func cutRange(text string) (a, b string, ok bool) {
	for i, r := range text {
		if r == '至' {
			a, b = text[:i], text[i+len("至"):]
			return a, b, a != "" && (a[0] == '-' || (a[0] >= '0' && a[0] <= '9'))
		}
	}
	return "", "", false
}

// steps reads {数量, 每, 达到 | 分段}.
func (l *loader) steps(s *scope, n *yamldoc.Node) (*Steps, bool) {
	st := &Steps{Every: calendar.Single}
	before := len(l.problems)
	l.section(n, "分值",
		keyed{"数量", func(_, v *yamldoc.Node) {
			st.Quantity = s.formula(v)
			if st.Quantity != nil && st.Quantity.Bounds.Lo.Sign() < 0 {
				l.fail(v, "数量可能是负数", "数量只能由 0 以上的记录组成")
			}
		}},
		keyed{"每", func(_, v *yamldoc.Node) {
			if l.oneOf(v, "每", []string{"周", "月", "季", "半年", "年", "终身"}) >= 0 {
				st.Every = calendar.UnitOf(v.Text)
			}
		}},
		keyed{"达到", func(_, v *yamldoc.Node) { l.tiers(st, v) }},
		keyed{"分段", func(_, v *yamldoc.Node) { l.bands(st, v) }})
	if (len(st.Tiers) > 0) == (len(st.Bands) > 0) && len(l.problems) == before {
		l.fail(n, "“达到”和“分段”要写且只写一样", "达到: {10: 2, 20: 5} 取最高一档；分段: [{至: 1000, 每: 100}, {每: 400}] 逐段累加")
	}
	return st, len(l.problems) == before
}

func (l *loader) tiers(st *Steps, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "达到要写成“{10: 2, 20: 5}”", "左边是数量，右边是累计得到的分")
		return
	}
	for _, p := range n.Pairs {
		from, ok1 := l.hundredths(p.Key, "达到的数量")
		gives, ok2 := l.points(p.Value, "得分")
		if !ok1 || !ok2 {
			continue
		}
		if k := len(st.Tiers); from <= 0 || (k > 0 && (st.Tiers[k-1].From >= from || st.Tiers[k-1].Gives >= gives)) ||
			gives <= 0 {
			l.fail(p.Key, "各档要从小到大，分也要一档比一档多", "")
			continue
		}
		st.Tiers = append(st.Tiers, Tier{From: from, Gives: gives})
	}
}

func (l *loader) bands(st *Steps, n *yamldoc.Node) {
	if n.Kind != yamldoc.List || len(n.Items) == 0 {
		l.fail(n, "分段要写成“[{至: 1000, 每: 100}, {每: 400}]”", "最后一段可以不写 至")
		return
	}
	for i, item := range n.Items {
		before := len(l.problems)
		b := Band{Gives: domain.Whole(1)}
		l.section(item, "分段",
			keyed{"至", func(_, v *yamldoc.Node) { b.To, _ = l.hundredths(v, "至") }},
			keyed{"每", func(_, v *yamldoc.Node) { b.Step, _ = l.hundredths(v, "每") }},
			keyed{"得", func(_, v *yamldoc.Node) { b.Gives, _ = l.points(v, "得") }})
		prev := int64(0)
		if i > 0 {
			prev = st.Bands[i-1].To
		}
		switch {
		case len(l.problems) > before:
		case b.Step <= 0:
			l.fail(item, "这一段没写“每”多少得分", "例如 {至: 1000, 每: 100}")
		case b.Gives <= 0:
			l.fail(item, "每一步要得正分", "")
		case b.To == 0 && i < len(n.Items)-1:
			l.fail(item, "只有最后一段可以不写“至”", "")
		case b.To != 0 && b.To <= prev:
			l.fail(item, "各段的“至”要从小到大", "")
		}
		b.Step = max(b.Step, 1)
		st.Bands = append(st.Bands, b)
	}
}
