package members_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// caring is a town whose members of who is cared for begin higher, with a deadline for what is
// recorded late.
func caring(t *testing.T) *testkit.Town {
	t.Helper()
	town := testkit.NewSized(t, 3)
	town.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {照顾: 是否, 特长: [书法, 无]}\n类别:",
		"基础: {起点: 80", "基础: {起点: {照顾: 85, 其余: 80}").Replace(testkit.Rules))
	return town
}

// rowsOf makes rows of members and values in turn.
func rowsOf(words ...string) (out []members.FactRow) {
	for pair := range slices.Chunk(words, 2) {
		out = append(out, members.FactRow{Member: domain.MemberID(pair[0]), Value: pair[1]})
	}
	return out
}

// people returns the form of the east for an attribute: everybody's name and what holds.
func people(t *testing.T, town *testkit.Town, attribute string, unrecorded bool) string {
	t.Helper()
	f, err := town.Members.FactForm(t.Context(), town.Secretary, town.East.ID, attribute, unrecorded)
	expect.NoError(t, "the form", err)
	var out []string
	for _, p := range f.People {
		out = append(out, string(p.ID)+"="+p.Now)
	}
	return strings.Join(out, " ")
}

// TestFactsOfManyAreForeseenAndRecordedAllOrNone: each row tells what it does, one wrong row keeps
// all of them out, and what is foreseen is not kept.
func TestFactsOfManyAreForeseenAndRecordedAllOrNone(t *testing.T) {
	t.Parallel()
	town := caring(t)
	b := members.BulkFact{Attribute: "照顾", From: testkit.Day(t, "2026-05-20"), Rows: rowsOf("E2", "是", "E3", "否")}
	f, err := town.Ledger.ForeseeFacts(t.Context(), town.Secretary, b)
	expect.NoError(t, "foreseeing", err)
	expect.Equal(t, "rows", len(f.Rows), 2)
	expect.Equal(t, "periods that change of the first", len(f.Rows[0].Effect), 1)
	expect.Equal(t, "his total before", f.Rows[0].Effect[0].Before.Total, 8000)
	expect.Equal(t, "his total after", f.Rows[0].Effect[0].After.Total, 8500)
	expect.Equal(t, "periods that change of the other", len(f.Rows[1].Effect), 0)
	expect.Equal(t, "what holds when it was only foreseen", people(t, town, "照顾", false), "E1= E2= E3=")

	wrong := b
	wrong.Rows = rowsOf("E2", "是", "E3", "大概", "W1", "是", "E1", "是", "E2", "否")
	_, err = town.Ledger.RecordFacts(t.Context(), town.Secretary, wrong, "")
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Code != fault.Invalid {
		t.Fatalf("a form with wrong rows: %v", err)
	}
	for id, want := range map[string]string{"E3": "只写 是 或 否", "W1": "没有这名党员", "E1": "自己的情况由别人登记",
		"E2": "有两行"} {
		expect.Contains(t, refused.Fields[id], want)
	}
	expect.Equal(t, "what holds when one row was wrong", people(t, town, "照顾", false), "E1= E2= E3=")

	for i := range 2 {
		r, err := town.Ledger.RecordFacts(t.Context(), town.Secretary, b, "k")
		expect.NoError(t, "recording", err)
		expect.Equal(t, "how many are recorded", r.Recorded, 2)
		expect.Equal(t, "of how many something changes", r.Moved, 1)
		expect.Equal(t, "a replay", r.Replay, i == 1)
	}
	expect.Equal(t, "what holds", people(t, town, "照顾", false), "E1= E2=是 E3=否")
	expect.Equal(t, "of whom it is not recorded", people(t, town, "照顾", true), "E1=")
	expect.Equal(t, "how often it was recorded", len(recordedOf(t, town, "E2", ofAttribute("照顾"))), 1)
}

// TestFactsOfManyKeepTheLimitsOfOne: a deadline with a reason above the branch, no locked period,
// and nothing that organs or a committee decide on.
func TestFactsOfManyKeepTheLimitsOfOne(t *testing.T) {
	t.Parallel()
	town := caring(t)
	late := members.BulkFact{Attribute: "照顾", From: testkit.Day(t, "2026-01-01"), Rows: rowsOf("E2", "是", "E3", "否")}
	record := func(by *access.Actor, b members.BulkFact) error {
		_, err := town.Ledger.RecordFacts(t.Context(), by, b, "")
		return err
	}
	var refused *fault.Error
	if err := record(town.Secretary, late); !errors.As(err, &refused) ||
		!strings.Contains(refused.Fields["E2"], "30天以内补录") || refused.Fields["E3"] != "" {
		t.Errorf("a secretary is too late: %v", err)
	}
	f, err := town.Ledger.ForeseeFacts(t.Context(), town.Community, late)
	expect.NoError(t, "a community foresees", err)
	expect.True(t, f.Lacks != nil, "a reason is asked for", f)
	if err := record(town.Community, late); !errors.As(err, &refused) || refused.Fields["reason"] == "" {
		t.Errorf("a community without a reason: %v", err)
	}
	late.Reason = "民政部门五月才通知"
	expect.NoError(t, "a community with a reason", record(town.Community, late))

	some := members.BulkFact{Attribute: "特长", From: testkit.Day(t, "2026-05-20"), Rows: rowsOf("E2", "书法")}
	for name, c := range map[string]struct {
		by   *access.Actor
		b    members.BulkFact
		code fault.Code
		want string
	}{
		"nobody":     {nil, some, fault.Forbidden, "没有这个权限"},
		"an auditor": {town.Auditor, some, fault.Forbidden, "没有这个权限"},
		"an exemption": {town.Community, members.BulkFact{Attribute: "豁免", From: some.From, Rows: some.Rows},
			fault.Invalid, "不成批登记"},
		"a discipline": {town.Community, members.BulkFact{Attribute: "处分", From: some.From, Rows: some.Rows},
			fault.Invalid, "不成批登记"},
		"an empty form": {town.Community, members.BulkFact{Attribute: "特长", From: some.From}, fault.Invalid, "一个人也没有填"},
		"too many": {town.Community, members.BulkFact{Attribute: "特长", From: some.From,
			Rows: make([]members.FactRow, 301)}, fault.TooMany, "最多 300 人"},
		"no day": {town.Community, members.BulkFact{Attribute: "特长", Rows: some.Rows}, fault.Invalid, ""},
		"an unknown one": {town.Community, members.BulkFact{Attribute: "爱好", From: some.From, Rows: some.Rows},
			fault.Invalid, ""},
	} {
		if err := record(c.by, c.b); fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := town.Ledger.ForeseeFacts(t.Context(), c.by, c.b); fault.CodeOf(err) != c.code {
			t.Errorf("%s, foreseen: %v", name, err)
		}
	}
	if _, err := town.Members.FactForm(t.Context(), town.Secretary, town.West.ID, "照顾",
		false); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the form of another branch: %v", err)
	}
}
