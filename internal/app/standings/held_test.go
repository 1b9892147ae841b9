package standings_test

import (
	"context"
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestAWriteElsewhereEmptiesNothing: a population is held until something is recorded
// that it depends on. Another branch's record is that where grades go by share among
// all, and where the question is about all.
func TestAWriteElsewhereEmptiesNothing(t *testing.T) {
	t.Parallel()
	share := strings.Replace(testkit.Rules, "等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}", "等次: {好: {占: 1/2}, 差: 其余}", 1)
	whole := strings.Replace(share, "范围: [支部, 社区, 街道]", "范围: [街道]", 1)
	// An alert that asks for a place is carried from the period before.
	carried := strings.Replace(testkit.Rules, "每: 月, 当: 总分 < 60, 级别", "每: 年, 当: 倒数名次 <= 1, 级别", 1)
	for name, c := range map[string]struct {
		rules string
		west  bool // what is recorded in the east empties the west's population
	}{
		"by points": {testkit.Rules + "# 又一次启用\n", false}, "by share in the branch": {share, false},
		"by share in the street": {whole, true}, "with alerts by place": {carried, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, town := context.Background(), testkit.New(t)
			load := ruleset.Load("t.yaml", []byte(c.rules))
			if load.Book == nil {
				t.Fatalf("%+v", load)
			}
			err := town.DB.Write(ctx, func(tx *store.Tx) error {
				return tx.InsertEnactment(domain.RuleVersion{
					Org: town.Street.ID, Code: load.Book.Code, From: load.Book.From, Hash: load.Book.Hash, Source: c.rules,
				}, town.Clerk.Account)
			})
			if err != nil {
				t.Fatal(err)
			}
			ask := func(below string) *standings.Population {
				p, err := town.Standings.Current(ctx, standings.Question{Scope: all(), Below: below,
					AsOf: testkit.Day(t, "2026-01-20")})
				if err != nil {
					t.Fatal(err)
				}
				return p
			}
			west, east, street := ask(town.West.Path), ask(town.East.Path), ask("")
			if ask(town.West.Path) != west || ask(town.East.Path) != east || ask("") != street {
				t.Fatal("a population is not held though nothing was recorded")
			}
			entry := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-01-10")}
			if _, err := town.Entries.Post(ctx, town.Secretary, entry, ""); err != nil {
				t.Fatal(err)
			}
			if emptied := ask(town.West.Path) != west; emptied != c.west {
				t.Errorf("the west's population is emptied: %t, want %t", emptied, c.west)
			}
			if ask(town.East.Path) == east {
				t.Error("the east's population is held though the east recorded something")
			}
			if ask("") == street {
				t.Error("the street's population is held though the east recorded something")
			}
		})
	}
}

// TestAnotherStreetEmptiesNothing: what is recorded in another street empties the
// population neither of a street nor of a branch of it, whatever places decide; that of
// the district and of all it does.
func TestAnotherStreetEmptiesNothing(t *testing.T) {
	t.Parallel()
	share := strings.Replace(testkit.Rules, "等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}", "等次: {好: {占: 1/2}, 差: 其余}", 1)
	for name, text := range map[string]string{
		"by points": testkit.Rules + "# 又一次启用\n", "by share in the branch": share,
		"by share in the street": strings.Replace(share, "范围: [支部, 社区, 街道]", "范围: [街道]", 1),
		"with alerts by place":   strings.Replace(testkit.Rules, "每: 月, 当: 总分 < 60, 级别", "每: 年, 当: 倒数名次 <= 1, 级别", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.NewInDistrict(t)
			book := ruleset.Load("t.yaml", []byte(text)).Book
			if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
				return tx.InsertEnactment(domain.RuleVersion{Org: town.Street.ID, Code: book.Code, From: book.From,
					Hash: book.Hash, Source: text}, town.Clerk.Account)
			}); err != nil {
				t.Fatal(err)
			}
			asked := []string{town.Street.Path, town.East.Path, town.Neighbours.Street.Path, town.District.Path, ""}
			ask := func() (out []*standings.Population) {
				for _, below := range asked {
					p, err := town.Standings.Current(t.Context(), standings.Question{Scope: all(), Below: below,
						AsOf: testkit.Day(t, "2026-01-20")})
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, p)
				}
				return out
			}
			before := ask()
			entry := entries.EntryInput{Member: "N1", Item: "好事", On: testkit.Day(t, "2026-01-10")}
			if _, err := town.Entries.Post(t.Context(), town.Neighbours.Clerk, entry, ""); err != nil {
				t.Fatal(err)
			}
			for i, p := range ask() {
				if emptied := p != before[i]; emptied != (i >= 2) {
					t.Errorf("the population of %q is emptied: %t", asked[i], emptied)
				}
			}
		})
	}
}
