package scoring_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// saturated returns a record with so many more entries of some items on a day
// that no limit and no cap of the drawn schemes leaves anything to a further one.
func saturated(r *domain.MemberHistory, items []string, on calendar.Day) *domain.MemberHistory {
	more := *r
	more.Entries = slices.Clone(r.Entries)
	for n := range 40 * len(items) {
		e := domain.Entry{ID: "z" + strconv.Itoa(1000+n), On: on, Item: items[n/40]}
		switch e.Item {
		case "其他":
			e.Points, e.Chosen = 500, true
		case "评议":
			e.Points, e.Chosen = 400, true
		case "志愿":
			e.Fields = []domain.Field{{Name: "时长", Value: domain.Value{Number: 100}}}
		}
		more.Entries = append(more.Entries, e)
	}
	return &more
}

// adding returns what of a drawn scheme may add points to an item or to a block,
// what gives most first.
func adding(rb *ruleset.RuleSet, room *domain.Headroom) (out []string) {
	for _, name := range []string{"其他", "志愿", "评议"} {
		it := &rb.Items[rb.Item(name)]
		if room.Item && name == room.Name {
			return []string{name}
		}
		if room.Item || it.Season != nil {
			continue
		}
		for b := it.Block; b >= 0; b = rb.Blocks[b].Parent {
			if rb.Blocks[b].Name == room.Name {
				out = append(out, name)
			}
		}
	}
	return out
}

// TestTheAdviceIsWhatSaturationGives adds to any life under any scheme entries on
// the day until nothing more is granted. On the last day of its window a limit
// promises exactly what the total rose by, on any other day at least that; and
// what is said to be full raises nothing.
func TestTheAdviceIsWhatSaturationGives(t *testing.T) {
	t.Parallel()
	promised := 0
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		if asOf = min(asOf, period.Last); rapid.Bool().Draw(t, "at the end") {
			asOf = min(period.Last, rapid.SampledFrom([]calendar.Unit{calendar.Week, calendar.Month, calendar.Year}).Draw(t,
				"window").Of(asOf).Last)
		}
		a := scoring.Member(scoring.Under(rb), r, period, asOf).Statement()
		for i := range a.Headroom {
			room := &a.Headroom[i]
			items := adding(rb, room)
			if len(items) == 0 {
				continue
			}
			rose := scoring.Member(scoring.Under(rb), saturated(r, items, asOf), period, asOf).Standing.Total - a.Standing.Total
			last := asOf == period.Last || room.Unit != calendar.Life && room.Unit.Of(asOf).Last == asOf
			switch {
			case room.Full && rose > 0:
				t.Fatalf("as of %s %+v is full, and %v raised the total by %s", asOf, room, items, rose)
			case room.HasPlus && room.Plus > 0 && room.Full:
				t.Fatalf("as of %s %+v is full and promises", asOf, room)
			case last && room.HasPlus && room.Plus != rose, room.HasPlus && room.Plus < rose:
				t.Fatalf("as of %s %+v by %+v, and %v raised the total by %s", asOf, room, room.By, items, rose)
			case room.HasPlus && room.Plus > 0:
				promised++
			}
		}
	})
	t.Logf("%d limits promised points", promised)
}

