package backup

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/testkit"
)

// work is a shared job of two programs that notes who did it.
type work struct {
	mu    sync.Mutex
	done  []string
	fails error
}

// take returns who did it for which day since the last take.
func (w *work) take() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := strings.Join(w.done, " ")
	w.done = nil
	return out
}

func (w *work) job(program string) jobs.Job {
	return jobs.Job{Name: "重算", Shared: true, Run: func(_ context.Context, day calendar.Day) (string, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.done = append(w.done, program+day.String()[7:])
		return "由 " + program + " 做了", w.fails
	}}
}

// program is one of several on a database, with a keeper that works when it ticks.
type program struct {
	*Keeper
	town *testkit.Town
	tick func() // lets a round begin and end
	kill func()
}

// programOn starts a program; its first round is over when it returns.
func programOn(t *testing.T, town *testkit.Town, name, database string, w *work) *program {
	t.Helper()
	p := &program{town: town}
	world := World{Now: func() time.Time { return town.Later(0) }, Random: testkit.Zeros{}}
	var err error
	p.Keeper, err = NewKeeper(Options{World: world, DB: town.DB, Database: database, More: []jobs.Job{w.job(name)},
		Program: name, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan time.Time)
	close(over) // there is no tick after the round
	p.tick = func() { p.Runner.Run(ctx, over) }
	p.kill = stop
	t.Cleanup(p.kill)
	p.tick()
	return p
}

// reported returns how the work of the day stands.
func (p *program) reported() string {
	w := p.Daily()[1]
	return w.Result + w.Failed
}

// TestADayIsDoneOnce lets two programs on one database do the work of days: each is
// done once, by whoever comes first; both say how it ended.
func TestADayIsDoneOnce(t *testing.T) {
	t.Parallel()
	town := testkit.OnServer(t)
	database := "postgres://x/" + filepath.Join(t.TempDir(), "t") // where the roots lie
	var w work
	a := programOn(t, town, "甲", database, &w)
	b := programOn(t, town.Beside(t), "乙", database, &w)
	check := func(when, done, reported string) {
		t.Helper()
		a.tick()
		b.tick()
		if got := w.take(); got != done {
			t.Errorf("%s: done by %q, want %q", when, got, done)
		}
		for _, p := range []*program{a, b} {
			if got := p.reported(); got != reported {
				t.Errorf("%s: reported %q, want %q", when, got, reported)
			}
		}
	}
	later := func(by time.Duration) { a.town.Later(by); b.town.Later(by) }
	check("on the first day", "甲-01", "由 甲 做了")
	later(24 * time.Hour)
	check("on the second", "甲-02", "由 甲 做了")
	b.town.Later(24 * time.Hour)
	b.tick()
	a.town.Later(24 * time.Hour)
	check("on the third, where another is first", "乙-03", "由 乙 做了")
	w.fails = fault.New(fault.Unavailable, "算不完")
	later(24 * time.Hour)
	check("on the fourth it fails", "甲-04", "算不完")
	later(59 * time.Minute)
	check("and is not tried by the other at once", "", "算不完")
	w.fails = nil
	b.town.Later(time.Minute)
	b.tick()
	a.town.Later(time.Minute)
	check("but after an hour by whoever comes first", "乙-04", "由 乙 做了")
}

// TestWhoDiedAtWorkIsRelieved lets a program die in the middle of its work.
func TestWhoDiedAtWorkIsRelieved(t *testing.T) {
	t.Parallel()
	town := testkit.OnServer(t)
	database := "postgres://x/" + filepath.Join(t.TempDir(), "t")
	dying := &claims{db: town.DB, program: "甲", now: func() time.Time { return town.Later(0) }}
	if mine, _, err := dying.Take(t.Context(), "重算", calendar.Of(2026, 6, 1), calendar.Of(2026, 6, 1)); err != nil ||
		!mine {
		t.Fatalf("the first does not get it: %v, %v", mine, err)
	}
	if mine, _, err := dying.Take(t.Context(), "重算", calendar.Of(2026, 6, 1), calendar.Of(2026, 6, 1)); err != nil ||
		!mine {
		t.Errorf("the one who has it does not get it again: %v, %v", mine, err)
	}
	var w work
	b := programOn(t, town.Beside(t), "乙", database, &w)
	b.town.Later(59 * time.Minute)
	b.tick()
	if got := w.take(); got != "" {
		t.Errorf("while it is held it was done by %q", got)
	}
	b.town.Later(time.Minute)
	b.tick()
	if got := w.take(); got != "乙-01" {
		t.Errorf("after its lease it was done by %q, want 乙", got)
	}
	// The dead one comes back and says how its work ended: it is nobody's business.
	late := jobs.Outcome{Day: calendar.Of(2026, 6, 1), At: town.Later(2 * time.Hour), Words: "太晚"}
	if err := dying.End(t.Context(), "重算", late, late.At.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if mine, other, err := dying.Take(t.Context(), "重算", calendar.Of(2026, 6, 1), calendar.Of(2026, 6, 1)); err != nil ||
		mine ||
		other.Words != "由 乙 做了" || !other.OK {
		t.Errorf("it is told %v, %+v, %v", mine, other, err)
	}
}

// TestManyTakeOneJob lets programs take a job that nobody has taken yet, all at once.
func TestManyTakeOneJob(t *testing.T) {
	t.Parallel()
	first := testkit.OnServer(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for n, town := range []*testkit.Town{first, first.Beside(t), first.Beside(t)} {
		for m := range 3 {
			c := &claims{db: town.DB, program: string(rune('a' + 3*n + m)), now: func() time.Time { return town.Later(0) }}
			wg.Go(func() {
				mine, _, err := c.Take(t.Context(), "重算", calendar.Of(2026, 6, 1), calendar.Of(2026, 6, 1))
				mu.Lock()
				defer mu.Unlock()
				if mine {
					taken++
				}
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if taken != 1 {
		t.Errorf("%d of nine programs took it, want 1", taken)
	}
}

// TestWhoIsAloneTakesWhatWasLeft: on a file another program has ended, so the next one
// begins the day anew; and a clock that was wrong by years stops nothing.
func TestWhoIsAloneTakesWhatWasLeft(t *testing.T) {
	t.Parallel()
	town, f := open(t)
	var w work
	a := programOn(t, town, "甲", f.Database, &w)
	a.tick()
	a.kill()
	b := programOn(t, town, "乙", f.Database, &w)
	b.tick()
	if got := w.take(); got != "甲-01 乙-01" {
		t.Errorf("done by %q, want 甲 and 乙", got)
	}
	many := &claims{db: town.DB, program: "丙", now: func() time.Time { return town.Later(0) }}
	ahead := &claims{db: town.DB, program: "丁", now: func() time.Time { return town.Later(0).AddDate(5, 0, 0) }}
	far := calendar.Of(2031, 6, 1)
	if mine, _, err := ahead.Take(t.Context(), "重算", far, far); err != nil || !mine {
		t.Fatalf("years ahead it is not taken: %v, %v", mine, err)
	}
	if err := ahead.End(t.Context(), "重算", jobs.Outcome{Day: far, At: ahead.now(), OK: true}, ahead.now()); err != nil {
		t.Fatal(err)
	}
	if mine, _, err := many.Take(t.Context(), "重算", calendar.Of(2026, 6, 2), calendar.Of(2026, 6, 2)); err != nil ||
		!mine {
		t.Errorf("after a clock that was years ahead it is not taken: %v, %v", mine, err)
	}
}

// TestWhatIsDoneEveryWeekIsNotDoneAgainAtAStart: another program that begins alone on the
// database takes it only when the week is over.
func TestWhatIsDoneEveryWeekIsNotDoneAgainAtAStart(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	now := testkit.Now()
	first, day := calendar.FromTime(now)-3, calendar.FromTime(now)
	before := &claims{db: town.DB, program: "before", alone: true, now: func() time.Time { return now }}
	if mine, _, err := before.Take(t.Context(), "每周", first-6, first); err != nil || !mine {
		t.Fatal(mine, err)
	}
	if err := before.End(t.Context(), "每周", jobs.Outcome{Day: first, At: now, OK: true, Words: "做了"}, now); err != nil {
		t.Fatal(err)
	}
	after := &claims{db: town.DB, program: "after", alone: true, now: func() time.Time { return now }}
	if mine, other, err := after.Take(t.Context(), "每周", day-6, day); err != nil || mine || other.Words != "做了" {
		t.Errorf("taken %v, %+v, %v", mine, other, err)
	}
	if mine, _, err := after.Take(t.Context(), "每周", first+1, first+7); err != nil || !mine {
		t.Errorf("a week later: taken %v, %v", mine, err)
	}
}
