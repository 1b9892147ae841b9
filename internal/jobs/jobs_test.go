package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/jobs"
)

// bench is a runner on a clock that the test sets.
type bench struct {
	*jobs.Runner
	mu    sync.Mutex
	now   time.Time
	log   bytes.Buffer
	ticks chan time.Time
	stop  context.CancelFunc
	ended chan struct{}
}

func zone() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// at reads an instant of the zone and hands it out in another, as a machine may.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	out, err := time.ParseInLocation("2006-01-02 15:04", text, zone())
	if err != nil {
		t.Fatal(err)
	}
	return out.UTC()
}

// start starts a runner at an instant; the first round has been when it returns.
func start(t *testing.T, now string, watch func(), due ...jobs.Job) *bench {
	t.Helper()
	return startWith(t, now, jobs.Options{Jobs: due, Watch: watch})
}

// startSharing is start of a runner beside others.
func startSharing(t *testing.T, now string, with jobs.Claims, due ...jobs.Job) *bench {
	t.Helper()
	return startWith(t, now, jobs.Options{Jobs: due, Claims: with})
}

func startWith(t *testing.T, now string, o jobs.Options) *bench {
	t.Helper()
	b := &bench{now: at(t, now), ticks: make(chan time.Time), ended: make(chan struct{})}
	b.Runner = jobs.New(jobs.Options{Jobs: o.Jobs, Watch: o.Watch, Claims: o.Claims, Hour: 2, Zone: zone(),
		Log: slog.New(slog.NewTextHandler(&b.log, nil)), Now: func() time.Time {
			b.mu.Lock()
			defer b.mu.Unlock()
			return b.now
		}})
	var ctx context.Context
	ctx, b.stop = context.WithCancel(t.Context())
	go func() { defer close(b.ended); b.Run(ctx, b.ticks) }()
	b.ticks <- time.Time{} // is taken when the round before it is over
	t.Cleanup(func() { b.stop(); <-b.ended })
	return b
}

// set sets the clock and ticks. A tick is taken when the round before it is over,
// so two rounds have been when it returns: what must not be done again has had its
// chance.
func (b *bench) set(now time.Time) {
	b.mu.Lock()
	b.now = now
	b.mu.Unlock()
	for range 3 {
		b.ticks <- time.Time{}
	}
}

// diary is a job that notes the days it was run for, and fails where told to.
type diary struct {
	mu    sync.Mutex
	days  []string
	fails error
}

func (d *diary) job() jobs.Job {
	return jobs.Job{Name: "日记", Run: func(_ context.Context, day calendar.Day) (string, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.days = append(d.days, day.String()[5:])
		return "写好了", d.fails
	}}
}

// take returns the days since the last take.
func (d *diary) take() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := strings.Join(d.days, " ")
	d.days = nil
	return out
}

func (d *diary) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = err
}

func TestWhatIsDueIsRun(t *testing.T) {
	t.Parallel()
	type step struct{ now, runs string }
	for name, steps := range map[string][]step{
		"started before the hour": {{"2026-06-01 00:30", "06-01"}, {"2026-06-01 02:00", ""}, {"2026-06-01 23:59", ""},
			{"2026-06-02 00:00", ""}, {"2026-06-02 01:59", ""}, {"2026-06-02 02:00", "06-02"}, {"2026-06-02 02:01", ""}},
		"started after the hour": {{"2026-06-01 09:00", "06-01"}, {"2026-06-01 23:59", ""}, {"2026-06-02 01:59", ""},
			{"2026-06-02 07:00", "06-02"}, {"2026-06-03 02:00", "06-03"}},
		"days were missed": {{"2026-06-01 09:00", "06-01"}, {"2026-06-04 01:00", "06-02 06-03"},
			{"2026-06-04 02:00", "06-04"}, {"2026-06-07 12:00", "06-05 06-06 06-07"}},
		"a year was turned": {{"2026-12-31 02:00", "12-31"}, {"2027-01-01 01:59", ""}, {"2027-01-01 02:00", "01-01"}},
		"the clock is set back": {{"2026-06-05 09:00", "06-05"}, {"2026-06-05 01:00", ""}, {"2026-06-03 09:00", ""},
			{"2020-01-01 09:00", ""}, {"2026-06-05 23:00", ""}, {"2026-06-06 02:00", "06-06"}},
		"the clock was years behind": {{"2000-01-01 00:00", "01-01"}, {"2026-06-10 09:00",
			"05-11 05-12 05-13 05-14 05-15 05-16 05-17 05-18 05-19 05-20 05-21 05-22 05-23 05-24 05-25 05-26 05-27 05-28 " +
				"05-29 05-30 05-31 06-01 06-02 06-03 06-04 06-05 06-06 06-07 06-08 06-09 06-10"}, {"2026-06-11 02:00", "06-11"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d diary
			b := start(t, steps[0].now, nil, d.job())
			for _, s := range steps {
				b.set(at(t, s.now))
				if got := d.take(); got != s.runs {
					t.Errorf("%s: run for %q, want %q", s.now, got, s.runs)
				}
			}
		})
	}
}

