package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// EntryStory tells how one entry of a member came about and what became of it, as
// it is recorded now. fault.NotFound outside the scope, and for another's.
func (v *Snapshot) EntryStory(scope access.Scope, member domain.MemberID, id domain.EntryID) (*domain.EntryHistory, error) {
	where, args := scopeSQL(scope, true)
	mine := " WHERE e.member_id = ? AND " + where
	args = append([]any{string(member)}, args...)
	found, err := v.entryClaims(mine+" AND e.id = ?", append(args, int64(id))...)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "没有这条记录")
	}
	if err != nil {
		return nil, err
	}
	out := &domain.EntryHistory{Claim: found[0]}
	if out.After, err = v.entryClaims(mine+" AND e.follows = ? ORDER BY e.id", append(args, int64(id))...); err != nil {
		return nil, err
	}
	if before := out.Entry.Follows; before != 0 {
		found, err := v.entryClaims(mine+" AND e.id = ?", append(args, int64(before))...)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			out.Before = &found[0]
		}
	}
	if out.Reversal, err = v.reversal(id); err != nil {
		return nil, err
	}
	out.Proof, out.Decided, err = v.claimProofs(out.ClaimID, linkEntry, "SELECT e.id FROM entries e WHERE e.id = ?")
	return out, err
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
		JOIN accounts b ON b.id = r.recorded_by LEFT JOIN texts t ON t.id = r.reason WHERE r.entry_id = ?`, int64(id))
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // an entry that was not taken back
	}
	if err != nil {
		return nil, err
	}
	proofs, err := v.proofs(linkReversal, "SELECT r.id FROM reversals r WHERE r.entry_id = ?", int64(id))
	if err != nil {
		return nil, err
	}
	return &domain.Reversal{By: domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt, Reason: text(r.Body), Proof: proofs[0]}, nil
}

// AttendanceStory tells how a member attended an activity and every correction of
// it, in the order recorded, as it is recorded now. fault.NotFound outside the
// scope, and where he did not attend.
func (v *Snapshot) AttendanceStory(scope access.Scope, member domain.MemberID, id domain.ActivityID) (*domain.AttendanceHistory, error) {
	where, args := scopeSQL(scope, true)
	claims, err := v.attendanceClaims(" WHERE x.member_id = ? AND x.activity_id = ? AND "+where+" ORDER BY x.id", append([]any{string(member), int64(id)}, args...)...)
	if err == nil && len(claims) == 0 {
		err = fault.New(fault.NotFound, "没有这条记录")
	}
	if err != nil {
		return nil, err
	}
	out := &domain.AttendanceHistory{Member: claims[0].Member, Activity: claims[0].Activity, Lines: make([]domain.AttendanceLine, len(claims))}
	// Who sees the member sees where he was, also as a guest of another branch.
	if out.Org, err = v.Org(access.System("the branch that held what a member attended"), out.Activity.Org); err != nil {
		return nil, err
	}
	proofs, err := v.proofs(linkActivity, "SELECT a.id FROM activities a WHERE a.id = ?", int64(id))
	if err != nil {
		return nil, err
	}
	out.Proof = proofs[0]
	holds := -1
	for i := range claims {
		if out.Lines[i], err = v.attendanceLine(claims[i]); err != nil {
			return nil, err
		}
		if claims[i].State == domain.ClaimPosted {
			holds = i
		}
	}
	if holds >= 0 {
		out.Lines[holds].Holds = true
	}
	return out, nil
}

// attendanceLine reads what a row of attendance has beside the claim.
func (v *Snapshot) attendanceLine(c domain.Claim) (domain.AttendanceLine, error) {
	out := domain.AttendanceLine{Claim: c}
	var reason *string
	err := v.get(&reason, "SELECT t.body FROM attendance x LEFT JOIN texts t ON t.id = x.reason WHERE x.id = ?", c.Row)
	if err != nil {
		return out, err
	}
	out.Reason = text(reason)
	out.Proof, out.Decided, err = v.claimProofs(c.ClaimID, linkAttendance, "SELECT x.id FROM attendance x WHERE x.id = ?")
	return out, err
}

// claimProofs returns the seal of a claim's row, which the query finds by its id,
// and those of its steps.
func (v *Snapshot) claimProofs(id domain.ClaimID, k kind, query string) (own domain.Proof, steps []domain.Proof, err error) {
	rows, err := v.proofs(k, query, id.Row)
	if err != nil {
		return own, nil, err
	}
	steps, err = v.proofs(linkDecision, "SELECT d.id FROM decisions d WHERE d.kind = ? AND d.row_id = ? ORDER BY d.step", string(id.Kind), id.Row)
	return rows[0], steps, err
}

// proofs returns the links of the rows of one kind that a query finds, in its
// order, and of each whether it holds. The query reads ids.
func (v *Snapshot) proofs(k kind, query string, args ...any) ([]domain.Proof, error) {
	var rows []int64
	if err := v.all(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]domain.Proof, len(rows))
	for i, row := range rows {
		var l proofRow
		err := v.get(&l, "SELECT l.chain_id, c.name AS chain_name, l.seq, l.hash FROM chain_entries l JOIN orgs c ON c.id = l.chain_id WHERE l.kind = ? AND l.row_id = ?", string(k), row)
		if err != nil && fault.CodeOf(err) != fault.NotFound { // without a link it does not hold, as is said below
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
func (v *Snapshot) TakenBack(scope access.Scope, member domain.MemberID, by calendar.Day, n int) ([]domain.ReversedItem, error) {
	if _, err := v.Member(scope, member); err != nil {
		return nil, err
	}
	var rows []struct {
		About      string
		OfID       int64
		What       string
		OnDay      day
		ByName     string
		RecordedAt string
		Body       *string
	}
	err := v.all(&rows, `SELECT u.about, u.of_id, u.what, u.on_day, b.name AS by_name, u.recorded_at, t.body FROM (
		SELECT 'entry' AS about, e.id AS of_id, e.item AS what, e.occurred_on AS on_day, r.id AS row_id, r.recorded_by, r.recorded_at, r.reason
			FROM reversals r JOIN entries e ON e.id = r.entry_id WHERE e.member_id = ?1 AND r.recorded_at <= ?2
		UNION ALL SELECT 'attendance', a.id, a.kind, a.occurred_on, x.id, x.recorded_by, x.recorded_at, x.reason
			FROM attendance x JOIN activities a ON a.id = x.activity_id WHERE x.member_id = ?1 AND x.status = '撤销' AND x.recorded_at <= ?2
			AND x.id = (SELECT max(y.id) FROM attendance y WHERE y.member_id = x.member_id AND y.activity_id = x.activity_id AND y.recorded_at <= ?2)
		) u JOIN accounts b ON b.id = u.recorded_by LEFT JOIN texts t ON t.id = u.reason
		WHERE u.on_day <= ?3 ORDER BY u.recorded_at DESC, u.row_id DESC LIMIT ?4`, string(member), v.knownBy(), by.String(), n)
	out := make([]domain.ReversedItem, len(rows))
	for i, r := range rows {
		out[i] = domain.ReversedItem{What: r.What, On: calendar.Day(r.OnDay), ByName: r.ByName, At: r.RecordedAt, Reason: text(r.Body)}
		if domain.ClaimKind(r.About) == domain.EntryClaim {
			out[i].Record.Entry = domain.EntryID(r.OfID)
		} else {
			out[i].Record.Activity = domain.ActivityID(r.OfID)
		}
	}
	return out, err
}
