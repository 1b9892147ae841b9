package scoring_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// provesItself checks an account: every line is the sum of what stands under
// it, the leaves add up to the total, every line cites a clause that exists,
// and whatever was cut cites the limit that cut it.
func provesItself(rb *ruleset.RuleSet, a *domain.Statement) error {
	if !a.Standing.Scored {
		if len(a.Total.Children) > 0 {
			return fmt.Errorf("not scored, but has an account")
		}
		return nil
	}
	if a.Total.Leaves() != a.Standing.Total || a.Total.Value != a.Standing.Total {
		return fmt.Errorf("leaves add up to %s, line says %s, total is %s", a.Total.Leaves(), a.Total.Value, a.Standing.Total)
	}
	var walk func(l *domain.Line) error
	walk = func(l *domain.Line) error {
		if l.Clause < 0 || l.Clause >= len(rb.Clauses) || rb.Clauses[l.Clause].Path == "" || rb.Clauses[l.Clause].Line <= 0 {
			return fmt.Errorf("%s cites clause %d, which is none", l.Name, l.Clause)
		}
		path := rb.Clauses[l.Clause].Path
		switch {
		case l.Kind == domain.LineEntry && l.Value != l.Wanted && !strings.Contains(path, "限额"):
			return fmt.Errorf("%s of %s was cut from %s to %s and cites %s", l.Name, l.On, l.Wanted, l.Value, path)
		case l.Kind == domain.LineEntry && l.Value != l.Wanted && !strings.Contains(l.Note, "限额"):
			return fmt.Errorf("%s of %s was cut and does not say so: %s", l.Name, l.On, l.Note)
		case l.Kind == domain.LineClamp && !strings.Contains(path, l.Name):
			return fmt.Errorf("%s cites %s", l.Name, path)
		}
		if l.Kind == domain.LineBlock || l.Kind == domain.LineTotal || l.Kind == domain.LinePart && len(l.Children) > 0 {
			var sum domain.Points
			for i := range l.Children {
				sum += l.Children[i].Value
			}
			if sum != l.Value {
				return fmt.Errorf("%s is %s, its lines add up to %s", l.Name, l.Value, sum)
			}
		}
		for i := range l.Children {
			if err := walk(&l.Children[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(&a.Total)
}

func TestEveryAccountOfTheStreetProvesItself(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 1485)
	for _, asOf := range []string{"2026-01-01", "2026-04-30", "2026-12-31"} {
		for i := range records {
			a := scoring.Member(rb, &records[i], year2026, day(asOf)).Account()
			if err := provesItself(rb, &a); err != nil {
				t.Fatalf("%s as of %s: %v", records[i].Member.ID, asOf, err)
			}
		}
	}
}

// shuffled returns the record with its lists in another order.
func shuffled(r *domain.MemberHistory, seed uint64) *domain.MemberHistory {
	dice := rand.New(rand.NewPCG(seed, 1))
	c := *r
	c.Facts = append([]domain.Fact(nil), r.Facts...)
	c.Entries = append([]domain.Entry(nil), r.Entries...)
	c.Attendance = append([]domain.Attendance(nil), r.Attendance...)
	dice.Shuffle(len(c.Facts), func(i, j int) { c.Facts[i], c.Facts[j] = c.Facts[j], c.Facts[i] })
	dice.Shuffle(len(c.Entries), func(i, j int) { c.Entries[i], c.Entries[j] = c.Entries[j], c.Entries[i] })
	dice.Shuffle(len(c.Attendance), func(i, j int) { c.Attendance[i], c.Attendance[j] = c.Attendance[j], c.Attendance[i] })
	return &c
}

func TestOrderOfRecordsIsIrrelevantInTheStreet(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 300)
	for i := range records {
		want := scoring.Member(rb, &records[i], year2026, day("2026-12-31")).Account()
		got := scoring.Member(rb, shuffled(&records[i], uint64(i)), year2026, day("2026-12-31")).Account()
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s:\n%+v\n%+v", records[i].Member.ID, got, want)
		}
	}
}

// still strips from a result what alone may differ between two days.
func still(res *scoring.Result) domain.Statement {
	a := res.Account()
	a.Standing.AsOf, a.Standing.Day = 0, 0
	for _, list := range []*[]domain.Alert{&a.Standing.Alerts, &a.Standing.Open} {
		*list = append([]domain.Alert(nil), *list...)
		for i := range *list {
			if l := &(*list)[i]; l.Window == "" {
				l.On, l.Due = 0, 0
			}
		}
	}
	a.Rooms = nil // they are of the day they are asked for
	return a
}

// stableSince checks that as of every day up to StableUntil the result is the
// same, and returns how many days that were.
func stableSince(rb *ruleset.RuleSet, r *domain.MemberHistory, period calendar.Period, from calendar.Day) (int, error) {
	res := scoring.Member(rb, r, period, from)
	want := still(res)
	until := min(res.StableUntil, period.Last+40)
	if until < from {
		return 0, fmt.Errorf("as of %s stable until %s", from, res.StableUntil)
	}
	for d := from + 1; d <= until; d++ {
		if got := still(scoring.Member(rb, r, period, d)); !reflect.DeepEqual(got, want) {
			return 0, fmt.Errorf("as of %s stable until %s, but on %s:\n%+v\nbefore:\n%+v", from, res.StableUntil, d, got, want)
		}
	}
	return int(until - from), nil
}

func TestNothingChangesBeforeStableUntilInTheStreet(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 120)
	days := 0
	for i := range records {
		for _, from := range []string{"2025-12-31", "2026-02-05", "2026-06-24", "2026-12-26", "2027-01-05"} {
			n, err := stableSince(rb, &records[i], year2026, day(from))
			if err != nil {
				t.Fatalf("%s: %v", records[i].Member.ID, err)
			}
			days += n
		}
	}
	if days < len(records) { // always "tomorrow" would be true and of no use
		t.Errorf("%d members were stable for %d days in all", len(records), days)
	}
}

