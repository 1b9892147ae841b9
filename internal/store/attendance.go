package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// InsertAttendance records how a member attended an activity; the latest row
// holds. One that waits counts nothing until it is accepted. What waited before of
// the same line waits no more, or again if this one is returned.
func (tx *Tx) InsertAttendance(
	activity *domain.Activity, m *domain.Member, a domain.AttendanceInput, by domain.AccountID,
) (domain.AttendanceID, error) {
	request, err := tx.insertLineRequest(activity, m, &a, by)
	if err != nil {
		return 0, err
	}
	text, err := tx.insertText(m.Home.ID, a.Reason)
	if err != nil {
		return 0, err
	}
	var madeUp any
	if a.MadeUpOn != 0 {
		madeUp = a.MadeUpOn.String()
	}
	id, err := tx.record(m.Home.ID, kindAttendance, int64(activity.ID), string(m.ID), string(a.Status), madeUp,
		reference(request), text, tx.stamp(), int64(by))
	if err != nil {
		return 0, err
	}
	return domain.AttendanceID(id), tx.touch(m.ID)
}

// insertLineRequest records the request of a line, 0 for one that counts at once,
// in the place of what waits of the line.
func (tx *Tx) insertLineRequest(
	activity *domain.Activity, m *domain.Member, a *domain.AttendanceInput, by domain.AccountID,
) (domain.RequestID, error) {
	h := handing{kind: domain.AttendanceRequest, member: m, subject: activity.Kind, on: activity.On, route: a.Route,
		follows: a.Follows}
	if lines := tx.started[activity.ID]; lines != nil && !lines[m.ID] {
		lines[m.ID] = true // the first: none of before can wait
		return tx.insertRequest(h, by)
	}
	const line = "SELECT x.request_id FROM attendance x WHERE x.activity_id = ? AND x.member_id = ? " +
		"AND x.request_id IS NOT NULL"
	if len(a.Route) == 0 {
		if err := tx.supersede(by, line, int64(activity.ID), string(m.ID)); err != nil {
			return 0, err
		}
	}
	waiting, err := tx.requests(" WHERE "+waits+" AND q.id IN ("+line+")", int64(activity.ID), string(m.ID))
	if err != nil {
		return 0, err
	}
	if len(waiting) > 0 {
		h.replaces = waiting[0].ID
	}
	return tx.insertRequest(h, by)
}

// latestLine is the condition under which a row x of attendance is the one shown
// of its activity and member: the latest that counts or waits.
const latestLine = `x.id = (SELECT max(l.id) FROM attendance l WHERE l.activity_id = x.activity_id
	AND l.member_id = x.member_id
	AND NOT EXISTS (SELECT 1 FROM request_steps y WHERE y.request_id = l.request_id AND y.rest = 0
	AND y.kind <> 'accept'))`

// Attendance returns the lines of an activity that hold, by member. What was
// withdrawn is left out.
func (v *Snapshot) Attendance(scope access.Scope, activity domain.ActivityID) ([]domain.PresentLine, error) {
	where, args := scopeSQL(scope, true)
	var rows []struct {
		ID         int64
		MemberID   string
		Name       string
		Status     string
		MadeUpOn   day
		Waits      bool
		Counts     bool
		Touched    bool
		RecordedBy domain.AccountID
	}
	err := v.all(&rows, `SELECT x.id, x.member_id, m.name, x.status, x.made_up_on, x.recorded_by, x.request_id IS NOT NULL
		AND z.id IS NULL AS waits,
		EXISTS (SELECT 1 FROM attendance b LEFT JOIN request_steps e ON e.request_id = b.request_id AND e.rest = 0
			WHERE b.activity_id = x.activity_id AND b.member_id = x.member_id AND (b.request_id IS NULL
			OR e.kind = 'accept')) AS counts,
		EXISTS (SELECT 1 FROM attendance b LEFT JOIN request_steps e ON e.request_id = b.request_id
		AND e.kind IN ('accept', 'return')
			WHERE b.activity_id = x.activity_id AND b.member_id = x.member_id AND (b.recorded_by <> x.recorded_by
			OR e.id IS NOT NULL)) AS touched
		FROM attendance x JOIN members m ON m.id = x.member_id LEFT JOIN orgs o ON o.id = m.home_id `+ended("x.request_id")+`
		WHERE x.activity_id = ? AND `+latestLine+" AND "+where+" ORDER BY x.member_id", append([]any{int64(activity)},
		args...)...)
	var out []domain.PresentLine
	for _, r := range rows {
		if domain.AttendanceStatus(r.Status) != domain.AttendanceReversed {
			out = append(out, domain.PresentLine{
				Row: domain.AttendanceID(r.ID), Member: domain.MemberID(r.MemberID), Name: r.Name,
				Status: domain.AttendanceStatus(r.Status), Claim: r.Waits,
				By: r.RecordedBy, Counts: r.Counts, Touched: r.Touched, MadeUpOn: calendar.Day(r.MadeUpOn),
			})
		}
	}
	return out, err
}

