package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/domain"
	"jifen/internal/scoring"
)

// ahead prints what is lacking and what is left, as a statement has it.
func ahead(res *scoring.Result) string {
	a := res.Statement()
	var parts []string
	if a.Requirements != nil {
		words := a.Requirements.Grade
		for _, n := range a.Requirements.Needs {
			words += fmt.Sprintf(" %s=%v%s", n.Source, n.Want, n.Now)
		}
		parts = append(parts, words)
	}
	for _, r := range a.Headroom {
		words := r.Name + r.Unit.String()
		if r.HasPlus {
			words += "+" + r.Plus.String()
		}
		if r.HasMinus {
			words += "-" + r.Minus.String()
		}
		if r.HasTimes {
			words += fmt.Sprintf("×%d", r.Times)
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, " | ")
}

func TestWhatIsLackingAndWhatIsLeft(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{好事: {板块: 贡献, 分值: -5至5, 限额: {月: 3分, 年: [10分, -4分]}}, 坏事: {板块: 基础, 分值: -3, 限额: {季: 2次}}, 没做: {板块: 基础, " +
			"分值: 1, 限额: {年: 1次}}}",
		"红线": "{受处分: {当: '处分 == \"警告\"', 则: {最高等次: 差}, 直到: 解除}}", "豁免": "", "活动": "",
		"等次": "{好: 总分 >= 90 and 扣分次数 == 0, 中: 总分 >= 84, 差: 其余}",
	})
	for _, c := range []struct {
		asOf, want string
		did        []string
		warned     bool
	}{
		// 80 + 2 + 1 in March; in April the month is new, the year is not.
		{"2026-03-31", "中 总分 >= 84=true83 | 好事月+0 | 好事年+7-4", []string{"好事 2026-03-01 分值=2", "好事 2026-03-02 分值=2"}, false},
		{"2026-04-01", "中 总分 >= 84=true83 | 好事月+3 | 好事年+7-4", []string{"好事 2026-03-01 分值=2", "好事 2026-03-02 分值=2"}, false},
		{"2026-03-31", "中 总分 >= 84=true77 | 坏事季×1", []string{"坏事 2026-03-01"}, false},
		{"2026-03-31", "中 受处分=false", nil, true},
		// 86 points, and something taken off: both stand in the way of the best.
		{"2026-12-31", "好 总分 >= 90=true84 | 好事月+3 | 好事年+3-4", []string{"好事 2026-03-01 分值=2", "好事 2026-04-02 分值=2"}, false},
		{"2026-12-31", "好 总分 >= 90=true85 扣分次数 == 0=true1 | 好事月+2 | 好事年+2-4 | 坏事季×2",
			[]string{"好事 2026-03-01 分值=2", "好事 2026-04-02 分值=2", "好事 2026-05-02 分值=2", "好事 2026-06-02 分值=2", "坏事 2026-07-01"},
			false},
		// On the last day of the year nothing comes of its other months, and what the
		// year leaves is all that its last month can give.
	} {
		r := someone(t, rb, c.did...)
		if c.warned {
			r.Entries = append(r.Entries, did(t, rb, "好事 2026-01-01 分值=2"), did(t, rb, "好事 2026-02-01 分值=2"))
			r.Facts = append(r.Facts, domain.Fact{Attribute: "处分", From: r.Entries[0].On, Value: domain.Value{Text: "警告"}})
			c.want += " | 好事月+3 | 好事年+6-4"
		}
		if got := ahead(scored(rb, r, c.asOf)); got != c.want {
			t.Errorf("%v as of %s:\n got  %s\n want %s", c.did, c.asOf, got, c.want)
		}
	}
}

// TestWhatIsLackingUnderARedLine: a line that does not hold the grade down is no
// reason to be silent, and what it does not hold down it is not blamed for.
func TestWhatIsLackingUnderARedLine(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{好事: {板块: 贡献, 分值: 1至20}, 坏事: {板块: 基础, 分值: -40}}", "豁免": "", "活动": "",
		"红线": "{警告: {当: '处分 == \"警告\"', 则: {最高等次: 中}, 直到: 解除}, 停加: {当: '处分 == \"严重警告\"', 则: {加分: 暂停}, 直到: 解除}, " +
			"清零: {当: '处分 == \"留党察看\"', 则: {总分: 0}, 直到: 解除}}",
		"等次": "{优: 总分 >= 90, 良: 总分 >= 80, 中: 总分 >= 60, 差: 其余}",
	})
	for _, c := range []struct{ discipline, did, want string }{
		{"警告", "坏事 2026-01-01", "中 总分 >= 60=true40"},           // worse than the line allows: points would do
		{"警告", "", "良 警告=false"},                               // 80 points: only the line stands in the way
		{"严重警告", "", "优 总分 >= 90=true80"},                      // additions wait, the grade is held down by nothing
		{"严重警告", "好事 2026-02-01 分值=10", "优 停加=false"},          // additions that wait hold it down
		{"留党察看", "", "良 清零=false"},                             // 80 set to 0
		{"留党察看", "坏事 2026-01-01", "中 总分 >= 60=true0 清零=false"}, // 40 set to 0: points and the line
	} {
		lines := []string{"处分=" + c.discipline + " 2026-01-01"}
		if c.did != "" {
			lines = append(lines, c.did)
		}
		if got := ahead(scored(rb, someone(t, rb, lines...), "2026-12-31")); got != c.want {
			t.Errorf("%s %s:\n got  %s\n want %s", c.discipline, c.did, got, c.want)
		}
	}
	// A part in which a red line acted earlier holds nothing down any more.
	parts := frame(t, map[string]string{
		"板块": "{月评: {每: 月, 取: 平均, 空期: 记零, 起点: 80, 上限: 100}}", "属性": "{停职: 是否}", "类别": "{甲: {当: 其余}}", "豁免": "", "活动": "",
		"项目": "{好事: {板块: 月评, 分值: 1至20}}", "红线": "{停职线: {当: 停职, 则: {月评: 0}, 直到: 解除}}",
		"等次": "{优: 总分 >= 90, 良: 总分 >= 60, 差: 其余}", "排名": "",
	})
	got := ahead(scored(parts, someone(t, parts, "停职=是 2026-02-01", "停职=否 2026-03-01"), "2026-12-31"))
	if got != "优 总分 >= 90=true73.3" {
		t.Errorf("a month in which a red line acted: %s", got)
	}
	got = ahead(scored(parts, someone(t, parts, "停职=是 2026-02-01", "停职=否 2026-08-01"), "2026-12-31"))
	if got != "良 总分 >= 60=true40" { // six months of 0: points are what would mend it
		t.Errorf("half a year in which a red line acted: %s", got)
	}
}

