package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// InsertAttendance records how a member attended an activity; the latest row
// holds. One that waits counts nothing until it is accepted.
func (tx *Tx) InsertAttendance(activity domain.ActivityID, m *domain.Member, a domain.AttendanceInput, by domain.AccountID) (domain.AttendanceID, error) {
	text, err := tx.insertText(a.Reason)
	if err != nil {
		return 0, err
	}
	var madeUp any
	if a.MadeUpOn != 0 {
		madeUp = a.MadeUpOn.String()
	}
	id, err := tx.insert("INSERT INTO attendance (activity_id, member_id, status, made_up_on, waits, reason, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		int64(activity), string(m.ID), string(a.Status), madeUp, joinOrgans(a.Waits), text, tx.stamp(), int64(by))
	if err != nil {
		return 0, err
	}
	if err := tx.link(m.Home.ID, linkAttendance, id); err != nil {
		return 0, err
	}
	return domain.AttendanceID(id), tx.touch(m.ID)
}

// latestLine is the condition under which a row of attendance is the one shown
// of its activity and member: the latest that was not refused.
func latestLine(table string) string {
	return table + ".id = (SELECT coalesce(max(z.id), 0) FROM attendance z WHERE z.activity_id = " + table + ".activity_id AND z.member_id = " + table + `.member_id
		AND NOT EXISTS (SELECT 1 FROM decisions y WHERE y.kind = 'attendance' AND y.row_id = z.id AND y.accepted = 0))`
}

// Attendance returns the lines of an activity that hold, by member. What was
// withdrawn is left out.
func (v *Snapshot) Attendance(scope access.Scope, activity domain.ActivityID) ([]domain.PresentLine, error) {
	where, args := scopeSQL(scope, true)
	var rows []struct {
		ID       int64
		MemberID string
		Name     string
		Status   string
		MadeUpOn day
		Waits    string
		Counts   bool
		Touched  bool
		lastStep
		RecordedBy domain.AccountID
	}
	err := v.all(&rows, `SELECT a.id, a.member_id, m.name, a.status, a.made_up_on, a.waits, a.recorded_by, d.accepted, d.rest,
		EXISTS (SELECT 1 FROM attendance b WHERE b.activity_id = a.activity_id AND b.member_id = a.member_id AND (b.waits = ''
			OR EXISTS (SELECT 1 FROM decisions e WHERE e.kind = 'attendance' AND e.row_id = b.id AND e.accepted = 1 AND e.rest = 0))) AS counts,
		EXISTS (SELECT 1 FROM attendance b LEFT JOIN decisions e ON e.kind = 'attendance' AND e.row_id = b.id
			WHERE b.activity_id = a.activity_id AND b.member_id = a.member_id AND (b.recorded_by <> a.recorded_by OR e.id IS NOT NULL)) AS touched
		FROM attendance a JOIN members m ON m.id = a.member_id LEFT JOIN orgs o ON o.id = m.home_id `+lastDecision("attendance", "a")+`
		WHERE a.activity_id = ? AND `+latestLine("a")+" AND "+where+" ORDER BY a.member_id", append([]any{int64(activity)}, args...)...)
	var out []domain.PresentLine
	for _, r := range rows {
		if domain.AttendanceStatus(r.Status) != domain.AttendanceReversed {
			out = append(out, domain.PresentLine{
				Row: domain.AttendanceID(r.ID), Member: domain.MemberID(r.MemberID), Name: r.Name, Status: domain.AttendanceStatus(r.Status), Claim: r.waiting(r.Waits),
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
		Waits      string
		Body       *string
		ByName     string
		RecordedAt string
		lastStep
	}
	err := v.all(&rows, `SELECT a.member_id, m.name, p.status AS was, a.status, a.made_up_on, a.waits, d.accepted, d.rest, t.body, b.name AS by_name, a.recorded_at
		FROM attendance a JOIN attendance p ON p.id = (SELECT max(q.id) FROM attendance q WHERE q.activity_id = a.activity_id AND q.member_id = a.member_id AND q.id < a.id)
		JOIN members m ON m.id = a.member_id LEFT JOIN orgs o ON o.id = m.home_id JOIN accounts b ON b.id = a.recorded_by
		LEFT JOIN texts t ON t.id = a.reason `+lastDecision("attendance", "a")+`
		WHERE a.activity_id = ? AND a.status <> '撤销' AND `+where+" ORDER BY a.id DESC", append([]any{int64(activity)}, args...)...)
	out := make([]domain.Correction, len(rows))
	for i, r := range rows {
		out[i] = domain.Correction{Member: domain.MemberID(r.MemberID), Name: r.Name, Was: domain.AttendanceStatus(r.Was), Is: domain.AttendanceStatus(r.Status), Day: calendar.Day(r.MadeUpOn), ByName: r.ByName, At: r.RecordedAt}
		if r.Body != nil {
			out[i].Reason = *r.Body
		}
		switch {
		case r.waiting(r.Waits):
			out[i].State = "待确认"
		case r.returned():
			out[i].State = "退回"
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
	err := v.get(&r, `SELECT t.body, b.name AS by_name, a.recorded_at FROM attendance a JOIN accounts b ON b.id = a.recorded_by LEFT JOIN texts t ON t.id = a.reason
		WHERE a.activity_id = ? AND a.status = '撤销' ORDER BY a.id DESC LIMIT 1`, int64(activity))
	c := domain.Correction{Is: domain.AttendanceReversed, ByName: r.ByName, At: r.RecordedAt}
	if r.Body != nil {
		c.Reason = *r.Body
	}
	return c, err
}
