package store

import (
	"crypto/sha256"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InsertTrace appends a line to the trail, chained to the one before it.
func (tx *Tx) InsertTrace(t domain.AuditEvent) error {
	var before []byte
	err := tx.get(&before, "SELECT hash FROM trail ORDER BY id DESC LIMIT 1")
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return err
	}
	t.At = tx.stamp()
	var org, member any
	if t.Org != "" {
		org = orgKey(t.Org)
	}
	if t.Member != "" {
		member = string(t.Member)
	}
	_, err = tx.exec("INSERT INTO trail (at, account_id, action, org_id, member_id, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
		t.At, account(t.Account), t.Action, org, member, t.Detail, traceHash(before, &t))
	return err
}

func traceHash(before []byte, t *domain.AuditEvent) []byte {
	b := append([]byte(nil), before...)
	for _, s := range []string{t.At, strconv.FormatInt(int64(t.Account), 10), t.Action, string(t.Org), string(t.Member), t.Detail} {
		b = append(b, strconv.Itoa(len(s))...)
		b = append(b, ':')
		b = append(b, s...)
	}
	sum := sha256.Sum256(b)
	return sum[:]
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
		add("t.at >= ?", f.From.UTC().Format(instant))
	}
	if !f.Until.IsZero() {
		add("t.at < ?", f.Until.UTC().Format(instant))
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
