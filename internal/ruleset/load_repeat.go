package ruleset

import (
	"fmt"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

const maxFactors = 20 // of one 重复

// repeat reads 重复: by how often a deduction happened before.
func (l *loader) repeat(it *Item, s *scope, n *yamldoc.Node) {
	r := &Repeat{Clause: l.clause(s.path, n, it.Basis)}
	before := len(l.problems)
	round := 0
	var in, every *yamldoc.Node
	l.section(n, "重复",
		keyed{"在", func(_, v *yamldoc.Node) { in = v; l.repeatWindow(r, v) }},
		keyed{"倍数", func(_, v *yamldoc.Node) { l.factors(r, v) }},
		keyed{"每", func(_, v *yamldoc.Node) { every = v; round = l.round(v) }})
	if len(l.problems) > before {
		return
	}
	if n.Kind != yamldoc.Map || in == nil || len(r.Factors) == 0 && round == 0 {
		l.fail(n, "重复要写全 在，和 倍数、每 里的一样", "例如 重复: {在: 12个月, 倍数: [1, 2]}，第一次原分，第二次起两倍；重复: {在: 本期, 每: 3次}，满三次才扣一次")
		return
	}
	if round > 0 {
		if r.Window == calendar.NoUnit {
			l.fail(in, "几次一轮，要在一段定好起止的日子里数", "写成 在: 本期，或 本年、本半年、本季、本月、本周")
			return
		}
		if len(r.Factors) == 0 {
			r.Factors = make([]formula.Number, round)
			r.Factors[round-1] = formula.Int(1)
		}
		if len(r.Factors) != round {
			l.fail(every, fmt.Sprintf("%d 次一轮，倍数却写了 %d 个", round, len(r.Factors)),
				fmt.Sprintf("写成 每: %d次，或把倍数写成 %d 个", len(r.Factors), round))
			return
		}
		r.Round = true
	}
	it.Repeat = r
}

// repeatWindow reads 在: within what earlier occurrences are counted.
func (l *loader) repeatWindow(r *Repeat, n *yamldoc.Node) {
	unit, _ := strings.CutPrefix(n.Text, "本")
	switch n.Text {
	case "有效期":
		r.Valid = true
	case "本期":
		r.Window = l.book.Cycle.Unit
	case "本年", "本半年", "本季", "本月", "本周":
		r.Window = calendar.UnitOf(unit)
	default:
		if n.Kind != yamldoc.Scalar {
			l.fail(n, "在 要写一段时间，不能按情形分", "写成 12个月、有效期、本期、本年、本半年、本季、本月 或 本周")
			return
		}
		var ok bool
		if r.Within, ok = calendar.ParseSpan(n.Text); !ok {
			l.fail(n, "“"+n.Text+"”不是一段时间", "写成 12个月、有效期、本期、本年、本半年、本季、本月 或 本周")
		}
	}
}

func (l *loader) factors(r *Repeat, n *yamldoc.Node) {
	if n.Kind != yamldoc.List || len(n.Items) == 0 || len(n.Items) > maxFactors {
		l.fail(n, "重复的倍数要写成方括号里的一列", fmt.Sprintf("例如 [1, 2]，第一次原分，第二次起两倍；最多 %d 个", maxFactors))
		return
	}
	for _, w := range n.Items {
		f, ok := l.factor(w, "倍数")
		if !ok {
			return
		}
		r.Factors = append(r.Factors, f)
	}
}

// round reads 3次: how many occurrences make one round; 0 after a problem.
func (l *loader) round(n *yamldoc.Node) int {
	text, ok := strings.CutSuffix(n.Text, "次")
	h, isNumber := domain.ParseHundredths(text)
	if n.Kind != yamldoc.Scalar || !ok || !isNumber || h%100 != 0 || h < 2_00 || h > maxFactors*100 {
		l.fail(n, "“"+n.Text+"”不是次数", fmt.Sprintf("写成 3次 这样，2 到 %d 次", maxFactors))
		return 0
	}
	return int(h / 100)
}
