package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
)

// Actor returns who an account is now: its roles with their subtrees.
// fault.NotFound for an account that is closed or none.
func (v *Snapshot) Actor(id domain.AccountID) (*access.Actor, error) {
	var a accountRow
	if err := v.get(&a, accountSelect+" WHERE a.id = ? AND a.closed = 0", int64(id)); err != nil {
		return nil, err
	}
	var rows []struct {
		Role  string
		OrgID *int64
		Path  *string
		Level *string
		Name  *string
		Ended bool
		Party *string
	}
	today := v.today()
	err := v.all(&rows, `SELECT s.role, s.org_id, o.path, o.level, o.name, s.ended, s.group_name AS party
		FROM assignments s LEFT JOIN orgs o ON o.id = s.org_id
		WHERE s.account_id = ? AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id
		AND t.role = s.role AND t.waits IS NULL
			AND coalesce(t.org_id, 0) = coalesce(s.org_id, 0)) AND `+onItsDays+` ORDER BY s.id`, int64(id), today, today)
	if err != nil {
		return nil, err
	}
	acc := a.account()
	who := acc.Holder()
	actor := &access.Actor{Account: id, Name: acc.Name, Member: who.Member, Settled: who.Settled}
	for _, r := range rows {
		if r.Ended || r.OrgID != nil && r.Path == nil { // over what is not there, which is not the whole
			continue
		}
		g := access.Grant{Role: domain.Role(r.Role)}
		if r.Path != nil {
			g.Path, g.Level, g.Org = *r.Path, orgLevel(*r.Level), text(r.Name)
		}
		if g.Role == domain.RoleLeader {
			g.Group = text(r.Party)
			if g.Members, err = v.inGroup(g.Path, g.Group); err != nil {
				return nil, err
			}
		}
		actor.Grants = append(actor.Grants, g)
	}
	return actor, nil
}