// scheme draws a small rule file in which everything that limits, weighs and
// lasts may meet.
func scheme(t *rapid.T) string {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	window := func(name string) string { return pick(name, "日", "周", "月", "季", "半年", "年", "终身") }
	limit := func(name string) string {
		return pick(name, "", ", 限额: {"+window(name)+": 5分}", ", 限额: {"+window(name)+": [4分, -3分]}",
			", 限额: {"+window(name)+": 2次}", ", 限额: {单笔: [2分, -2分], "+window(name)+": [6分, -6分, 3次]}")
	}
	cycle, by := pick("cycle", "年", "半年", "季", "月"), pick("by", "类别按: 当日, 起点按: 天数", "类别按: 当日, 起点按: 期末", "类别按: 期初, 起点按: 期初", "类别按: 期末, 起点按: 期初")
	parts := "" // of a block that is settled by them
	if every := map[string][]string{"年": {"", "半年", "季", "月"}, "半年": {"", "季", "月"}, "季": {"", "月"}, "月": {""}}[cycle]; true {
		if e := pick("every", every...); e != "" {
			parts = ", 每: " + e + ", 取: " + pick("take", "平均", "平均, 空期: 记零", "合计", "末期", "最高2期", "最高2期, 空期: 记零")
		}
	}
	bonus := func(name string) string { return pick(name, "", ", 加分: 暂停", ", 加分: 作废") }
	return "办法: 试验\n编号: t\n施行: 2025-01-01\n" +
		"周期: {考核: " + cycle + ", " + by + "}\n默认: {同一事项: " + pick("matter", "取最高", "各计") + ", 有效: " + pick("usual", "本期", "3个月") + "}\n" +
		"小数: {位数: 1, 舍入: " + pick("round", "四舍五入", "舍去", "四舍六入五成双") + "}\n" +
		"属性: {流动: 是否}\n活动: {会: [党课]}\n豁免: {停: {效果: 不计分}, 免会: {免: [缺席]}}\n" +
		"类别:\n  D: {名称: 流动, 当: 流动}\n  B: {名称: 其余, 当: 其余}\n" +
		"板块:\n  基础: {起点: {D: 10, 其余: 20}, 下限: 0" + limit("基础") + "}\n  贡献: {上限: {D: 3, 其余: 7}" + limit("贡献") + "}\n  公益: {属于: 贡献" + limit("公益") + "}\n" +
		"  分评: {起点: {D: 2, 其余: 4}, 下限: 0, 上限: 6" + parts + "}\n  细评: {属于: 分评, 上限: 3" + limit("细评") + "}\n" +
		pick("total", "", "总分: {公式: 基础 * 0.35 + 贡献 + 分评, 下限: 0}\n", "总分: {下限: 2, 上限: 25}\n") +
		"项目:\n" +
		"  其他: {板块: 贡献, 分值: -5至5" + limit("其他") + "}\n" +
		"  志愿: {板块: 公益, 记录: {时长: 数 小时}, 分值: {数量: 时长, 每: " + pick("steps", "周", "月", "年", "终身") + ", 达到: {1: 1, 5: 3, 9: 4}}" + "}\n" +
		"  违规: {板块: 基础, 分值: -1, 重复: {在: " + pick("rep", "12个月", "有效期", "本期", "40天") + ", 倍数: [1, 2, 4]}, 有效: " + pick("valid", "本期", "2个月", "1年") + "}\n" +
		"  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -0.5, 适用: [B]}\n" +
		"  到会: {来自: 会, 出勤: [到会]}\n" +
		"  未到: {板块: 基础, 自动: {" + pick("auto", "每: 月, 于: 末日", "每: 月, 于: 25日", "每: 季, 于: 末日", "每: 季, 于: 首日", "每: 周, 于: 周五") + ", 当: 本月次数(\"到会\") == 0}, 分值: -0.3}\n" +
		"  评议: {板块: 细评, 分值: -2至4" + season(cycle, pick("season", "", "head", "around")) + "}\n  整改: {板块: 基础, 分值: -1, 解除: [有错, 屡犯]}\n" +
		pick("counts", "", "  连缺: {板块: 基础, 自动: {每: 月, 于: 末日, 当: 连续次数(\"久\") >= 2}, 分值: -0.4}\n", "  累低: {板块: 细评, 自动: {每: 季, 于: 首日, 当: 本年次数(\"低\") >= 1}, 分值: -0.5}\n") +
		pick("carry", "", "  结转: {板块: 贡献, 自动: {每: 年, 于: 首日, 当: 上期.总分 >= 18}, 分值: 1}\n", "  带来: {板块: 细评, 自动: {每: 季, 于: 首日, 当: 本季次数(\"到会\") == 0}, 分值: 上期.总分 * 0.1}\n") +
		"红线:\n  屡犯: {当: 本年次数(\"违规\") >= 3, 则: {总分: 1" + bonus("bonus") + "}, 直到: " + pick("until", "期末", "解除") + "}\n  有错: {当: 有(\"违规\"), 则: {最高等次: 中" + bonus("bonus2") + ", 分评: 1}, 直到: " + pick("until2", "期末", "解除") + "}\n" +
		pick("redcount", "", "  久缺: {当: 连续次数(\"久\") >= 3, 则: {最高等次: 差"+bonus("bonus3")+"}, 直到: "+pick("until3", "期末", "解除")+"}\n", "  周犯: {当: 本周次数(\"违规\") >= 2 and 月份 < 10, 则: {总分: 0"+bonus("bonus4")+"}, 直到: 期末}\n") +
		"等次: {好: 总分 >= 20" + pick("gate", "", " and 累计次数(\"低\") < 3", " and 季度 > 1") + ", 中: 总分 >= 10, 差: 其余}\n" +
		"预警:\n  低: {每: " + pick("alert", "周", "月", "季") + ", 当: 总分 < 10, 级别: 红, 建议: 谈, 负责: 支部书记, 限期: 7天}\n" +
		"  久: {每: 月, 当: 本月次数(\"到会\") == 0, 连续: {2: 提醒, 3: 红}, 建议: 谈, 负责: 支部书记, 限期: 7天}\n" +
		pick("fall", "", "  跌: {每: 月, 当: 总分 - 上期.总分 < 0, 级别: 红, 建议: 谈, 负责: 支部书记, 限期: 7天}\n")
}

