package rules_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/periods"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

// TestWhatHappensWhileADraftIsRehearsedIsSeen: a rehearsal is a read, so people go
// on recording; what they record is looked at before the text is put in force.
func TestWhatHappensWhileADraftIsRehearsedIsSeen(t *testing.T) {
	t.Parallel()
	good := func(t *testing.T, town *testkit.Town, member domain.MemberID) {
		t.Helper()
		if _, err := town.Entries.Post(ctx, town.Clerk,
			entries.EntryInput{Member: member, Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		before    func(t *testing.T, town *testkit.Town)
		meanwhile func(t *testing.T, town *testkit.Town)
		agreed    bool
		code      fault.Code
		want      string // of the error, or of the trail
	}{
		"nothing": {code: "", want: "2026-05-01"},
		"an entry whose points change": {
			meanwhile: func(t *testing.T, town *testkit.Town) { good(t, town, "E2") },
			code:      fault.Invalid, want: "1 人，例如东支部的示例东2，截至 2026-05-31，82 → 83 分",
		},
		"one more, to which both have agreed": {
			before:    func(t *testing.T, town *testkit.Town) { good(t, town, "E2"); good(t, town, "W1") },
			meanwhile: func(t *testing.T, town *testkit.Town) { good(t, town, "E1"); good(t, town, "E2") },
			// E1 is moved now; E2 has reached the month's limit and is not any more.
			agreed: true, want: "两人同意改以前的分 2 人",
		},
		"another text": {
			meanwhile: func(t *testing.T, town *testkit.Town) {
				id := propose(t, town, proposal(t, town, "2027-01-01", "起点: 80", "起点: 90"))
				if err := town.Enactment.Confirm(ctx, town.Second, id, "", false); err != nil {
					t.Fatal(err)
				}
			},
			code: fault.Stale, want: "再看一遍预演",
		},
		"a confirmation": {
			meanwhile: func(t *testing.T, town *testkit.Town) {
				w, err := town.Enactment.Workbench(ctx, town.Second)
				if err == nil {
					err = town.Enactment.Confirm(ctx, town.Second, w.Drafts[0].ID, "", false)
				}
				if err != nil {
					t.Fatal(err)
				}
			},
			code: fault.Conflict, want: "已经办过",
		},
		"a lock": {
			meanwhile: func(t *testing.T, town *testkit.Town) {
				step := periods.Step{Branches: []domain.OrgID{town.East.ID}, Period: "2026", Lock: true}
				if _, err := town.Locks.Take(ctx, town.Clerk, step); err != nil {
					t.Fatal(err)
				}
			},
			code: fault.Forbidden, want: "已经锁定",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			if c.before != nil {
				c.before(t, town)
			}
			p := proposal(t, town, "2026-05-01", "好事: {板块: 贡献, 分值: 2}", "好事: {板块: 贡献, 分值: 3}")
			p.Retroactive = c.agreed
			r, err := town.Enactment.Review(ctx, town.Second, propose(t, town, p))
			if err != nil {
				t.Fatal(err)
			}
			if c.meanwhile != nil {
				c.meanwhile(t, town)
			}
			err = rules.ConfirmReviewed(ctx, town.Enactment, town.Second, r, c.agreed)
			if c.code != "" {
				if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v: %v", fault.CodeOf(err), err)
				}
				return
			}
			traces, found := town.Trail(domain.AuditFilter{Action: string(audit.Enacted)}, 1)
			if err != nil || found != nil || len(traces) != 1 || !strings.Contains(traces[0].Detail, c.want) {
				t.Errorf("%v; the trail: %+v, %v", err, traces, found)
			}
		})
	}
}

// BenchmarkWritersBesideARehearsal lets 32 people post entries, alone and while a
// text is rehearsed on 25,000 members again and again, and compares the slowest
// of a hundred.
func BenchmarkWritersBesideARehearsal(b *testing.B) {
	town := testkit.NewSized(b, 12_500)
	p := rules.Proposal{Org: town.Street.ID, Name: "t.yaml",
		Source: []byte(strings.Replace(testkit.Rules, "起点: 80", "起点: 90", 1)), From: testkit.Day(b, "2027-01-01")}
	const writers, posts = 32, 40
	var n atomic.Int64
	burst := func() time.Duration {
		var mu sync.Mutex
		var took []time.Duration
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for range posts {
					member := domain.MemberID("W" + strconv.FormatInt(n.Add(1), 10))
					start := time.Now()
					_, err := town.Entries.Post(ctx, town.Clerk,
						entries.EntryInput{Member: member, Item: "好事", On: testkit.Day(b, "2026-05-20")}, "")
					d := time.Since(start)
					if err != nil {
						b.Error(err)
					}
					mu.Lock()
					took = append(took, d)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		slices.Sort(took)
		return took[len(took)*99/100]
	}
	burst() // loads what is loaded once
	var alone, beside time.Duration
	var rehearsals int
	b.ResetTimer()
	for range b.N {
		alone += burst()
		stop := make(chan struct{})
		var looking sync.WaitGroup
		looking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := town.Enactment.Rehearse(ctx, town.Clerk, p); err != nil {
					b.Error(err)
				}
				rehearsals++
			}
		})
		beside += burst()
		close(stop)
		looking.Wait()
	}
	b.ReportMetric(float64(beside)/float64(alone), "p99-with÷without")
	b.ReportMetric(float64(alone.Milliseconds())/float64(b.N), "ms-p99-without")
	b.ReportMetric(float64(rehearsals)/float64(b.N), "rehearsals")
}
