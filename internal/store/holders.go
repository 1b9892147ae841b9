package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
)

// Holders returns who holds which office over organisations of the scope now, by
// account: the present rows of open accounts.
func (v *Snapshot) Holders(scope access.Scope) ([]access.Holder, error) {
	where, args := scopeSQL(scope, false)
	var rows []struct {
		AccountID int64
		MemberID  *string
		Name      string
		Role      string
		Path      string
		Level     string
	}
	err := v.all(&rows, `SELECT s.account_id, a.member_id, a.name, s.role, o.path, o.level FROM assignments s
		JOIN orgs o ON o.id = s.org_id JOIN accounts a ON a.id = s.account_id
		WHERE a.closed = 0 AND s.ended = 0 AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id
		AND t.role = s.role AND t.org_id = s.org_id)
		AND `+where+" ORDER BY s.account_id, s.id", args...)
	out := make([]access.Holder, len(rows))
	for i, r := range rows {
		out[i] = access.Holder{Account: domain.AccountID(r.AccountID), Name: r.Name, Role: domain.Role(r.Role), Path: r.Path,
			Level: orgLevel(r.Level)}
		if r.MemberID != nil {
			out[i].Member = domain.MemberID(*r.MemberID)
		}
	}
	return out, err
}
