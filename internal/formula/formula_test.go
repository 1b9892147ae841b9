package formula

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// street is a scope and an environment with one name of each type.
type street struct {
	age, total, hours Number
	knowAge           bool
	job               int
	knowJob           bool
	care              Tri
}

var jobs = []string{"在职", "两新", "离退休"} //nolint:gochecknoglobals // a constant list of the test

func (street) Name(name string) (Symbol, error) {
	switch name {
	case "年龄":
		return Symbol{Type: Numeric, Slot: 1, Max: 150}, nil
	case "总分":
		return Symbol{Type: Numeric, Slot: 2}, nil
	case "时长":
		return Symbol{Type: Numeric, Slot: 3, Max: 1000}, nil
	case "就业":
		return Symbol{Type: Choice, Slot: 4, Options: jobs}, nil
	case "照顾":
		return Symbol{Type: Flag, Slot: 5}, nil
	}
	return Symbol{}, fmt.Errorf("没有“%s”", name)
}

func (street) Member(object, name string) (Symbol, error) {
	if object == "上期" && name == "总分" {
		return Symbol{Type: Numeric, Slot: 6}, nil
	}
	return Symbol{}, errors.New("没有")
}

func (street) Call(function, argument string) (Symbol, error) {
	if function == "本月次数" && argument == "交纳党费" {
		return Symbol{Type: Numeric, Slot: 7}, nil
	}
	return Symbol{}, errors.New("没有这个计次")
}

func (s street) Number(slot int) (Number, bool) {
	switch slot {
	case 1:
		return s.age, s.knowAge
	case 2:
		return s.total, true
	case 3:
		return s.hours, true
	case 7:
		return Int(0), true
	}
	return Number{}, false
}
func (s street) Choice(int) (int, bool) { return s.job, s.knowJob }
func (s street) Flag(int) Tri           { return s.care }

func TestConditionsHaveThreeValues(t *testing.T) {
	t.Parallel()
	s := street{age: Int(80), total: Hundredths(9550), knowJob: true, job: 1}
	for src, want := range map[string]Tri{
		`年龄 >= 75`:                        Unknown,
		`年龄 >= 75 or 总分 > 90`:             True,
		`年龄 >= 75 or 总分 > 96`:             Unknown,
		`年龄 >= 75 and 总分 > 96`:            False,
		`年龄 >= 75 and 总分 > 90`:            Unknown,
		`not (年龄 >= 75)`:                  Unknown,
		`60 <= 总分 < 95.5`:                 False,
		`60 <= 总分 <= 95.5`:                True,
		`就业 == "两新"`:                      True,
		`就业 != "两新"`:                      False,
		`就业 in ["在职", "两新"]`:              True,
		`就业 not in ["在职", "两新"]`:          False,
		`not 照顾`:                          True,
		`本月次数("交纳党费") == 0`:               True,
		`总分 - 上期.总分 <= -10`:               Unknown,
		`(总分 / (总分 - 95.5) 否则 1) > 0`:     True, // by zero
		`-总分 == -95.5`:                    True,
		`"两新" == 就业 and 取整(总分 / 10) == 9`: True,
	} {
		c, problems := ParseCondition(src, s)
		if len(problems) > 0 {
			t.Errorf("%s: %v", src, problems)
			continue
		}
		if got := c.Eval(s); got != want {
			t.Errorf("%s = %v, want %v", src, got, want)
		}
	}
}

