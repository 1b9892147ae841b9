package ruleset

import (
	"strings"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// MaxFactor is the most that 倍数 may multiply by.
const MaxFactor = 100

// Factor (倍数) is what an amount is multiplied by: a number, or a formula such
// as 完成 / 任务 否则 0.
type Factor struct {
	number  formula.Number
	Formula *formula.Formula // nil for a number
}

// Eval returns the factor in env; ok is false where it is unknown.
func (f *Factor) Eval(env formula.Env) (n formula.Number, ok bool) {
	if f.Formula == nil {
		return f.number, true
	}
	return f.Formula.Eval(env)
}

func (f *Factor) most() formula.Number {
	if f.Formula == nil {
		return f.number
	}
	return lesser(f.Formula.Bounds.Hi, formula.Int(MaxFactor))
}

// multiplier reads one plain 倍数.
func (l *loader) multiplier(s *scope, n *yamldoc.Node) (Factor, bool) {
	if n.Kind != yamldoc.Scalar || isNumber(n.Text) || s.isWord(n.Text) {
		number, ok := l.factor(n, "倍数")
		return Factor{number: number}, ok
	}
	f := s.formula(n)
	if f == nil {
		return Factor{}, false
	}
	if f.Bounds.Lo.Sign() < 0 {
		l.fail(n, "倍数可能是负数", "倍数要在 0 到 100 之间；扣分写成负的分值")
		return Factor{}, false
	}
	return Factor{Formula: f}, true
}

// isWord reports whether a text is neither a formula nor a name that may stand
// here: 两倍.
func (s *scope) isWord(text string) bool {
	_, known, _ := s.resolve(text)
	return !known && !strings.ContainsAny(text, "+-*/(.") && !strings.Contains(text, "否则")
}
