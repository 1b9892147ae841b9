package ruleset

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// fakeEnv answers by slot; what it does not list is unknown.
type fakeEnv struct {
	numbers map[int]int64 // hundredths
	choices map[int]int
	flags   map[int]formula.Tri
	unknown []int
}

func (e *fakeEnv) Number(slot int) (formula.Number, bool) {
	n, ok := e.numbers[slot]
	return formula.Hundredths(n), ok
}

func (e *fakeEnv) Choice(slot int) (int, bool) {
	k, ok := e.choices[slot]
	return k, ok
}

func (e *fakeEnv) Flag(slot int) formula.Tri {
	if t, ok := e.flags[slot]; ok {
		return t
	}
	return formula.Unknown
}

func (e *fakeEnv) Unknown(reads []int) { e.unknown = append(e.unknown, reads...) }

// book loads the smallest file with more behind it: items first.
func book(t *testing.T, items, more string) *RuleSet {
	t.Helper()
	r := Load("x.yaml", []byte(smallest+items+more))
	if r.Book == nil {
		t.Fatal(r.Format())
	}
	return r.Book
}

// stepsOf loads an item 量 with steps and returns them.
func stepsOf(t *testing.T, steps string) *Steps {
	t.Helper()
	b := book(t, "  量: {板块: 基础, 记录: {数目: 数}, 分值: {数量: 数目, "+steps+"}}\n", "")
	a, _, ok := b.Items[b.Item("量")].Amount.At(b.From, &fakeEnv{})
	if !ok || a.Kind != Stepped {
		t.Fatalf("%+v", a)
	}
	return a.Steps
}

func TestStepsOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		steps string
		want  map[string]string // quantity: points
	}{
		{"每: 年, 达到: {10: 2, 20: 5, 50: 10}",
			map[string]string{"0": "0", "9.99": "0", "10": "2", "10.01": "2", "19.99": "2", "20": "5", "49.99": "5", "50": "10",
				"50000": "10"}},
		{"每: 年, 分段: [{至: 1000, 每: 100}, {至: 5000, 每: 400}, {至: 10000, 每: 500}, {每: 1000}]",
			map[string]string{"0": "0", "99.99": "0", "100": "1", "999.99": "9", "1000": "10", "1399": "10", "1399.99": "10",
				"1400": "11", "5000": "20", "10000": "30", "10999.99": "30", "11000": "31"}},
		{"分段: [{至: 10, 每: 2, 得: 1.5}]", map[string]string{"1.99": "0", "2": "1.5", "10": "7.5", "1000": "7.5"}},
		{"分段: [{每: 0.5, 得: 3}]", map[string]string{"0.49": "0", "0.5": "3", "1": "6", "100": "600"}},
	} {
		s := stepsOf(t, c.steps)
		for q, want := range c.want {
			h, ok := domain.ParseHundredths(q)
			if got := s.Of(formula.Hundredths(h)); !ok || got.String() != want {
				t.Errorf("%s of %s: %s, want %s", c.steps, q, got, want)
			}
		}
		if (s.Every == calendar.Year) != strings.HasPrefix(c.steps, "每") {
			t.Errorf("%s: every %s", c.steps, s.Every)
		}
	}
}

func TestAnchorIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		every, on, period, want string
	}{
		{"月", "首日", "2026-02", "2026-02-01"},
		{"月", "末日", "2026-02", "2026-02-28"},
		{"月", "末日", "2028-02", "2028-02-29"},
		{"月", "25日", "2026-12", "2026-12-25"},
		{"季", "首日", "2026Q3", "2026-07-01"},
		{"季", "末日", "2026Q3", "2026-09-30"},
		{"半年", "末日", "2026H1", "2026-06-30"},
		{"半年", "首日", "2026H2", "2026-07-01"},
		{"年", "首日", "2026", "2026-01-01"},
		{"年", "12月10日", "2026", "2026-12-10"},
		{"年", "2月28日", "2026", "2026-02-28"},
		{"年", "12月31日", "2026", "2026-12-31"},
	} {
		b := book(t, "  逾期: {板块: 基础, 分值: -1, 自动: {每: "+c.every+", 于: "+c.on+", 当: 本年次数(\"好人好事\") == 0}}\n", "")
		p, err := calendar.ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		auto := b.Items[b.Item("逾期")].Auto
		if got := auto.On.In(p); got.String() != c.want || auto.Every != p.Unit {
			t.Errorf("%s %s in %s: %s, want %s", c.every, c.on, c.period, got, c.want)
		}
	}
}

