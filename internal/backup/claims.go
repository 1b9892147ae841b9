package backup

import (
	"context"
	"errors"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/jobs"
	"jifen/internal/store"
)

// lease limits the time at a job after which another program takes the holder for dead.
const lease = time.Hour

// claims shares the work of the day between programs on one database, by a row
// for each job.
type claims struct {
	db      *store.DB
	program string
	alone   bool // nobody else works on the database: another program has ended
	now     func() time.Time
}

// errNotMine ends a write that found another program quicker.
var errNotMine = errors.New("another program has the job")

// Take implements jobs.Claims.
func (c *claims) Take(
	ctx context.Context, job string, since, day calendar.Day,
) (mine bool, other jobs.Outcome, err error) {
	var found domain.DailyJob
	err = c.db.Read(ctx, func(v *store.Snapshot) error {
		found, err = v.DailyJob(job)
		return err
	})
	if err != nil || !c.free(&found, since, day) { // the others only look, every minute
		return false, outcomeOf(&found), err
	}
	err = c.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		if found, err = tx.HoldDailyJob(job); err != nil {
			return err
		}
		if !c.free(&found, since, day) {
			return errNotMine
		}
		fresh := domain.DailyJob{Name: job, Day: day, Holder: c.program, Until: c.now().Add(lease)}
		return tx.PutDailyJob(&fresh, found.Name == "")
	})
	if errors.Is(err, errNotMine) {
		return false, outcomeOf(&found), nil
	}
	return err == nil, jobs.Outcome{}, err
}

// free reports whether a job may be taken for a day, having not been done since another. What
// is done every day is done again by whoever is started alone on the database.
func (c *claims) free(j *domain.DailyJob, since, day calendar.Day) bool {
	now := c.now()
	switch {
	case since < day && j.Done && j.Day >= since && j.Day <= calendar.FromTime(now)+1:
		return false
	case j.Name == "", c.alone && j.Holder != c.program:
		return true
	case j.Day > calendar.FromTime(now)+1: // of a program whose clock was wrong
		return true
	case j.Done:
		return j.Day < since
	}
	mine := j.Holder == c.program && j.Ended.IsZero()
	return mine || !now.Before(j.Until) || j.Until.Sub(now) > 2*lease
}

// outcomeOf returns how a job ended, zero while it is at work.
func outcomeOf(j *domain.DailyJob) jobs.Outcome {
	if j.Ended.IsZero() {
		return jobs.Outcome{}
	}
	return jobs.Outcome{Day: j.Day, At: j.Ended, OK: j.Done, Words: j.Words, Hint: j.Hint}
}

// End implements jobs.Claims. What another program has taken meanwhile stays its own.
func (c *claims) End(ctx context.Context, job string, o jobs.Outcome, again time.Time) error {
	return c.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		found, err := tx.HoldDailyJob(job)
		if err != nil || found.Holder != c.program || found.Day != o.Day {
			return err
		}
		found.Until, found.Ended, found.Done, found.Words, found.Hint = again, o.At, o.OK, o.Words, o.Hint
		return tx.PutDailyJob(&found, false)
	})
}
