package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
)

// Holders returns who holds which office over organisations now, by account:
// the present rows of open accounts. It has no scope: whoever hands a request in
// is told who decides.
func (v *Snapshot) Holders() ([]access.Holder, error) {
	var rows []struct {
		AccountID int64
		MemberID  *string
		Name      string
		Role      string
		Path      string
		Level     string
	}
	err := v.all(&rows, `SELECT s.account_id, a.member_id, a.name, s.role, o.path, o.level FROM assignments s JOIN orgs o ON o.id = s.org_id JOIN accounts a ON a.id = s.account_id
		WHERE a.closed = 0 AND s.ended = 0 AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id AND t.role = s.role AND t.org_id = s.org_id)
		ORDER BY s.account_id, s.id`)
	out := make([]access.Holder, len(rows))
	for i, r := range rows {
		out[i] = access.Holder{Account: domain.AccountID(r.AccountID), Name: r.Name, Role: domain.Role(r.Role), Path: r.Path, Level: orgLevel(r.Level)}
		if r.MemberID != nil {
			out[i].Member = domain.MemberID(*r.MemberID)
		}
	}
	return out, err
}