// A job that fails is tried again every hour and not more often, then goes on
// with what it missed.
func TestWhatFailsIsTriedEveryHour(t *testing.T) {
	t.Parallel()
	var d diary
	d.fail(fault.New(fault.Unavailable, "磁盘满了").WithHint("腾出空间"))
	b := start(t, "2026-06-01 00:30", nil, d.job())
	for _, s := range []struct{ now, runs string }{
		{"2026-06-01 00:30", "06-01"}, {"2026-06-01 01:29", ""}, {"2026-06-01 01:30", "06-01"}, {"2026-06-01 02:29", ""},
		{"2026-06-01 02:00", ""},
		{"2026-05-01 12:00", ""}, {"2026-06-01 02:30", "06-01"}, {"2026-06-02 02:00", "06-01"}, {"2026-06-02 02:59", ""},
	} {
		b.set(at(t, s.now))
		if got := d.take(); got != s.runs {
			t.Errorf("%s: run for %q, want %q", s.now, got, s.runs)
		}
	}
	want := jobs.Outcome{Day: calendar.Of(2026, 6, 1), At: at(t, "2026-06-02 02:00").In(zone()), Words: "磁盘满了",
		Hint: "腾出空间"}
	if o, ok := b.Last("日记"); !ok || !o.At.Equal(want.At) || o.Day != want.Day || o.OK || o.Words != want.Words ||
		o.Hint != want.Hint {
		t.Errorf("%+v", o)
	}
	d.fail(nil)
	b.set(at(t, "2026-06-02 03:00"))
	if got := d.take(); got != "06-01 06-02" {
		t.Errorf("mended, it was run for %q", got)
	}
	if o, ok := b.Last("日记"); !ok || !o.OK || o.Day != calendar.Of(2026, 6, 2) || o.Words != "写好了" || o.Hint != "" {
		t.Errorf("%+v", o)
	}
	b.stop()
	<-b.ended
	if said := b.log.String(); strings.Count(said, "level=ERROR") != 4 || strings.Count(said, "磁盘满了") != 4 ||
		strings.Count(said, "level=INFO") != 2 {
		t.Errorf("%s", said)
	}
}

// Neither a panic nor an error without words ends anything: the other jobs are
// run, the program goes on, and what happened can be read.
func TestWhatGoesWrongIsAnOutcome(t *testing.T) {
	t.Parallel()
	var d diary
	wrong := jobs.Job{Name: "坏的", Run: func(context.Context, calendar.Day) (string, error) { panic("示例") }}
	bare := jobs.Job{Name: "没话的", Run: func(context.Context, calendar.Day) (string, error) {
		return "",
			errors.New("secret")
	}}
	b := start(t, "2026-06-01 09:00", func() { panic("示例二") }, wrong, bare, d.job())
	b.set(at(t, "2026-06-02 09:00"))
	if got := d.take(); got != "06-01 06-02" {
		t.Errorf("the job beside it was run for %q", got)
	}
	for _, name := range []string{"坏的", "没话的"} {
		if o, ok := b.Last(name); !ok || o.OK || o.Words != "程序出错了" || o.Hint == "" {
			t.Errorf("%s: %v %+v", name, ok, o)
		}
	}
	b.stop()
	<-b.ended
	for _, want := range []string{"panic: 示例", "panic: 示例二", "jobs_test.go", "secret"} {
		if !strings.Contains(b.log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, b.log.String())
		}
	}
}

