package scoring_test

import (
	"fmt"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// scheme draws a small rule file in which everything that limits, weighs and
// lasts may meet.
func scheme(t *rapid.T) string {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	window := func(name string) string { return pick(name, "日", "周", "月", "季", "半年", "年", "终身") }
	limit := func(name string) string {
		return pick(name, "", ", 限额: {"+window(name)+": 5分}", ", 限额: {"+window(name)+": [4分, -3分]}",
			", 限额: {"+window(name)+": 2次}", ", 限额: {单笔: [2分, -2分], "+window(name)+": [6分, -6分, 3次]}")
	}
	cycle, by := pick("cycle", "年", "半年", "季", "月"),
		pick("by", "类别按: 当日, 起点按: 天数", "类别按: 当日, 起点按: 期末", "类别按: 期初, 起点按: 期初", "类别按: 期末, 起点按: 期初")
	parts := "" // of a block that is settled by them
	shorter := map[string][]string{"年": {"", "半年", "季", "月"}, "半年": {"", "季", "月"}, "季": {"", "月"}, "月": {""}}
	if every := shorter[cycle]; true {
		if e := pick("every", every...); e != "" {
			parts = ", 每: " + e + ", 取: " + pick("take", "平均", "平均, 空期: 记零", "合计", "末期", "最高2期", "最高2期, 空期: 记零")
		}
	}
	bonus := func(name string) string { return pick(name, "", ", 加分: 暂停", ", 加分: 作废") }
	return "办法: 试验\n编号: t\n施行: 2025-01-01\n" +
		"周期: {考核: " + cycle + ", " + by + "}\n默认: {同一事项: " + pick("matter", "取最高", "各计") + ", 有效: " +
		pick("usual", "本期", "3个月") + "}\n" +
		"小数: {位数: 1, 舍入: " + pick("round", "四舍五入", "舍去", "四舍六入五成双") + "}\n" +
		"属性: {流动: 是否}\n活动: {会: [党课]}\n豁免: {停: {效果: 不计分}, 免会: {免: [缺席]}}\n" +
		"类别:\n  D: {名称: 流动, 当: 流动}\n  B: {名称: 其余, 当: 其余}\n" +
		"板块:\n  基础: {起点: {D: 10, 其余: 20}, 下限: 0" + limit("基础") + "}\n  贡献: {上限: {D: 3, 其余: 7}" + limit("贡献") +
		"}\n  公益: {属于: 贡献" + limit("公益") + "}\n" +
		"  分评: {起点: {D: 2, 其余: 4}, 下限: 0, 上限: 6" + parts + "}\n  细评: {属于: 分评, 上限: 3" + limit("细评") + "}\n" +
		pick("total", "", "总分: {公式: 基础 * 0.35 + 贡献 + 分评, 下限: 0}\n", "总分: {下限: 2, 上限: 25}\n") +
		"项目:\n" +
		"  其他: {板块: 贡献, 分值: -5至5" + limit("其他") + "}\n" +
		"  志愿: {板块: 公益, 记录: {时长: 数 小时}, 分值: {数量: 时长, 每: " + pick("steps", "周", "月", "年", "终身") +
		", 达到: {1: 1, 5: 3, 9: 4}}" + "}\n" +
		"  违规: {板块: 基础, 分值: -1, 重复: {在: " + pick("rep", "12个月", "有效期", "本期", "40天") + ", 倍数: [1, 2, 4]}, 有效: " +
		pick("valid", "本期", "2个月", "1年") + "}\n" +
		"  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -0.5, 适用: [B]}\n" +
		"  到会: {来自: 会, 出勤: [到会]}\n" +
		"  未到: {板块: 基础, 自动: {" + pick("auto", "每: 月, 于: 末日", "每: 月, 于: 25日", "每: 季, 于: 末日", "每: 季, 于: 首日", "每: 周, 于: 周五") +
		", 当: 本月次数(\"到会\") == 0}, 分值: -0.3}\n" +
		"  评议: {板块: 细评, 分值: -2至4" + season(cycle, pick("season", "", "head", "around")) +
		"}\n  整改: {板块: 基础, 分值: -1, 解除: [有错, 屡犯]}\n" +
		pick("counts", "", "  连缺: {板块: 基础, 自动: {每: 月, 于: 末日, 当: 连续次数(\"久\") >= 2}, 分值: -0.4}\n",
			"  累低: {板块: 细评, 自动: {每: 季, 于: 首日, 当: 本年次数(\"低\") >= 1}, 分值: -0.5}\n") +
		pick("carry", "", "  结转: {板块: 贡献, 自动: {每: 年, 于: 首日, 当: 上期.总分 >= 18}, 分值: 1}\n",
			"  带来: {板块: 细评, 自动: {每: 季, 于: 首日, 当: 本季次数(\"到会\") == 0}, 分值: 上期.总分 * 0.1}\n") +
		"红线:\n  屡犯: {当: 本年次数(\"违规\") >= 3, 则: {总分: 1" + bonus("bonus") + "}, 直到: " + pick("until", "期末", "解除") +
		"}\n  有错: {当: 有(\"违规\"), 则: {最高等次: 中" + bonus("bonus2") + ", 分评: 1}, 直到: " + pick("until2", "期末", "解除") + "}\n" +
		pick("redcount", "", "  久缺: {当: 连续次数(\"久\") >= 3, 则: {最高等次: 差"+bonus("bonus3")+"}, 直到: "+pick("until3", "期末",
			"解除")+"}\n", "  周犯: {当: 本周次数(\"违规\") >= 2 and 月份 < 10, 则: {总分: 0"+bonus("bonus4")+"}, 直到: 期末}\n") +
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
		e := domain.Entry{ID: fmt.Sprint(i), On: on("on"),
			Item: rapid.SampledFrom([]string{"其他", "志愿", "违规", "评议", "整改", "没有的"}).Draw(t, "item")}
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
