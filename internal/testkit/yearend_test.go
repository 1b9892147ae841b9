package testkit_test

import (
	"strings"

	"jifen/internal/app/activities"
	"jifen/internal/app/members"
	"jifen/internal/app/periods"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// december: discipline ends, care ends with the year; alerts stay when it turns.
func (y *year) december() {
	y.on("2026-12-02")
	y.fact(y.eastern, factOf(y.T, "P0004", "处分", "无", "2026-12-01", ""))
	y.has("P0004", "B 103 二星")
	y.pay("2026-12")
	y.on("2026-12-15")
	y.fact(y.eastern, factOf(y.T, "P0005", "处分", "无", "2026-12-15", ""))
	y.has("P0005", "B 0 一星")
	y.on("2026-12-20")
	y.fact(y.byThird, factOf(y.T, "P0013", "照顾", "否", "2027-01-01", ""))
	y.has("P0013", "E 103 四星")
	y.until("2026-12-31 23:50")
	y.alerts("2026-12-31", "P0005 低于底线 红 2027-01-15")
	y.until("2027-01-01 00:10")
	y.alerts("2027-01-01", "P0005 低于底线 红 2027-01-15")
	y.has("P0013", "B 80 三星")
	y.has("P0005", "B 80 三星")
}

// newYear: the old year is locked for everything; a branch is opened again for what was
// forgotten.
func (y *year) newYear() {
	y.on("2027-01-04")
	lock := func(step periods.Step) {
		y.Helper()
		step.Period = "2026"
		_, err := y.town.Locks.Take(y.Context(), y.clerk, step)
		y.done("a step of the period", err)
	}
	lock(periods.Step{Below: y.street.ID, Lock: true})
	y.locked()
	y.on("2027-01-05")
	y.attend(y.byP1, y.first, "2027-01-05", listed("P0003", "P0004", "P0005", "P0006"), listed("P0002"))
	y.attend(y.byThird, y.third, "2027-01-05", listed("P0014", "P0016"), listed("P0013"))
	y.on("2027-01-06")
	y.post(y.byP1, "P0002", "投诉属实", "2027-01-06")
	y.want("2026-12-31", "P0016", "P0016 B 86 三星")
	y.on("2027-01-07")
	lock(periods.Step{Branches: []domain.OrgID{y.third.ID}, Reason: "补记漏记的心愿"})
	y.post(y.byThird, "P0016", "微心愿", "2026-12-22")
	lock(periods.Step{Branches: []domain.OrgID{y.third.ID}, Lock: true})
	y.want("2026-12-31", "", strings.TrimSpace(yearsEnd))
	y.on("2027-01-10")
	y.alerts("2027-01-10", "P0005 低于底线 红 2027-01-15")
}

// locked tries every way into the locked year.
func (y *year) locked() {
	y.Helper()
	no := func(what string, err error) {
		y.Helper()
		if fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "锁定") {
			y.Errorf("%s of a locked year: %v", what, err)
		}
	}
	ctx := y.Context()
	_, err := y.town.Entries.Post(ctx, y.byThird, entryOf(y.T, "P0016", "微心愿", "2026-12-22"), "")
	no("an entry", err)
	_, err = y.town.Entries.Reverse(ctx, y.byThird, y.entryOn("P0017", "志愿服务", "2026-08-08"), "记错了", "")
	no("a reversal", err)
	_, err = y.town.Ledger.ChangeFact(ctx, y.byThird, factOf(y.T, "P0016", "流动", "是", "2026-12-20", ""), "")
	no("a fact", err)
	_, err = y.town.Ledger.Move(ctx, y.clerk, members.Move{Member: "P0016", To: y.first.ID, Seen: true,
		From: testkit.Day(y, "2026-12-20")}, "")
	no("a move", err)
	_, err = y.town.Ledger.Move(ctx, y.western, members.Move{Member: "P0016", From: testkit.Day(y, "2026-12-20")}, "")
	no("a leaving", err)
	_, err = y.undo(y.eastern, "P0005", "登记错了", ofFact("处分"))
	no("the reversal of a fact", err)
	_, err = y.undo(y.clerk, "P0007", "转错了", ofHome)
	no("the reversal of a move", err)
	_, err = y.town.Activities.Reverse(ctx, y.clerk, y.lesson("2026-11-10"), "没有开", "")
	no("the reversal of an activity", err)
	_, err = y.town.Activities.Correct(ctx, y.clerk, activities.Correction{Activity: y.lesson("2026-11-10"),
		Member: "P0002", Status: domain.Present, Reason: "看错了"}, "")
	no("a correction", err)
	_, plan := y.plan(y.clerk, "姓名,所在党支部,党员编号,是否流动党员\n示例丙四,西园第一党支部,P0016,是\n", "西园社区", "2026-12-20")
	expect.Empty(y, "the rows that a register could write into a locked year", plan.Steps)
	expect.Len(y, "what is told of them", plan.Problems, 1)
	expect.Contains(y, plan.Problems[0].Message, "锁定")
}
