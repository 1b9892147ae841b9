package rules_test

import (
	"testing"

	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestASupplementMayNameItsBranchAsItWasCalled: by the name of today, by one of before, in
// another spelling, and not by that of another branch; one that was enacted goes on.
func TestASupplementMayNameItsBranchAsItWasCalled(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	confirm := func(p rules.Proposal) {
		t.Helper()
		expect.NoError(t, "enacting", town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false))
	}
	supplement := func(branch, from, item string) rules.Proposal {
		return rules.Proposal{Org: town.East.ID,
			Source: []byte("补充: t\n支部: " + branch + "\n施行: " + from + "\n项目: {" + item + ": 1}\n")}
	}
	confirm(proposal(t, town, "2026-06-01", "预警:", "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}\n预警:"))
	before := propose(t, town, supplement("东支部", "2026-06-01", "清理楼道"))
	_, err := town.Orgs.Change(ctx, town.Clerk, domain.OrgChange{Org: town.East.ID, Kind: domain.OrgRenamed, Name: "朝阳支部",
		From: testkit.Day(t, "2026-06-01")})
	expect.NoError(t, "a new name", err)
	expect.NoError(t, "what was drafted before", town.Enactment.Confirm(ctx, town.Second, before, "", false))
	for _, name := range []string{"东支部", "朝阳支部", "朝阳 支部"} {
		propose(t, town, supplement(name, "2026-06-02", "清理河道"))
	}
	_, err = town.Enactment.Propose(ctx, town.Clerk, supplement("西支部", "2026-06-02", "清理河道"))
	expect.Fault(t, err, fault.Invalid, "补充文件是“西支部”的，这里选的是“朝阳支部”")
}
