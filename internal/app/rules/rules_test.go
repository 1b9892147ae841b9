package rules_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

var ctx = context.Background() //nolint:gochecknoglobals // a constant of the tests

// proposal returns the town's rules with something changed, for the whole street.
func proposal(t *testing.T, town *testkit.Town, from, old, text string) rules.Proposal {
	t.Helper()
	if !strings.Contains(testkit.Rules, old) {
		t.Fatalf("%q is not in the rules", old)
	}
	return rules.Proposal{Org: town.Street.ID, Name: "t.yaml",
		Source: []byte(strings.Replace(testkit.Rules, old, text, 1)), From: testkit.Day(t, from)}
}

func propose(t *testing.T, town *testkit.Town, p rules.Proposal) domain.RuleDraftID {
	t.Helper()
	id, err := town.Enactment.Propose(ctx, town.Clerk, p)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// total returns a member's total as of a day.
func total(t *testing.T, town *testkit.Town, id domain.MemberID, asOf, period string) string {
	t.Helper()
	p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(t, asOf), Period: period})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		if r.Member.ID == id {
			e, err := town.Standings.Explain(ctx, standings.Question{Scope: access.System("the test looks at all"),
				Period: period, AsOf: testkit.Day(t, asOf)}, id)
			if err != nil || e.Account.Standing.Total != r.Standing.Total {
				t.Errorf("the list says %s, the account %s (%v)", r.Standing.Total, e.Account.Standing.Total, err)
			}
			return r.Standing.Total.String()
		}
	}
	t.Fatalf("%s is not there", id)
	return ""
}

