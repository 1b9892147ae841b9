package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// EntryHistory returns the origin of one entry of a member and its fate, as
// it is recorded now. fault.NotFound outside the scope, and for another's.
func (v *Snapshot) EntryHistory(
	scope access.Scope, member domain.MemberID, id domain.EntryID,
) (*domain.EntryHistory, error) {
	out := &domain.EntryHistory{}
	var err error
	if out.Entry, err = v.Entry(scope, id); err != nil {
		return nil, err
	}
	if out.Entry.Member != member {
		return nil, fault.New(fault.NotFound, "没有这条记录")
	}
	if out.Member, err = v.Member(scope, member); err != nil {
		return nil, err
	}
	if out.Request, err = v.requestHistory(out.Entry.Request); err != nil {
		return nil, err
	}
	if q := out.Request; q != nil {
		if out.After, err = v.entryRequests(" WHERE q.follows = ? ORDER BY q.id", int64(q.ID)); err != nil {
			return nil, err
		}
		before, err := v.entryRequests(" WHERE q.id = ?", int64(q.Follows))
		if err != nil {
			return nil, err
		}
		if len(before) > 0 {
			out.Before = &before[0]
		}
	}
	if out.Reversal, err = v.reversal(id); err != nil {
		return nil, err
	}
	out.Proof, err = v.proof(kindEntry, "SELECT e.id FROM entries e WHERE e.id = ?", int64(id))
	return out, err
}

// requestHistory returns a request with its chain entries; nil for none. The row that holds
// its id was read with a scope.
func (v *Snapshot) requestHistory(id domain.RequestID) (*domain.RequestHistory, error) {
	if id == 0 {
		return nil, nil //nolint:nilnil // a row that counted at once
	}
	list, err := v.requests(" WHERE q.id = ?", int64(id))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "没有这条申报")
	}
	out := &domain.RequestHistory{Request: list[0]}
	if out.Proof, err = v.proof(kindRequest, "SELECT q.id FROM requests q WHERE q.id = ?", int64(id)); err != nil {
		return nil, err
	}
	out.Taken, err = v.proofs(kindRequestStep, "SELECT s.id FROM request_steps s WHERE s.request_id = ? ORDER BY s.seq",
		int64(id))
	return out, err
}

// entryRequests reads requests with the entry that each is about.
func (v *Snapshot) entryRequests(where string, args ...any) ([]domain.RelatedRequest, error) {
	list, err := v.requests(where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]domain.RelatedRequest, len(list))
	for i := range list {
		e, err := v.EntryOf(list[i].ID)
		if err != nil {
			return nil, err
		}
		out[i] = domain.RelatedRequest{Request: list[i], Entry: e.ID}
	}
	return out, nil
}

// reversal returns how an entry was taken back, nil if it was not.
func (v *Snapshot) reversal(id domain.EntryID) (*domain.Reversal, error) {
	var r struct {
		RecordedBy int64
		ByName     string
		RecordedAt string
		Body       *string
	}
	err := v.get(&r, `SELECT r.recorded_by, b.name AS by_name, r.recorded_at, t.body FROM reversals r
		JOIN accounts b ON b.id = r.recorded_by LEFT JOIN shown_texts t ON t.id = r.reason WHERE r.entry_id = ?`, int64(id))
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // an entry that was not taken back
	}
	if err != nil {
		return nil, err
	}
	proof, err := v.proof(kindReversal, "SELECT r.id FROM reversals r WHERE r.entry_id = ?", int64(id))
	if err != nil {
		return nil, err
	}
	return &domain.Reversal{By: domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt, Reason: text(r.Body),
		Proof: proof}, nil
}

// AttendanceHistory returns a member's attendance of an activity and every correction of
// it, in the order recorded, as it is recorded now. fault.NotFound outside the
// scope, and where he did not attend.
func (v *Snapshot) AttendanceHistory(
	scope access.Scope, member domain.MemberID, id domain.ActivityID,
) (*domain.AttendanceHistory, error) {
	m, err := v.Member(scope, member)
	if err != nil {
		return nil, err
	}
	out := &domain.AttendanceHistory{Member: m}
	if out.Lines, err = v.attendanceLines(member, id); err != nil {
		return nil, err
	}
	// Who sees the member sees where he was, also as a guest of another branch.
	if out.Activity, err = v.activityOf(id); err != nil {
		return nil, err
	}
	if out.Org, err = v.Org(access.System("the branch that held what a member attended"), out.Activity.Org); err != nil {
		return nil, err
	}
	out.Proof, err = v.proof(kindActivity, "SELECT a.id FROM activities a WHERE a.id = ?", int64(id))
	return out, err
}

