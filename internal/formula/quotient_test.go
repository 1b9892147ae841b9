package formula

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shares knows what is divided: counts, fields of 0 to 100, one that is never
// zero, and one that nobody recorded.
type shares struct{ number map[string]Number }

func (shares) names() []string {
	return []string{"到会", "应到", "完成", "任务", "人数", "差额", "不知"}
}

func (s shares) Name(name string) (Symbol, error) {
	for i, n := range s.names() {
		if n != name {
			continue
		}
		b := Bounds{Lo: Int(0), Hi: Int(100), Grain: Hundredths(1)}
		switch name {
		case "到会", "应到":
			b = Bounds{Lo: Int(0), Hi: Int(1000), Grain: Int(1)}
		case "人数":
			b = Bounds{Lo: Int(1), Hi: Int(50), Grain: Int(1)}
		case "差额":
			b = Bounds{Lo: Int(-50), Hi: Int(50), Grain: Hundredths(1)}
		}
		return Symbol{Type: Numeric, Slot: i, Bounds: &b}, nil
	}
	return Symbol{}, errors.New("没有这个名称")
}

func (shares) Member(string, string) (Symbol, error) { return Symbol{}, errors.New("没有") }
func (shares) Call(string, string) (Symbol, error)   { return Symbol{}, errors.New("没有") }
func (s shares) Number(slot int) (Number, bool)      { n, ok := s.number[s.names()[slot]]; return n, ok }
func (shares) Choice(int) (int, bool)                { return 0, false }
func (shares) Flag(int) Tri                          { return Unknown }

func TestOtherwiseSaysWhatAZeroDivisorGives(t *testing.T) {
	t.Parallel()
	s := shares{map[string]Number{"到会": Int(9), "应到": Int(0), "完成": Int(3), "任务": Int(4), "人数": Int(3), "差额": Int(0)}}
	for src, want := range map[string]string{
		"到会 / 应到 * 10 否则 0":             "0",
		"到会 / 应到 * 10 否则 任务":            "4",
		"完成 / 任务 * 10 否则 0":             "7.5",
		"(到会 / 应到 否则 1) * 10":           "10",
		"(到会 / 应到 否则 1) + 完成 / 任务 否则 0": "1.75",
		"到会 / 应到 + 完成 / 任务 否则 -2":       "-2",
		"完成 / (任务 - 4) 否则 5":            "5",
		"取整(完成 / 应到) + 1 否则 7":          "7",
		"到会 / 人数":                       "3", // is never zero
		"到会 / 应到 + 不知 否则 6":             "6",
		"到会 / 不知 否则 6":                  "unknown", // what nobody recorded is not zero
	} {
		f, problems := ParseFormula(src, s)
		if len(problems) > 0 {
			t.Errorf("%s: %v", src, problems)
			continue
		}
		got := "unknown"
		if v, ok := f.Eval(s); ok {
			got = v.String()
		}
		if got != want {
			t.Errorf("%s = %s, want %s", src, got, want)
		}
	}
	for src, want := range map[string]Tri{
		"(到会 / 应到 否则 0) >= 0.9":       False,
		"0.5 <= (完成 / 任务 否则 0) < 0.8": True,
		"(不知 / 任务 否则 0) >= 0.9":       Unknown,
	} {
		c, problems := ParseCondition(src, s)
		if len(problems) > 0 || c.Eval(s) != want {
			t.Errorf("%s: %v", src, problems)
		}
		if len(problems) == 0 {
			if atoms, _ := c.Lacking(s); len(atoms) > 0 &&
				(strings.Contains(atoms[0].Source, "|") || !strings.Contains(atoms[0].Source, "否则")) {
				t.Errorf("%s is told as %s", src, atoms[0].Source)
			}
		}
	}
}

