package ui

import (
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// written returns the samples that are written by hand, as a street would see them in
// September.
func written() []View {
	return []View{
		sampleSignIn(), sampleMine(), sampleLooks(), sampleBranch(), sampleMember(), sampleAttendanceForm(), sampleDone(),
		sampleEntry(), samplePreview(), sampleIncoming(), sampleRoster(), sampleReverse(), sampleClaims(), sampleOwnClaims(),
		sampleCommittee(),
		sampleRanking(),
		sampleTrail(), sampleAccounts(), sampleAccount(), sampleOwnAccount(), sampleNewToken(), sampleOwnPassword(),
		sampleQuestion(), sampleSettings(), sampleSlip(), sampleProposals(), sampleHealth(),
		sampleProblem(),
		sampleRules(), sampleDrafts(), sampleDraft(), sampleChanges(), sampleChange(), sampleBulkEntry(),
		sampleBulkPreview(), sampleFacts(), sampleFactsPreview(), sampleLinks(),
		Others{Frame: secretary("/branches/3/others"), ByOthers: sampleByOthers()},
		sampleHandover(), sampleGroups(), sampleOwnGroup(),
		sampleOrgs(), sampleOrg(), sampleExports(), sampleRecord(), sampleTexts(), sampleErasePerson(), sampleDossier(),
		samplePrivacy(),
	}
}

func today() calendar.Day { return calendar.Of(2026, 9, 28) }

func year() calendar.Period { return calendar.Year.Of(today()) }

func secretary(here string) Frame {
	return Frame{
		Scheme: "潍州路街道党员积分制管理办法", Org: "示例街第一党支部", Person: "赵示例", Roles: "支部书记、党员", Here: here,
		Nav: []Link{{"支部", "/branches/3", here == "/branches/3"},
			{"记活动", "/branches/3/activity", strings.HasSuffix(here, "activity")},
			{"我的积分", "/me", here == "/me"}, {"待确认", "/claims", here == "/claims"}, {"排名", "/ranking", here == "/ranking"}},
	}
}

func clerk(here string) Frame {
	return Frame{
		Scheme: "潍州路街道党员积分制管理办法", Org: "潍州路街道党工委", Person: "李示例", Roles: "街道党工委", Here: here,
		Nav: []Link{{"全部支部", "/branches", here == "/branches"}, {"排名", "/ranking", here == "/ranking"},
			{"待确认", "/claims", here == "/claims"}},
	}
}

func administrator(here string) Frame {
	return Frame{
		Scheme: "潍州路街道党员积分制管理办法", Org: "潍州路街道", Person: "管示例", Roles: "系统管理员", Here: here,
		Nav: []Link{{"帐号", "/accounts", here == "/accounts"}, {"运行状况", "/health", here == "/health"}},
	}
}

func periods() []Option {
	return []Option{{Value: "2026", Words: "2026年", Chosen: true}, {Value: "2025", Words: "2025年"}}
}

// names of members: invented, with a short one, a long one and two that old
// fonts lack.
func names() []string {
	var out []string
	for _, family := range strings.Split("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水", "") {
		out = append(out, family+"示例")
	}
	return append(out[:38], "张例", "示䶮", "例㛃", "示例别克·阿不都例江")
}

func sampleScore() Score {
	s := Score{
		Member: "P0023", Name: "施示例", Branch: "示例街第一党支部", Category: "B 社区党员",
		Clauses: []Clause{{Path: "总分"}, {Path: "板块.基础"}, {Basis: "第六条"}, {Basis: "第八条"}, {Basis: "第九条"}, {Basis: "第十二条"},
			{Path: "板块.公益.限额"}},
		Places: []domain.Rank{{Level: domain.Branch, Place: 3, Of: 42, Tied: 2},
			{Level: domain.Community, Place: 27, Of: 310, Tied: 1}},
		Next: NextGrade{"五星", domain.Whole(105), 850},
		Alerts: []domain.Alert{{Name: "久未参加", On: calendar.Of(2026, 8, 31), Window: "2026-08", Run: 3, Level: "提醒",
			Suggest: "上门了解情况", Owner: "支部书记", Due: calendar.Of(2026, 10, 7)}},
		Waiting:  []Waiting{{"表彰（街道）", calendar.Of(2026, 9, 20), "支部委员会"}},
		OpenPath: "/me?open=1", Cut: 50,
		TakenBack: []TakenBack{
			{On: calendar.Of(2026, 9, 8), What: "志愿服务", By: "赵示例", At: "2026-09-21 19:50", Reason: "记到了别人名下",
				Path: OwnRecordPath("entry.25")},
			{On: calendar.Of(2026, 5, 20), What: "主题党日", By: "赵示例", At: "2026-05-20 21:02", Reason: "整次活动撤销",
				Path: OwnRecordPath("activity.61")},
		},
	}
	s.Account = domain.Statement{Version: 1, Standing: domain.Standing{
		Member: "P0023", Scheme: "weizhou", Period: year(), AsOf: today(), Day: today(), Scored: true, Ranked: true,
		Category: "B",
		Total:    9650, Grade: "四星", Bare: "四星", Added: 5, Deducted: 2, Missing: []string{"就业"},
	}, Total: sampleTotal(), Idle: []domain.Line{
		{Kind: domain.LineEntry, Name: "志愿服务", On: calendar.Of(2026, 1, 10), Entry: "7", Note: "时长 4小时；累计 4；还没到下一档",
			Clause: 4},
	}}
	return s
}

func sampleTotal() domain.Line {
	entry := func(name string, month, day int, value domain.Points, clause int, id, note string) domain.Line {
		return domain.Line{Kind: domain.LineEntry, Name: name, On: calendar.Of(2026, month, day), Value: value,
			Wanted: value, Clause: clause, Entry: id, Note: note}
	}
	return domain.Line{Kind: domain.LineTotal, Name: "总分", Value: 9650, Clause: 0, Children: []domain.Line{
		{Kind: domain.LineBlock, Name: "基础", Value: 6800, Clause: 1, Children: []domain.Line{
			{Kind: domain.LineStart, Name: "起点", Value: 8000, Note: "B类 社区党员", Clause: 1},
			entry("缺席组织生活", 3, 12, -500, 2, "11", "党课缺席"),
			entry("缺席组织生活", 6, 18, -500, 2, "19", "支部党员大会缺席；第 2 次，按 1 倍计"),
			entry("投诉属实", 5, 6, -200, 5, "15", ""),
		}},
		{Kind: domain.LineBlock, Name: "评议", Value: 1850, Clause: 3, Children: []domain.Line{
			entry("民主评议", 1, 15, 1850, 3, "9", "得分 92.5"),
		}},
		{Kind: domain.LineBlock, Name: "贡献", Value: 1000, Clause: 1, Children: []domain.Line{
			{Kind: domain.LineBlock, Name: "公益", Value: 1000, Clause: 6, Children: []domain.Line{
				entry("志愿服务", 4, 2, 200, 4, "12", "时长 12小时；累计 16"),
				entry("志愿服务", 7, 9, 300, 4, "21", "时长 10小时；累计 26"),
				entry("爱心捐赠", 8, 20, 500, 6, "23", "金额 1200元；限额每年 10分 只余 +5，原应 +9"),
			}},
			{Kind: domain.LineBlock, Name: "其他", Clause: -1},
		}},
	}}
}

func sampleSignIn() SignIn {
	return SignIn{
		Provider: true,
		Frame:    Frame{Here: "/login"}, Login: "shili", Next: "/me", Tries: 5, Minutes: 15,
		Refusal: Refusal{Message: "帐号或密码不对", Hint: "过 4 秒再试；忘了密码，请系统管理员重设"},
	}
}

func member(here string) Frame {
	f := secretary(here)
	f.Person, f.Roles, f.Nav = "施示例", "党员",
		[]Link{{"我的积分", "/me", here == "/me"}, {"我的申报", "/me/claims", here == "/me/claims"}}
	return f
}

func sampleMine() Mine {
	v := Mine{Frame: member("/me"), Score: sampleScore(), Periods: periods()}
	v.Score.Own = true
	return v
}

func sampleLooks() Looks {
	return Looks{Frame: sampleMine().Frame, Rows: []LookRow{{"2026-09-28", "支部书记", "查看个人明细", 2},
		{"2026-09-27", "街道党工委", "导出", 1}}}
}

func sampleBranch() Branch {
	v := Branch{
		Frame: secretary("/branches/3"), ID: "3", Name: "示例街第一党支部", Scope: "示例街社区，潍州路街道", Period: year(), AsOf: today(),
		Periods: periods(), MayWrite: true, MayManage: true, Waiting: 2, Mean: "83.6",
		Lacking: []Lacking{{"职务", 12}, {"就业", 3}},
		Others:  sampleByOthers(),
		Sorts: []Link{{"名次", "/branches/3", true}, {"姓名", "/branches/3?sort=name", false},
			{"类别", "/branches/3?sort=category", false}},
		Grades: []Count{{"五星", 2}, {"四星", 9}, {"三星", 24}, {"二星", 5}, {"一星", 1}},
	}
	v.Notice = Notice{"42 人，+84 分", "/activities/88/undo", "key-undo"}
	grades := []string{"五星", "四星", "四星", "三星", "三星", "三星", "二星"}
	for i, n := range names() {
		row := MemberRow{
			ID: domain.MemberID("P" + strconv.Itoa(i+1)), Name: n, Category: string("ABCDE"[i%5]), Scored: true,
			Total: domain.Points(11200 - i*130 - i%3*50), Grade: grades[min(i/6, 6)], Place: i + 1, Tied: 1, Own: i == 0,
			Benchmark: i == 1,
		}
		if i == 4 || i == 5 {
			row.Place, row.Tied, row.Total = 5, 2, 10500
		}
		v.Members = append(v.Members, row)
	}
	last := &v.Members[len(v.Members)-1]
	last.Scored, last.Why, last.Place = false, "豁免：不参加积分", 0
	v.Members[40].Alerts, v.Members[33].Alerts = 2, 1
	v.Alerts = []AlertRow{
		{"P41", "例㛃", domain.Alert{Name: "低于底线", On: calendar.Of(2026, 6, 30), Window: "2026Q2", Run: 1, Level: "红",
			Suggest: "谈话提醒", Owner: "支部书记", Due: calendar.Of(2026, 7, 15)}, true, false},
		{"P41", "例㛃", domain.Alert{Name: "久未参加", On: calendar.Of(2026, 8, 31), Window: "2026-08", Run: 4, Level: "警示",
			Suggest: "上门了解情况", Owner: "支部书记", Due: calendar.Of(2026, 10, 7)}, false, false},
		{"P34", "谢示例", domain.Alert{Name: "久未交费", On: calendar.Of(2026, 8, 31), Window: "2026-08", Run: 3, Level: "提醒",
			Suggest: "上门了解情况", Owner: "支部书记", Due: calendar.Of(2026, 10, 7)}, false, false},
	}
	return v
}

func sampleMember() Member {
	v := Member{Frame: secretary("/branches/3"), Score: sampleScore(), BranchID: "3", MayWrite: true, Facts: []Fact{
		{"人员类别", "正式党员", 0}, {"出生日期", "1961-05-01", 0}, {"职务", "无", calendar.Of(2026, 1, 1)}, {"流动", "否", 0},
	}}
	v.Score.Undo = map[string]string{"11": ReversePath("11"), "12": ReversePath("12"), "23": ReversePath("23"),
		"7": ReversePath("7")}
	v.Score.Open = true
	v.Score.OpenPath = MemberPath("P0023")
	return v
}

func sampleAttendanceForm() AttendanceForm {
	v := AttendanceForm{
		Frame: secretary("/branches/3/activity"), Key: "key-activity", Branch: "3", Name: "示例街第一党支部",
		Kinds: []Block{{"组织生活", Options([]string{"支部党员大会", "党课", "主题党日", "组织生活会"}, "主题党日")}},
		Day:   today(), First: calendar.Of(2026, 8, 29), Last: today(), Subject: "学习新修订的办法",
		Statuses: domain.AttendanceStatuses(),
	}
	for i, n := range names() {
		a := Attendee{Member: domain.MemberID("P" + strconv.Itoa(i+1)), Name: n, Find: "sl", Status: "到会"}
		switch i {
		case 0:
			a.Find = "zsl"
		case 3:
			a.Status = "请假"
		case 7:
			a.Status = "缺席"
		case 21:
			a.Find = "lsl lvsl lusl"
		case 40:
			a.Remark = "免：暂离"
		}
		v.People = append(v.People, a)
	}
	return v
}

func sampleDone() Activity {
	v := Activity{
		Frame: secretary("/activities/88"), ID: "88", Branch: "3", Name: "示例街第一党支部", Kind: "主题党日", Day: today(),
		Subject: "学习新修订的办法",
		Counts:  []Count{{"到会", 41}, {"请假", 1}, {"缺席", 1}}, Waiting: 2, Effect: 8400, MayUndo: true, Key: "key-undo",
		By: "赵示例", At: "2026-09-28 19:42", Paper: "2026年签到册", Statuses: domain.AttendanceStatuses(),
		Corrections: []Corrected{{Name: "钱示例", Words: "缺席 → 补课", Reason: "9 月 27 日补听录音", By: "赵示例", At: "2026-09-28 20:00"},
			{Name: "赵示例", Words: "请假 → 到会", Reason: "签到表漏看", State: "待确认", By: "赵示例", At: "2026-09-28 20:01"}},
	}
	for i, n := range names() {
		e := Effect{Member: domain.MemberID("P" + strconv.Itoa(i+1)), Name: n, Status: "到会", Change: 200,
			Total: domain.Points(9000 + i*25), Scored: true}
		switch i {
		case 0:
			e.Waiting = true
		case 3:
			e.Status, e.Change = "请假", 0
		case 7:
			e.Status, e.Change, e.Remark = "缺席", -500, "第 1 次"
		case 41:
			e.Scored, e.Remark = false, "豁免：不参加积分"
		}
		v.Rows = append(v.Rows, e)
	}
	v.Rows = append(v.Rows, Effect{Member: "P0099", Name: "编号 P0099", Status: "到会", Guest: true, Waiting: true,
		Remark: "别的支部的，分记在那边"})
	return v
}

func sampleEntry() Entry {
	v := Entry{
		Frame: secretary("/entries/new"), Key: "key-entry", Branch: "3", Item: "急难险重", Day: today(),
		First: calendar.Of(2026, 8, 29), Last: today(),
		Blocks: []Block{{"贡献", Options([]string{"表彰", "急难险重", "其他事项"}, "急难险重")},
			{"公益", Options([]string{"志愿服务", "爱心捐赠"}, "")}},
		Worth: "1 至 20 分，有媒体报道的加倍", Chosen: &PointsRange{Low: domain.Whole(1), High: domain.Whole(20), Value: "25"},
		Fields: []EntryField{
			{Name: "媒体报道", Kind: YesNoField, Value: "是"},
			{Name: "时长", Kind: NumberField, Unit: "小时", Value: "8", Hint: "0 至 1000"},
			{Name: "级别", Kind: OptionField, Options: Options([]string{"国家", "省", "市"}, "市")},
			{Name: "事由", Kind: TextField, Value: "防汛值守"},
			{Name: "开始日期", Kind: DayField, Value: "2026-09-20"},
		},
		Waits: "支部委员会、社区党委",
		Refusal: Refusal{Message: "有一处要改",
			Fields: map[string]string{"points": "分值要在 1 至 20 之间", "field.时长": "“时长”写了“八”，不是数"}},
	}
	for i, n := range names() {
		v.Members = append(v.Members, Option{Value: "P" + strconv.Itoa(i+1), Words: n, Find: "sl", Chosen: i == 22})
	}
	return v
}

func sampleOwnEntry() Entry {
	v := sampleEntry()
	v.Frame, v.Own, v.Members, v.Branch, v.Draft, v.Follows, v.Returned = member("/me/claims/new"), true, nil, "", "3",
		"29", "证书没有交来看"
	return v
}

func sampleIncoming() Incoming {
	return Incoming{
		Frame: secretary("/branches/3/incoming"), Key: "key-incoming", Branch: "3", Name: "示例第一党支部", Member: "P0107",
		Called: "李示例", From: "2026-09-28", Reasons: true, Reason: "介绍信才寄到",
		Refusal: Refusal{Message: "没有这名党员", Hint: "编号和姓名都要写对；要对方支部告诉您"},
	}
}

func sampleRoster() Roster {
	return Roster{
		Frame: clerk("/members/roster"), Orgs: Options([]string{"示例街道", "示例社区"}, "示例街道"),
		Community: "示例社区", Kinds: Options([]string{"社区", "农村"}, "社区"), Since: "2026-09-28", Reason: "名册九月才到",
		File: "名册.xlsx", Content: "H4sI",
		Preview: &RosterPreview{
			Digest: "3fa9c2017b44", Made: []string{"示例第三党支部"}, Problems: []string{"第 3 行“职务”列：没有这个选项。"},
			Remarks: []string{"第 4 行：别的支部也有叫“李示例”的。"},
			Lists: []RosterList{{"新来的", []RosterRow{{Row: 2, Who: "王示例", What: "编号 P0200，到 示例第三党支部"}}},
				{"转来的", []RosterRow{{Row: 5, Who: "赵示例", What: "转到 示例第一党支部", Out: true}}}},
			Renamed: []RosterAbsent{{Member: "P0003", Who: "P0003 示例丙", What: "第 6 行写作 示例丙丙"}},
			Absent:  []RosterAbsent{{Member: "P0031", Who: "P0031 孙示例", Left: true, What: "示例第一党支部；登记转出"}},
			Idle:    41, Effect: []string{"已有党员：总分变的 2 人"}, Reasons: true,
		},
	}
}

func samplePreview() EntryPreview {
	return EntryPreview{
		ShowsTotals: true,
		Frame:       secretary("/entries"), Key: "key-entry", Branch: "3", Member: "P0023", Name: "施示例", Item: "爱心捐赠",
		Day:    today(),
		Fields: []FieldText{{"金额", "1200 元"}, {"说明", "为困难群众捐款"}},
		Posted: []Pair{{"member", "P0023"}, {"item", "爱心捐赠"}, {"day", "2026-09-28"}, {"field.金额", "1200"},
			{"note", "为困难群众捐款"}},
		Wanted: 900, Change: 500, Before: 9150, After: 9650, GradeBefore: "三星", GradeAfter: "四星",
		Why: "公益每年最多 10 分，只余 5 分。", Basis: "第九条", Waits: "支部委员会", Same: 1,
	}
}

func sampleReverse() Reverse {
	return Reverse{
		Frame: secretary("/entries/23/reverse"), Key: "key-reverse", ID: "23", Member: "P0023", Name: "施示例", Item: "爱心捐赠",
		Day: calendar.Of(2026, 8, 20), Fields: []FieldText{{"金额", "1200 元"}}, Counts: 500, After: 9150, By: "赵示例",
		At:      "2026-08-21 09:12",
		Refusal: Refusal{Message: "还没有写理由", Fields: map[string]string{"reason": "写清楚为什么撤销，例如：记到了别人名下"}},
	}
}

func sampleClaims() Claims {
	return Claims{Frame: secretary("/claims"), More: 7, Roles: 2, Documents: true, Document: "奎组发〔2026〕3号",
		DocumentOn: "2026-09-20", Refusal: Refusal{Message: "退回要写理由", Fields: map[string]string{"reason": "写清楚为什么退回"}},
		Claims: []Claim{
			{Value: "31.1", Chosen: true, Member: "P0023", Name: "施示例", Branch: "示例街第一党支部", Item: "表彰",
				Day:    calendar.Of(2026, 9, 20),
				Fields: []FieldText{{"级别", "街道"}}, Points: "+5 分", Note: "街道“七一”表彰，证书已交支部看过", By: "施示例", At: "2026-09-21 20:05",
				Stage: "等支部委员会同意，然后还有 1 步"},
			{Value: "32.2", Member: "P2", Name: "张例", Item: "志愿服务", Day: calendar.Of(2026, 9, 18),
				Fields: []FieldText{{"时长", "300 小时"}}, By: "张例", At: "2026-09-19 08:30", Stage: "等社区党委同意",
				Steps: []string{"支部委员会已同意（赵示例，2026-09-20 09:00）"}, Mend: ChangesPath("P2")},
		}, Corrections: true, Key: "key-claims", Handed: []Claim{
			{Name: "编号 P0099", Item: "党课：到会", Day: today(), State: "待确认", Stage: "等支部书记同意", Path: ActivityPath("88")},
			{Name: "施示例", Item: "表彰", Day: calendar.Of(2026, 9, 1), State: "退回",
				Steps: []string{"社区党委退回（社区示例，2026-09-03 09:00）：证书看不清"}, Path: RecordPath("P0023", "entry.29")},
			{Name: "张例", Item: "急难险重", Day: calendar.Of(2026, 9, 2), State: "待确认", Stage: "等社区党委同意",
				Path: RecordPath("P2", "entry.33"), Withdraw: WithdrawHandedPath("33")},
		}, Others: []Claim{
			{Value: "44.1", Member: "P1", Name: "赵示例", Item: "主题党日：到会", Day: today(), By: "赵示例", At: "2026-09-28 19:42",
				Stage: "等支部书记同意（下面没有别人能定，由社区来办）"},
		}}
}

func sampleOwnClaims() OwnClaims {
	return OwnClaims{Frame: member("/me/claims"), Key: "key-own",
		Drafts: []ClaimDraftRow{{"志愿服务，2026-09-26", ClaimDraftPath("3"), DropPath("3"), "2026-09-27 21:40"}}, Claims: []Claim{
			{Item: "志愿服务", Day: calendar.Of(2026, 9, 18), Fields: []FieldText{{"时长", "6 小时"}}, By: "施示例", At: "2026-09-19 08:30",
				State: "待确认", Stage: "等支部委员会同意", Withdraw: WithdrawPath("31"), Mend: DossierPath},
			{Item: "表彰", Day: calendar.Of(2026, 9, 1), Fields: []FieldText{{"级别", "街道"}}, Note: "“七一”表彰", By: "施示例",
				At: "2026-09-02 20:05", State: "退回",
				Steps: []string{"支部委员会退回（赵示例，2026-09-03 09:00）：证书没有交来看"}, Again: AgainPath("29")},
		}, Exemptions: []ExemptionInput{{Code: "不参加积分", Does: "不计分", Above: []string{"支部委员会", "社区党委"}}}, From: "2026-09-28"}
}

func sampleCommittee() Committee {
	v := Committee{
		Frame: clerk("/branches"), Period: year(), AsOf: today(), Periods: periods(), MayLock: true, MayImport: true,
		Key:         "key-lock",
		Streets:     []Option{{Value: "1", Words: "示例街道", Chosen: true}, {Value: "9", Words: "邻街道"}},
		Communities: []Option{{Value: "", Words: "全部社区", Chosen: true}, {Value: "2", Words: "示例街社区"}},
		Grades:      []string{"五星", "四星", "三星", "二星", "一星"},
	}
	kinds := []string{"社区", "市场", "两新"}
	for i := range 14 {
		v.Branches = append(v.Branches, BranchRow{
			ID: domain.OrgID(strconv.Itoa(i + 3)), Name: "示例街第" + string([]rune("一二三四五六七八九十甲乙丙丁")[i]) + "党支部", Kind: kinds[i%3],
			Community: "示例街社区",
			Members:   31 + i*7%20, Mean: domain.Points(8360 + i*37%500).String(), Grades: []int{i % 4, 9, 20 + i%5, 3, i % 2},
			Alerts: i % 5, Overdue: i % 5 / 4,
			Last: today() - calendar.Day(i*3), Late: i > 10, Locked: i < 2,
		})
	}
	v.Branches[13].Last, v.Branches[13].Members, v.Branches[13].Mean = 0, 0, ""
	v.Branches[12].Unmanaged, v.Begins = true, "2027-01-01"
	v.Steps = []FirstStep{{What: "启用办法", How: "自 2027-01-01 起", Path: RulesPath, Done: true},
		{What: "导入党员名册", How: "先预览再写入"}}
	v.Sum = BranchRow{Name: "合计", Members: 553, Mean: "84.8", Grades: []int{20, 126, 306, 42, 7}, Alerts: 27}
	return v
}
