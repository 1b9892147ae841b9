package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// RenameMember records that a member is called otherwise: from a day on, or, for 0, that the
// name was wrong and he is called so since he was called what stands there. initials are those
// of the name.
func (tx *Tx) RenameMember(
	m *domain.Member, name, initials string, from calendar.Day, reason string, by domain.AccountID,
) error {
	text, err := tx.insertText(m.Home.ID, name)
	if err != nil {
		return err
	}
	said, err := tx.insertText(m.Home.ID, reason)
	if err != nil {
		return err
	}
	since := dayOrNull(from)
	if from == 0 { // it takes the place of the latest, from its day
		var was *string
		if err := tx.get(&was, `SELECT c.from_on FROM member_changes c WHERE c.member_id = ?
			ORDER BY c.id DESC LIMIT 1`, string(m.ID)); err != nil {
			return err
		}
		if was != nil {
			since = *was
		}
	}
	_, err = tx.record(m.Home.ID, kindMember, string(m.ID), text, tx.stamp(), account(by), since, said)
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE members SET name = ?, initials = ? WHERE id = ?", name, initials, string(m.ID))
	if err != nil {
		return err
	}
	return tx.touch(m.ID)
}

// nameRow is a row of member_changes with its text.
type nameRow struct {
	MemberID   string
	Name       string
	Erased     bool
	FromOn     day
	RecordedAt string
	ByName     *string
	Reason     *string
}

const nameSelect = `SELECT c.member_id, t.body AS name, length(t.salt) = 0 AS erased,
	coalesce(c.from_on, '') AS from_on, c.recorded_at FROM member_changes c JOIN texts t ON t.id = c.name WHERE `

// MemberNamesOn returns what members were called on a day, as the view knows it, of those that
// are called otherwise now.
func (v *Snapshot) MemberNamesOn(on calendar.Day) (map[domain.MemberID]string, error) {
	const renamed = "SELECT d.member_id FROM member_changes d WHERE d.reason IS NOT NULL AND "
	var rows []nameRow
	err := v.all(&rows, nameSelect+"c.member_id IN ("+renamed+"d.from_on > ?) ORDER BY c.id", on.String())
	if err == nil && v.Past() {
		var later []nameRow
		err = v.all(&later, nameSelect+"c.member_id IN ("+renamed+"d.recorded_at > ?) ORDER BY c.id", v.known)
		rows = append(rows, later...)
	}
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := make(map[domain.MemberID]string, len(rows))
	for i := range rows { // of those that held and were known the latest is written last
		r := &rows[i]
		if !r.Erased && calendar.Day(r.FromOn) <= on && r.RecordedAt <= v.knownBy() {
			out[domain.MemberID(r.MemberID)] = r.Name
		}
	}
	return out, nil
}

// MemberNames returns what a member was and is called, the latest first. fault.NotFound outside
// the scope.
func (v *Snapshot) MemberNames(scope access.Scope, id domain.MemberID) ([]domain.MemberName, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	var rows []nameRow
	err := v.all(&rows, `SELECT c.member_id, coalesce(t.body, '') AS name, coalesce(c.from_on, '') AS from_on,
		c.recorded_at, b.name AS by_name, y.body AS reason FROM member_changes c LEFT JOIN shown_texts t ON t.id = c.name
		LEFT JOIN shown_texts y ON y.id = c.reason LEFT JOIN accounts b ON b.id = c.recorded_by
		WHERE c.member_id = ? ORDER BY c.id DESC`, string(id))
	out := make([]domain.MemberName, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = domain.MemberName{Name: r.Name, From: calendar.Day(r.FromOn), ByName: text(r.ByName), At: r.RecordedAt,
			Reason: text(r.Reason)}
	}
	return out, err
}