func TestDatedValues(t *testing.T) {
	t.Parallel()
	b := book(t, "  投诉: {板块: 基础, 分值: {自 2026-01-01: -2, 自 2026-07-01: {值: -3, 依据: 修订第三条}}, "+
		"限额: {年: {自 2026-03-01: -10分}}, 依据: 第十二条}\n", "")
	it := &b.Items[b.Item("投诉")]
	for _, c := range []struct {
		day   string
		want  string
		basis string
		ok    bool
	}{
		{"2025-12-31", "0", "", false},
		{"2026-01-01", "-2", "第十二条", true},
		{"2026-06-30", "-2", "第十二条", true},
		{"2026-07-01", "-3", "修订第三条", true},
		{"2030-01-01", "-3", "修订第三条", true},
	} {
		d, err := calendar.Parse(c.day)
		if err != nil {
			t.Fatal(err)
		}
		a, clause, ok := it.Amount.At(d, &fakeEnv{})
		if ok != c.ok || a.Points.String() != c.want || (ok && b.Clauses[clause].Basis != c.basis) {
			t.Errorf("%s: %s %v %+v", c.day, a.Points, ok, b.Clauses[clause])
		}
	}
	for day, want := range map[string]bool{"2026-02-28": false, "2026-03-01": true} {
		d, err := calendar.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		if caps, _, ok := it.Limits[0].Caps.At(d, &fakeEnv{}); ok != want || caps.HasMinus != want {
			t.Errorf("the limit on %s: %v", day, ok)
		}
	}
	var days []string
	for _, d := range b.Dates {
		days = append(days, d.String())
	}
	if got := strings.Join(days, " "); got != "2026-01-01 2026-03-01 2026-07-01" {
		t.Errorf("dates %s", got)
	}
	var leaves []string
	it.Amount.Leaves(func(a Amount) { leaves = append(leaves, a.Points.String()) })
	if got := strings.Join(leaves, " "); got != "-2 -3" {
		t.Errorf("leaves %s", got)
	}
}