// season is 归期 of an item for schemes of this cycle.
func season(cycle, kind string) string {
	switch {
	case kind == "":
		return ""
	case cycle == "年" && kind == "around":
		return ", 归期: 上期, 于: [10月1日, 3月31日]"
	case cycle == "年":
		return ", 归期: 上期, 于: [1月1日, 4月30日]"
	}
	return ", 归期: 上期, 于: [首日, 20日]"
}

// life draws what happened to one member in two years.
func life(t *rapid.T) *domain.MemberHistory {
	days := rapid.Int32Range(int32(day("2025-01-01")), int32(day("2026-12-31")))
	on := func(name string) calendar.Day { return calendar.Day(days.Draw(t, name)) }
	r := &domain.MemberHistory{Member: domain.Membership{ID: "1"}}
	if rapid.Bool().Draw(t, "joins") {
		r.Member.Joined = on("joined")
	}
	if rapid.IntRange(0, 4).Draw(t, "leaves") == 0 {
		r.Member.Left = on("left")
	}
	if rapid.IntRange(0, 4).Draw(t, "goes away") == 0 {
		from, days := on("away"), rapid.Int32Range(1, 200).Draw(t, "days away")
		if back := from + calendar.Day(days); r.Member.Joined < from && (r.Member.Left == 0 || back < r.Member.Left) {
			r.Member.Away = []domain.Absence{{From: from, Back: back}}
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "facts") {
		f := rapid.SampledFrom([]domain.Fact{
			{Attribute: "流动", Value: domain.Value{Number: 1}}, {Attribute: "流动"},
			{Attribute: "豁免", Value: domain.Value{Text: "停"}}, {Attribute: "豁免", Value: domain.Value{Text: "免会"}},
			{Attribute: "豁免", Value: domain.Value{Text: "无"}},
		}).Draw(t, "fact")
		f.From = on("from")
		r.Facts = append(r.Facts, f)
	}
	for i := range rapid.IntRange(0, 25).Draw(t, "entries") {
		e := domain.Entry{ID: fmt.Sprint(i), On: on("on"), Item: rapid.SampledFrom([]string{"其他", "志愿", "违规", "评议", "整改", "没有的"}).Draw(t, "item")}
		switch e.Item {
		case "评议":
			e.Points, e.Chosen = domain.Points(rapid.IntRange(-20, 40).Draw(t, "points")*10), true
		case "其他":
			e.Points, e.Chosen = domain.Points(rapid.IntRange(-50, 50).Draw(t, "points")*10), true
		case "志愿":
			e.Fields = []domain.Field{{Name: "时长", Value: domain.Value{Number: rapid.Int64Range(0, 600).Draw(t, "hours")}}}
		}
		if matter := rapid.SampledFrom([]string{"", "", "甲", "乙"}).Draw(t, "matter"); matter != "" {
			e.Fields = append(e.Fields, domain.Field{Name: domain.MatterField, Value: domain.Value{Text: matter}})
		}
		r.Entries = append(r.Entries, e)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "meetings") {
		r.Attendance = append(r.Attendance, domain.Attendance{Activity: fmt.Sprint(i), Kind: "党课", On: on("met"),
			Status: rapid.SampledFrom([]domain.AttendanceStatus{"到会", "缺席", "请假"}).Draw(t, "status")})
	}
	return r
}

// drawn is one scheme, one life, one cycle and one day in it.
func drawn(t *rapid.T) (*ruleset.RuleSet, *domain.MemberHistory, calendar.Period, calendar.Day) {
	text := scheme(t)
	loaded := ruleset.Load("t.yaml", []byte(text))
	if loaded.Book == nil {
		t.Fatal(loaded.Format())
	}
	r := life(t)
	asOf := calendar.Day(rapid.Int32Range(int32(day("2025-01-01")), int32(day("2027-01-31"))).Draw(t, "asOf"))
	period := loaded.Book.Cycle.Unit.Of(min(asOf, day("2026-12-31")))
	return loaded.Book, r, period, asOf
}

func TestAnyAccountProvesItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		a := scoring.Member(rb, r, period, asOf).Account()
		if err := provesItself(rb, &a); err != nil {
			t.Fatal(err)
		}
		if got := scoring.Member(rb, shuffled(r, 7), period, asOf).Account(); !reflect.DeepEqual(got, a) {
			t.Fatalf("another order gives\n%+v\nnot\n%+v", got, a)
		}
	})
}

