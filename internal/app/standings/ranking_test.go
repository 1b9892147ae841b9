package standings_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

func TestRankingIsListedAndLaidOut(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Entries.Post(ctx, town.Clerk,
		entries.EntryInput{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	rank := func(org domain.Org, category string) *standings.Ranking {
		r, err := town.Standings.Ranking(ctx, town.Clerk, standings.ListQuery{
			Org: org.ID, Category: category, When: standings.When{Period: "2026"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	table := rank(town.Street, "").Table()
	var heads, lines []string
	for _, h := range table.Headings {
		heads = append(heads, h.Name)
	}
	for _, row := range table.Rows {
		lines = append(lines, strings.Join(row, ","))
	}
	if got := strings.Join(heads, ","); got != "名次,编号,姓名,支部,类别,总分,基础,贡献,等次,备注" {
		t.Errorf("headings %s", got)
	}
	want := "1,W2,示例西2,西支部,党员,82,80,2,好,\n2,E1,示例东1,东支部,党员,80,80,0,好,并列\n2,E2,示例东2,东支部,党员,80,80,0,好,并列\n" +
		"2,W1,示例西1,西支部,党员,80,80,0,好,并列"
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if table.Title != "示例街道党员积分排名（2026年）" || !strings.HasPrefix(table.Footer[0], "截至 2026-06-01。总分相同的并列") ||
		!strings.HasSuffix(table.Footer[1], "导出于 2026-06-01 12:00。") {
		t.Errorf("%q %q", table.Title, table.Footer)
	}
	if r := rank(town.East, "党员"); len(r.Listed) != 2 || placeOf(r.Listed[0], domain.Branch) != 1 ||
		placeOf(r.Listed[1], domain.Branch) != 1 {
		t.Errorf("the east: %+v", r.Listed)
	}
	if r := rank(town.Street, "别的"); len(r.Listed) != 0 || len(r.Rows) != 4 {
		t.Errorf("another category lists %d of %d", len(r.Listed), len(r.Rows))
	}
	for what, c := range map[string]struct {
		ask  standings.ListQuery
		who  *access.Actor
		want fault.Code
	}{
		"a period that the scheme has not": {standings.ListQuery{When: standings.When{Period: "2026Q1"}}, town.Clerk,
			fault.Invalid},
		"a day that has not come": {standings.ListQuery{When: standings.When{AsOf: testkit.Day(t, "2026-06-02")}},
			town.Clerk, fault.Invalid},
		"another branch": {standings.ListQuery{Org: town.West.ID}, town.Secretary, fault.NotFound},
		"a member":       {standings.ListQuery{}, town.Member, fault.Forbidden},
		"nobody":         {standings.ListQuery{}, nil, fault.Forbidden},
	} {
		if _, err := town.Standings.Ranking(ctx, c.who, c.ask); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
}

func placeOf(r *standings.Row, level domain.Level) int {
	p, _ := r.At(level)
	return p.Place
}
