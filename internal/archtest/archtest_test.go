package archtest

import (
	"slices"
	"testing"
)

// TestHouse runs every check over the module as it stands.
func TestHouse(t *testing.T) {
	t.Parallel()
	house, err := parse(readModule(t))
	if err != nil {
		t.Fatal(err)
	}
	house.whole = true
	// A walk that loses its way finds no packages, hence no complaints.
	if house.files["internal/archtest/doc.go"] == nil || house.files["internal/fault/fault.go"] == nil {
		t.Fatal("the walk over the module missed internal/archtest or internal/fault")
	}
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, complaint := range c.run(house) {
				t.Error(complaint)
			}
		})
	}
}

// TestTablesAreWhole proves that the tables themselves hold: every row has a
// reason, none stands twice, and every arrow ends at a package with a row.
func TestTablesAreWhole(t *testing.T) {
	t.Parallel()
	var rows []string
	reasons := map[string]string{}
	for _, a := range arrows() {
		rows = append(rows, a.from)
		reasons[a.from] = a.why
	}
	for _, a := range arrows() {
		for _, to := range a.may {
			if to != anything && !slices.Contains(rows, to) {
				t.Errorf("%s may import %s, which has no row", a.from, to)
			}
		}
	}
	for _, l := range libraries() {
		rows = append(rows, l.path)
		reasons[l.path] = l.why
		for _, from := range l.only {
			if !slices.Contains(rows, from) {
				t.Errorf("%s is for %s, which has no row", l.path, from)
			}
		}
	}
	for _, e := range exceptions() {
		reasons["exception for "+e.from] = e.why
	}
	for row, why := range reasons {
		if why == "" {
			t.Errorf("%s has no reason", row)
		}
	}
	slices.Sort(rows)
	if len(slices.Compact(slices.Clone(rows))) != len(rows) {
		t.Errorf("a row stands twice among %q", rows)
	}
}