func TestTwoPeoplePutATextInForce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := propose(t, town, proposal(t, town, "2027-01-01", "起点: 80", "起点: 70"))
	if got := total(t, town, "E1", "2027-02-01", ""); got != "80" {
		t.Errorf("a draft is in force: %s", got)
	}
	if err := town.Enactment.Confirm(ctx, town.Clerk, id, "", false); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("who drafted it confirmed it: %v", err)
	}
	for _, nobody := range []*access.Actor{town.Secretary, town.Community, town.Member, town.Admin, town.Auditor, {}} {
		if err := town.Enactment.Confirm(ctx, nobody, id, "", false); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s confirmed it: %v", nobody.Name, err)
		}
		if _, err := town.Enactment.Review(ctx, nobody, id); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s reviewed it: %v", nobody.Name, err)
		}
	}
	r, err := town.Enactment.Review(ctx, town.Second, id)
	if err != nil || !r.May || r.Draft.Person != "clerk" || len(r.Rehearsal.Moved) != 4 ||
		r.Rehearsal.Moved[0].After.String() != "70" {
		t.Fatalf("%+v, %v", r, err)
	}
	if why := r.Rehearsal.Moved[0].Why; len(why) != 1 || why[0].What != "起点" || why[0].Clause.Path != "板块.基础.起点" {
		t.Errorf("why: %+v", why)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, id, "", false); err != nil {
		t.Fatal(err)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, id, "", false); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("confirmed twice: %v", err)
	}
	town.Later(400 * 24 * time.Hour) // its day is long past: it is still there to be read
	if r, err := town.Enactment.Review(ctx, town.Clerk, id); err != nil || !r.Draft.Enacted || r.May ||
		len(r.Rehearsal.Moved) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	town.Later(-400 * 24 * time.Hour)
	if err := town.Enactment.Withdraw(ctx, town.Clerk, id, "", "不要了"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("withdrawn after it was confirmed: %v", err)
	}
	// The year's own text scores the year, whenever it is asked for.
	for _, c := range []struct{ asOf, period, want string }{
		{"2026-06-01", "", "80"}, {"2026-12-31", "", "80"}, {"2027-01-01", "", "70"}, {"2027-02-01", "2026", "80"},
		{"2027-02-01", "2027", "70"},
	} {
		if got := total(t, town, "W2", c.asOf, c.period); got != c.want {
			t.Errorf("as of %s, period %q: %s, want %s", c.asOf, c.period, got, c.want)
		}
	}
	if err := town.DB.Exclusive(ctx, func(tx *store.Tx) error {
		list, err := tx.Enactments(access.System("test"), 10)
		if err != nil || len(list) != 2 || list[0].Drafter != "clerk" || list[0].Person != "second" {
			t.Errorf("%+v, %v", list, err)
		}
		broken, err := tx.Verify()
		expect.Empty(t, "broken", broken)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-01")}, ""); err != nil {
		t.Fatal(err)
	}
	with := func(p rules.Proposal, cases string) rules.Proposal { p.Cases = []byte(cases); return p }
	year := func(old, text string) rules.Proposal { return proposal(t, town, "2027-01-01", old, text) }
	for name, c := range map[string]struct {
		p    rules.Proposal
		want string
	}{
		"a mistake": {year("分值: 2}", "分植: 2}"), "1 处错误"},
		"a case that fails": {with(year("起点: 80", "起点: 70"), "办法: t.yaml\n用例: [{名称: 起点, 考核期: 2027, 应得: {总分: 80}}]\n"),
			"有 1 个用例没有通过"},
		"cases with a mistake": {with(year("起点: 80", "起点: 70"), "用例: []"), "用例文件有错误"},
		"before its own 施行":    {proposal(t, town, "2025-12-31", "起点: 80", "起点: 70"), "不能从 2025-12-31 起启用"},
		"points of days past":  {proposal(t, town, "2026-05-31", "起点: 80", "起点: 70"), "会改变已经过去的日子的分：4 人"},
		"another in mid-cycle": {proposal(t, town, "2026-07-01", "编号: t", "编号: other"), "从考核期第一天起"},
		"a supplement of none": {rules.Proposal{Org: town.East.ID,
			Source: []byte("补充: t\n支部: 东支部\n施行: 2026-06-01\n项目: {清理: 1}\n")}, "没有授权"},
		"another's supplement": {rules.Proposal{Org: town.West.ID,
			Source: []byte("补充: other\n支部: 东支部\n施行: 2026-06-01\n项目: {清理: 1}\n")}, "没有启用编号“other”的办法"},
	} {
		if _, err := town.Enactment.Propose(ctx, town.Clerk, c.p); fault.CodeOf(err) != fault.Invalid ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w, err := town.Enactment.Workbench(ctx, town.Clerk); err != nil || len(w.Drafts) != 0 {
		t.Errorf("kept: %+v, %v", w.Drafts, err)
	}
}

// TestARevisionMovesNobodyBeforeItsDay is decision 56: what changes in
// mid-cycle is written as a dated value.
func TestARevisionMovesNobodyBeforeItsDay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	post := func(on string) {
		t.Helper()
		if _, err := town.Entries.Post(ctx, town.Secretary,
			entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, on)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	post("2026-04-01")
	_, err := town.Enactment.Propose(ctx, town.Clerk, proposal(t, town, "2026-03-01", "分值: 2}", "分值: 3}"))
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "1 人，例如东支部的示例东2，截至 2026-05-31，82 → 83 分") {
		t.Errorf("points of April change: %v", err)
	}
	dated := propose(t, town, proposal(t, town, "2026-06-01", "分值: 2}",
		"分值: {自 2026-01-01: 2, 自 2026-06-01: {值: 3, 依据: 修订第一条}}}"))
	if err := town.Enactment.Confirm(ctx, town.Second, dated, "", false); err != nil {
		t.Fatal(err)
	}
	post("2026-06-01")
	if got := total(t, town, "E2", "2026-06-01", ""); got != "85" {
		t.Errorf("80 + 2 + 3 is %s", got)
	}
	if got := total(t, town, "E2", "2026-05-31", ""); got != "82" {
		t.Errorf("as of May: %s", got)
	}
	// An item with entries may not vanish.
	p := proposal(t, town, "2026-06-01", "  好事: {板块: 贡献, 分值: 2}\n", "")
	gone := propose(t, town, p)
	if err := town.Enactment.Confirm(ctx, town.Second, gone, "", false); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "没有了：好事") {
		t.Errorf("an item with entries vanished: %v", err)
	}
	if err := town.Enactment.Withdraw(ctx, town.Second, gone, "", " "); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("withdrawn without a reason: %v", err)
	}
	if err := town.Enactment.Withdraw(ctx, town.Second, gone, "", "写错了"); err != nil {
		t.Fatal(err)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, gone, "", false); fault.CodeOf(err) == "" {
		t.Error("a withdrawn draft was confirmed")
	}
}