// attendanceLines reads every row of an activity about one member, in the order
// recorded; fault.NotFound for none.
func (v *Snapshot) attendanceLines(member domain.MemberID, id domain.ActivityID) ([]domain.AttendanceLine, error) {
	var rows []struct {
		ID         int64
		Status     string
		MadeUpOn   day
		RequestID  *int64
		Body       *string
		RecordedBy int64
		ByName     string
		RecordedAt string
	}
	err := v.all(&rows, `SELECT x.id, x.status, x.made_up_on, x.request_id, t.body, x.recorded_by, b.name AS by_name,
		x.recorded_at
		FROM attendance x JOIN accounts b ON b.id = x.recorded_by LEFT JOIN shown_texts t ON t.id = x.reason
		WHERE x.member_id = ? AND x.activity_id = ? ORDER BY x.id`, string(member), int64(id))
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "没有这条记录")
	}
	if err != nil {
		return nil, err
	}
	out, holds := make([]domain.AttendanceLine, len(rows)), -1
	for i, r := range rows {
		l := domain.AttendanceLine{
			Status: domain.AttendanceStatus(r.Status), MadeUpOn: calendar.Day(r.MadeUpOn), State: domain.RequestAccepted,
			By: domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt, Reason: text(r.Body),
		}
		if l.Proof, err = v.proof(kindAttendance, "SELECT x.id FROM attendance x WHERE x.id = ?", r.ID); err != nil {
			return nil, err
		}
		if r.RequestID != nil {
			if l.Request, err = v.requestHistory(domain.RequestID(*r.RequestID)); err != nil {
				return nil, err
			}
			l.State = l.Request.State
		}
		if l.State == domain.RequestAccepted {
			holds = i
		}
		out[i] = l
	}
	if holds >= 0 {
		out[holds].Holds = true
	}
	return out, nil
}

// proof is proofs for a query that finds one row.
func (v *Snapshot) proof(k kind, query string, args ...any) (domain.Proof, error) {
	rows, err := v.proofs(k, query, args...)
	if err == nil && len(rows) != 1 {
		err = fault.New(fault.Internal, "封存的行读不出来")
	}
	if err != nil {
		return domain.Proof{}, err
	}
	return rows[0], nil
}

// proofs returns the chain entries of the rows of one kind that a query finds, in its
// order, and of each whether it holds. The query reads ids.
func (v *Snapshot) proofs(k kind, query string, args ...any) ([]domain.Proof, error) {
	var rows []int64
	if err := v.all(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]domain.Proof, len(rows))
	for i, row := range rows {
		var l proofRow
		err := v.get(&l, "SELECT l.chain_id, c.name AS chain_name, l.seq, l.hash FROM chain_entries l "+
			"JOIN orgs c ON c.id = l.chain_id WHERE l.kind = ? AND l.row_id = ?", string(k), row)
		if err != nil && fault.CodeOf(err) != fault.NotFound { // without an entry it does not hold, as is said below
			return nil, err
		}
		out[i] = l.proof()
		if out[i].Wrong, err = v.wrong(k, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// TakenBack returns what of a member happened by a day and was taken back, the
// latest taken back first, at most n. fault.NotFound outside the scope.
func (v *Snapshot) TakenBack(
	scope access.Scope, member domain.MemberID, by calendar.Day, n int,
) ([]domain.ReversedItem, error) {
	if _, err := v.Member(scope, member); err != nil {
		return nil, err
	}
	var rows []struct {
		EntryID    *int64
		ActivityID *int64
		What       string
		OnDay      day
		ByName     string
		RecordedAt string
		Body       *string
	}
	err := v.all(&rows, `SELECT u.entry_id, u.activity_id, u.what, u.on_day, b.name AS by_name, u.recorded_at, t.body
		FROM (
		SELECT e.id AS entry_id, CAST(NULL AS BIGINT) AS activity_id, e.item AS what, e.occurred_on AS on_day,
		r.id AS row_id, r.recorded_by, r.recorded_at, r.reason
			FROM reversals r JOIN entries e ON e.id = r.entry_id WHERE e.member_id = ?1 AND r.recorded_at <= ?2
		UNION ALL SELECT e.id, NULL, e.item, e.occurred_on, e.id, s.recorded_by, s.recorded_at, s.reason
			FROM request_steps s JOIN entries e ON e.request_id = s.request_id WHERE e.member_id = ?1 AND s.kind = 'withdraw'
			AND s.recorded_at <= ?2
		UNION ALL SELECT CAST(NULL AS BIGINT), a.id, a.kind, a.occurred_on, x.id, x.recorded_by, x.recorded_at, x.reason
			FROM attendance x JOIN activities a ON a.id = x.activity_id WHERE x.member_id = ?1 AND x.status = '撤销'
			AND x.recorded_at <= ?2
			AND x.id = (SELECT max(y.id) FROM attendance y WHERE y.member_id = x.member_id AND y.activity_id = x.activity_id
			AND y.recorded_at <= ?2)
		) u JOIN accounts b ON b.id = u.recorded_by LEFT JOIN shown_texts t ON t.id = u.reason
		WHERE u.on_day <= ?3 ORDER BY u.recorded_at DESC, u.row_id DESC LIMIT ?4`, string(member), v.knownBy(), by.String(),
		n)
	out := make([]domain.ReversedItem, len(rows))
	for i, r := range rows {
		out[i] = domain.ReversedItem{What: r.What, On: calendar.Day(r.OnDay), ByName: r.ByName, At: r.RecordedAt,
			Reason: text(r.Body)}
		switch {
		case r.EntryID != nil:
			out[i].Record.Entry = domain.EntryID(*r.EntryID)
		case r.ActivityID != nil:
			out[i].Record.Activity = domain.ActivityID(*r.ActivityID)
		}
	}
	return out, err
}
