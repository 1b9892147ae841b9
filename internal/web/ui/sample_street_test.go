package ui

import (
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

func sampleRanking() Ranking {
	v := Ranking{
		Frame: secretary("/ranking"), Heading: "示例街社区党员排名", Period: year(), AsOf: today(), Periods: periods(),
		Of: Options([]string{"党员", "支部"}, "党员"), Levels: Options([]string{"支部", "社区", "街道"}, "社区"),
		Orgs: Options([]string{"示例街社区"}, "示例街社区"), Categories: Options([]string{"全部", "A", "B", "C", "D", "E"}, "全部"),
		Blocks: []string{"基础", "评议", "贡献"}, Unranked: "流动党员 6 人、不计分 2 人不参加排名。",
		Ties: "总分相同的，比贡献，再比评议；都相同的并列，后面的名次空出。", Rules: "按潍州路街道党员积分制管理办法，2026-01-01 起施行。",
		Export: "/ranking/export?level=社区&org=2", Posted: samplePosted(),
	}
	for i, n := range names()[:30] {
		v.Rows = append(v.Rows, RankRow{
			Place: i + 1, Tied: 1, Name: n, Branch: "示例街第一党支部", Category: "B",
			Blocks: []domain.Points{8000, 1850, domain.Points(1500 - i*30)},
			Total:  domain.Points(11350 - i*110), Grade: "四星", Move: 3 - i%7, Own: i == 11, Benchmark: i == 0,
		})
	}
	v.Rows[7].Place, v.Rows[7].Tied, v.Rows[6].Tied = 7, 2, 2
	v.Rows[11].Path = "/me"
	v.Rows = append(v.Rows, RankRow{Place: 31, Tied: 4, Band: "60 分以下", Blocks: []domain.Points{0, 0, 0}, Grade: "一星",
		New: true})
	return v
}

func samplePosted() Posted {
	return Posted{At: "2026-09-28 02:00", Number: 12, Side: 11, Code: "M4 4.5h1m1 0h1M4 5.5m1 0h1M4 6.5h3",
		Grouped: strings.Repeat("3f9a ", 16) + "07c1"}
}

func sampleTrail() Trail {
	v := Trail{
		Frame: Frame{Scheme: "潍州路街道党员积分制管理办法", Person: "审示例", Roles: "审计员", Here: "/trail",
			Nav: []Link{{"审计", "/trail", true}, {"全部支部", "/branches", false}}},
		Result: []Option{{Value: "done", Words: "办成的"}, {Value: "refused", Words: "被拒绝的"}}, Export: "/trail/export?",
		Who: "赵示例", Actions: Options([]string{"登录", "记活动", "记一笔", "撤销记录", "查看个人明细"}, ""), Older: "/trail?before=1180",
		Due: "示例街道 2026-01 至 2026-02", Dropped: "示例街道 2025-12",
	}
	for i := range 20 {
		v.Rows = append(v.Rows, Trace{
			ID: int64(1200 - i), At: "2026-09-28 19:4" + strconv.Itoa(i%10) + ":07", Who: "赵示例",
			Action: []string{"查看个人明细", "记一笔", "记活动"}[i%3],
			Org:    "示例街第一党支部", About: []string{"施示例", "施示例", ""}[i%3], Detail: []string{"", "爱心捐赠", "主题党日，42 人"}[i%3],
			Role: "支部书记", From: "10.0.0.7", Route: "GET /members/:id",
		})
	}
	v.Rows[4].Result = "没有权限"
	v.Rows[19].Who, v.Rows[19].Action = "程序", "备份"
	return v
}

func sampleChanges() Changes {
	return Changes{Frame: clerk("/members/P0001/changes"), Key: "k", Member: "P0001", Name: "赵示例", Branch: "示例街第一党支部",
		From: "2026-09-28", MayMove: true, Exempt: "暂离",
		Facts: []FactInput{{Name: "流动", Now: "否", Options: Options([]string{"是", "否"}, "否")},
			{Name: "出生日期", Now: "1960-05-01", Kind: "date"}, {Name: "工龄", Kind: "text", Unit: "年"}},
		Exemptions: []ExemptionInput{{Code: "不参加积分", Does: "不计分", Steps: []string{"本人申请", "支部委员会"}, Above: []string{"社区党委"}},
			{Code: "暂离", Does: "免缺席组织生活"}},
		Orgs:      []Option{{Value: "4", Words: "示例街第二党支部"}},
		Secondary: []SecondaryRow{{Org: "9", Name: "示例街楼宇网络党支部", Kind: "参加", From: "2026-02-01"}},
		Hosts:     []Option{{Value: "4", Words: "示例街第二党支部"}},
		Names: []NameRow{{"赵示例", "2026-03-01", "李示例", "2026-03-02 09:00", "本人改了名"},
			{"赵示范", "一直", "", "2026-01-02 10:00", ""}},
		History: []HistoryRow{{What: "组织关系", Value: "示例街第一党支部", From: "2020-01-01", At: "2026-01-02 10:00"},
			{What: "流动", Value: "否", From: "一直", By: "李示例", At: "2026-01-03 10:00", Reason: "补登记",
				Reverse: "/members/P0001/changes/fact.3"},
			{What: "处分", Value: "警告", From: "2026-01-04", By: "李示例", At: "2026-01-04 10:00",
				Reversed: "李示例 2026-01-05 10:00 登记错了人"}}}
}

// sampleChange shows every part that the page has, and is no change that there could be.
func sampleChange() Change {
	return Change{Frame: clerk("/members/P0001/changes"), Key: "k", Member: "P0001",
		Name: "赵示例", Words: "照顾：是，从 2026-01-01 起", Losses: []string{"“志愿账”的 12 分停在 2026-06-30"},
		Asked: []string{"社区党委"}, Fields: []HiddenField{{"do", "fact"}}, Reasons: true,
		Effect: []ChangeEffect{{Period: "2026年", Rows: []ChangeRow{{"总分", "80", "85"}},
			Entries: []string{"2026-03-01 的“缺席” -5 分不再计入：不适用"}, Raised: []string{"“低”（2026年3月）"},
			Ended: []string{"“低”（2026年4月）"}}}}
}

func sampleBulkEntry() BulkEntry {
	v := BulkEntry{Frame: secretary("/branches/3/entries"), Key: "k", Branch: "3", Name: "示例街第一党支部", Item: "志愿服务",
		Day:   today(),
		First: 20000, Last: today(),
		Blocks: []Block{{"公益", Options([]string{"志愿服务", "爱心捐赠"}, "志愿服务")}},
		Columns: []BulkColumn{{Name: "时长", Hint: "小时", Kind: NumberField},
			{Name: "级别", Kind: OptionField, Options: Options([]string{"市", "县"}, "")}}}
	for i, n := range names()[:5] {
		v.Rows = append(v.Rows, BulkLine{Member: domain.MemberID("P" + strconv.Itoa(i+1)), Name: n,
			Values: []string{"3.5", "市"}})
	}
	v.Rows[2].Wrong = "“时长”写了“很久”，不是数（写数字，最多两位小数，不写单位）"
	return v
}

func sampleBulkPreview() BulkPreview {
	v := BulkPreview{Frame: secretary("/branches/3/entries"), Key: "k", Branch: "3", Name: "示例街第一党支部", Item: "志愿服务",
		Day: today(), Basis: "第九条（一）", Refused: []FieldText{{"孙示例", "“时长”写了“很久”，不是数"}},
		Posted: []Pair{{"cell.0.P1", "20"}, {"item", "志愿服务"}}}
	for _, n := range names()[:4] {
		v.Rows = append(v.Rows, BulkEffect{Name: n, Fields: []FieldText{{"时长", "20小时"}, {"级别", "市"}}, ShowsTotals: true,
			Wanted: 200, Change: 200, Before: 8000, After: 8200, GradeBefore: "合格", GradeAfter: "合格"})
	}
	v.Rows[1].Change, v.Rows[1].After, v.Rows[1].Why = 50, 8050, "“公益”上限 20 分，多出的 1.5 分不计"
	v.Rows[2].Waits, v.Rows[2].GradeAfter = "支部委员会", "优秀"
	v.Rows[3].Same = 1
	return v
}

func sampleByOthers() ByOthers {
	return ByOthers{ID: "3", Branch: "示例街第一党支部", Unseen: 1, More: 3, Until: "2026-09-28T01:00:00.000Z",
		Rows: sampleByOthersRows()}
}

func sampleByOthersRows() []ByOthersRow {
	return []ByOthersRow{
		{Words: "撤销了 2026-02-03 的记录“投诉属实”", Name: "钱示例", First: "赵示例 2026-02-04 09:10 ", By: "李示例",
			Offices: []string{"支部书记（示例街第二党支部）", "社区党委（示例街社区）"}, At: "2026-09-28 09:00", Reason: "记错了人"},
		{Words: "更正了 2026-02-03 的出勤“党课”", Name: "孙示例", Path: "/activities/9", First: "赵示例 2026-02-04 09:10 ",
			At: "2026-09-27 09:00", Seen: true}}
}

func sampleFacts() Facts {
	v := Facts{Frame: secretary("/branches/3/facts"), Key: "k", Branch: "3", Name: "示例街第一党支部", Attribute: "职务",
		Attributes: Options([]string{"照顾", "职务"}, "职务"), Unrecorded: 2,
		Names: []string{"第一小组"}, Day: today(), Kind: OptionField,
		Choices: []string{"无", "支部委员", "支部书记"}, Reasons: true, Reason: "换届以后才报来"}
	for i, n := range names()[:5] {
		v.Rows = append(v.Rows, FactLine{Member: domain.MemberID("P" + strconv.Itoa(i+1)), Name: n, Now: "无",
			Since: "2026-01-01"})
	}
	v.Rows[1].Now, v.Rows[1].Since, v.Rows[1].Value = "", "", "支部委员"
	v.Rows[2].Wrong = "“职务”没有“支委”这个选项（可写：无、支部委员、支部书记）"
	v.Rows[3].Own = true
	return v
}

func sampleFactsPreview() FactsPreview {
	return FactsPreview{Frame: secretary("/branches/3/facts"), Key: "k", Branch: "3", Name: "示例街第一党支部", Attribute: "职务",
		Day: today(), Reasons: true, Posted: []Pair{{"cell.P1", "支部委员"}, {"attribute", "职务"}}, Rows: []FactsRow{
			{Name: "赵示例", Value: "支部委员", Effect: sampleChange().Effect}, {Name: "孙示例", Value: "无", Near: "第一小组"}}}
}

func sampleOrgs() Orgs {
	return Orgs{Frame: clerk("/orgs"), MayKeep: true, Rows: []OrgRow{
		{ID: "1", Name: "示例街道", Level: domain.Street, Members: 88, Officers: []Officer{{"街示例", "街道党工委"}}},
		{ID: "2", Name: "示例街社区", Depth: 1, Level: domain.Community, Members: 88},
		{ID: "3", Name: "示例街第一党支部", Depth: 2, Level: domain.Branch, Kind: "社区", Members: 88,
			Officers: []Officer{{"施示例", "支部书记"}, {"赵示例", "支部书记"}}},
		{ID: "4", Name: "示例街茶城党支部", Depth: 2, Level: domain.Branch, Kind: "市场", Closed: calendar.Of(2026, 5, 1)},
	}}
}

func sampleOrg() Org {
	v := Org{Frame: clerk("/orgs/2"), Row: sampleOrgs().Rows[1], Above: "示例街道", MayKeep: true, Day: "2026-10-05",
		Below: "支部", Kinds: Options([]string{"社区", "两新"}, "两新")}
	v.History = []OrgStep{{What: "更名", Detail: "示例村 → 示例街社区", From: calendar.Of(2026, 3, 2), By: "街示例",
		At: "2026-03-03 09:10"}}
	return v
}

func sampleExports() Exports {
	return Exports{Frame: clerk("/exports"), Orgs: Options([]string{"示例街道", "示例街社区"}, "示例街社区"),
		Periods: Options([]string{"2026", "2025"}, "2026"),
		Tables:  []ExportTable{{"entries", "记录", "计入的每一笔"}, {"statements", "得分明细", "每人的分从哪里来"}}}
}

func sampleProblem() Problem {
	return Problem{Frame: secretary("/members/P9"), Status: 404, Message: "没有这名党员，或者不在您的范围里。",
		Hint: "看看编号对不对；转走的党员请找社区党委。", Request: "01J8Z3", Back: "/branches/3"}
}