func TestValuesByCase(t *testing.T) {
	t.Parallel()
	b := book(t, "  表彰: {板块: 基础, 记录: {级别: [国家, 省, 市]}, 分值: {国家: 100, 省: {甲: 60, 其余: 50}, 其余: 5}}\n"+
		"  值守: {板块: 基础, 记录: {天数: 1至366, 夜间: 是否}, 分值: {天数 >= 60: 3, 夜间: 2, 其余: 1}}\n"+
		"  流动: {板块: 基础, 分值: {按: 处分, 警告: 1, 其余: 2}}\n", "")
	zero, first, second := SlotField, SlotField, SlotField|1 // of 表彰; of 值守
	for _, c := range []struct {
		item    string
		env     fakeEnv
		want    string
		unknown []int
	}{
		{"表彰", fakeEnv{choices: map[int]int{zero: 0}}, "100", nil},
		{"表彰", fakeEnv{choices: map[int]int{zero: 1, SlotCategory: 0}}, "60", nil},
		{"表彰", fakeEnv{choices: map[int]int{zero: 2}}, "5", nil},
		{"表彰", fakeEnv{choices: map[int]int{zero: 1}}, "50", []int{SlotCategory}},
		{"表彰", fakeEnv{}, "5", []int{zero, zero}},
		{"值守", fakeEnv{numbers: map[int]int64{first: 60_00}}, "3", nil},
		{"值守", fakeEnv{numbers: map[int]int64{first: 59_99}, flags: map[int]formula.Tri{second: formula.True}}, "2", nil},
		{"值守", fakeEnv{numbers: map[int]int64{first: 1_00}, flags: map[int]formula.Tri{second: formula.False}}, "1", nil},
		{"值守", fakeEnv{flags: map[int]formula.Tri{second: formula.False}}, "1", []int{first}},
		{"流动", fakeEnv{choices: map[int]int{SlotAttribute | Discipline: 1}}, "1", nil},
		{"流动", fakeEnv{choices: map[int]int{SlotAttribute | Discipline: 0}}, "2", nil},
	} {
		env := c.env
		a, _, ok := b.Items[b.Item(c.item)].Amount.At(b.From, &env)
		if !ok || a.Points.String() != c.want || !slices.Equal(env.unknown, c.unknown) {
			t.Errorf("%s %+v: %s %v unknown %v, want %s %v", c.item, c.env, a.Points, ok, env.unknown, c.want, c.unknown)
		}
	}
	// Every option has its case, so there is no 其余 and what is unknown gets nothing.
	total := book(t, "  表彰: {板块: 基础, 记录: {级别: [省, 市]}, 分值: {省: 2, 市: 1}}\n", "")
	env := fakeEnv{}
	if _, _, ok := total.Items[1].Amount.At(total.From, &env); ok || len(env.unknown) == 0 {
		t.Error("an unknown option found a value")
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	b := book(t, "  甲事: {板块: 基础, 分值: 1, 适用: 处分 == \"无\"}\n"+
		"  乙事: {板块: 基础, 分值: 1, 适用: {自 2026-07-01: [甲]}}\n", "")
	july := calendar.Of(2026, 7, 1)
	discipline := SlotAttribute | Discipline
	for _, c := range []struct {
		item string
		day  calendar.Day
		env  fakeEnv
		want formula.Tri
	}{
		{"好人好事", july, fakeEnv{}, formula.True},
		{"甲事", july, fakeEnv{choices: map[int]int{discipline: 0}}, formula.True},
		{"甲事", july, fakeEnv{choices: map[int]int{discipline: 1}}, formula.False},
		{"甲事", july, fakeEnv{}, formula.Unknown},
		{"乙事", july - 1, fakeEnv{choices: map[int]int{SlotCategory: 0}}, formula.False},
		{"乙事", july, fakeEnv{choices: map[int]int{SlotCategory: 0}}, formula.True},
	} {
		env := c.env
		applies := &b.Items[b.Item(c.item)].Applies
		if got := applies.Judge(c.day, &env); got != c.want || (got == formula.Unknown) != (len(env.unknown) > 0) {
			t.Errorf("%s on %s: %v, unknown %v", c.item, c.day, got, env.unknown)
		}
		if applies.Holds(c.day, &env) != (c.want == formula.True) || applies.Set() != (c.item != "好人好事") {
			t.Errorf("%s on %s holds or is set otherwise", c.item, c.day)
		}
	}
	rest := &b.Categories[0].When
	if !rest.Set() || !rest.Holds(july, &fakeEnv{}) {
		t.Error("其余 does not hold")
	}
	var none Value[int]
	if _, _, ok := none.At(july, &fakeEnv{}); ok || none.Set() {
		t.Error("an absent value is there")
	}
}

func TestRepeatFactor(t *testing.T) {
	t.Parallel()
	b := book(t, "  缺席: {板块: 基础, 分值: -5, 重复: {在: 12个月, 倍数: [1, 2, 4.5]}}\n"+
		"  迟到: {板块: 基础, 分值: -5, 重复: {在: 本期, 倍数: [1, 2]}}\n"+
		"  早退: {板块: 基础, 分值: -5, 重复: {在: 有效期, 倍数: [1, 2]}}\n", "")
	r := b.Items[1].Repeat
	for n, want := range map[int]int64{1: 100, 2: 200, 3: 450, 4: 450, 99: 450} {
		if r.Factor(n).Cmp(formula.Hundredths(want)) != 0 {
			t.Errorf("occurrence %d", n)
		}
	}
	if r.Within != (calendar.Span{Months: 12}) || b.Items[2].Repeat.Window != calendar.Year || !b.Items[3].Repeat.Valid {
		t.Error("在 is read wrongly")
	}
}

func TestCountersAreSharedAndFindTheirField(t *testing.T) {
	t.Parallel()
	b := book(t, "  服务: {板块: 基础, 记录: {时长: 数 小时, 人数: 数 人}, 分值: 1}\n",
		"等次:\n  好: 本年合计(\"服务.人数\") > 10 and 累计次数(\"服务\") > 3\n  中: 累计次数(\"服务\") > 1 or 有(\"好人好事\")\n  差: 其余\n")
	want := []Counter{{Unit: calendar.Year, Item: 1, Field: 1}, {Unit: calendar.Life, Item: 1, Field: -1}}
	if !slices.Equal(b.Counters, want) || !b.Items[0].Counted || !b.Items[1].Counted {
		t.Errorf("%+v", b.Counters)
	}
}
