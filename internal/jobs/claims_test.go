package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/jobs"
)

// board is claims that a test writes on: what Take answers, and what it was told.
type board struct {
	mu       sync.Mutex
	mine     bool
	other    jobs.Outcome
	err      error
	asked    []string
	reported []string
}

func (b *board) Take(_ context.Context, job string, _, day calendar.Day) (bool, jobs.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, job+day.String()[4:])
	return b.mine, b.other, b.err
}

func (b *board) End(_ context.Context, job string, o jobs.Outcome, again time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	words := o.Words
	if !o.OK {
		words += " until " + again.Sub(o.At).String()
	}
	b.reported = append(b.reported, job+o.Day.String()[4:]+" "+words)
	return errors.New("nobody listens")
}

func (b *board) set(mine bool, other jobs.Outcome, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mine, b.other, b.err = mine, other, err
}

// take returns what it was reported since the last take.
func (b *board) take() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := strings.Join(b.reported, ", ")
	b.reported = nil
	return out
}

// TestASharedJobIsDoneByWhomeverTakesIt: what another does is not done here, and how it
// ended there is known here.
func TestASharedJobIsDoneByWhomeverTakesIt(t *testing.T) {
	t.Parallel()
	var d, own diary
	var others board
	shared, alone := d.job(), own.job()
	shared.Shared, alone.Name = true, "自己的"
	b := startSharing(t, "2026-06-01 09:00", &others, shared, alone)
	check := func(when, runs, reported string, last jobs.Outcome) {
		t.Helper()
		if got := d.take(); got != runs {
			t.Errorf("%s: run for %q, want %q", when, got, runs)
		}
		if got := others.take(); got != reported {
			t.Errorf("%s: reported %q, want %q", when, got, reported)
		}
		if o, ok := b.Last("日记"); o.Words != last.Words || o.OK != last.OK || ok != (last.Day != 0) || o.Day != last.Day {
			t.Errorf("%s: the outcome is %+v, want %+v", when, o, last)
		}
	}
	check("another is at it", "", "", jobs.Outcome{})
	if got := own.take(); got != "06-01" {
		t.Errorf("what is not shared is run for %q", got)
	}
	day := calendar.Of(2026, 6, 1)
	failed := jobs.Outcome{Day: day, At: at(t, "2026-06-01 09:10"), Words: "磁盘满了"}
	others.set(false, failed, nil)
	b.set(at(t, "2026-06-01 09:11"))
	check("it failed there", "", "", failed)
	done := jobs.Outcome{Day: day, At: at(t, "2026-06-01 10:10"), OK: true, Words: "别处写好了"}
	others.set(false, done, nil)
	b.set(at(t, "2026-06-01 10:11"))
	check("it was done there", "", "", done)
	others.set(false, jobs.Outcome{}, fault.New(fault.Unavailable, "连不上数据库"))
	b.set(at(t, "2026-06-02 09:00"))
	check("nobody can be asked", "", "", done)
	others.set(true, jobs.Outcome{}, nil)
	b.set(at(t, "2026-06-03 09:00"))
	last := jobs.Outcome{Day: day + 2, OK: true, Words: "写好了"}
	check("it is free", "06-02 06-03", "日记-06-02 写好了, 日记-06-03 写好了", last)
	d.fail(fault.New(fault.Unavailable, "写不了"))
	b.set(at(t, "2026-06-04 09:00"))
	check("it fails here", "06-04", "日记-06-04 写不了 until 1h0m0s", jobs.Outcome{Day: day + 3, Words: "写不了"})
	later := jobs.Outcome{Day: day + 4, At: at(t, "2026-06-04 10:05"), OK: true, Words: "别处写好了"}
	others.set(false, later, nil)
	b.set(at(t, "2026-06-05 09:00"))
	check("and is done there, also for a later day", "", "", later)
}
