package store

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// BenchmarkChainOfAnEntry measures the cost of the chain for an entry: the same rows with and
// without their entries in the chain, in turns of one run, a hundred to a
// transaction. x-without is the one time as a multiple of the other.
func BenchmarkChainOfAnEntry(b *testing.B) {
	const together = 100
	db := temporary(b)
	s := settle(b, db)
	var took [2]time.Duration // without, with
	turn := func(chained int) error {
		return db.Exclusive(context.Background(), func(tx *Tx) error {
			began := time.Now()
			for i := range together {
				values := []any{"P1", "承担工作", "2026-03-05", "2026-03-05", int64(100), fmt.Sprintf("[%d]", i), nil, nil, nil, nil,
					tx.stamp(), int64(s.clerk)}
				var err error
				if chained == 1 {
					_, err = tx.record(s.east.ID, kindEntry, values...)
				} else {
					_, err = tx.insert(tx.chains.adds[kindEntry], values...)
				}
				if err != nil {
					return err
				}
			}
			took[chained] += time.Since(began)
			return nil
		})
	}
	n := 0
	for b.Loop() {
		for chained := range took {
			if err := turn(chained); err != nil {
				b.Fatal(err)
			}
		}
		n++
	}
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(n*together) }
	b.ReportMetric(each(took[0]), "µs-without")
	b.ReportMetric(each(took[1]), "µs-with")
	b.ReportMetric(float64(took[1])/float64(took[0]), "x-without")
}
