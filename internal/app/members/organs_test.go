package members_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// organRules are a scheme whose organs are its own.
const organRules = `办法: 有自己机构的办法
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

// organTown is the town under organRules.
func organTown(t *testing.T) *testkit.Town {
	t.Helper()
	town := testkit.New(t)
	town.Follow(t, organRules)
	return town
}

func entryInput(t *testing.T, member domain.MemberID, item string) entries.EntryInput {
	t.Helper()
	return entries.EntryInput{Member: member, Item: item, On: testkit.Day(t, "2026-05-20")}
}

// answer decides the only claim in somebody's queue.
func answer(t *testing.T, town *testkit.Town, actor *access.Actor, a requests.Answer) error {
	t.Helper()
	mine := queue(t, town, actor)
	if len(mine) != 1 {
		t.Fatalf("%d claims wait for %s", len(mine), actor.Name)
	}
	_, err := town.Ledger.Requests.Decide(ctx, actor,
		[]requests.Ruling{{Request: mine[0].ID, Step: len(mine[0].Steps) + 1}}, a, "")
	return err
}

// TestOrgansOfTheRulesOwn: 机关党委 acts as the community under its own name, and
// what the county decided counts when the community has recorded its document.
func TestOrgansOfTheRulesOwn(t *testing.T) {
	t.Parallel()
	town := organTown(t)
	e, err := town.Entries.Post(ctx, town.Secretary, entryInput(t, "E2", "表彰"), "")
	if err != nil || strings.Join(e.Asked, " ") != "机关党委 县委组织部" {
		t.Fatalf("%v, %v", e.Asked, err)
	}
	letter := domain.Document{Number: "奎组发〔2026〕3号", On: testkit.Day(t, "2026-05-25")}
	if err := answer(t, town, town.Community,
		requests.Answer{Accept: true, Document: letter}); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "不用写文号") {
		t.Errorf("a document where the community itself decides: %v", err)
	}
	if err := answer(t, town, town.Community, requests.Answer{Accept: true}); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "80", "80")
	q := queue(t, town, town.Community)
	if len(q) != 1 || !q[0].Stage.Out || strings.Join(q[0].Stage.Organs, "") != "县委组织部" ||
		q[0].Stage.Level != domain.Community || q[0].Steps[0].Organs[0] != "机关党委" {
		t.Fatalf("%+v", q)
	}
	if len(queue(t, town, town.Clerk)) != 0 {
		t.Error("the street has nothing to keep")
	}
	for name, d := range map[string]domain.Document{
		"none": {}, "no number": {On: letter.On}, "no day": {Number: letter.Number},
		"a day to come": {Number: letter.Number, On: testkit.Day(t, "2026-06-02")},
		"two lines":     {Number: "奎组发\n3号", On: letter.On}, "too long": {Number: strings.Repeat("号", 61), On: letter.On},
		"long ago": {Number: letter.Number, On: testkit.Day(t, "1949-09-30")},
	} {
		if err := answer(t, town, town.Community,
			requests.Answer{Accept: true, Document: d}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := answer(t, town, town.Community, requests.Answer{Accept: true, Document: letter}); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "85", "80")
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		c, err := v.Request(access.System("test"), q[0].ID)
		expect.Len(t, "c.Steps", c.Steps, 2)
		expect.Equal(t, "c.Steps[1].Document", c.Steps[1].Document, letter)
		expect.Equal(t, "c.Steps[0].Document", c.Steps[0].Document, (domain.Document{}))
		_, broken := v.Verify()
		return errors.Join(err, broken)
	}); err != nil {
		t.Error(err)
	}
	// Who keeps the document takes the entry back, not who stands below.
	expect.Fault(t, expect.Err(town.Entries.Reverse(ctx, town.Secretary, e.Entry, "记错了", "")), fault.Forbidden, "机关党委")
	if _, err := town.Entries.Reverse(ctx, town.Community, e.Entry, "文件撤销", ""); err != nil {
		t.Error(err)
	}
}

// TestADocumentOfTheBranchIsKeptByTheBranch: who recorded the matter records the
// document too, unless it is his own.
func TestADocumentOfTheBranchIsKeptByTheBranch(t *testing.T) {
	t.Parallel()
	town := organTown(t)
	minutes := requests.Answer{Accept: true, Document: domain.Document{Number: "群众会议记录 5",
		On: testkit.Day(t, "2026-05-20")}}
	if e, err := town.Entries.Post(ctx, town.Secretary, entryInput(t, "E2", "评议"), ""); err != nil ||
		strings.Join(e.Asked, " ") != "群众会议" {
		t.Fatalf("%v, %v", e.Asked, err)
	}
	if err := answer(t, town, town.Secretary, minutes); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "83", "80")
	if _, err := town.Entries.Post(ctx, town.Secretary, entryInput(t, "E1", "评议"), ""); err != nil { // his own
		t.Fatal(err)
	}
	if len(queue(t, town, town.Secretary)) != 0 {
		t.Error("he records what was decided of himself")
	}
	if err := answer(t, town, town.Community, requests.Answer{Reason: "没有这次会"}); err != nil { // a return needs no document
		t.Error(err)
	}
	want(t, town, "80", "83", "80")
}

// TestOrgansThatEnterAndExempt: 录入 and the steps of an exemption go the same way.
func TestOrgansThatEnterAndExempt(t *testing.T) {
	t.Parallel()
	town := organTown(t)
	if e, err := town.Entries.Post(ctx, town.Secretary, entryInput(t, "E2", "通报"), ""); err != nil ||
		strings.Join(e.Asked, " ") != "镇党委" {
		t.Errorf("%v, %v", e.Asked, err)
	}
	if err := answer(t, town, town.Clerk, requests.Answer{Accept: true}); err != nil {
		t.Error(err)
	}
	leave := members.FactChange{Member: "W2", Attribute: "豁免", Value: "长假", From: testkit.Day(t, "2026-05-01"),
		Approved: []string{"本人申请", "支部委员会"}}
	done, err := town.Ledger.ChangeFact(ctx, town.Community, leave, "")
	if fault.CodeOf(err) != fault.NotFound { // of another community
		t.Errorf("%v, %v", done, err)
	}
	leave.Member = "E2"
	if done, err = town.Ledger.ChangeFact(ctx, town.Secretary, leave, ""); err != nil ||
		strings.Join(done.Asked, " ") != "镇党委 县委组织部" {
		t.Fatalf("%v, %v", done, err)
	}
	if err := answer(t, town, town.Clerk, requests.Answer{Accept: true}); err != nil {
		t.Fatal(err)
	}
	if got := totals(t, town)["E2"]; got != "79" {
		t.Errorf("before the document: %s", got)
	}
	if err := answer(t, town, town.Clerk, requests.Answer{Accept: true,
		Document: domain.Document{Number: "组批 7", On: testkit.Day(t, "2026-05-02")}}); err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		m, err := v.Member(access.System("test"), "E2")
		if err != nil {
			return err
		}
		records, err := v.Records([]domain.Member{m})
		if len(records[0].Facts) != 1 {
			t.Errorf("the exemption does not hold: %+v", records[0].Facts)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// TestAMonthToRecordLate ends on the same day of the next month.
func TestAMonthToRecordLate(t *testing.T) {
	t.Parallel()
	town := organTown(t) // 1 June, noon
	d := entryInput(t, "E2", "评议")
	d.On = testkit.Day(t, "2026-05-01")
	if _, err := town.Entries.Post(ctx, town.Secretary, d, ""); err != nil {
		t.Errorf("31 days on, on 1 June: %v", err)
	}
	town.Later(24 * time.Hour)
	if _, err := town.Entries.Post(ctx, town.Secretary, d, ""); fault.CodeOf(err) != fault.Forbidden ||
		!strings.Contains(err.Error(), "只许在 1个月以内补录") {
		t.Errorf("on 2 June: %v", err)
	}
}
