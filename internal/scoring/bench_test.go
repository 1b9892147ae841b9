package scoring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// forty is a rule file of forty items, as long as a street's.
func forty() string {
	var b strings.Builder
	b.WriteString(`办法: 四十项
编号: forty
施行: 2026-01-01
周期: {考核: 年, 类别按: 当日, 起点按: 期末}
活动: {组织生活: [党课, 主题党日]}
属性: {流动: 是否, 年龄: {推算: 周岁}}
类别:
  E: {名称: 年老, 当: 年龄 >= 75}
  D: {名称: 流动, 当: 流动}
  B: {名称: 其他, 当: 其余}
板块:
  基础: {起点: {E: 85, 其余: 80}, 下限: 0}
  贡献: {上限: 20}
  公益: {属于: 贡献, 限额: {年: 10分}}
总分: {下限: 0}
项目:
  交纳党费: {}
  志愿服务: {板块: 公益, 记录: {时长: 数 小时}, 分值: {数量: 时长, 每: 年, 达到: {10: 2, 20: 5, 50: 10}}}
  评议: {板块: 贡献, 记录: {得分: 0至100}, 分值: 得分 * 0.2, 限额: {年: 1次}}
  表彰: {板块: 贡献, 记录: {级别: [省, 市, 县]}, 分值: {省: 6, 市: 3, 县: 2}, 有效: {省: 3年, 其余: 1年}}
  急难险重: {板块: 贡献, 记录: {报道: 是否}, 分值: 1至20, 倍数: {报道: 2, 其余: 1}}
  缺席: {板块: 基础, 分值: -1, 重复: {在: 12个月, 倍数: [1, 2]}}
`)
	for i := 1; i <= 17; i++ {
		fmt.Fprintf(&b, "  好事%d: {板块: 贡献, 分值: 0.5, 限额: {月: 1次}}\n  差错%d: {板块: 基础, 分值: -0.5, 适用: [B, D]}\n", i, i)
	}
	b.WriteString(`红线: {处分: {当: 处分 == "留党察看", 则: {总分: 0}, 直到: 期末}}
等次: {好: 总分 >= 90, 中: 总分 >= 60, 差: 其余}
预警:
  久未交费: {每: 月, 当: 本月次数("交纳党费") == 0, 连续: {3: 提醒, 6: 红}, 建议: 上门, 负责: 支部书记, 限期: 7天}
  低于底线: {每: 季, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}
`)
	return b.String()
}

// busy is a year of a hundred entries.
func busy() domain.MemberHistory {
	r := domain.MemberHistory{Member: domain.Membership{ID: "1", Joined: day("2020-01-01")}, Facts: []domain.Fact{
		{Attribute: "出生日期", From: 1, Value: domain.Value{Number: int64(day("1951-08-09"))}},
	}}
	first := day("2026-01-01")
	field := func(name string, v domain.Value) []domain.Field { return []domain.Field{{Name: name, Value: v}} }
	for i := range 100 {
		e := domain.Entry{ID: fmt.Sprintf("%03d", i), On: first + calendar.Day(i*36/10)}
		switch k := i % 10; {
		case k == 0:
			e.Item = "交纳党费"
		case k == 1:
			e.Item, e.Fields = "志愿服务", field("时长", domain.Value{Number: 350})
		case i == 2 || i == 52:
			e.Item, e.Fields = "评议", field("得分", domain.Value{Number: int64(8500 + i)})
		case i == 3 || i == 73:
			e.Item, e.Fields = "表彰", field("级别", domain.Value{Text: "市"})
		case i == 42:
			e.Item, e.Points, e.Chosen, e.Fields = "急难险重", 150, true, field("报道", domain.Value{Number: 1})
		case i%30 == 4:
			e.Item = "缺席"
		case i%2 == 0:
			e.Item = fmt.Sprintf("好事%d", i%17+1)
		default:
			e.Item = fmt.Sprintf("差错%d", i%17+1)
		}
		r.Entries = append(r.Entries, e)
	}
	return r
}

// written is the year's result by the same rules written in Go by hand:
// what the engine's freedom is measured against.
type written struct {
	total, base, merit, good domain.Points
	grade                    string
	alerts                   int
}

// year is the hand-written state of one member's year.
type year struct {
	base, merit, good, goodUsed, hours domain.Points
	judged                             bool
	merits                             map[string]int // by item, the month of its last good deed
	absent                             []calendar.Day
	paid                               [13]bool
	quarter                            [5]domain.Points // total at each quarter's end
}

