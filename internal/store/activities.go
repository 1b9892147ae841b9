package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// InsertActivity records an activity, chained.
func (tx *Tx) InsertActivity(a domain.Activity, by domain.AccountID) (domain.ActivityID, error) {
	title, err := tx.insertText(a.Org, a.Title)
	if err != nil {
		return 0, err
	}
	paper, err := tx.insertPaper(a.Org, a.Paper)
	if err != nil {
		return 0, err
	}
	id, err := tx.record(a.Org, kindActivity, orgKey(a.Org), a.Kind, a.On.String(), title, paper, tx.stamp(), int64(by))
	if tx.started == nil {
		tx.started = map[domain.ActivityID]map[domain.MemberID]bool{}
	}
	tx.started[domain.ActivityID(id)] = map[domain.MemberID]bool{}
	return domain.ActivityID(id), err
}

type activityRow struct {
	ID         int64
	OrgID      int64
	Kind       string
	OccurredOn day
	Body       *string
	Paper      string
	RecordedAt string
	RecordedBy int64
	ByName     string
}

func (r *activityRow) activity() domain.Activity {
	a := domain.Activity{
		ID: domain.ActivityID(r.ID), Org: orgID(r.OrgID), Kind: r.Kind, On: calendar.Day(r.OccurredOn), Paper: r.Paper,
		By: domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt,
	}
	if r.Body != nil {
		a.Title = *r.Body
	}
	return a
}

const activitySelect = `SELECT a.id, a.org_id, a.kind, a.occurred_on, t.body, coalesce((SELECT q.body FROM texts q
	WHERE q.id = a.paper), '') AS paper, a.recorded_at, a.recorded_by, b.name AS by_name FROM activities a
	JOIN orgs o ON o.id = a.org_id JOIN accounts b ON b.id = a.recorded_by LEFT JOIN shown_texts t ON t.id = a.title`

// Activity returns one activity, fault.NotFound outside the scope.
func (v *Snapshot) Activity(scope access.Scope, id domain.ActivityID) (domain.Activity, error) {
	where, args := scopeSQL(scope, false)
	var r activityRow
	err := v.get(&r, activitySelect+" WHERE a.id = ? AND "+where, append([]any{int64(id)}, args...)...)
	return r.activity(), err
}

// Activities returns the latest activities of the scope at or below a path,
// newest first, at most n.
func (v *Snapshot) Activities(scope access.Scope, below string, n int) ([]domain.Activity, error) {
	where, args := scopeSQL(scope, false)
	from, to := subtree(below)
	args = append([]any{from, to}, append(args, n)...)
	var rows []activityRow
	err := v.all(&rows, activitySelect+" WHERE o.path >= ? AND o.path < ? AND "+where+" ORDER BY a.occurred_on DESC, "+
		"a.id DESC LIMIT ?", args...)
	out := make([]domain.Activity, len(rows))
	for i := range rows {
		out[i] = rows[i].activity()
	}
	return out, err
}

// ActivitiesOn returns the activities of a kind and a name that a branch held on a
// day, but for those that were taken back. Names are compared in their plain form. It has no scope: whoever records
// one is told of the other.
func (v *Snapshot) ActivitiesOn(org domain.OrgID, kind, title string, on calendar.Day) ([]domain.Activity, error) {
	var rows []activityRow
	err := v.all(&rows, activitySelect+` WHERE a.org_id = ? AND a.kind = ? AND a.occurred_on = ?
		AND EXISTS (SELECT 1 FROM attendance x WHERE x.activity_id = a.id AND x.status <> '撤销'
			AND x.id = (SELECT max(y.id) FROM attendance y WHERE y.activity_id = x.activity_id AND y.member_id = x.member_id))
			ORDER BY a.id`, orgKey(org), kind, on.String())
	var out []domain.Activity
	for i := range rows {
		if a := rows[i].activity(); domain.PlainTitle(a.Title) == domain.PlainTitle(title) {
			out = append(out, a)
		}
	}
	return out, err
}

// activityOf returns the activity of a line that was read with a scope.
func (v *Snapshot) activityOf(id domain.ActivityID) (domain.Activity, error) {
	var r activityRow
	err := v.get(&r, activitySelect+" WHERE a.id = ?", int64(id))
	return r.activity(), err
}