// TestWhatIsLackingGoesByThePlace: with shares the promise is what the places
// of today allow.
func TestWhatIsLackingGoesByThePlace(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{好事: {板块: 贡献, 分值: 1至20}, 评议: {板块: 基础, 分值: 0}}", "豁免": "", "活动": "",
		"红线": "{未评议: {当: '本年次数(\"评议\") == 0', 则: {最高等次: 三}, 直到: 解除}}",
		"等次": "{五: {当: 总分 >= 85, 占: 20%}, 四: 总分 >= 82, 三: 总分 >= 60, 二: 其余}", "排名": "{范围: [支部], 名额: 支部, 至少: 5人}",
	})
	at := func(place int) []domain.Rank {
		return []domain.Rank{{Level: domain.Branch, Place: place, Of: 6, Tied: 1}}
	}
	grade := func(place int, did ...string) string {
		res := scored(rb, someone(t, rb, did...), "2026-12-31")
		lack, ok := res.Requirements(at(place))
		if !ok {
			return "none"
		}
		words := lack.Grade
		for _, n := range lack.Needs {
			words += " " + n.Source
		}
		return words
	}
	for _, c := range []struct {
		place int
		did   []string
		want  string
	}{
		{1, []string{"好事 2026-01-01 分值=9"}, "五 未评议"},
		{2, []string{"好事 2026-01-01 分值=9"}, "四 未评议"},                       // one place of six is 五's
		{2, []string{"好事 2026-01-01 分值=9", "评议 2026-02-01"}, "none"},       // a place among others is not had by oneself
		{3, []string{"评议 2026-02-01"}, "四 总分 >= 82"},                       // 四 needs no place
		{1, []string{"好事 2026-01-01 分值=3", "评议 2026-02-01"}, "五 总分 >= 85"}, // the place is his already
	} {
		if got := grade(c.place, c.did...); got != c.want {
			t.Errorf("place %d, %v: %s, want %s", c.place, c.did, got, c.want)
		}
	}
	if _, ok := scored(rb, someone(t, rb), "2026-12-31").Requirements(nil); ok {
		t.Error("a promise with no places known")
	}
}

// TestTheRoomIsWhatIsGranted adds to any life an entry of any size on the day:
// it gets no more than the least room, and all of it where that is enough.
func TestTheRoomIsWhatIsGranted(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"板块": "{基础: {起点: 80}, 贡献: {限额: {年: 12分}}, 公益: {属于: 贡献, 限额: {月: 6分}}}",
		"项目": "{服务: {板块: 公益, 分值: 1至9, 限额: {季: 8分, 年: 4次}}, 好事: {板块: 贡献, 分值: 2}}",
		"红线": "", "豁免": "", "活动": "", "等次": "{一: 其余}",
	})
	rapid.Check(t, func(rt *rapid.T) {
		var did1 []string
		for range rapid.IntRange(0, 6).Draw(rt, "entries") {
			day := fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 6).Draw(rt, "month"), rapid.IntRange(1, 15).Draw(rt, "day"))
			if rapid.Bool().Draw(rt, "kind") {
				did1 = append(did1, "好事 "+day)
			} else {
				did1 = append(did1, fmt.Sprintf("服务 %s 分值=%d", day, rapid.IntRange(1, 9).Draw(rt, "points")))
			}
		}
		did1 = append(did1, "服务 2026-01-01 分值=1") // so that the item is told of
		r := someone(t, rb, did1...)
		least, times := domain.Points(1<<40), 1
		a := scored(rb, r, "2026-06-20").Statement()
		for _, room := range a.Headroom {
			if room.HasPlus {
				least = min(least, room.Plus)
			}
			if room.HasTimes {
				times = room.Times
			}
		}
		if times == 0 {
			least = 0
		}
		points := rapid.IntRange(1, 9).Draw(rt, "new")
		before := a.Standing.Total
		r.Entries = append(r.Entries, did(t, rb, fmt.Sprintf("服务 2026-06-20 分值=%d", points)))
		r.Entries[len(r.Entries)-1].ID = "z"
		granted := scored(rb, r, "2026-06-20").Standing.Total - before
		if want := min(least, domain.Points(points)*100); granted != want {
			rt.Fatalf("%v: %d points on 20 June gave %s, the rooms %+v", did1, points, granted, a.Headroom)
		}
	})
}