func TestNothingChangesBeforeStableUntil(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		if _, err := stableSince(rb, r, period, asOf); err != nil {
			t.Fatal(err)
		}
	})
}

// given is what every entry of an account got, by name, day and id.
func given(a *domain.Statement) map[string]domain.Points {
	out := map[string]domain.Points{}
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if l.Kind == domain.LineEntry {
			out[fmt.Sprint(l.Name, l.On, l.Entry, l.Activity)] = l.Value
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(&a.Total)
	for i := range a.Idle {
		walk(&a.Idle[i])
	}
	return out
}

// replaced reports whether an account says of an entry that a higher one took
// over, or that a red line that struck later keeps it waiting.
func replaced(a *domain.Statement, key string) bool {
	for i := range a.Idle {
		l := &a.Idle[i]
		if fmt.Sprint(l.Name, l.On, l.Entry, l.Activity) == key && (strings.Contains(l.Note, "代替") || strings.Contains(l.Note, "暂停")) {
			return true
		}
	}
	return false
}

func TestLaterRecordsNeverChangeEarlierDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, _ := drawn(t)
		until := period.First + calendar.Day(rapid.IntRange(0, int(period.Last-period.First)).Draw(t, "until"))
		short := *r
		short.Entries, short.Attendance = nil, nil
		for _, e := range r.Entries {
			if e.On <= until {
				short.Entries = append(short.Entries, e)
			}
		}
		for _, a := range r.Attendance {
			if a.On <= until {
				short.Attendance = append(short.Attendance, a)
			}
		}
		before, after := scoring.Member(rb, &short, period, period.Last).Account(), scoring.Member(rb, r, period, period.Last).Account()
		with, seen := given(&after), 0
		for key, points := range given(&before) {
			if slices.ContainsFunc([]string{"未到", "带来", "连缺", "累低"}, func(item string) bool { return strings.Contains(key, item) }) {
				continue // arises on a later day, from what is recorded by then
			}
			if rb.Seasons {
				continue // what is held later may count before it
			}
			if replaced(&after, key) || replaced(&before, key) {
				continue // a higher entry on its matter took over from a later day, or it waits or waited
			}
			if with[key] != points {
				t.Fatalf("%s gave %s, after later records %s", key, points, with[key])
			}
			seen++
		}
		if then, now := scoring.Member(rb, &short, period, until), scoring.Member(rb, r, period, until); !reflect.DeepEqual(then.Account(), now.Account()) {
			t.Fatalf("as of %s the account changed", until)
		}
	})
}

