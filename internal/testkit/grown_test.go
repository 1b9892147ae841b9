package testkit_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"jifen/internal/app/standings"
	"jifen/internal/testkit"
)

// cost counts what the questions of one text took.
type cost struct{ times, rows, pages int64 }

// scanned returns beginnings of the questions that read from an end of a table, with the reason.
func scanned() map[string]string {
	return map[string]string{
		"SELECT e.id, e.hash AS said":  "the last row",
		"SELECT o.id, o.path || ":      "the last row",
		"WITH u (kind, ":               "what was found by an index, put together",
		"SELECT u.":                    "what was found by an index, put together",
		"SELECT x.did, ":               "what was found by an index, put together",
		"SELECT q.member_id AS member": "the latest of one author, found by an index, put together",
		"SELECT c.id, c.org_id, c.was": "renames, a few a year in a street, by an index of them alone",
		"SELECT c.member_id, t.body":   "members renamed, a few a year, by an index of them alone",
		"SELECT d.id, d.org_id, ":      "drafts of rules, the latest first, until there are enough: a few a year in a street",
	}
}

// TestNoRequestOfAStreetScansATable: in a file whatever is asked of a table that grows is
// searched for by an index.
func TestNoRequestOfAStreetScansATable(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	neighbourly(t, town)
	for _, list := range [][]asked{recorded(), looked()} {
		for i := range list {
			a := &list[i]
			for _, q := range town.Asked(t, func() {
				if _, err := a.of(t, town); err != nil {
					t.Errorf("%s: %v", a.what, err)
				}
			}) {
				known := false
				for text := range scanned() {
					known = known || strings.HasPrefix(q.Text, text)
				}
				for _, step := range q.Plan {
					if strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" && !known && a.beyond == "" {
						t.Errorf("%s: %s in\n%s", a.what, step, q.Text)
					}
				}
			}
		}
	}
}

// costs runs a request and adds up what each of its questions took, by its text.
func costs(t *testing.T, a *asked, town *testkit.Town) map[string]cost {
	t.Helper()
	out := map[string]cost{}
	for _, q := range town.Asked(t, func() {
		if _, err := a.of(t, town); err != nil {
			t.Errorf("%s: %v", a.what, err)
		}
	}) {
		c := out[q.Text]
		out[q.Text] = cost{c.times + 1, c.rows + q.Rows, c.pages + q.Pages}
	}
	return out
}

// TestARequestCostsNoMoreAmongManyStreets asks the same of a database with two streets
// and of one with six hundred: no question of a request may read more there, but for the
// few pages by which an index is higher, whatever the server finds the best plan for either.
func TestARequestCostsNoMoreAmongManyStreets(t *testing.T) {
	t.Parallel()
	lived := func(town *testkit.Town) { neighbourly(t, town) }
	few, many := testkit.RepeatedOnServer(t, 0, lived), testkit.RepeatedOnServer(t, 300, lived)
	for _, town := range []*testkit.Town{few, many} { // what is in force is read once
		if _, err := town.Standings.Ranking(t.Context(), town.Clerk, standings.ListQuery{Org: town.Street.ID}); err != nil {
			t.Fatal(err)
		}
	}
	for _, list := range [][]asked{recorded(), looked(), looked()} {
		for i := range list {
			a := &list[i]
			if a.beyond != "" {
				continue
			}
			want, got := costs(t, a, few), costs(t, a, many)
			for _, text := range slices.Sorted(maps.Keys(got)) {
				w, g := want[text], got[text]
				if strings.Contains(text, "u LEFT JOIN chain_entries l") {
					continue // by its key where there are more entries of chains than an index is worth
				}
				if g.times > w.times || g.rows > 2*w.rows+60*g.times || g.pages > 3*w.pages+60*g.times {
					t.Errorf("%s: among many streets %+v and among few %+v of\n%s", a.what, g, w, text)
				}
			}
		}
	}
}
