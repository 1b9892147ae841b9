package standings_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/scoring"
	"jifen/internal/testkit"
)

// TestAPlaceIsOneAmongAllWhateverIsListed: what a place in the street decides is the
// same in the list of the street, of a branch and of one member.
func TestAPlaceIsOneAmongAllWhateverIsListed(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	source := strings.Replace(testkit.Rules, "排名: {范围: [支部, 社区, 街道]}", "排名: {范围: [街道, 支部]}\n"+
		"标杆: {先锋: {范围: 街道, 前: 1人, 当: 总分 > 0}}", 1)
	source = strings.Replace(source, "预警: {",
		"预警: {末位: {每: 实时, 当: 倒数名次 <= 1, 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 31天}, ", 1)
	id, err := town.Enactment.Propose(ctx, town.Clerk, rules.Proposal{Org: town.Street.ID, Source: []byte(source)})
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, id, "", false); err != nil {
		t.Fatal(err)
	}
	told := func(scope access.Scope, below string) map[string]string {
		t.Helper()
		p, err := town.Standings.Current(ctx, standings.Question{
			Scope: scope, Below: below, AsOf: testkit.Day(t, "2026-06-01"),
		})
		if err != nil {
			t.Fatal(err)
		}
		p.Place()
		out := map[string]string{}
		for i := range p.Rows {
			r := &p.Rows[i]
			text := fmt.Sprint(r.Benchmarks)
			for _, a := range scoring.OpenAlerts(p.Book, &r.Standing) {
				text += " " + a.Name
			}
			out[string(r.Member.ID)] = text
		}
		return out
	}
	if before := told(all(), town.West.Path); !strings.Contains(before["W1"], "先锋") {
		t.Fatalf("before anything is recorded the west's list tells %v", before)
	}
	for _, d := range []entries.EntryInput{
		{Member: "E1", Item: "好事", On: testkit.Day(t, "2026-05-01")},
		{Member: "E2", Item: "酌情", Points: "-5", On: testkit.Day(t, "2026-05-01")},
	} {
		if _, err := town.Entries.Post(ctx, town.Clerk, d, ""); err != nil {
			t.Fatal(err)
		}
	}
	street := told(all(), "")
	if !strings.Contains(street["E1"], "先锋") || !strings.Contains(street["E2"], "末位") ||
		strings.Contains(street["W1"]+street["W2"], "末位") || strings.Contains(street["W1"]+street["W2"], "先锋") {
		t.Fatalf("the street's list tells %v", street)
	}
	got := map[string]string{}
	for _, below := range []string{town.East.Path, town.West.Path} {
		maps.Copy(got, told(all(), below))
	}
	if !maps.Equal(got, street) {
		t.Errorf("the branches' lists tell %v, the street's %v", got, street)
	}
	for id, of := range told(town.Secretary.Scope(access.SeeMembers), "") {
		if of != street[id] {
			t.Errorf("the secretary is told %q of %s, the street %q", of, id, street[id])
		}
	}
}
