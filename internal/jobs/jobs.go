// Package jobs runs what is due once a day while the program goes on with its
// other work. It reads no clock: what time it is comes from a func, and it
// wakes when a tick comes.
//
// Days that were missed are run in order, a day that was run is not run again,
// a clock set back does nothing. A job that fails or panics is an outcome that
// others can read, never the end of the program. Of programs that share their work
// one does a day's job, and the others know how it ended.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// Job is one piece of daily work.
type Job struct {
	Name string
	// Shared says that one of the programs does it for all (see Claims).
	Shared bool
	// Every is the number of days from one run to the next; 0 is every day. Days that were
	// missed of a job that is not done every day are not made up for.
	Every int
	// Run does what is due for a day and says in Chinese what it did. The
	// program may have done it before it was last started, and a day is tried
	// again after a failure: what is done already, it leaves alone.
	Run func(ctx context.Context, day calendar.Day) (said string, err error)
}

// Outcome describes the last run of a job.
type Outcome struct {
	Day   calendar.Day // the day it was for
	At    time.Time    // when it ended
	OK    bool
	Words string // what it did, or why it did not
	Hint  string // what to do, where it did not
}

// Total counts how the runs of a job ended since the runner was made.
type Total struct {
	Job          string
	Done, Failed int64
	DoneAt       time.Time // when it was done last, here or by another program; zero where that is not known
}

// Claims shares jobs between programs that work on the same.
type Claims interface {
	// Take reports whether this program is to do a job for a day, which it is not where it was
	// done for that day or one since another. other is how the job last ended with another
	// program, zero where that is not known.
	Take(ctx context.Context, job string, since, day calendar.Day) (mine bool, other Outcome, err error)
	// End tells the others how a job that was taken has ended. After a failure nobody
	// takes it before an instant.
	End(ctx context.Context, job string, o Outcome, again time.Time) error
}

// Options holds the jobs and what the runner needs from outside.
type Options struct {
	Jobs []Job
	// Claims shares the jobs that are shared; nil where there is no other program.
	Claims Claims
	// Watch is called with every tick, before what is due; it may be nil.
	Watch func()
	Hour  int // of the day, in the zone, from which the day's jobs are due
	Zone  *time.Location
	Now   func() time.Time
	Log   *slog.Logger
}

// pause is the time between a failure of a job and the next try.
const pause = time.Hour

// maxMissed bounds the days that are made up for: a clock that was wrong by
// years is no reason to work for thousands of days.
const maxMissed = 31

// Runner runs the jobs.
type Runner struct {
	opts Options
	jobs []*task

	mu     sync.RWMutex // guards last and totals
	last   map[string]Outcome
	totals map[string]Total
}

// task is a job with how far it has come; only Run's goroutine looks at it.
type task struct {
	Job
	next   calendar.Day // the first day that is not done; 0 before the start
	failed time.Time    // when next was tried without success; zero for not
}

// days returns how many days lie between two runs.
func (t *task) days() calendar.Day { return calendar.Day(max(1, t.Every)) }

// New makes a runner. Run runs it.
func New(o Options) *Runner {
	r := &Runner{opts: o, last: map[string]Outcome{}, totals: map[string]Total{}}
	for _, j := range o.Jobs {
		r.jobs = append(r.jobs, &task{Job: j})
	}
	return r
}

// Run runs the present day's jobs at once, whatever the hour, and with each tick
// what has become due, until ctx ends or the ticks do. It returns when the job
// at hand has; call it once.
func (r *Runner) Run(ctx context.Context, ticks <-chan time.Time) {
	for more := true; more && ctx.Err() == nil; {
		r.round(ctx)
		select {
		case <-ctx.Done():
		case _, more = <-ticks:
		}
	}
}

// Last returns how a job's last run ended; ok is false before the first has.
func (r *Runner) Last(job string) (o Outcome, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	o, ok = r.last[job]
	return o, ok
}

// Totals returns how the runs ended, of each job in the order of Options.
func (r *Runner) Totals() []Total {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]Total, len(r.opts.Jobs))
	for i, j := range r.opts.Jobs {
		out[i] = r.totals[j.Name]
		out[i].Job = j.Name
	}
	return out
}

