package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// RequestsBelow returns the requests about members of the scope at or below a path ("" for
// everywhere) of matters up to a day, whatever became of them, the oldest first.
func (v *Snapshot) RequestsBelow(scope access.Scope, below string, last calendar.Day) ([]domain.Request, error) {
	where, args := scopeSQL(scope, true)
	if below != "" {
		from, to := subtree(below)
		where += " AND o.path >= ? AND o.path < ?"
		args = append(args, from, to)
	}
	return v.requests(" WHERE q.happened_on <= ? AND "+where+" ORDER BY q.recorded_at, q.id",
		append([]any{last.String()}, args...)...)
}

// ActivityName names an activity and the organisation that held it.
type ActivityName struct{ Title, Org string }

// ActivityNames returns the names of activities. It has no scope: who attended one is told
// what it was, wherever it was held.
func (v *Snapshot) ActivityNames(ids []domain.ActivityID) (map[domain.ActivityID]ActivityName, error) {
	out := make(map[domain.ActivityID]ActivityName, len(ids))
	err := chunks(ids, func(marks string, args []any) error {
		var rows []struct {
			ID    int64
			Title *string
			Org   string
		}
		err := v.all(&rows, `SELECT a.id, t.body AS title, o.name AS org FROM activities a
			JOIN orgs o ON o.id = a.org_id LEFT JOIN shown_texts t ON t.id = a.title WHERE a.id IN (`+marks+")", args...)
		for i := range rows {
			out[domain.ActivityID(rows[i].ID)] = ActivityName{text(rows[i].Title), rows[i].Org}
		}
		return err
	})
	return out, err
}
