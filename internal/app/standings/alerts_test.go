package standings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/scoring"
	"jifen/internal/testkit"
)

// TestNewYearClosesNoAlert: what was open at ten to midnight of New Year's Eve is
// open ten minutes after midnight, those that asked for a place too; it ends with
// the next window that does not raise it again.
func TestNewYearClosesNoAlert(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	source := strings.Replace(testkit.Rules, "预警: {",
		"预警: {末位: {每: 年, 当: 倒数名次 <= 1 and 总分 < 80, 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 31天}, 全年无加分: {每: 年, 当: 加分次数 == 0, "+
			"级别: 警示, 建议: 派活, 负责: 支部书记, 限期: 7天}, ", 1)
	id, err := town.Enactment.Propose(ctx, town.Clerk, rules.Proposal{Org: town.Street.ID, Source: []byte(source)})
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, id, "", false); err != nil {
		t.Fatal(err)
	}
	for _, d := range []entries.EntryInput{
		{Member: "E1", Item: "好事", On: testkit.Day(t, "2026-05-01")},
		{Member: "E2", Item: "酌情", Points: "-5", On: testkit.Day(t, "2026-05-01")},
		{Member: "E2", Item: "酌情", Points: "-5", On: testkit.Day(t, "2026-05-02")},
		{Member: "E2", Item: "酌情", Points: "-5", On: testkit.Day(t, "2026-05-03")},
		{Member: "E2", Item: "酌情", Points: "-5", On: testkit.Day(t, "2026-05-04")},
		{Member: "E2", Item: "酌情", Points: "-5", On: testkit.Day(t, "2026-05-05")},
	} {
		if _, err := town.Entries.Post(ctx, town.Clerk, d, ""); err != nil {
			t.Fatal(err)
		}
	}
	open := func(asOf string, below string) []string {
		t.Helper()
		q := standings.Question{Scope: all(), Below: below, AsOf: testkit.Day(t, asOf)}
		p, err := town.Standings.Current(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		p.Place()
		var out []string
		for i := range p.Rows {
			for _, a := range scoring.OpenAlerts(p.Book, &p.Rows[i].Standing) {
				out = append(out, fmt.Sprint(p.Rows[i].Member.ID, " ", a.Name, " ", a.On, " ", a.Level, " ", a.Due))
			}
		}
		slices.Sort(out)
		return out
	}
	want := []string{
		"E2 低 2026-12-31 红 2027-01-07", "E2 全年无加分 2026-12-31 警示 2027-01-07", "E2 末位 2026-12-31 提醒 2027-01-31",
		"W1 全年无加分 2026-12-31 警示 2027-01-07", "W2 全年无加分 2026-12-31 警示 2027-01-07",
	}
	for _, c := range []struct{ asOf, below string }{
		{"2026-12-31", ""}, {"2027-01-01", ""}, {"2027-01-01", ""}, {"2027-01-30", ""},
	} {
		if got := open(c.asOf, c.below); !slices.Equal(got, want) {
			t.Errorf("as of %s:\n%s\nwant\n%s", c.asOf, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if got := open("2027-01-01", town.East.Path); !slices.Equal(got, want[:3]) {
		t.Errorf("the east: %s", strings.Join(got, "\n"))
	}
	// January was above the line: that one ends. Those of the year stay until the next
	// year's end.
	if got := open("2027-01-31", ""); !slices.Equal(got, want[1:]) {
		t.Errorf("the end of January: %s", strings.Join(got, "\n"))
	}
	if got := open("2027-12-30", ""); !slices.Equal(got, want[1:]) {
		t.Errorf("the year after: %s", strings.Join(got, "\n"))
	}
	e, err := town.Standings.Explain(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(t, "2027-01-01")}, "E2")
	if err != nil || len(scoring.OpenAlerts(e.Book, &e.Account.Standing)) != 3 {
		t.Errorf("by the account: %+v, %v", e.Account.Standing.Open, err)
	}
}