// TestTheAdviceLooksAtEveryCap: what a limit leaves is no promise where a block
// above, the total, or a red line takes it.
func TestTheAdviceLooksAtEveryCap(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"板块": "{基础: {起点: 80}, 贡献: {上限: 20}, 公益: {属于: 贡献, 限额: {年: 10分}}}\n总分: {上限: 105}",
		"项目": "{捐赠: {板块: 公益, 分值: 1至30, 限额: {年: 40分}}, 心愿: {板块: 公益, 分值: 1, 限额: {月: 2次}}, 表彰: {板块: 贡献, 分值: 1至30}, " +
			"坏事: {板块: 基础, 分值: -5}, 评议: {板块: 基础, 分值: 1至9}}",
		"红线": "{停加: {当: '处分 == \"警告\"', 则: {加分: 暂停}, 直到: 解除}, 作废: {当: '处分 == \"严重警告\"', 则: {加分: 作废}, 直到: 解除}}", "豁免": "",
		"活动": "", "等次": "{一: 其余}",
	})
	for _, c := range []struct {
		why, want string
		did       []string
	}{
		{"the block's limit is less than the item's", "捐赠年+9公益限额年 公益年+9", []string{"捐赠 2026-02-01 分值=1"}},
		{"the block's limit is spent", "捐赠年+0!公益限额年 公益年+0!", []string{"捐赠 2026-02-01 分值=10"}},
		{"the cap of the block above is reached", "公益年+0!贡献上限20", []string{"表彰 2026-02-01 分值=20"}},
		{"and a count promises nothing then", "心愿月×1!贡献上限20 公益年+0!贡献上限20", []string{"心愿 2026-06-01", "表彰 2026-02-01 分值=20"}},
		{"it leaves a part", "公益年+3贡献上限20", []string{"表彰 2026-02-01 分值=17"}},
		{"what is above the cap has to be filled first", "公益年+0!贡献上限20", []string{"表彰 2026-02-01 分值=30"}},
		{"the total's own", "公益年+2总分上限105", []string{"表彰 2026-02-01 分值=14", "评议 2026-02-01 分值=9"}},
		{"additions wait", "捐赠年+0!停加 公益年+0!停加", []string{"处分=警告 2026-03-01", "捐赠 2026-02-01 分值=1"}},
		{"additions are lost", "捐赠年+0!作废 公益年+0!作废", []string{"处分=严重警告 2026-03-01", "捐赠 2026-02-01 分值=1"}},
		{"a month that is full", "心愿月×0! 公益年+8", []string{"心愿 2026-06-01", "心愿 2026-06-02"}},
	} {
		if got := promised(scored(rb, someone(t, rb, c.did...), "2026-06-15")); got != c.want {
			t.Errorf("%s: %v:\n got  %s\n want %s", c.why, c.did, got, c.want)
		}
	}
	if got, want := promised(scored(rb, someone(t, rb, "心愿 2026-12-01"), "2026-12-15")), "心愿月×1 公益年+9"; got != want {
		t.Errorf("in December:\n got  %s\n want %s", got, want)
	}
}

// promised writes out what a statement says is still to be had, with ! where
// nothing would come of it, and what bounds it.
func promised(res *scoring.Result) (out string) {
	a := res.Statement()
	for i := range a.Headroom {
		r := &a.Headroom[i]
		if out != "" {
			out += " "
		}
		out += r.Name + r.Unit.String()
		if r.HasPlus {
			out += "+" + r.Plus.String()
		}
		if r.HasTimes {
			out += fmt.Sprintf("×%d", r.Times)
		}
		if r.Full {
			out += "!"
		}
		if r.By != nil {
			switch out += r.By.Name; r.By.Kind {
			case domain.LineEntry:
				out += "限额" + r.By.Unit.String()
			case domain.LineClamp:
				out += "上限" + r.By.Points.String()
			default:
			}
		}
	}
	return out
}

// TestWhatTheTotalDoesNotGetIsSaid: wherever the total moves by something else
// than what an entry was granted, it is said what stood between.
func TestWhatTheTotalDoesNotGetIsSaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		with := *r
		e := domain.Entry{ID: "new", On: min(asOf, period.Last),
			Item: rapid.SampledFrom([]string{"其他", "志愿", "违规"}).Draw(t, "new")}
		switch e.Item {
		case "其他":
			e.Points, e.Chosen = domain.Points(rapid.IntRange(-50, 50).Draw(t, "new points")*10), true
		case "志愿":
			e.Fields = []domain.Field{{Name: "时长", Value: domain.Value{Number: rapid.Int64Range(0, 900).Draw(t, "new hours")}}}
		}
		with.Entries = append(slices.Clone(r.Entries), e)
		before, after := scoring.Member(scoring.Under(rb), r, period, asOf),
			scoring.Member(scoring.Under(rb), &with, period, asOf)
		granted := given(new(after.Statement()))[fmt.Sprint(e.Item, e.On, e.ID, "")]
		if text := after.Absorbed(before); after.Standing.Total-before.Standing.Total != granted && text == "" {
			t.Fatalf("as of %s %+v was granted %s, and the total went from %s to %s without a word", asOf, e, granted,
				before.Standing.Total, after.Standing.Total)
		}
	})
}

