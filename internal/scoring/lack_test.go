package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/party"
	"jifen/internal/scoring"
)

// ahead says what an account tells of what is lacking and of what is left.
func ahead(res *scoring.Result) string {
	a := res.Account()
	var parts []string
	if a.Lack != nil {
		words := a.Lack.Grade
		for _, n := range a.Lack.Needs {
			words += fmt.Sprintf(" %s=%v%s", n.Source, n.Want, n.Now)
		}
		parts = append(parts, words)
	}
	for _, r := range a.Rooms {
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
		"项目": "{好事: {板块: 贡献, 分值: -5至5, 限额: {月: 3分, 年: [10分, -4分]}}, 坏事: {板块: 基础, 分值: -3, 限额: {季: 2次}}, 没做: {板块: 基础, 分值: 1, 限额: {年: 1次}}}",
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
		{"2026-12-31", "好 总分 >= 90=true84 | 好事月+3 | 好事年+6-4", []string{"好事 2026-03-01 分值=2", "好事 2026-04-02 分值=2"}, false},
		{"2026-12-31", "好 总分 >= 90=true85 扣分次数 == 0=true1 | 好事月+3 | 好事年+2-4 | 坏事季×2", []string{"好事 2026-03-01 分值=2", "好事 2026-04-02 分值=2", "好事 2026-05-02 分值=2", "好事 2026-06-02 分值=2", "坏事 2026-07-01"}, false},
	} {
		r := someone(t, rb, c.did...)
		if c.warned {
			r.Entries = append(r.Entries, did(t, rb, "好事 2026-01-01 分值=2"), did(t, rb, "好事 2026-02-01 分值=2"))
			r.Facts = append(r.Facts, party.Fact{Attribute: "处分", From: r.Entries[0].On, Value: party.Value{Text: "警告"}})
			c.want += " | 好事月+3 | 好事年+6-4"
		}
		if got := ahead(scored(rb, r, c.asOf)); got != c.want {
			t.Errorf("%v as of %s:\n got  %s\n want %s", c.did, c.asOf, got, c.want)
		}
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
		least, times := party.Points(1<<40), 1
		a := scored(rb, r, "2026-06-20").Account()
		for _, room := range a.Rooms {
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
		if want := min(least, party.Points(points)*100); granted != want {
			rt.Fatalf("%v: %d points on 20 June gave %s, the rooms %+v", did1, points, granted, a.Rooms)
		}
	})
}