func TestDivisionsThatSayTooLittle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src, message, advice string
		at                   int
	}{
		{"完成 / 任务 * 10", "除数可能是 0", "写成：完成 / 任务 * 10 否则 0", 3},
		{"完成 / (人数 - 1)", "除数可能是 0", "写成：完成 / (人数 - 1) 否则 0", 3},
		{"完成 / 任务 否则 到会 / 应到", "“否则”后面不能又除以", "写一个数", 14},
		{"完成 / 人数 否则 0", "用不着", "写成：完成 / 人数", 8},
		{"完成 / (到会 / 任务 否则 1) 否则 0", "除数里又有除法", "化开", 3},
		{"完成 / 任务否则 0", "“否则”前面要空一格", "写成：完成 / 任务 否则 0", 7},
		{"完成 / 任务，否则 0", "“否则”前面不写“，”", "写成：完成 / 任务 否则 0", 7},
		{"完成 / (应到 * 0)", "", "", 3},
		{"否则 0", "", "", 0},
	} {
		_, problems := ParseFormula(c.src, shares{})
		if len(problems) != 1 {
			t.Errorf("%s: %v", c.src, problems)
			continue
		}
		if p := problems[0]; p.At != c.at || !strings.Contains(p.Message, c.message) ||
			!strings.Contains(p.Advice, c.advice) {
			t.Errorf("%s: %d %s | %s", c.src, p.At, p.Message, p.Advice)
		}
	}
	for src, advice := range map[string]string{
		"到会 / 应到 >= 0.9":            "写成：(到会 / 应到 否则 0) >= 0.9",
		"0.5 <= 到会 / 应到 < 0.9":      "写成：0.5 <= (到会 / 应到 否则 0)",
		"到会 / 应到 否则 0 >= 0.9":       "写成：(到会 / 应到 否则 0) >= 0.9",
		"0.9 < 到会 / 应到 and 到会 > 30": "写成：0.9 < (到会 / 应到 否则 0)",
	} {
		if _, problems := ParseCondition(src, shares{}); len(problems) != 1 || problems[0].Advice != advice {
			t.Errorf("%s: %v", src, problems)
		}
	}
}

// TestBoundsHoldEveryValue draws formulas with divisions by names and values of
// the names, and holds the result between the bounds and to its exact value.
func TestBoundsHoldEveryValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := shares{map[string]Number{}}
		exact := map[string]*big.Rat{}
		for name, hundredths := range map[string]int64{
			"到会": 100 * rapid.Int64Range(0, 1000).Draw(t, "到会"),
			"应到": 100 * rapid.SampledFrom([]int64{0, 0, 1, 7, 1000}).Draw(t, "应到"),
			"完成": rapid.Int64Range(0, 10000).Draw(t, "完成"), "任务": rapid.SampledFrom([]int64{0, 1, 33, 10000}).Draw(t, "任务"),
			"人数": 100 * rapid.Int64Range(1, 50).Draw(t, "人数"),
			"差额": rapid.SampledFrom([]int64{-5000, -1, 0, 1, 300, 5000}).Draw(t, "差额"),
		} {
			s.number[name], exact[name] = Hundredths(hundredths), big.NewRat(hundredths, 100)
		}
		src, want := quotients(t, exact, 3)
		f, problems := ParseFormula(src, s)
		if len(problems) > 0 {
			return // a divisor of which too little is known
		}
		got, ok := f.Eval(s)
		if !ok || got.rat().Cmp(want) != 0 {
			t.Fatalf("%s = %v %v, want %v", src, got, ok, want)
		}
		if f.Bounds.Lo.Cmp(got) > 0 || f.Bounds.Hi.Cmp(got) < 0 {
			t.Fatalf("%s = %s is not within %s to %s", src, got, f.Bounds.Lo, f.Bounds.Hi)
		}
		if g := f.Bounds.Grain; g.Sign() != 0 && !new(big.Rat).Quo(want, g.rat()).IsInt() {
			t.Fatalf("%s = %s is no multiple of %s", src, got, g)
		}
	})
}

func quotients(t *rapid.T, exact map[string]*big.Rat, depth int) (string, *big.Rat) {
	if depth == 0 || rapid.IntRange(0, 4).Draw(t, "leaf") == 0 {
		if rapid.Bool().Draw(t, "literal") {
			k := rapid.Int64Range(0, 300).Draw(t, "hundredths")
			r := big.NewRat(k, 100)
			return r.FloatString(2), r
		}
		name := rapid.SampledFrom([]string{"到会", "应到", "完成", "任务", "人数", "差额"}).Draw(t, "name")
		return name, exact[name]
	}
	a, x := quotients(t, exact, depth-1)
	b, y := quotients(t, exact, depth-1)
	v := new(big.Rat)
	switch op := rapid.SampledFrom([]string{"+", "-", "*", "/", "/", "取整"}).Draw(t, "op"); op {
	case "+":
		return fmt.Sprintf("(%s + %s)", a, b), v.Add(x, y)
	case "-":
		return fmt.Sprintf("(%s - %s)", a, b), v.Sub(x, y)
	case "*":
		return fmt.Sprintf("(%s * %s)", a, b), v.Mul(x, y)
	case "取整":
		return "取整(" + a + ")", v.SetInt(new(big.Int).Quo(x.Num(), x.Denom()))
	default:
		if y.Sign() == 0 {
			return fmt.Sprintf("(%s / %s 否则 -3)", a, b), v.SetInt64(-3)
		}
		_, sure := ParseFormula("1 / "+b, shares{})
		if len(sure) == 0 {
			return fmt.Sprintf("(%s / %s)", a, b), v.Quo(x, y)
		}
		return fmt.Sprintf("(%s / %s 否则 -3)", a, b), v.Quo(x, y)
	}
}
