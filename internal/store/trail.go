package store

import (
	"cmp"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InsertTrace appends a line to the trail of the street that it concerns, chained to
// the one before it. What concerns no organisation and no member is of the street of the
// account that it concerns, or else of who did it.
func (tx *Tx) InsertTrace(t domain.AuditEvent) error {
	var org, member any
	if t.Org != "" {
		org = orgKey(t.Org)
	}
	if t.Member != "" {
		member = string(t.Member)
	}
	street, known := tx.streets[t.Member]
	if t.Org != "" || !known {
		var err error
		if street, err = tx.streetConcerned(&t); err != nil {
			return err
		}
	}
	at := tx.stamp()
	last, err := tx.trailHead(street, monthOf(at))
	if err != nil {
		return err
	}
	k := tx.chains.trail
	values := []any{street, last.Month, at, account(t.Account), t.Action, org, member, t.Detail}
	cells, err := cellsOf(k.columns, values)
	if err != nil {
		return err
	}
	e := tx.next(last, k.kind, 0, rowDigest(k.kind, cells))
	_, err = tx.exec("INSERT INTO trail ("+k.names()+", seq, format, hash, mac) VALUES ("+strings.Repeat("?, ",
		len(values))+"?, ?, ?, ?)",
		append(values, e.Seq, e.Format, e.Hash, e.Mac)...)
	if err != nil {
		return raced(err)
	}
	tx.advance(&headRow{OrgID: street, Month: last.Month, Seq: e.Seq, Hash: e.Hash})
	return nil
}

// monthOf returns the month of an instant as it is stored.
func monthOf(at string) string { return at[:len("2006-01")] }

// streetConcerned returns the row of the street that a line concerns: that of its
// organisation, of its member's home or of its account; 0 for none.
func (v *Snapshot) streetConcerned(t *domain.AuditEvent) (street int64, err error) {
	switch {
	case t.Org != "":
		street, err = v.streetOf(t.Org)
	case t.Member != "":
		err = v.get(&street, "SELECT coalesce(o.street_id, 0) FROM members m JOIN orgs o ON o.id = m.home_id WHERE m.id = ?",
			string(t.Member))
	default:
		return v.streetOfAccount(cmp.Or(t.Whose, t.Account))
	}
	if fault.CodeOf(err) == fault.NotFound {
		return 0, nil // the reference is refused where the line is written
	}
	return street, err
}

// Traces returns the trail, newest first, at most n lines. Only a scope of all
// sees it.
func (v *Snapshot) Traces(scope access.Scope, f domain.AuditFilter, n int) ([]domain.AuditEvent, error) {
	if !scope.All() {
		return nil, nil
	}
	where, args := "1 = 1", []any{}
	add := func(condition string, arg any) {
		where += " AND " + condition
		args = append(args, arg)
	}
	if f.Before != 0 {
		add("t.id < ?", f.Before)
	}
	if f.Name != "" {
		add("replace(a.name, ?, '') <> a.name", f.Name) // it stands in the name
	}
	if f.Action != "" {
		add("t.action = ?", f.Action)
	}
	if f.Member != "" {
		add("t.member_id = ?", string(f.Member))
	}
	if !f.From.IsZero() {
		add("t.at >= ?", calendar.Instant(f.From))
	}
	if !f.Until.IsZero() {
		add("t.at < ?", calendar.Instant(f.Until))
	}
	var rows []struct {
		ID        int64
		At        string
		AccountID *int64
		Name      *string
		Action    string
		OrgID     *int64
		MemberID  *string
		Detail    string
	}
	err := v.all(&rows, `SELECT t.id, t.at, t.account_id, a.name, t.action, t.org_id, t.member_id, t.detail FROM trail t
		LEFT JOIN accounts a ON a.id = t.account_id WHERE `+where+" ORDER BY t.id DESC LIMIT ?", append(args, n)...)
	out := make([]domain.AuditEvent, len(rows))
	for i, r := range rows {
		out[i] = domain.AuditEvent{ID: r.ID, At: r.At, Action: r.Action, Detail: r.Detail}
		if r.AccountID != nil {
			out[i].Account, out[i].Name = domain.AccountID(*r.AccountID), *r.Name
		}
		if r.OrgID != nil {
			out[i].Org = orgID(*r.OrgID)
		}
		if r.MemberID != nil {
			out[i].Member = domain.MemberID(*r.MemberID)
		}
	}
	return out, err
}
