package ui

import (
	"strings"

	"jifen/internal/ruledoc"
)

func sampleDocument() *ruledoc.Document {
	return &ruledoc.Document{Title: "示例街道党员积分制管理办法", Basis: "示例街道工委〔2026〕1 号", From: "2026-01-01",
		Hash: strings.Repeat("0123456789abcdef", 4),
		Chapters: []ruledoc.Chapter{{Number: "第一章", Title: "总则", Articles: []ruledoc.Article{
			{Number: "第一条", Title: "考核期", Anchor: "周期", Text: []string{"按年考核。"}},
			{Number: "第二条", Title: "基础", Anchor: "积分.基础", Columns: []string{"项目", "分值", "依据"}, Rows: []ruledoc.Row{
				{Anchor: "项目.缺席组织生活", Cells: []string{"缺席组织生活", "-5", "第六条"}}}},
		}}}}
}

func sampleRules() Rules {
	return Rules{Frame: clerk("/rules"), Document: sampleDocument(), On: "2026-09-28", MayEnact: true,
		Streets: []Option{{Value: "1", Words: "示例街道", Chosen: true}, {Value: "9", Words: "邻街道"}}}
}

func draftRow() DraftRow {
	return DraftRow{ID: "7", Code: "weizhou", Org: "示例街道", From: "2027-01-01", Person: "李示例", At: "2026-09-27 10:00",
		State: "待确认"}
}

func sampleDrafts() Drafts {
	return Drafts{Frame: clerk("/rules/drafts"), Key: "k", Drafts: []DraftRow{draftRow()},
		Orgs: []Option{{Value: "1", Words: "示例街道", Chosen: true}},
		Enacted: []EnactedRow{{Code: "weizhou", Org: "示例街道", From: "2026-01-01", Path: "/rules?text=ab"},
			{Code: "weizhou", Org: "示例街第一党支部", From: "2026-07-01", Drafter: "李示例", Confirmer: "王示例", Kind: "补充"}}}
}

func sampleDraft() Draft {
	return Draft{Frame: clerk("/rules/drafts/7"), Key: "k", ID: "7", Name: "示例街道党员积分制管理办法", Row: draftRow(),
		Hash: strings.Repeat("0123456789abcdef", 4), Waiting: true, May: true,
		Warnings: "weizhou.yaml:3:1: 提醒：第一等占到 40%", Cases: 12, Compared: true,
		Changes: []string{"第 67 行 项目.投诉属实.分值：2026-07-01 起 -2 改为 -3（修订第三条）"},
		AsOf:    "2026-09-28", Members: 1465, Moved: 2, Fits: []string{"有办法的支部，启用以后没有办法了（适用 里没有它们的类型）：“机关支部”（机关，1 人）"},
		Past: "会改变已经过去的日子的分：1 人", Agreed: true, Homeless: "有记录的项目在新办法里没有了：好事。",
		Branches: []MovedBranch{{Name: "示例街第一党支部",
			Rows: []MovedRow{{ID: "P0001", Name: "赵示例", Words: "77 → 76 分", Why: []string{"缺席组织生活 2026-08-21：-5 → -6 〔第六条〕"}},
				{ID: "P0002", Name: "示例别克·阿不都例江", Words: "三星 → 二星"}}, More: 3}},
		Text: sampleDocument()}
}