func byHand(r *domain.MemberHistory) written {
	y := year{merits: map[string]int{}}
	birth := calendar.Day(0)
	for _, f := range r.Facts {
		if f.Attribute == "出生日期" {
			birth = calendar.Day(f.Value.Number)
		}
	}
	entries := slices.Clone(r.Entries)
	slices.SortFunc(entries, func(a, b domain.Entry) int {
		if a.On != b.On {
			return int(a.On - b.On)
		}
		return strings.Compare(a.ID, b.ID)
	})
	last := 0
	for i := range entries {
		_, month, _ := entries[i].On.Civil()
		for q := (month - 1) / 3; last < q; last++ {
			y.quarter[last+1] = y.total(calendar.Of(2026, last*3+4, 1)-1, birth)
		}
		y.post(&entries[i], month, birth)
	}
	for ; last < 4; last++ {
		y.quarter[last+1] = y.total(calendar.Of(2026, last*3+4, 1)-1, birth)
	}
	w := written{base: y.base, total: y.quarter[4], merit: min(20_00, y.merit+y.good), good: y.good}
	switch {
	case w.total >= 90_00:
		w.grade = "好"
	case w.total >= 60_00:
		w.grade = "中"
	default:
		w.grade = "差"
	}
	run := 0
	for m := 1; m <= 12; m++ {
		if run++; y.paid[m] {
			run = 0
		}
		if run >= 3 {
			w.alerts++
		}
		if m%3 == 0 && y.quarter[m/3] < 60_00 {
			w.alerts++
		}
	}
	return w
}

func (y *year) total(on, birth calendar.Day) domain.Points {
	start := domain.Points(80_00)
	if on.YearsSince(birth) >= 75 {
		start = 85_00
	}
	return max(0, max(0, start+y.base)+min(20_00, y.merit+y.good))
}

func (y *year) post(e *domain.Entry, month int, birth calendar.Day) {
	switch {
	case e.Item == "交纳党费":
		y.paid[month] = true
	case e.Item == "志愿服务":
		before := tier(y.hours)
		y.hours += domain.Points(e.Fields[0].Value.Number)
		p := min(tier(y.hours)-before, 10_00-y.goodUsed)
		y.good, y.goodUsed = y.good+p, y.goodUsed+p
	case e.Item == "评议":
		if !y.judged {
			y.merit += domain.Points((e.Fields[0].Value.Number*20/100 + 5) / 10 * 10)
			y.judged = true
		}
	case e.Item == "表彰":
		y.merit += map[string]domain.Points{"省": 6_00, "市": 3_00, "县": 2_00}[e.Fields[0].Value.Text]
	case e.Item == "急难险重":
		p := e.Points
		if e.Fields[0].Value.Number != 0 {
			p *= 2
		}
		y.merit += p
	case e.Item == "缺席":
		p := domain.Points(-1_00)
		for _, d := range y.absent {
			if e.On < d.AddMonths(12) {
				p = -2_00
			}
		}
		y.base += p
		y.absent = append(y.absent, e.On)
	case strings.HasPrefix(e.Item, "好事"):
		if y.merits[e.Item] != month {
			y.merits[e.Item] = month
			y.merit += 50
		}
	case strings.HasPrefix(e.Item, "差错"):
		if e.On.YearsSince(birth) < 75 {
			y.base -= 50
		}
	}
}

func tier(hours domain.Points) domain.Points {
	switch {
	case hours >= 50_00:
		return 10_00
	case hours >= 20_00:
		return 5_00
	case hours >= 10_00:
		return 2_00
	}
	return 0
}

// engine scores the busy year.
func engine(rb *ruleset.RuleSet, r *domain.MemberHistory) written {
	s := &scoring.Member(scoring.Under(rb), r, year2026, day("2026-12-31")).Standing
	return written{
		total: s.Total, base: s.Blocks[0].Value - 85_00, merit: s.Blocks[1].Value, good: s.Blocks[2].Value,
		grade: s.Grade, alerts: len(s.Alerts),
	}
}

func TestEngineAgreesWithHandWrittenRules(t *testing.T) {
	t.Parallel()
	rb, r := book(t, forty()), busy()
	want := byHand(&r)
	if got := engine(rb, &r); got != want {
		t.Fatalf("engine %+v, by hand %+v", got, want)
	}
	for n := range r.Entries { // and so does every shorter year
		short := r
		short.Entries = r.Entries[:n]
		if got, want := engine(rb, &short), byHand(&short); got != want {
			t.Fatalf("%d entries: engine %+v, by hand %+v", n, got, want)
		}
	}
}

// TestAMemberYearAllocatesLittle: memory is made room for at once, whatever a year has of
// entries, valuations and places that look at them.
func TestAMemberYearAllocatesLittle(t *testing.T) {
	rb, r := book(t, forty()), busy()
	texts := scoring.Under(rb)
	n := testing.AllocsPerRun(20, func() { scoring.Member(texts, &r, year2026, day("2026-12-31")) })
	if n > 24 {
		t.Errorf("%.0f allocations, want at most 24", n)
	}
}

// BenchmarkMemberYear scores a year of 100 entries against 40 items, and the
// same rules written by hand, in turns of which the quickest count; goals: 20 µs, and not
// twice as long.
func BenchmarkMemberYear(b *testing.B) {
	rb, r := book(b, forty()), busy()
	b.ReportAllocs()
	var ours, theirs []time.Duration
	for b.Loop() {
		start := time.Now()
		for range 20 {
			engine(rb, &r)
		}
		between := time.Now()
		for range 20 {
			byHand(&r)
		}
		ours, theirs = append(ours, between.Sub(start)), append(theirs, time.Since(between))
	}
	b.ReportMetric(float64(slices.Min(ours).Nanoseconds())/20_000, "µs/member-year")
	b.ReportMetric(float64(slices.Min(ours))/float64(slices.Min(theirs)), "×by-hand")
}
