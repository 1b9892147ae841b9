package standings_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

// crowd asks the same of one service, which computes nothing until it is let.
type crowd struct {
	*testkit.Town
	t        *testing.T
	all      sync.WaitGroup
	computed atomic.Int64
	let      chan struct{}
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{Town: testkit.NewSized(t, 20), t: t, let: make(chan struct{})}
	c.Standings.WatchComputations(func() {
		c.computed.Add(1)
		<-c.let
	})
	return c
}

// ask asks in a goroutine of its own and hands over the answer.
func (c *crowd) ask(ctx context.Context, q standings.Question, take func(*standings.Population, error)) {
	c.all.Go(func() {
		p, err := c.Standings.Current(ctx, q)
		take(p, err)
	})
}

// until waits for what other goroutines do.
func (c *crowd) until(holds func() bool) {
	c.t.Helper()
	for !holds() {
		if c.t.Context().Err() != nil {
			c.t.Fatal("it never came")
		}
		runtime.Gosched()
	}
}

func (c *crowd) post(member string) {
	c.t.Helper()
	deed := entries.EntryInput{Member: domain.MemberID(member), Item: "好事", On: testkit.Day(c.t, "2026-05-01")}
	if _, err := c.Entries.Post(ctx, c.Clerk, deed, ""); err != nil {
		c.t.Fatal(err)
	}
}

func total(p *standings.Population, member string) string {
	for i := range p.Rows {
		if p.Rows[i].Member.ID == domain.MemberID(member) {
			return p.Rows[i].Standing.Total.String()
		}
	}
	return "not there"
}

func TestSixteenWhoAskAfterAWriteShareOneRun(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]time.Time{"of the present": {}, "of the past": testkit.Now().Add(time.Hour)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t)
			c.post("E1")
			q := standings.Question{Scope: all(), AsOf: testkit.Day(t, "2026-06-01"), KnownBy: known}
			c.computed.Store(0) // of what posting shows
			var right atomic.Int64
			for range 16 {
				c.ask(ctx, q, func(p *standings.Population, err error) {
					if err != nil || total(p, "E1") != "82" || total(p, "W9") != "80" {
						t.Errorf("answered %v, %v", p, err)
						return
					}
					right.Add(1)
				})
			}
			c.until(func() bool { return c.Standings.Waiting() == 16 && c.computed.Load() > 0 })
			close(c.let)
			c.all.Wait()
			if right.Load() != 16 {
				t.Errorf("%d of 16 were answered", right.Load())
			}
			if c.computed.Load() != 40 {
				t.Errorf("%d standings were computed for 40 members", c.computed.Load())
			}
		})
	}
}

func TestWhoAsksAfterAWriteSeesItThoughARunIsUnderWay(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	q := standings.Question{Scope: all(), AsOf: testkit.Day(t, "2026-06-01")}
	c.ask(ctx, q, func(p *standings.Population, err error) {
		if err != nil || total(p, "W2") != "80" && total(p, "W2") != "82" {
			t.Errorf("who asked before the write: %v, %v", p, err)
		}
	})
	c.until(func() bool { return c.computed.Load() > 0 }) // has read, computes
	writer := testkit.Over(c.DB)                          // what posting shows is computed elsewhere
	deed := entries.EntryInput{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	if _, err := writer.Entries.Post(ctx, c.Clerk, deed, ""); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		c.ask(ctx, q, func(p *standings.Population, err error) {
			if err != nil || total(p, "W2") != "82" {
				t.Errorf("who asked after the write: %v, %v", p, err)
			}
		})
	}
	c.until(func() bool { return c.Standings.Waiting() == 4 })
	close(c.let)
	c.all.Wait()
	if n := c.computed.Load(); n != 40+1 {
		t.Errorf("%d standings were computed, want 40 and the one that changed", n)
	}
}

func TestWhoGoesAwayEndsNobodyElsesRun(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	q := standings.Question{Scope: all(), AsOf: testkit.Day(t, "2026-06-01")}
	first, leave := context.WithCancel(ctx)
	gone := make(chan error, 2)
	leaver := func(_ *standings.Population, err error) { gone <- err }
	c.ask(first, q, leaver)
	c.until(func() bool { return c.computed.Load() > 0 })
	c.ask(first, q, leaver) // waits for the next run, with those who stay
	for range 3 {
		c.ask(ctx, q, func(p *standings.Population, err error) {
			if err != nil || len(p.Rows) != 40 {
				t.Errorf("who stayed: %v, %v", p, err)
			}
		})
	}
	c.until(func() bool { return c.Standings.Waiting() == 5 })
	leave()
	for range 2 {
		if err := <-gone; fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("who went away: %v, want unavailable at once", err)
		}
	}
	close(c.let)
	c.all.Wait()
}