// Corrections returns what of an activity's attendance was recorded anew, the
// latest first.
func (v *Snapshot) Corrections(scope access.Scope, activity domain.ActivityID) ([]domain.Correction, error) {
	where, args := scopeSQL(scope, true)
	var rows []struct {
		MemberID   string
		Name       string
		Was        string
		Status     string
		MadeUpOn   day
		RequestID  *int64
		Ended      *string
		Body       *string
		ByName     string
		RecordedAt string
	}
	err := v.all(&rows, `SELECT a.member_id, m.name, p.status AS was, a.status, a.made_up_on, a.request_id,
		z.kind AS ended, t.body, b.name AS by_name, a.recorded_at
		FROM attendance a JOIN attendance p ON p.id = (SELECT max(q.id) FROM attendance q WHERE q.activity_id = a.activity_id
		AND q.member_id = a.member_id AND q.id < a.id)
		JOIN members m ON m.id = a.member_id LEFT JOIN orgs o ON o.id = m.home_id JOIN accounts b ON b.id = a.recorded_by
		LEFT JOIN shown_texts t ON t.id = a.reason `+ended("a.request_id")+`
		WHERE a.activity_id = ? AND a.status <> '撤销' AND `+where+" ORDER BY a.id DESC", append([]any{int64(activity)},
		args...)...)
	out := make([]domain.Correction, len(rows))
	for i, r := range rows {
		out[i] = domain.Correction{
			Member: domain.MemberID(r.MemberID), Name: r.Name, Was: domain.AttendanceStatus(r.Was),
			Is: domain.AttendanceStatus(r.Status), Day: calendar.Day(r.MadeUpOn), ByName: r.ByName, At: r.RecordedAt,
		}
		out[i].Reason = text(r.Body)
		if state := stateOf(r.Ended); r.RequestID != nil && state != domain.RequestAccepted {
			out[i].State = state
		}
	}
	return out, err
}

// Undone returns by whom, when and why an activity was taken back;
// fault.NotFound where it was not. It has no scope: the activity was read with
// one.
func (v *Snapshot) Undone(activity domain.ActivityID) (domain.Correction, error) {
	var r struct {
		Body       *string
		ByName     string
		RecordedAt string
	}
	err := v.get(&r, `SELECT t.body, b.name AS by_name, a.recorded_at FROM attendance a
		JOIN accounts b ON b.id = a.recorded_by LEFT JOIN shown_texts t ON t.id = a.reason
		WHERE a.activity_id = ? AND a.status = '撤销' ORDER BY a.id DESC LIMIT 1`, int64(activity))
	c := domain.Correction{Is: domain.AttendanceReversed, ByName: r.ByName, At: r.RecordedAt}
	if r.Body != nil {
		c.Reason = *r.Body
	}
	return c, err
}

// AttendanceOf returns the activity and the line of it that a request is about. It
// has no scope: the request was read with one.
func (v *Snapshot) AttendanceOf(id domain.RequestID) (domain.Activity, domain.AttendanceInput, error) {
	var r struct {
		ActivityID int64
		Status     string
		MadeUpOn   day
	}
	if err := v.get(&r, "SELECT activity_id, status, made_up_on FROM attendance WHERE request_id = ?",
		int64(id)); err != nil {
		return domain.Activity{}, domain.AttendanceInput{}, err
	}
	a, err := v.activityOf(domain.ActivityID(r.ActivityID))
	return a, domain.AttendanceInput{Status: domain.AttendanceStatus(r.Status), MadeUpOn: calendar.Day(r.MadeUpOn)}, err
}

// ReturnedLine returns the last request about a member's line of an activity that
// an account handed in, if it was returned; 0 for none.
func (v *Snapshot) ReturnedLine(
	activity domain.ActivityID, member domain.MemberID, by domain.AccountID,
) (domain.RequestID, error) {
	list, err := v.requests(` WHERE q.recorded_by = ? AND q.id = (SELECT max(x.request_id) FROM attendance x
		WHERE x.activity_id = ? AND x.member_id = ?)`, int64(by), int64(activity), string(member))
	if err != nil || len(list) == 0 || list[0].State != domain.RequestReturned {
		return 0, err
	}
	return list[0].ID, nil
}