func TestWhatTookTheRest(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"板块": "{基础: {起点: 5, 下限: 0}, 贡献: {上限: 20}, 公益: {属于: 贡献, 上限: 12}}\n总分: {上限: 24}", "豁免": "", "活动": "", "等次": "{一: 其余}",
		"项目": "{服务: {板块: 公益, 分值: 1至30}, 表彰: {板块: 贡献, 分值: -30至30}, 坏事: {板块: 基础, 分值: -4}}",
	})
	for _, c := range []struct{ did, new, want string }{
		{"表彰 2026-02-01 分值=18", "服务 2026-03-01 分值=5", "“贡献”上限 20 分，多出的 3 分不计；“总分”上限 24 分，多出的 1 分不计"},
		{"服务 2026-02-01 分值=10", "服务 2026-03-01 分值=5", "“公益”上限 12 分，多出的 3 分不计"},
		{"服务 2026-02-01 分值=1", "服务 2026-03-01 分值=5", ""},
		{"坏事 2026-02-01", "坏事 2026-03-01", "“基础”下限 0 分，再低的 3 分不扣"},
		{"表彰 2026-02-01 分值=30", "表彰 2026-03-01 分值=-4", "“贡献”原来超出上限 20 分，先从超出的里扣 4 分"},
	} {
		before := scored(rb, someone(t, rb, c.did), "2026-12-31")
		after := scored(rb, someone(t, rb, c.did, c.new), "2026-12-31")
		if got := after.Absorbed(before); got != c.want {
			t.Errorf("%s after %s:\n got  %s\n want %s", c.new, c.did, got, c.want)
		}
	}
}

// TestWhatOtherEntriesLoseIsSaid: an entry that leaves less of a shared limit to another one,
// or takes its place, moves the total by something else than its own points.
func TestWhatOtherEntriesLoseIsSaid(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"板块": "{基础: {起点: 50, 限额: {周: -3分}}, 贡献: {属于: 基础, 限额: {周: 4分}}}", "豁免": "", "活动": "", "等次": "{一: 其余}",
		"项目": "{迟到: {板块: 基础, 分值: -1}, 缺席: {板块: 基础, 分值: -2}, 服务: {板块: 贡献, 分值: 1至9}}",
	})
	for _, c := range []struct {
		did       []string
		new, want string
		moved     domain.Points
	}{
		{[]string{"缺席 2026-03-04"}, "缺席 2026-03-03", "“缺席”（2026-03-04）跟着由 -2 变为 -1", -100},
		{[]string{"服务 2026-03-04 分值=2", "服务 2026-03-05 分值=2"}, "服务 2026-03-03 分值=3",
			"“服务”（2026-03-04）等 2 笔跟着变了，合起来 -3", 0},
		{[]string{"迟到 2026-03-04"}, "缺席 2026-03-03", "", -200},
	} {
		before := scored(rb, someone(t, rb, c.did...), "2026-12-31")
		after := scored(rb, someone(t, rb, append(slices.Clone(c.did), c.new)...), "2026-12-31")
		if got := after.Absorbed(before); got != c.want || after.Standing.Total-before.Standing.Total != c.moved {
			t.Errorf("%s after %s moved the total by %s (want %s):\n got  %s\n want %s", c.new, c.did,
				after.Standing.Total-before.Standing.Total, c.moved, got, c.want)
		}
	}
}
