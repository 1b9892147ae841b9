package formula

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// flags is a scope of yes/no names, and an environment of their truths.
type flags struct {
	names []string
	truth []Tri
}

func (f flags) Name(name string) (Symbol, error) {
	for i, n := range f.names {
		if n == name {
			return Symbol{Type: Flag, Slot: i}, nil
		}
	}
	return Symbol{}, errors.New("没有")
}
func (flags) Member(string, string) (Symbol, error) { return Symbol{}, errors.New("没有") }
func (flags) Call(string, string) (Symbol, error)   { return Symbol{}, errors.New("没有") }
func (flags) Number(int) (Number, bool)             { return Number{}, false }
func (flags) Choice(int) (int, bool)                { return 0, false }
func (f flags) Flag(slot int) Tri                   { return f.truth[slot] }

func drawCondition(t *rapid.T, names []string, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom(names).Draw(t, "name")
	}
	a := drawCondition(t, names, depth-1-rapid.IntRange(0, depth-1).Draw(t, "skip"))
	switch rapid.IntRange(0, 3).Draw(t, "op") {
	case 0:
		return "not (" + a + ")"
	case 1:
		return a
	default:
		b := drawCondition(t, names, depth-1)
		return "(" + a + " " + rapid.SampledFrom([]string{"and", "or"}).Draw(t, "join") + " " + b + ")"
	}
}

// TestLackingIsTheSmallestSetThatMakesItTrue makes exactly the atoms that
// Lacking names as they are wanted, and looks at every smaller set.
func TestLackingIsTheSmallestSetThatMakesItTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		env := flags{names: []string{"甲", "乙", "丙", "丁", "戊"}}
		for range env.names {
			env.truth = append(env.truth, rapid.SampledFrom([]Tri{False, Unknown, True}).Draw(t, "truth"))
		}
		src := drawCondition(t, env.names, 4)
		c, problems := ParseCondition(src, env)
		if len(problems) > 0 {
			t.Fatal(src, problems)
		}
		atoms, ok := c.Lacking(env)
		with := func(set map[int]Tri) Tri {
			e := flags{names: env.names, truth: append([]Tri(nil), env.truth...)}
			for i, v := range set {
				e.truth[i] = v
			}
			return c.Eval(e)
		}
		// The fewest, by trying everything.
		fewest := -1
		for n := range 243 { // 3 to the 5th: leave, make true, make false
			set := map[int]Tri{}
			for i, k := 0, n; i < 5; i, k = i+1, k/3 {
				if k%3 > 0 {
					set[i] = []Tri{0, True, False}[k%3]
				}
			}
			if with(set) == True && (fewest < 0 || len(set) < fewest) {
				fewest = len(set)
			}
		}
		if ok != (fewest >= 0) || (ok && len(atoms) != fewest) {
			t.Fatalf("%s in %v: %v, %v; the fewest are %d", src, env.truth, atoms, ok, fewest)
		}
		set := map[int]Tri{}
		for _, a := range atoms {
			for i, n := range env.names {
				if n == a.Source {
					set[i] = TriOf(a.Want)
				}
			}
		}
		if ok && (len(set) != len(atoms) || with(set) != True) {
			t.Fatalf("%s in %v: making %v does not make it hold", src, env.truth, atoms)
		}
	})
}

// TestLackingOfALargeCondition is answered by the tree, in bounded time.
func TestLackingOfALargeCondition(t *testing.T) {
	t.Parallel()
	env := flags{}
	var pairs []string
	for i := range 24 {
		env.names, env.truth = append(env.names, fmt.Sprintf("甲%d", i)), append(env.truth, False)
		if i%2 == 1 {
			pairs = append(pairs, fmt.Sprintf("(甲%d and 甲%d)", i-1, i))
		}
	}
	c, problems := ParseCondition(strings.Join(pairs[:11], " or ")+" or 甲22", env)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if atoms, ok := c.Lacking(env); !ok || len(atoms) != 1 || atoms[0].Source != "甲22" {
		t.Errorf("%v, %v", atoms, ok)
	}
}

func TestLackingMeasures(t *testing.T) {
	t.Parallel()
	s := street{total: Int(80), age: Int(60), knowAge: true, care: False, job: 0, knowJob: true}
	for src, want := range map[string]string{
		"总分 >= 95":                   "总分 >= 95 true 80",
		"60 <= 总分 < 70":              "总分 < 70 true 80",
		"总分 >= 95 or 照顾":             "总分 >= 95 true 80",
		"总分 >= 95 and not (年龄 < 75)": "总分 >= 95 true 80; 年龄 < 75 false 60",
		`就业 in ["两新"] and 总分 >= 50`:  `就业 in ["两新"] true`,
		"not 照顾":                     "",
		"照顾 and not 照顾":              "never",
		"95 <= 总分":                   "95 <= 总分 true 80",
		"(照顾 or 总分 > 90) and (照顾 or 年龄 > 70)": "照顾 true",
	} {
		c, problems := ParseCondition(src, s)
		if len(problems) > 0 {
			t.Fatal(src, problems)
		}
		atoms, ok := c.Lacking(s)
		var parts []string
		for _, a := range atoms {
			part := fmt.Sprint(a.Source, " ", a.Want)
			if a.Known {
				part += " " + fmt.Sprint(a.Now.Round(0, HalfUp)/100)
			}
			parts = append(parts, part)
		}
		got := strings.Join(parts, "; ")
		if !ok {
			got = "never"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}
