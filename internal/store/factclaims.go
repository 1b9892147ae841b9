package store

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// superseded is the condition under which another fact was recorded in the place
// of a fact f: of one attribute and day the latest that was not refused holds.
const superseded = `EXISTS (SELECT 1 FROM facts z WHERE z.member_id = f.member_id AND z.attribute = f.attribute AND z.from_on = f.from_on AND z.id > f.id
	AND NOT EXISTS (SELECT 1 FROM decisions y WHERE y.kind = 'fact' AND y.row_id = z.id AND y.accepted = 0))`

// factClaims reads facts that wait, or waited.
func (v *Snapshot) factClaims(where string, args ...any) ([]domain.Claim, error) {
	var rows []struct {
		memberRow `db:"m"`
		lastStep
		ID         int64
		Attribute  string
		FromOn     day
		Text       string
		Number     int64
		Waits      string
		RecordedAt string
		RecordedBy int64
		ByName     string
		Later      bool
	}
	err := v.all(&rows, `SELECT f.id, f.attribute, f.from_on, f.text, f.number, f.waits, f.recorded_at, f.recorded_by, b.name AS by_name, d.accepted, d.rest,
		`+superseded+` AS later, `+claimMember+`
		FROM facts f JOIN members m ON m.id = f.member_id LEFT JOIN orgs o ON o.id = m.home_id JOIN accounts b ON b.id = f.recorded_by `+
		lastDecision("fact", "f")+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]domain.Claim, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = domain.Claim{
			ClaimID: domain.ClaimID{Kind: domain.FactClaim, Row: r.ID}, Member: r.member(), State: r.state(r.Waits), By: domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt,
			Waits: splitOrgans[domain.Organ](r.Waits), Fact: domain.Fact{Attribute: r.Attribute, From: calendar.Day(r.FromOn), Value: domain.Value{Text: r.Text, Number: r.Number}},
		}
		if r.Later && out[i].State == domain.ClaimWaits {
			out[i].State = domain.ClaimWithdrawn
		}
		if r.Accepted != nil {
			if out[i].Steps, err = v.steps(out[i].ClaimID); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
