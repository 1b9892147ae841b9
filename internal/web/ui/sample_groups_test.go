package ui

import "jifen/internal/domain"

func sampleGroups() Groups {
	return Groups{Frame: secretary("/branches/3/groups"), Branch: "3", Name: "示例街第一党支部", Kind: domain.Group,
		Kinds: []Link{{domain.Group, GroupsPath("3", domain.Group), true}, {domain.Hub, GroupsPath("3", domain.Hub), false}},
		Day:   today(), MayManage: true, Groups: []GroupRow{
			{Name: "第一小组", Leaders: "孙示例", Members: []GroupMember{{"P0001", "赵示例"}, {"P0002", "孙示例"}}},
			{Name: "第二小组", Members: []GroupMember{{"P0003", "李示例"}}}},
		None: []GroupMember{{"P0004", "周示例"}}}
}

func sampleOwnGroup() OwnGroup {
	return OwnGroup{Frame: secretary("/group"), Name: "第一小组", Branch: "示例街第一党支部", Period: year(), Periods: periods(),
		AsOf: today(), Members: []MemberRow{
			{ID: "P0001", Name: "赵示例", Category: "B", Scored: true, Total: 8350, Grade: "三星", Own: true},
			{ID: "P0002", Name: "孙示例", Category: "E", Why: "豁免：不参加积分"}}}
}
