package ui

import "jifen/internal/domain"

func sampleTexts() Texts {
	return Texts{
		Frame: clerk("/members/P0023/texts"), Key: "k-texts", Member: "P0023", Name: "施示例", Branch: "示例街第一党支部",
		Reason: "本人要求", Refusal: Refusal{Message: "没有说删哪一段", Hint: "至少选一段"},
		Rows: []TextRow{
			{ID: 31, Where: "记录 志愿服务，2026-03-01：说明", Body: "陪示例老人看病", By: "赵示例", At: "2026-03-02 19:40", Chosen: true},
			{ID: 30, Where: "出勤 党课，2026-02-28：标题", Body: "示例党课", By: "赵示例", At: "2026-03-01 20:00", Shared: true},
			{ID: 12, Where: "撤销 志愿服务，2026-01-10：理由", Body: "已按“本人要求”删除（2026-09-01）", At: "2026-01-12 08:00", Erased: true},
		},
	}
}

func sampleErasePerson() ErasePerson {
	return ErasePerson{
		Frame: clerk("/members/P0023/erase"), Member: "P0023", Name: "施示例", Branch: "示例街第一党支部",
		Data:  domain.PersonalData{Names: 2, Numbers: 1, Texts: 7, Drafts: 3, Account: true, Namesake: true},
		Typed: "P0032", Reason: "本人要求", Refusal: Refusal{Message: "再写一遍的编号和这名党员的不一样", Hint: "照着写 P0023"},
	}
}
