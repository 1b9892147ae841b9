package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

func sampleHandover() Handover {
	return Handover{
		Frame: clerk("/members/P0023/handover"), Member: "P0023", Name: "施示例", From: "示例街第一党支部", To: "示例街第二党支部", Day: today(),
		Standing: sampleScore().Account.Standing, Facts: []Fact{{Name: "职务", Value: "支部委员"}},
		Waiting: []Claim{{Item: "表彰", Day: calendar.Of(2026, 9, 20), Stage: "等支部委员会同意"}}, Alerts: sampleScore().Alerts,
	}
}

func sampleLinks() MemberLinks {
	return MemberLinks{Frame: secretary("/members/P0023/links"), Member: "P0023", Name: "施示例", Branch: "示例街第一党支部",
		Broken: 2, More: 200, Rows: []LinkRow{
			{At: "2026-03-02 19:40", Kind: "记录", Detail: "志愿服务，2026-03-01", By: "赵示例", Record: RecordPath("P0023", "entry.12"),
				Seal: Seal{Place: "示例街第一党支部 第 12 环", Hash: "0a1b2c3d4e5f"}},
			{At: "2026-03-01 20:00", Kind: "出勤", Detail: "党课 到会，2026-02-28", By: "赵示例",
				Record: RecordPath("P0023", "activity.88"),
				Seal:   Seal{Place: "示例街第一党支部 第 11 环", Hash: "1a1b2c3d4e5f", Wrong: "这一行被改过"}},
			{At: "2026-02-01 09:00", Kind: "情况", Detail: "职务，一直", By: "李示例", Seal: Seal{Wrong: "这一行不在链上"}},
			{At: "2026-01-02 10:00", Kind: "组织关系", Detail: "示例街第一党支部，2020-01-01 起",
				Seal: Seal{Place: "示例街第一党支部 第 1 环", Hash: "2a1b2c3d4e5f"}},
		}}
}

func sampleRecord() Record {
	s := sampleScore()
	line := domain.Line{Kind: domain.LineEntry, Name: "表彰", On: calendar.Of(2026, 9, 1), Value: 300, Entry: "31",
		Note: "级别 国家", Clause: 4}
	s.Account.Total.Children, s.Clauses[4].Path = []domain.Line{line}, "项目.表彰"
	v := Record{
		Frame: secretary("/members/P0023/records/entry.31"), Member: "P0023", Name: "施示例", Branch: "示例街第一党支部", Kind: "项目",
		What: "表彰", Day: line.On,
		Fields: []FieldText{{"级别", "国家"}, {"说明", "“七一”表彰，证书交来看过"}},
		State:  "已撤销，不计分", Counted: []Counted{{"2026年", s.Of("entry.31")[0]}}, Undo: ReversePath("31"),
		Activity: ActivityPath("88"),
	}
	place := func(n string) Seal {
		return Seal{Place: "示例街第一党支部 第 " + n + " 环", Hash: "0a1b2c3d4e5f"}
	}
	v.Steps = []RecordStep{
		{At: "2026-09-02 20:05", What: "前一次申报", By: "施示例", Words: "支部委员会退回（赵示例，2026-09-03 09:00）", Reason: "证书没有交来看",
			Path: v.History("entry.29")},
		{At: "2026-09-04 20:10", What: "申报", By: "施示例", Words: "要支部委员会、社区党委、街道党工委同意才计分", Seal: place("12")},
		{At: "2026-09-05 09:00", What: "支部委员会同意", By: "赵示例", Seal: place("13"), Holds: true},
		{At: "2026-09-21 19:50", What: "撤销", By: "示例别克·阿不都例江", Reason: "与去年的重复",
			Seal: Seal{Place: "示例街第一党支部 第 30 环", Hash: "1a1b2c3d4e5f", Wrong: "写的话被改过"}},
		{What: "现在等社区党委同意", Words: "能办的是钱示例（社区党委）", Seal: Seal{Wrong: "这一行不在链上"}},
	}
	return v
}
