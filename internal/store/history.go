package store

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// History returns what was recorded of a member, the latest recorded first.
// fault.NotFound outside the scope.
func (v *Snapshot) History(scope access.Scope, id domain.MemberID) ([]domain.HistoryItem, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	out, err := v.affiliationHistory(id)
	if err != nil {
		return nil, err
	}
	facts, err := v.factHistory(id)
	out = append(out, facts...)
	slices.SortStableFunc(out, func(a, b domain.HistoryItem) int { return strings.Compare(b.At, a.At) })
	return out, err
}

// factHistory returns the facts that were recorded of a member.
func (v *Snapshot) factHistory(id domain.MemberID) (out []domain.HistoryItem, err error) {
	var facts []struct {
		ID         int64
		Attribute  string
		FromOn     day
		Text       string
		Number     int64
		Free       bool
		RequestID  *int64
		Ended      *string
		RecordedAt string
		RecordedBy *int64
		ByName     *string
		Reason     *string
		reversedRow
	}
	err = v.all(&facts, `SELECT f.id, f.attribute, f.from_on, coalesce(w.body, f.text) AS text, `+
		`f.words IS NOT NULL AS free,
		f.number, f.request_id, z.kind AS ended, f.recorded_at, f.recorded_by, b.name AS by_name, y.body AS reason, `+
		reversedColumns+`
		FROM facts f LEFT JOIN shown_texts w ON w.id = f.words LEFT JOIN shown_texts y ON y.id = f.reason
		LEFT JOIN accounts b ON b.id = f.recorded_by `+ended("f.request_id")+reversedBy("fact_id", "f.id")+`
		WHERE f.member_id = ? ORDER BY f.id DESC`, string(id))
	if err != nil {
		return nil, err
	}
	for i := range facts {
		f := &facts[i]
		var state domain.RequestState
		if f.RequestID != nil {
			state = stateOf(f.Ended)
		}
		fact := domain.Fact{
			Attribute: f.Attribute, From: calendar.Day(f.FromOn), Value: domain.Value{Text: f.Text, Number: f.Number},
			Free: f.Free,
		}
		out = append(out, domain.HistoryItem{ID: domain.ChangeID{Fact: f.ID}, State: state, Fact: fact,
			From: calendar.Day(f.FromOn), By: accountOf(f.RecordedBy), ByName: text(f.ByName), At: f.RecordedAt,
			Reason: text(f.Reason), Reversal: f.reversal()})
	}
	return out, nil
}

// affiliationHistory returns where it was recorded that a member belongs.
func (v *Snapshot) affiliationHistory(id domain.MemberID) (out []domain.HistoryItem, err error) {
	var moves []struct {
		ID         int64
		Kind       domain.AffiliationKind
		OrgID      *int64
		OrgName    *string
		FromOn     day
		Ended      bool
		RecordedAt string
		RecordedBy *int64
		ByName     *string
		Reason     *string
		reversedRow
	}
	err = v.all(&moves, `SELECT a.id, a.kind, o.id AS org_id, o.name AS org_name, a.from_on, a.ended, a.recorded_at, `+
		`a.recorded_by,
		b.name AS by_name, y.body AS reason, `+reversedColumns+`
		FROM affiliations a LEFT JOIN orgs o ON o.id = a.org_id LEFT JOIN shown_texts y ON y.id = a.reason
		LEFT JOIN accounts b ON b.id = a.recorded_by `+reversedBy("affiliation_id", "a.id")+`
		WHERE a.member_id = ? ORDER BY a.id DESC`, string(id))
	if err != nil {
		return nil, err
	}
	for i := range moves {
		m := &moves[i]
		var org domain.OrgID
		if m.OrgID != nil {
			org = orgID(*m.OrgID)
		}
		out = append(out, domain.HistoryItem{ID: domain.ChangeID{Affiliation: m.ID}, Kind: m.Kind, Org: text(m.OrgName),
			OrgID: org,
			From:  calendar.Day(m.FromOn), Ended: m.Ended, By: accountOf(m.RecordedBy), ByName: text(m.ByName), At: m.RecordedAt,
			Reason: text(m.Reason), Reversal: m.reversal()})
	}
	return out, nil
}
