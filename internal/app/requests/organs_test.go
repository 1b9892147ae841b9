package requests_test

import (
	"errors"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestOrgansOfTheRulesOwn: 机关党委 acts as the community under its own name, and
// what the county decided counts when the community has recorded its document.
func TestOrgansOfTheRulesOwn(t *testing.T) {
	t.Parallel()
	town := testkit.NewWithOrgans(t)
	e, err := town.Entries.Post(t.Context(), town.Secretary, testkit.EntryInput(t, "E2", "表彰"), "")
	expect.NoError(t, "the commendation", err)
	expect.Equal(t, "who is asked", strings.Join(e.Asked, " "), "机关党委 县委组织部")
	letter := domain.Document{Number: "奎组发〔2026〕3号", On: testkit.Day(t, "2026-05-25")}
	if err := town.DecideOnly(t, town.Community,
		requests.Answer{Accept: true, Document: letter}); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "不用写文号") {
		t.Errorf("a document where the community itself decides: %v", err)
	}
	if err := town.DecideOnly(t, town.Community, requests.Answer{Accept: true}); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "80", "80")
	q := town.Queue(t, town.Community)
	expect.Len(t, "what waits for the community", q, 1)
	expect.Equal(t, "an organ outside decides", q[0].Stage.Out, true)
	expect.Equal(t, "the organ that decides", strings.Join(q[0].Stage.Organs, ""), "县委组织部")
	expect.Equal(t, "the level that records it", q[0].Stage.Level, domain.Community)
	expect.Equal(t, "the organ of the first step", q[0].Steps[0].Organs[0], "机关党委")
	if len(town.Queue(t, town.Clerk)) != 0 {
		t.Error("the street has nothing to keep")
	}
	for name, d := range map[string]domain.Document{
		"none": {}, "no number": {On: letter.On}, "no day": {Number: letter.Number},
		"a day to come": {Number: letter.Number, On: testkit.Day(t, "2026-06-02")},
		"two lines":     {Number: "奎组发\n3号", On: letter.On}, "too long": {Number: strings.Repeat("号", 61), On: letter.On},
		"long ago": {Number: letter.Number, On: testkit.Day(t, "1949-09-30")},
	} {
		if err := town.DecideOnly(t, town.Community,
			requests.Answer{Accept: true, Document: d}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := town.DecideOnly(t, town.Community, requests.Answer{Accept: true, Document: letter}); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "85", "80")
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
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
	expect.Fault(t, expect.Err(town.Entries.Reverse(t.Context(), town.Secretary, e.Entry, "记错了", "")), fault.Forbidden,
		"机关党委")
	if _, err := town.Entries.Reverse(t.Context(), town.Community, e.Entry, "文件撤销", ""); err != nil {
		t.Error(err)
	}
}

// TestADocumentOfTheBranchIsKeptByTheBranch: who recorded the matter records the
// document too, unless it is his own.
func TestADocumentOfTheBranchIsKeptByTheBranch(t *testing.T) {
	t.Parallel()
	town := testkit.NewWithOrgans(t)
	minutes := requests.Answer{Accept: true, Document: domain.Document{Number: "群众会议记录 5",
		On: testkit.Day(t, "2026-05-20")}}
	e, err := town.Entries.Post(t.Context(), town.Secretary, testkit.EntryInput(t, "E2", "评议"), "")
	expect.NoError(t, "the entry", err)
	expect.Equal(t, "who is asked", strings.Join(e.Asked, " "), "群众会议")
	if err := town.DecideOnly(t, town.Secretary, minutes); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "83", "80")
	// his own
	if _, err := town.Entries.Post(t.Context(), town.Secretary, testkit.EntryInput(t, "E1", "评议"), ""); err != nil {
		t.Fatal(err)
	}
	if len(town.Queue(t, town.Secretary)) != 0 {
		t.Error("he records what was decided of himself")
	}
	// a return needs no document
	if err := town.DecideOnly(t, town.Community, requests.Answer{Reason: "没有这次会"}); err != nil {
		t.Error(err)
	}
	town.WantTotals(t, "80", "83", "80")
}

// TestOrgansThatEnterAndExempt: 录入 and the steps of an exemption go the same way.
func TestOrgansThatEnterAndExempt(t *testing.T) {
	t.Parallel()
	town := testkit.NewWithOrgans(t)
	e, err := town.Entries.Post(t.Context(), town.Secretary, testkit.EntryInput(t, "E2", "通报"), "")
	expect.NoError(t, "the entry", err)
	expect.Equal(t, "who is asked of the entry", strings.Join(e.Asked, " "), "镇党委")
	if err := town.DecideOnly(t, town.Clerk, requests.Answer{Accept: true}); err != nil {
		t.Error(err)
	}
	leave := members.FactChange{Member: "W2", Attribute: "豁免", Value: "长假", From: testkit.Day(t, "2026-05-01"),
		Approved: []string{"本人申请", "支部委员会"}}
	_, err = town.Ledger.ChangeFact(t.Context(), town.Community, leave, "")
	if fault.CodeOf(err) != fault.NotFound { // of another community
		t.Errorf("a member of another community: %v", err)
	}
	leave.Member = "E2"
	done, err := town.Ledger.ChangeFact(t.Context(), town.Secretary, leave, "")
	expect.NoError(t, "the exemption", err)
	expect.Equal(t, "who is asked of the exemption", strings.Join(done.Asked, " "), "镇党委 县委组织部")
	if err := town.DecideOnly(t, town.Clerk, requests.Answer{Accept: true}); err != nil {
		t.Fatal(err)
	}
	if got := town.Totals(t)["E2"]; got != "79" {
		t.Errorf("before the document: %s", got)
	}
	if err := town.DecideOnly(t, town.Clerk, requests.Answer{Accept: true,
		Document: domain.Document{Number: "组批 7", On: testkit.Day(t, "2026-05-02")}}); err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		m, err := v.Member(access.System("test"), "E2")
		if err != nil {
			return err
		}
		records, err := v.Records([]domain.Member{m})
		expect.Len(t, "the exemptions that hold", records[0].Facts, 1)
		return err
	}); err != nil {
		t.Error(err)
	}
}
