package testkit

import (
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store/engine/enginetest"
)

// Confined opens the town's database, on a server, by another program that has the rights to
// the rows of some streets alone, to those of none and to the organisations above it: any
// other row is for it as if it were not there, and it can write none. It returns the
// tables that are so confined.
func (t *Town) Confined(tb testing.TB, streets ...domain.Org) (confined *Town, tables []string) {
	tb.Helper()
	var ids []string
	for _, street := range streets {
		ids = append(ids, string(street.ID))
	}
	address, tables := enginetest.Confine(tb, t.options.Path, ids...)
	other := *t
	other.closed = false
	if err := other.open(address); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { other.Close(tb) })
	return &other, tables
}

// Rows counts the rows of a table that carry a street, as far as the program has the right
// to see them.
func (t *Town) Rows(tb testing.TB, table string, street domain.Org) (n int) {
	tb.Helper()
	return enginetest.RowsOf(tb, t.options.Path, table, string(street.ID))
}