// used is what one window of one limit has granted.
type used struct {
	limit, window int
	on            calendar.Day // of 单笔, which has no window
	entry         string
}

// keepsLimits adds up what an account granted under every limit of every item
// and block, window by window.
func keepsLimits(rb *ruleset.RuleSet, a *domain.Statement) error {
	plus, minus, times := map[used]domain.Points{}, map[used]domain.Points{}, map[used]int{}
	caps := map[int]ruleset.Caps{}
	book := func(limits []ruleset.Limit, l *domain.Line) {
		for i := range limits {
			c, _, _ := limits[i].Caps.At(l.On, nil)
			caps[limits[i].ID] = c
			key := used{limit: limits[i].ID, window: limits[i].Unit.Ordinal(l.On)}
			if limits[i].Unit == calendar.Single {
				key.on, key.entry = l.On, l.Name+l.Entry+l.Activity
			}
			times[key]++
			if l.Value > 0 {
				plus[key] += l.Value
			} else {
				minus[key] -= l.Value
			}
		}
	}
	seen := map[string]bool{} // what lasts beyond its part stands in several
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if key := fmt.Sprint(l.Name, l.On, l.Entry, l.Activity); l.Kind == domain.LineEntry && l.Value != 0 && !seen[key] {
			seen[key] = true
			it := &rb.Items[rb.Item(l.Name)]
			book(it.Limits, l)
			for b := it.Block; b >= 0; b = rb.Blocks[b].Parent {
				book(rb.Blocks[b].Limits, l)
			}
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(&a.Total)
	for key, n := range times {
		c := caps[key.limit]
		if c.HasPlus && plus[key] > c.Plus || c.HasMinus && minus[key] > c.Minus || c.HasTimes && n > c.Times {
			return fmt.Errorf("limit %+v: %+v gave +%s -%s in %d entries", key, c, plus[key], minus[key], n)
		}
	}
	return nil
}

func TestLimitsAreNeverExceeded(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 300)
	for i := range records {
		a := scoring.Member(rb, &records[i], year2026, day("2026-12-31")).Account()
		if err := keepsLimits(rb, &a); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, _ := drawn(t)
		a := scoring.Member(rb, r, period, period.Last).Account()
		if err := keepsLimits(rb, &a); err != nil {
			t.Fatal(err)
		}
	})
}
