package rules_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/scoring"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestABranchLeftOutKeepsWhatItHad: who has no scheme any more because the next text
// is not for his kind of branch is shown what he had on its last day, and a ledger
// beside the main one does not pass for the main one.
func TestABranchLeftOutKeepsWhatItHad(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	beside := rules.Proposal{Org: town.East.Parent, Beside: true, Source: []byte(`办法: 志愿账
编号: zhiyuan
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {信用: {起点: 70}}
项目: {清扫: {板块: 信用, 分值: 1}}
`)}
	for _, p := range []rules.Proposal{beside, proposal(t, town, "2027-01-01", "周期:", "适用: [农村]\n周期:")} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []entries.EntryInput{{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")},
		{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-20")}} {
		if _, err := town.Entries.Post(ctx, town.Clerk, d, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk,
		members.Move{Member: "W2", To: town.East.ID, From: testkit.Day(t, "2026-05-25"), Seen: true}, ""); err != nil {
		t.Fatal(err)
	}
	town.Later(300 * 24 * time.Hour)
	q := standings.Question{Scope: access.System("the test looks at all"), AsOf: testkit.Day(t, "2027-02-01")}
	for _, id := range []string{"E2", "W2"} {
		e, err := town.Standings.Explain(ctx, q, domain.MemberID(id))
		if err != nil || e.Until == nil || e.Until.Day != testkit.Day(t, "2026-12-31") ||
			e.Account.Standing.Total.String() != "82" {
			t.Errorf("%s: %+v, %v", id, e, err)
		}
	}
	q.Below = town.East.Path
	p, err := town.Standings.Current(ctx, q)
	if err != nil || p.Book.Code != "t" || len(p.Rows) != 3 {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, r := range p.Rows {
		expect.Equal(t, "r.Standing.Scored", r.Standing.Scored, false)
		expect.Contains(t, r.Standing.Why, "不适用于社区支部")
	}
	q.Scheme = "zhiyuan"
	if p, err = town.Standings.Current(ctx, q); err != nil || p.Rows[0].Standing.Total.String() != "70" {
		t.Errorf("%+v, %v", p, err)
	}
	if e, err := town.Entries.Post(ctx, town.Clerk,
		entries.EntryInput{Member: "E2", Item: "清扫", On: testkit.Day(t, "2027-02-01")}, ""); err != nil ||
		e.After.String() != "71" {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestACommitteeIsShownWhatMostBranchesHave: a scheme for some kinds of branch that
// follows one for all kinds is the one of lists, and its alerts are open there.
func TestACommitteeIsShownWhatMostBranchesHave(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	next := proposal(t, town, "2027-01-01", "周期:", "适用: [社区, 两新]\n周期:")
	next.Source = []byte(strings.NewReplacer("编号: t", "编号: u", "起点: 80", "起点: 50").Replace(string(next.Source)))
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, next), "", false); err != nil {
		t.Fatal(err)
	}
	town.Later(300 * 24 * time.Hour)
	p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(t, "2027-02-01")})
	if err != nil || p.Book.Code != "u" || len(p.Rows) != 4 {
		t.Fatalf("%+v, %v", p, err)
	}
	expect.Len(t, "Open", scoring.OpenAlerts(p.Book, &p.Rows[0].Standing), 1)
}