func TestRefusedExpressions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src     string
		at      int
		message string // must occur in message or advice
	}{
		{`年龄 = 75`, 3, "年龄 == 75"},
		{`年龄 ≥ 75 且 照顾`, 3, "年龄 >= 75 and 照顾"},
		{`年龄>=75或照顾`, 6, "年龄>=75 or 照顾"},
		{`（年龄 >= 75）`, 0, "(年龄 >= 75)"},
		{`就业 == “在职”`, 6, `就业 == "在职"`},
		{`年领 >= 75`, 0, "没有“年领”"},
		{`照顾 and 年龄`, 3, "两边都要是条件"},
		{`就业 == "在岗"`, 3, "可写的有：在职"},
		{`就业 < "在职"`, 3, "不分大小"},
		{`就业 in ["在职", "两心"]`, 13, "是不是“两新”"},
		{`就业 in "在职"`, 6, "方括号"},
		{`照顾 == true`, 6, "true"},
		{`年龄 >= "75"`, 3, "数不加引号"},
		{`年龄 > 1e3`, 5, "写法不对"},
		{`年龄 > 0x1F`, 5, "写法不对"},
		{`年龄 > 1_000`, 5, "写法不对"},
		{`年龄 > 010`, 5, "写法不对"},
		{`年龄 > 60 ? 照顾 : 照顾`, 16, "不能用这种写法"},
		{`let x == 年龄; x > 3`, 6, "读不懂"},
		{`年龄 ?? 3`, 3, "不能用"},
		{`就业 matches "在"`, 3, "不能用"},
		{`就业 contains "在"`, 3, "不能用"},
		{`照顾 && 照顾`, 3, "and"},
		{`照顾 || 照顾`, 3, "or"},
		{`!照顾`, 0, "not"},
		{`all([1], # > 0)`, 0, "不能用这种写法"},
		{`len("x") > 1`, 0, "不能用这种写法"},
		{`now() > 1`, 0, "不能用这种写法"},
		{`年龄 in 1..80`, 7, "方括号"},
		{`年龄 ** 2 > 3`, 3, "不能用"},
		{`年龄 % 2 == 0`, 3, "不能用"},
		{`$env.年龄 > 3`, 0, "没有"},
		{`{"a": 1}`, 0, "不能用这种写法"},
		{`nil == 年龄`, 0, "nil"},
		{`上期["总分"] > 3`, 2, "点号或方括号"},
		{`本月次数(交纳党费) == 0`, 5, "带引号"},
		{`本月次数("交纳党费", 3) == 0`, 0, "一样东西"},
		{`年龄 >=`, 4, "没有写完"},
		{`就业 == "在职`, 9, "引号"},
		{`年龄 / 0 > 1`, 3, "除以 0"},
		{`年龄 + 1`, 0, "这里要写条件"},
		{``, 0, "空的"},
		{strings.Repeat("照顾 or ", 100) + "照顾", 0, "太长"},
	} {
		_, problems := ParseCondition(c.src, street{})
		if len(problems) == 0 {
			t.Errorf("%s was accepted", c.src)
			continue
		}
		p := problems[0]
		if p.At != c.at || !strings.Contains(p.Message+"\n"+p.Advice, c.message) {
			t.Errorf("%s: at %d %q %q, want at %d %q", c.src, p.At, p.Message, p.Advice, c.at, c.message)
		}
		for _, r := range p.Message {
			if r > 0x7f {
				goto chinese
			}
		}
		t.Errorf("%s: message is not Chinese: %q", c.src, p.Message)
	chinese:
	}
	if _, problems := ParseFormula(`时长 / 年龄`, street{}); len(problems) != 1 || problems[0].At != 3 {
		t.Errorf("division by a name in an amount: %v", problems)
	}
	if _, problems := ParseFormula(`照顾`, street{}); len(problems) != 1 {
		t.Errorf("a yes/no as a number: %v", problems)
	}
}

func TestEveryMistakeIsTold(t *testing.T) {
	t.Parallel()
	_, problems := ParseCondition(`年领 >= 75 or 就业 == "在岗"`, street{})
	if len(problems) != 2 || problems[0].At != 0 || problems[1].At <= problems[0].At {
		t.Fatalf("got %v, want both mistakes in order", problems)
	}
}

// term is a random expression with its exact value by math/big.
type term struct {
	src   string
	value *big.Rat
}

func terms(t *rapid.T, depth int) term {
	if depth == 0 || rapid.Bool().Draw(t, "leaf") {
		n := rapid.Int64Range(0, 999_999_999_99).Draw(t, "hundredths")
		r := big.NewRat(n, 100)
		return term{strings.TrimSuffix(r.FloatString(2), ".00"), r}
	}
	a, b := terms(t, depth-1), terms(t, depth-1)
	op := rapid.SampledFrom([]string{"+", "-", "*", "/", "取整"}).Draw(t, "op")
	v := new(big.Rat)
	switch op {
	case "+":
		v.Add(a.value, b.value)
	case "-":
		v.Sub(a.value, b.value)
	case "*":
		v.Mul(a.value, b.value)
	case "/":
		k := rapid.Int64Range(1, 99999).Draw(t, "divisor")
		return term{fmt.Sprintf("(%s / %d)", a.src, k), v.Quo(a.value, big.NewRat(k, 1))}
	default:
		q := new(big.Int).Quo(a.value.Num(), a.value.Denom())
		return term{"取整(" + a.src + ")", v.SetInt(q)}
	}
	return term{fmt.Sprintf("(%s %s %s)", a.src, op, b.src), v}
}

func TestArithmeticIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := terms(t, 4)
		f, problems := ParseFormula(x.src, street{})
		if len(problems) > 0 {
			if len([]rune(x.src)) > MaxLength {
				return
			}
			t.Fatalf("%s: %v", x.src, problems)
		}
		v, ok := f.Eval(street{})
		if !ok || v.rat().Cmp(x.value) != 0 {
			t.Fatalf("%s = %s, want %s", x.src, v, x.value)
		}
		if f.Bounds.Lo.rat().Cmp(x.value) > 0 || f.Bounds.Hi.rat().Cmp(x.value) < 0 {
			t.Fatalf("%s = %s is beyond its bounds %s to %s", x.src, v, f.Bounds.Lo, f.Bounds.Hi)
		}
	})
}

func TestNumbersAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	number := rapid.Custom(func(t *rapid.T) Number {
		n, d := rapid.Int64().Draw(t, "n"), rapid.Int64Range(1, 1<<62).Draw(t, "d")
		return fromRat(big.NewRat(n, d))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		same := func(what string, got Number, want *big.Rat) {
			if got.rat().Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", a, what, b, got, want)
			}
		}
		same("+", a.Add(b), new(big.Rat).Add(a.rat(), b.rat()))
		same("-", a.Sub(b), new(big.Rat).Sub(a.rat(), b.rat()))
		same("*", a.Mul(b), new(big.Rat).Mul(a.rat(), b.rat()))
		if q, ok := a.Quo(b); ok != (b.Sign() != 0) {
			t.Fatalf("%s / %s: %v", a, b, ok)
		} else if ok {
			same("/", q, new(big.Rat).Quo(a.rat(), b.rat()))
		}
		if a.Cmp(b) != a.rat().Cmp(b.rat()) || a.Sign() != a.rat().Sign() {
			t.Fatalf("order of %s and %s", a, b)
		}
	})
}

func TestRoundingAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := big.NewRat(rapid.Int64Range(-1e12, 1e12).Draw(t, "n"),
			rapid.SampledFrom([]int64{1, 2, 3, 7, 8, 20, 200, 2000, 1 << 40}).Draw(t, "d"))
		if rapid.Bool().Draw(t, "large") {
			r.Mul(r, big.NewRat(1<<40, 1<<40-1))
		}
		decimals := rapid.IntRange(0, 2).Draw(t, "decimals")
		how := rapid.SampledFrom([]Rounding{HalfUp, HalfEven, Down}).Draw(t, "how")
		got := big.NewRat(fromRat(r).Round(decimals, how), 100)
		step := big.NewRat(1, []int64{1, 10, 100}[decimals])
		diff := new(big.Rat).Sub(got, r)
		diff.Abs(diff)
		half := new(big.Rat).Quo(step, big.NewRat(2, 1))
		if new(big.Rat).Quo(got, step).IsInt() == false {
			t.Fatalf("%s has more than %d decimals", got, decimals)
		}
		limit := half
		if how == Down {
			limit = step
			if new(big.Rat).Abs(got).Cmp(new(big.Rat).Abs(r)) > 0 {
				t.Fatalf("%s rounded away from zero to %s", r, got)
			}
		}
		if c := diff.Cmp(limit); c > 0 || (c == 0 && how == Down) {
			t.Fatalf("%s rounded to %s", r, got)
		}
		if diff.Cmp(half) == 0 {
			away := new(big.Rat).Abs(got).Cmp(new(big.Rat).Abs(r)) > 0
			units := new(big.Rat).Quo(got, step).Num()
			if (how == HalfUp && !away) || (how == HalfEven && units.Bit(0) == 1) {
				t.Fatalf("the half %s rounded to %s", r, got)
			}
		}
	})
	// What a float would get wrong.
	v := Hundredths(9010).Mul(Hundredths(25))
	if got := v.Round(2, HalfUp); got != 2253 {
		t.Fatalf("90.1 × 0.25 = %d hundredths, want 2253", got)
	}
}

func FuzzParseCondition(f *testing.F) {
	for _, s := range []string{`年龄 >= 75 or 照顾`, `就业 in ["在职"]`, `60 <= 总分 < 80`, `取整(时长 / 3) == 2`, `“`, `((((`,
		`上期.总分`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		c, problems := ParseCondition(src, street{})
		if (c == nil) != (len(problems) > 0) {
			t.Fatalf("condition %v with problems %v", c, problems)
		}
		if c != nil {
			c.Eval(street{})
		}
		for _, p := range problems {
			if p.At < 0 || p.At > len([]rune(src)) || p.Message == "" {
				t.Fatalf("bad problem %+v", p)
			}
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	s := street{age: Int(80), knowAge: true, knowJob: true}
	c, problems := ParseCondition(`年龄 >= 75 or 就业 in ["在职", "两新"]`, s)
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	for b.Loop() {
		c.Eval(s)
	}
}