// Stopping waits for the job at hand, which is told; being cut short is no
// failure.
func TestStoppingWaitsForTheJobAtHand(t *testing.T) {
	t.Parallel()
	begun, finished := make(chan struct{}), false
	slow := jobs.Job{Name: "慢的", Run: func(ctx context.Context, _ calendar.Day) (string, error) {
		close(begun)
		<-ctx.Done()
		finished = true
		return "", fault.Wrap(ctx.Err(), fault.Unavailable, "没有做完")
	}}
	var d diary
	var log bytes.Buffer
	r := jobs.New(jobs.Options{Jobs: []jobs.Job{slow, d.job()}, Hour: 2, Zone: zone(),
		Now: func() time.Time { return at(t, "2026-06-01 09:00") }, Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(ctx, nil) }()
	<-begun
	stop()
	<-ended
	if _, ok := r.Last("慢的"); !finished || ok || d.take() != "" || log.Len() > 0 {
		t.Errorf("finished: %v, an outcome: %v, the log: %s", finished, ok, log.String())
	}
	// So do ticks that end.
	ticks := make(chan time.Time)
	close(ticks)
	jobs.New(jobs.Options{Jobs: []jobs.Job{d.job()}, Hour: 2, Zone: zone(),
		Now: func() time.Time { return at(t, "2026-06-01 09:00") },
		Log: slog.New(slog.NewTextHandler(&log, nil))}).Run(t.Context(), ticks)
	if got := d.take(); got != "06-01" {
		t.Errorf("with ticks that end it was run for %q", got)
	}
}

// Many read while jobs are run; what they see is whole.
func TestOutcomesAreReadWhileJobsAreRun(t *testing.T) {
	t.Parallel()
	watched := 0
	job := jobs.Job{Name: "数", Run: func(_ context.Context, day calendar.Day) (string, error) { return day.String(), nil }}
	b := start(t, "2026-06-01 09:00", func() { watched++ }, job)
	if _, ok := b.Last("没有的"); ok {
		t.Error("there is an outcome of no job")
	}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if o, ok := b.Last("数"); !ok || !o.OK || o.Words != o.Day.String() {
					t.Errorf("%+v", o)
					return
				}
			}
		})
	}
	for i := range 50 {
		b.set(at(t, "2026-06-01 09:00").AddDate(0, 0, i))
	}
	close(stop)
	readers.Wait()
	b.stop()
	<-b.ended
	if watched < 150 {
		t.Errorf("watched %d times", watched)
	}
	var days []string
	for line := range strings.Lines(b.log.String()) {
		_, day, _ := strings.Cut(line, "said=")
		days = append(days, strings.TrimSpace(day))
	}
	if len(days) != 50 || !slices.IsSorted(days) || days[49] != fmt.Sprint(calendar.Of(2026, 6, 1)+49) {
		t.Errorf("%q", days)
	}
}

func TestRunsAreCountedByOutcome(t *testing.T) {
	t.Parallel()
	var d diary
	d.fail(errors.New("no"))
	other := jobs.Job{Name: "别的", Run: func(context.Context, calendar.Day) (string, error) { return "", nil }}
	b := start(t, "2026-06-01 09:00", nil, d.job(), other)
	b.set(at(t, "2026-06-01 09:00"))
	b.set(at(t, "2026-06-01 10:00")) // an hour later it is tried again
	got := b.Totals()
	want := []jobs.Total{{Job: "日记", Failed: 2}, {Job: "别的", Done: 1, DoneAt: got[1].DoneAt}}
	if !slices.Equal(got, want) {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if first := at(t, "2026-06-01 09:00"); !got[1].DoneAt.Equal(first) {
		t.Errorf("done at %v, want %v", got[1].DoneAt, first)
	}
	d.fail(nil)
	b.set(at(t, "2026-06-01 11:00"))
	if got := b.Totals()[0]; got.Done != 1 || got.Failed != 2 || !got.DoneAt.Equal(at(t, "2026-06-01 11:00")) {
		t.Errorf("after it was done: %+v", got)
	}
}

// TestAJobThatIsNotForEveryDay: it is done at the start and then a week later, and days that
// were missed are not made up for.
func TestAJobThatIsNotForEveryDay(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	at := func(day int) { now.Store(time.Date(2026, 6, day, 3, 0, 0, 0, zone()).Unix()) }
	at(1)
	var days []string
	weekly := jobs.Job{Name: "每周", Every: 7, Run: func(_ context.Context, day calendar.Day) (string, error) {
		days = append(days, day.String()[5:])
		return "做了", nil
	}}
	ticks := make(chan time.Time)
	r := jobs.New(jobs.Options{Jobs: []jobs.Job{weekly}, Hour: 2, Zone: zone(),
		Now: func() time.Time { return time.Unix(now.Load(), 0) },
		Log: slog.New(slog.DiscardHandler)})
	done := make(chan struct{})
	go func() { defer close(done); r.Run(t.Context(), ticks) }()
	for _, day := range []int{1, 2, 7, 8, 9, 29, 30, 36} {
		at(day)
		for range 2 { // the round of one has ended when the next is taken
			ticks <- time.Time{}
		}
	}
	close(ticks)
	<-done
	if got := strings.Join(days, " "); got != "06-01 06-08 06-29 07-06" {
		t.Errorf("done on %s", got)
	}
}
