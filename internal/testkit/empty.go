package testkit

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/store"
	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

// Empty opens a database in which there is nothing yet, as the program does, with services
// over it and a clock that stands at an instant; the test's end closes it.
func Empty(tb testing.TB, at time.Time) *Town {
	tb.Helper()
	t := &Town{start: at.Sub(Now())}
	path := filepath.Join(tb.TempDir(), "t.db")
	if pgtest.OnServer() {
		owner := &Town{start: t.start}
		owners := pgtest.Database(tb)
		path = pgtest.AsProgram(tb, owners)
		if err := owner.open(owners); err != nil {
			tb.Fatal(err)
		}
		owner.Close(tb)
		if err := store.Grant(context.Background(), owner.options, pgtest.Program); err != nil {
			tb.Fatal(err)
		}
	}
	if err := t.open(path); err != nil {
		tb.Fatal(err)
	}
	t.Lined(tb)
	tb.Cleanup(func() { t.Close(tb) })
	return t
}

// Clock returns what the town's clock shows.
func (t *Town) Clock() time.Time { return t.options.Now() }

// WantSound checks all that the program's own verify checks of a database: the chains, who
// recorded what by which office, that every row has its line in the trail, and that what is
// kept beside the rows, standings among it, is what the rows come to.
func (t *Town) WantSound(tb testing.TB) {
	tb.Helper()
	t.WantChains(tb)
	t.read(tb, func(v *store.Snapshot) error {
		unlined, err := v.Unlined()
		if err != nil {
			return err
		}
		expect.Empty(tb, "the rows without a line in the trail", unlined)
		counts, err := v.Recount()
		if err != nil {
			return err
		}
		expect.Empty(tb, "what is kept and is not what the rows come to", counts)
		review, err := t.Standings.Review(v, calendar.FromTime(t.Clock().In(Zone())))
		if err != nil {
			return err
		}
		expect.Empty(tb, "the cached standings that are not what the records come to", review.Wrong)
		return nil
	})
}