// round runs what one tick makes due.
func (r *Runner) round(ctx context.Context) {
	if r.opts.Watch != nil {
		if _, err := guarded(func() (string, error) { r.opts.Watch(); return "", nil }); err != nil {
			r.opts.Log.ErrorContext(ctx, "daily watch failed", "cause", errors.Unwrap(err))
		}
	}
	for _, t := range r.jobs {
		r.catchUp(ctx, t)
	}
}

// catchUp runs a job for every day that is due, the oldest first, up to the
// first that fails.
func (r *Runner) catchUp(ctx context.Context, t *task) {
	for ctx.Err() == nil {
		now := r.now()
		switch {
		case t.next == 0:
			t.next = calendar.FromTime(now)
		case !t.failed.IsZero():
			// Of two instants of the machine's clock this is the time that went by,
			// whatever the clock was set to meanwhile.
			if now.Sub(t.failed) < pause {
				return
			}
		case t.next > r.due(now):
			return
		}
		t.next = max(t.next, r.due(now)-maxMissed+1)
		if t.Every > 1 {
			t.next = max(t.next, r.due(now))
		}
		switch mine, done := r.take(ctx, t); {
		case done:
		case !mine || !r.run(ctx, t):
			return
		}
	}
}

// take reports whether this program does a job for its next day, or another has done
// it, so that the next day is the one after.
func (r *Runner) take(ctx context.Context, t *task) (mine, done bool) {
	if !t.Shared || r.opts.Claims == nil {
		return true, false
	}
	since := t.next - t.days() + 1
	mine, other, err := r.opts.Claims.Take(ctx, t.Name, since, t.next)
	if err != nil { // tried again with the next tick
		if ctx.Err() == nil {
			r.opts.Log.WarnContext(ctx, "daily job not taken", "job", t.Name, "day", t.next.String(), "cause", err)
		}
		return false, false
	}
	r.note(t.Name, other)
	if mine || !other.OK || other.Day < since {
		return mine, false
	}
	t.failed, t.next = time.Time{}, other.Day+t.days()
	return false, true
}

// note keeps the outcome of a job of another program unless a later one is known.
func (r *Runner) note(job string, o Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o.At.After(r.last[job].At) {
		o.At = o.At.In(r.opts.Zone)
		r.last[job] = o
	}
	if total := r.totals[job]; o.OK && o.At.After(total.DoneAt) {
		total.DoneAt = o.At
		r.totals[job] = total
	}
}

// now returns the present instant in the organisation's zone.
func (r *Runner) now() time.Time { return r.opts.Now().In(r.opts.Zone) }

// due returns the last day whose hour has come.
func (r *Runner) due(now time.Time) calendar.Day {
	day := calendar.FromTime(now)
	if now.Hour() < r.opts.Hour {
		day--
	}
	return day
}

// run runs a job for its next day and notes how that ended. A job that was cut
// short because the program stops has no outcome.
func (r *Runner) run(ctx context.Context, t *task) (ok bool) {
	day := t.next
	said, err := guarded(func() (string, error) { return t.Run(ctx, day) })
	if err != nil && ctx.Err() != nil {
		return false
	}
	o := Outcome{Day: day, At: r.now(), OK: err == nil, Words: said}
	if err != nil {
		t.failed = o.At
		f := fault.From(err)
		o.Words, o.Hint = f.Message, f.Hint
		r.opts.Log.ErrorContext(ctx, "daily job failed", "job", t.Name, "day", day.String(), "message", f.Message, "hint",
			f.Hint, "cause", f.Err)
	} else {
		t.failed, t.next = time.Time{}, day+t.days()
		r.opts.Log.InfoContext(ctx, "daily job done", "job", t.Name, "day", day.String(), "said", said)
	}
	r.mu.Lock()
	r.last[t.Name] = o
	total := r.totals[t.Name]
	if o.OK {
		total.Done, total.DoneAt = total.Done+1, o.At
	} else {
		total.Failed++
	}
	r.totals[t.Name] = total
	r.mu.Unlock()
	if t.Shared && r.opts.Claims != nil {
		// What is not told is done again by another when nobody holds it any more.
		if err := r.opts.Claims.End(context.WithoutCancel(ctx), t.Name, o, o.At.Add(pause)); err != nil {
			r.opts.Log.WarnContext(ctx, "end of a daily job not told", "job", t.Name, "day", day.String(), "cause", err)
		}
	}
	return o.OK
}

// guarded runs work and returns its panic as an error.
func guarded(work func() (string, error)) (said string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.From(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return work()
}
