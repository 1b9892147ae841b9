package store

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

type dailyJobRow struct {
	Name      string
	Day       day
	Holder    string
	HeldUntil string
	EndedAt   string
	Done      bool
	Words     string
	Hint      string
}

const dailyJobSelect = "SELECT name, day, holder, held_until, ended_at, done, words, hint " +
	"FROM daily_jobs WHERE name = ?"

func (r *dailyJobRow) job() (j domain.DailyJob, err error) {
	j = domain.DailyJob{
		Name: r.Name, Day: calendar.Day(r.Day), Holder: r.Holder, Done: r.Done, Words: r.Words, Hint: r.Hint,
	}
	if j.Until, err = ParseInstant(r.HeldUntil); err == nil && r.EndedAt != "" {
		j.Ended, err = ParseInstant(r.EndedAt)
	}
	return j, mapError(err)
}

// DailyJob returns how a piece of the day's work stands; the zero one for one that was
// never taken up. It is nobody's and so has no scope.
func (v *Snapshot) DailyJob(name string) (domain.DailyJob, error) { return dailyJob(v.get, name) }

// HoldDailyJob is DailyJob of one that nobody else changes before the transaction ends.
func (tx *Tx) HoldDailyJob(name string) (domain.DailyJob, error) {
	return dailyJob(tx.writer.Hold, name)
}

func dailyJob(get func(any, string, ...any) error, name string) (domain.DailyJob, error) {
	var r dailyJobRow
	err := get(&r, dailyJobSelect, name)
	if fault.CodeOf(err) == fault.NotFound {
		return domain.DailyJob{}, nil
	}
	if err != nil {
		return domain.DailyJob{}, err
	}
	return r.job()
}

// PutDailyJob keeps how a piece of the day's work stands. first says that it was never
// taken up: of two who find it so, one comes second and runs again.
func (tx *Tx) PutDailyJob(j *domain.DailyJob, first bool) error {
	ended := ""
	if !j.Ended.IsZero() {
		ended = Instant(j.Ended)
	}
	values := []any{j.Day.String(), j.Holder, Instant(j.Until), ended, j.Done, j.Words, j.Hint, j.Name}
	if first {
		_, err := tx.exec(`INSERT INTO daily_jobs (day, holder, held_until, ended_at, done, words, hint, name)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, values...)
		return raced(err)
	}
	_, err := tx.exec(`UPDATE daily_jobs SET day = ?, holder = ?, held_until = ?, ended_at = ?, done = ?, words = ?,
		hint = ? WHERE name = ?`, values...)
	return err
}
