package testkit

import (
	"testing"

	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
)

// OrganRules are rules whose organs are their own.
const OrganRules = `办法: 有自己机构的办法
编号: t
施行: 2026-01-01
机构: {机关党委: 社区, 镇党委: 街道, 群众会议: 外部, 县委组织部: 外部}
周期: {考核: 年}
默认: {补录: 1个月}
豁免: {长假: {效果: 不计分, 审批: [本人申请, 支部委员会, 镇党委, 县委组织部]}}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80, 下限: 0}}
项目:
  表彰: {板块: 基础, 分值: 5, 审批: [支部委员会, 机关党委, 县委组织部]}
  评议: {板块: 基础, 分值: 3, 审批: [群众会议]}
  通报: {板块: 基础, 分值: -1, 录入: [镇党委], 审批: [镇党委]}
`

// NewWithOrgans builds the town under OrganRules.
func NewWithOrgans(tb testing.TB) *Town {
	tb.Helper()
	t := New(tb)
	t.Follow(tb, OrganRules)
	return t
}

// EntryInput returns an entry of 20 May 2026 with nothing but its item.
func EntryInput(tb testing.TB, member domain.MemberID, item string) entries.EntryInput {
	tb.Helper()
	return entries.EntryInput{Member: member, Item: item, On: Day(tb, "2026-05-20")}
}

// Commendation returns an entry of 20 May 2026 to which the branch, the community
// and the street have to agree.
func Commendation(tb testing.TB, member domain.MemberID) entries.EntryInput {
	tb.Helper()
	e := EntryInput(tb, member, "表彰")
	e.Fields, e.Note = map[string]string{"级别": "国家"}, "证书在支部"
	return e
}

// ActivityInput returns an activity of the east of 20 May 2026: E1 and E2 were
// absent, W1 was there.
func (t *Town) ActivityInput(tb testing.TB) activities.ActivityInput {
	tb.Helper()
	return activities.ActivityInput{
		Org: t.East.ID, Kind: "党课", On: Day(tb, "2026-05-20"),
		Lines: []activities.Line{
			{Member: "E1", Status: domain.Absent}, {Member: "E2", Status: domain.Absent},
			{Member: "W1", Status: domain.Present},
		},
	}
}