func TestALockedPeriodKeepsItsText(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.West.ID, "2026", true,
			0)
	}); err != nil {
		t.Fatal(err)
	}
	expect.Fault(t, expect.Err(town.Enactment.Propose(ctx, town.Clerk,
		proposal(t, town, "2026-06-01", "起点: 80", "起点: 80"))), fault.Forbidden)
	propose(t, town, proposal(t, town, "2027-01-01", "起点: 80", "起点: 70"))
}

// TestASupplementIsForItsOwn proves that what a branch added counts there, also
// on lists of the whole street, and nowhere else.
func TestASupplementIsForItsOwn(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for _, p := range []rules.Proposal{
		proposal(t, town, "2026-06-01", "预警:", "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}\n预警:"),
		{Org: town.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: 2026-06-01\n项目: {清理楼道: 1}\n")},
	} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
			t.Fatal(err)
		}
	}
	deed := entries.EntryInput{Item: "清理楼道", On: calendar.Of(2026, 6, 1)}
	deed.Member = "E2"
	// the grant wants the community to agree
	if e, err := town.Entries.Post(ctx, town.Secretary, deed, ""); err != nil || !e.Waiting {
		t.Errorf("%+v, %v", e, err)
	}
	if e, err := town.Entries.Post(ctx, town.Community, deed, ""); err != nil || e.After.String() != "81" {
		t.Errorf("%+v, %v", e, err)
	}
	deed.Member = "W1"
	if _, err := town.Entries.Post(ctx, town.Clerk, deed, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("the west has no such item: %v", err)
	}
	for range 2 { // computed, then remembered
		if e, w := total(t, town, "E2", "2026-06-01", ""), total(t, town, "W1", "2026-06-01", ""); e != "81" || w != "80" {
			t.Errorf("E2 %s, W1 %s", e, w)
		}
	}
}

// TestTwoSchemesAtOnce: a scheme beside the main one is a ledger of its own over
// the same entries; a scheme for another kind of branch leaves this one alone.
func TestTwoSchemesAtOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	beside := rules.Proposal{Org: town.Street.ID, Beside: true, Source: []byte(`办法: 村级账
编号: cun
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {信用: {起点: 1000}}
项目:
  好事: {板块: 信用, 分值: 5}
  清洁户: {板块: 信用, 分值: 1}
`)}
	other := rules.Proposal{Org: town.Street.ID, From: testkit.Day(t, "2027-01-01"),
		Source: []byte(strings.NewReplacer("编号: t", "编号: jiguan", "周期:", "适用: [机关]\n周期:", "起点: 80",
			"起点: 60").Replace(testkit.Rules))}
	for _, p := range []rules.Proposal{beside, other} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
			t.Fatal(err)
		}
	}
	for _, item := range []string{"好事", "清洁户"} {
		if _, err := town.Entries.Post(ctx, town.Secretary,
			entries.EntryInput{Member: "E2", Item: item, On: testkit.Day(t, "2026-04-01")}, ""); err != nil {
			t.Errorf("%s: %v", item, err)
		}
	}
	all := access.System("the test looks at all")
	for _, c := range []struct{ scheme, asOf, want string }{
		{"", "2026-06-01", "82"}, {"t", "2026-06-01", "82"}, {"cun", "2026-06-01", "1006"}, {"", "2027-01-01", "80"},
		{"cun", "2027-01-01", "1000"},
	} {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: all, Scheme: c.scheme, AsOf: testkit.Day(t, c.asOf)})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, r := range p.Rows {
			if r.Member.ID == "E2" {
				got = r.Standing.Total.String()
			}
		}
		e, err := town.Standings.Explain(ctx, standings.Question{Scope: all, Scheme: c.scheme, AsOf: testkit.Day(t, c.asOf)},
			"E2")
		if err != nil || got != c.want || e.Account.Standing.Total.String() != c.want {
			t.Errorf("%q as of %s: the list says %s, the account %s, want %s (%v)", c.scheme, c.asOf, got,
				e.Account.Standing.Total, c.want, err)
		}
	}
	// The scheme for offices has nobody here.
	p, err := town.Standings.Current(ctx, standings.Question{Scope: all, Scheme: "jiguan",
		AsOf: testkit.Day(t, "2027-01-01")})
	if err != nil || len(p.Rows) != 0 {
		t.Errorf("%d are scored by the rules for offices, %v", len(p.Rows), err)
	}
	expect.Fault(t, expect.Err(town.Standings.Current(ctx,
		standings.Question{Scope: all, Scheme: "none", AsOf: testkit.Day(t, "2027-01-01")})), fault.NotFound)
}

