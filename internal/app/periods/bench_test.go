package periods_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jifen/internal/app/periods"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// BenchmarkLock locks a period of all branches of a street in one step: what each of 2,000
// costs, and how many times what each of 200 does.
func BenchmarkLock(b *testing.B) {
	each := map[int]time.Duration{}
	for _, branches := range []int{200, 2000} {
		town := testkit.New(b)
		if err := town.DB.Write(context.Background(), func(tx *store.Tx) error {
			for n := range branches {
				name := fmt.Sprint("第", n, "支部")
				o := domain.Org{Parent: town.East.Parent, Level: domain.Branch, Kind: town.East.Kind, Name: name}
				if _, err := tx.InsertOrg(o); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		step := periods.Step{Below: town.Street.ID, Period: "2026", Lock: true}
		for range b.N {
			begun := time.Now()
			done, err := town.Locks.Take(context.Background(), town.Clerk, step)
			each[branches] += time.Since(begun) / time.Duration(branches)
			if err != nil || done.Changed != branches+2 {
				b.Fatalf("%+v, %v", done, err)
			}
			again, err := town.Locks.Take(context.Background(), town.Clerk, step)
			if err != nil || again.Changed != 0 {
				b.Fatalf("once more: %+v, %v", again, err)
			}
			open := periods.Step{Below: town.Street.ID, Period: "2026", Reason: "再量一次"}
			if _, err := town.Locks.Take(context.Background(), town.Clerk, open); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(each[2000].Microseconds())/float64(b.N), "µs/branch")
	b.ReportMetric(float64(each[2000])/float64(each[200]), "2000÷200")
	b.ReportMetric(0, "ns/op")
}
