package report_test

import (
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/report"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// rules is a small scheme in which everything a report can show may happen.
const rules = `办法: 示例街道积分办法
编号: shili
施行: 2026-01-01
周期: {考核: 年, 类别按: 当日, 起点按: 期末}
小数: {位数: 1, 舍入: 四舍五入}
活动: {组织生活: [党课]}
属性: {年龄: {推算: 周岁}}
豁免:
  不参加: {效果: 不计分, 审批: [支部委员会]}
  不排:   {效果: 不排名, 审批: [支部委员会]}
类别:
  E: {名称: 年老党员, 当: 年龄 >= 75}
  B: {名称: 社区党员, 当: 其余}
板块:
  基础: {起点: 80, 下限: 0}
  贡献: {上限: 10}
  公益: {属于: 贡献, 限额: {年: 4分}}
项目:
  缺课: {板块: 基础, 来自: 组织生活, 出勤: [缺席], 分值: -2.5, 适用: [B], 依据: 第三条}
  服务: {板块: 公益, 记录: {时长: 0至100}, 分值: 时长 * 0.5, 依据: 第四条}
  表扬: {板块: 贡献, 分值: 8, 有效: 2年, 依据: 第五条}
红线:
  受警告: {当: 处分 == "警告", 则: {最高等次: 合格}, 直到: 期末, 依据: 第九条}
  留党:   {当: 处分 == "留党察看", 则: {总分: 0}, 直到: 期末, 依据: 第九条}
等次: {优秀: 总分 >= 85, 合格: 总分 >= 60, 不合格: 其余}
排名: {范围: [支部, 街道], 再比: [贡献]}
预警:
  缺课:   {每: 季, 当: 本季次数("缺课") >= 1, 连续: {1: 提醒, 2: 警示}, 建议: 谈心谈话, 负责: 支部书记, 限期: 15天}
  清零:   {每: 实时, 当: 总分 < 60, 级别: 红, 建议: 请街道研究, 负责: 街道党工委, 限期: 30天}
标杆: {先锋: {范围: 支部, 前: 1人, 当: 总分 >= 85}}
`

func load(tb testing.TB, text string) *ruleset.RuleSet {
	tb.Helper()
	r := ruleset.Load("shili.yaml", []byte(text))
	if r.Book == nil {
		tb.Fatal(r.Format())
	}
	return r.Book
}

func day(s string) calendar.Day {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// member makes a record in a branch of the one street, born in 1980.
func member(id, name string, branch domain.OrgID) domain.MemberHistory {
	r := domain.MemberHistory{Member: domain.Membership{ID: domain.MemberID(id), Name: name}}
	r.Member.Home = [domain.Levels]domain.OrgID{branch, "示例社区", "示例街道"}
	return fact(r, "1900-01-01", "出生日期", domain.Value{Number: int64(day("1980-01-01"))})
}

func fact(r domain.MemberHistory, from, attribute string, v domain.Value) domain.MemberHistory {
	r.Facts = append(r.Facts, domain.Fact{Attribute: attribute, From: day(from), Value: v})
	return r
}

func entry(r domain.MemberHistory, id, item, on string, fields ...domain.Field) domain.MemberHistory {
	r.Entries = append(r.Entries, domain.Entry{ID: id, Item: item, On: day(on), Fields: fields})
	return r
}

func hours(n int64) domain.Field {
	return domain.Field{Name: "时长", Value: domain.Value{Number: n * 100}}
}

func absent(r domain.MemberHistory, activity, on string) domain.MemberHistory {
	r.Attendance = append(r.Attendance, domain.Attendance{Activity: activity, Kind: "党课", On: day(on), Status: "缺席"})
	return r
}

// street is two branches: ties, a member without a total, one without a place,
// red lines, an entry cut by a limit and a block cut by its cap.
func street() []domain.MemberHistory {
	const first, second = domain.OrgID("第一支部"), domain.OrgID("第二支部")
	return []domain.MemberHistory{
		absent(member("P04", "示例丁", first), "H1", "2026-03-05"),
		entry(member("P01", "示例甲", first), "J1", "表扬", "2026-05-01"),
		entry(entry(member("P02", "示例乙", first), "J2", "服务", "2026-04-01", hours(6)), "J3", "服务", "2026-04-02", hours(6)),
		entry(member("P03", "买买提·示例", first), "J4", "服务", "2026-04-01", hours(8)),
		fact(member("P05", "示例戊", first), "2026-02-01", "豁免", domain.Value{Text: "不参加"}),
		fact(member("P06", "示例己", first), "2026-02-01", "豁免", domain.Value{Text: "不排"}),
		absent(absent(fact(entry(entry(member("P07", "示例庚", first), "J5", "表扬", "2026-05-01"), "J6", "表扬", "2026-06-01"),
			"2026-08-01", "处分", domain.Value{Text: "警告"}), "H2", "2026-08-05"), "H3", "2026-11-05"),
		fact(member("P08", "示例辛", second), "2026-08-01", "处分", domain.Value{Text: "留党察看"}),
		{Member: domain.Membership{ID: "P09", Name: "示例壬", Home: [domain.Levels]domain.OrgID{second, "示例社区", "示例街道"}}},
		absent(fact(member("P10", "示例癸", second), "2026-01-01", "出生日期", domain.Value{Number: int64(day("1940-01-01"))}),
			"H1", "2026-03-05"),
	}
}

// rank scores and places records as of a day of 2026.
func rank(tb testing.TB, book *ruleset.RuleSet, records []domain.MemberHistory, asOf string) *report.Ranking {
	tb.Helper()
	period, err := calendar.ParsePeriod("2026")
	if err != nil {
		tb.Fatal(err)
	}
	population := make([]report.Row, len(records))
	for i := range records {
		population[i] = report.Row{Member: &records[i].Member,
			Result: scoring.Member(scoring.Under(book), &records[i], period, day(asOf))}
	}
	return report.Rank(book, period, day(asOf), population)
}

// branch keeps one branch.
func branch(org domain.OrgID) func(*domain.Membership) bool {
	return func(m *domain.Membership) bool { return m.Home[domain.Branch] == org }
}
