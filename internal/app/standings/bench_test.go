package standings_test

import (
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// BenchmarkCurrent computes the standings of 2,500 members with 60 entries
// each, all behind, against a plain read of the same rows. A street of 25,000
// takes ten times as long to build and the ratio does not depend on it.
func BenchmarkCurrent(b *testing.B) {
	town := testkit.NewSized(b, 1250)
	var members []domain.Member
	if err := town.DB.Exclusive(ctx, func(tx *store.Tx) (err error) {
		if members, err = tx.Members(access.System("the benchmark fills everybody's year"), ""); err != nil {
			return err
		}
		for i := range members {
			for n := range 60 {
				e := domain.Entry{Item: "酌情", On: testkit.Day(b, "2026-01-01"), Points: 10, Chosen: true}
				if n%3 == 0 {
					e = domain.Entry{Item: "服务", On: e.On, Fields: []domain.Field{{Name: "时长", Value: domain.Value{Number: 100}}}}
				}
				e.On += calendar.Day(2 * n)
				if _, err := tx.InsertEntry(&members[i], domain.NewEntry{Entry: e}, town.Clerk.Account); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	// What is remembered is of a later day, so that every question finds all
	// behind.
	if _, err := town.Standings.Current(ctx, standings.Question{Scope: all(), Period: "2026",
		AsOf: testkit.Day(b, "2026-06-02")}); err != nil {
		b.Fatal(err)
	}
	var scan, current time.Duration
	b.ResetTimer()
	for n := range b.N {
		start := time.Now()
		if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
			_, err := v.Records(members)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		scan += time.Since(start)
		start = time.Now()
		fresh := standings.New(town.DB, testkit.Zone()) // holds nothing in memory
		if _, err := fresh.Current(ctx, standings.Question{Scope: all(), Period: "2026",
			AsOf: testkit.Day(b, "2026-06-01") - calendar.Day(n%90)}); err != nil {
			b.Fatal(err)
		}
		current += time.Since(start)
	}
	b.ReportMetric(float64(scan)/float64(current), "scan÷current")
	b.ReportMetric(float64(current.Microseconds())/float64(b.N*len(members)), "µs/member")
}

// BenchmarkCached reads the standings of 2,500 members, all cached and good, by a service that
// holds nothing in memory: what a page costs after the program was started.
func BenchmarkCached(b *testing.B) {
	town := testkit.NewSized(b, 1250)
	q := standings.Question{Scope: all(), Period: "2026", AsOf: testkit.Day(b, "2026-06-01")}
	if _, err := town.Standings.Current(ctx, q); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := standings.New(town.DB, testkit.Zone()).Current(ctx, q); err != nil {
			b.Fatal(err)
		}
	}
}