// TestKnownBy asks what was known at an instant: nothing that was recorded later
// shows, whatever day it is about, in no list and no account.
func TestKnownBy(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	all := access.System("the test looks at all")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-03-01")}
	first, err := town.Entries.Post(ctx, town.Secretary, deed, "")
	must(err)
	steps := []struct {
		what string
		do   func()
		want string // from then on
	}{
		{"an entry of March", func() {}, "82"},
		{"another, recorded later for an earlier day", func() {
			deed.On = testkit.Day(t, "2026-01-05")
			_, err := town.Entries.Post(ctx, town.Secretary, deed, "")
			must(err)
		}, "84"},
		{"a reversal", func() {
			_, err := town.Entries.Reverse(ctx, town.Secretary, first.Entry, "记错了", "")
			must(err)
		}, "82"},
		{"a meeting missed", func() {
			_, err := town.Activities.Record(ctx, town.Clerk,
				activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-02-01"),
					Lines: []activities.Line{{Member: "E2", Status: "缺席"}}}, "")
			must(err)
		}, "77"},
		{"another text", func() {
			p := proposal(t, town, "2026-01-01", "起点: 80", "起点: 90")
			p.Retroactive = true
			must(town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", true))
		}, "87"},
		{"a discipline that nobody knew of", func() {
			must(town.DB.Write(ctx, func(tx *store.Tx) error {
				return tx.InsertAffiliation(domain.Affiliation{Member: "E2", Kind: "home", From: testkit.Day(t, "2026-05-01")}, 0)
			}))
		}, ""}, // left: not scored
	}
	var known []time.Time
	for i, step := range steps {
		if i > 0 {
			town.Later(time.Hour)
		}
		step.do()
		known = append(known, town.Later(time.Minute))
	}
	for i, step := range steps {
		q := standings.Question{Scope: all, AsOf: testkit.Day(t, "2026-06-01"), KnownBy: known[i]}
		e, err := town.Standings.Explain(ctx, q, "E2")
		must(err)
		p, err := town.Standings.Current(ctx, q)
		must(err)
		listed := ""
		for _, r := range p.Rows {
			if r.Member.ID == "E2" && r.Standing.Scored {
				listed = r.Standing.Total.String()
			}
		}
		account := ""
		if st := e.Account.Standing; st.Scored {
			account = st.Total.String()
		}
		if listed != step.want || account != step.want {
			t.Errorf("as known after %s: the list says %q, the account %q, want %q", step.what, listed, account, step.want)
		}
	}
	// What was asked of the past is not taken for the present.
	if got := total(t, town, "E1", "2026-06-01", ""); got != "90" {
		t.Errorf("now: %s", got)
	}
}
