package formula

import (
	"errors"
	"testing"
)

// three knows three numbers, 甲, 乙 and 丙, in slots 1 to 3, and a yes/no.
type three struct{}

func (three) Name(name string) (Symbol, error) {
	switch name {
	case "甲", "乙", "丙":
		return Symbol{Type: Numeric, Slot: map[string]int{"甲": 1, "乙": 2, "丙": 3}[name], Max: 100}, nil
	case "流动":
		return Symbol{Type: Flag, Slot: 4}, nil
	}
	return Symbol{}, errors.New("没有这个名称")
}

func (three) Member(string, string) (Symbol, error) { return Symbol{}, errors.New("没有") }
func (three) Call(string, string) (Symbol, error)   { return Symbol{}, errors.New("没有") }

func TestCutsTellWhereATruthChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src     string
		cuts    []Cut
		tangled bool
	}{
		{"甲 >= 60", []Cut{{1, Int(60)}}, false},
		{"60 <= 甲 < 80", []Cut{{1, Int(60)}, {1, Int(80)}}, false},
		{"not (甲 == 0.5 or -3 > 乙) and 流动", []Cut{{1, Hundredths(50)}, {2, Int(-3)}}, false},
		{"1 < 2 and 流动", nil, false},
		{"甲 > 乙", nil, true},
		{"甲 - 乙 > 3 and 丙 > 4", []Cut{{3, Int(4)}}, true},
		{"取整(甲) > 3", nil, true},
	} {
		cond, problems := ParseCondition(c.src, three{})
		if len(problems) > 0 {
			t.Fatal(c.src, problems)
		}
		same := len(cond.Cuts) == len(c.cuts) && cond.Tangled == c.tangled
		for i := range cond.Cuts {
			same = same && cond.Cuts[i].Slot == c.cuts[i].Slot && cond.Cuts[i].At.Cmp(c.cuts[i].At) == 0
		}
		if !same {
			t.Errorf("%s: %v, tangled %v", c.src, cond.Cuts, cond.Tangled)
		}
		terms, _ := ParseTerms(c.src, three{})
		if all := All(terms); len(all.Cuts) != len(c.cuts) || all.Tangled != c.tangled {
			t.Errorf("%s: its terms together: %v, tangled %v", c.src, all.Cuts, all.Tangled)
		}
	}
}

func TestUnglue(t *testing.T) {
	t.Parallel()
	words := []string{"流动", "流动党员", "照顾", "年龄"}
	for name, want := range map[string]string{
		"流动或照顾": "流动 or 照顾", "非流动": "not 流动", "流动党员且不照顾": "流动党员 and not 照顾", "没有照顾": "not 照顾",
		"年龄大于75": "年龄 > 75", "年龄不低于75": "年龄 >= 75",
		"流动": "", "流动照顾": "", "流动或": "", "或流动": "", "身份": "", "年龄大于七十五": "", "流动75": "", "": "",
	} {
		if got := Unglue(name, words); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// What is right already stays as it is, but for the room between its words.
func TestRespellLeavesAloneWhatIsRight(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		`年龄 >= 75 or 照顾`, `职务 != "无"`, `就业 in ["在职", "两新"]`, `60 <= 总分 < 80`, `本月次数("交纳党费") == 0`, `上期.总分 - 总分 >= 10`,
		`取整(金额 / 100) * 0.5`, `not 流动 and (甲1 > 2)`, `职务 == "大于 且 ，年"`, `不良记录 > 3`, `大于组 or 或然`, `第1次数 > 2`,
	} {
		if got := Respell(src); got != src {
			t.Errorf("%s became %s", src, got)
		}
	}
}
