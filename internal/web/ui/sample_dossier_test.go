package ui

func sampleDossier() Dossier {
	return Dossier{Frame: secretary("/me/data"), Member: "P0023", Name: "施示例", Branch: "示例街第一党支部", Key: "k-data",
		About: []Option{{Value: "facts", Words: "登记的情况", Chosen: true}, {Value: "entries", Words: "记录"}},
		Wrong: "职务写成了支部委员", Wanted: "支部副书记", Refusal: Refusal{Message: "要写应当是什么", Hint: "例如：2006 年"}, Parts: []DossierPart{
			{Title: "登记的情况", Words: "办法要登记的情况，还有豁免和处分。", Rows: []DossierRow{
				{What: "豁免", Value: "不参加积分", On: "2026-05-01 起", State: "待确认", By: "赵示例", At: "2026-05-02 09:00"},
				{What: "职务", Value: "支部委员", On: "一直", By: "程序", At: "2026-01-01 08:00"},
			}, More: 12},
			{Title: "激活条", Words: "发过的激活条，谁发的。"},
		}}
}

func samplePrivacy() Privacy {
	return Privacy{Frame: secretary("/privacy"), Parts: []PrivacyPart{
		{Words: []string{"这一页说明程序里记着您的什么。"}},
		{Heading: "记着什么", Items: []string{"姓名、编号", "做过的事和出勤"}},
	}}
}
