package accounts

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/store"
)

// Kept is one account with what it may do now.
type Kept struct {
	store.Account
	Grants []access.Grant // none for one that is closed
}

// List returns every account by login, for who keeps accounts.
func (s *Service) List(ctx context.Context, by *access.Actor) (out []Kept, err error) {
	err = s.db.Read(ctx, func(v *store.View) error {
		list, err := v.Accounts(by.Scope(access.KeepAccounts))
		for _, a := range list {
			k := Kept{Account: a}
			if who, err := v.Actor(a.ID); err == nil {
				k.Grants = who.Grants
			}
			out = append(out, k)
		}
		return err
	})
	return out, err
}

// keep runs a change of somebody else's account.
func (s *Service) keep(ctx context.Context, by *access.Actor, id access.AccountID, action audit.Action, change func(tx *store.Tx, a *store.Account) error) (out store.Account, err error) {
	switch {
	case !by.May(access.KeepAccounts):
		return out, fault.New(fault.Forbidden, "没有管理帐号的权限")
	case by.Account == id:
		return out, fault.New(fault.Forbidden, "自己的帐号由别的系统管理员来改")
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(id)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这个帐号")
		}
		if err := change(tx, &a); err != nil {
			return err
		}
		out = a
		return audit.Record(tx, by, action, audit.What{Detail: a.Login})
	})
	return out, err
}

// Reset gives an account a new password, ends its lock and its sessions, and
// returns the password, which is kept nowhere.
func (s *Service) Reset(ctx context.Context, by *access.Actor, id access.AccountID) (a store.Account, password string, err error) {
	password, hash, err := s.NewPassword(ctx)
	if err != nil {
		return a, "", err
	}
	a, err = s.keep(ctx, by, id, audit.ResetPassword, func(tx *store.Tx, a *store.Account) error {
		if a.Closed {
			return fault.New(fault.Invalid, "停用的帐号先重新启用")
		}
		fresh := store.Account{ID: a.ID, Password: hash}
		return tx.UpdateAccount(fresh)
	})
	return a, password, err
}

// Close closes an account, or opens it again. Whoever is signed in with it is
// out with the next request.
func (s *Service) Close(ctx context.Context, by *access.Actor, id access.AccountID, closed bool) error {
	action := audit.ReopenedAccount
	if closed {
		action = audit.ClosedAccount
	}
	_, err := s.keep(ctx, by, id, action, func(tx *store.Tx, a *store.Account) error {
		a.Closed = closed
		return tx.UpdateAccount(*a)
	})
	return err
}

// Assign gives an account a role over an organisation ("" where the role has
// none), or ends it. A role that it has already, or has not, is fault.Conflict.
func (s *Service) Assign(ctx context.Context, by *access.Actor, id access.AccountID, role access.Role, org party.OrgID, ended bool) error {
	_, err := s.keep(ctx, by, id, assigned(ended), func(tx *store.Tx, a *store.Account) error {
		return assign(tx, a, Role{role, org}, ended, by.Account)
	})
	return err
}

// AssignTx is Assign for who runs the program on the file itself. The login
// that nobody has is fault.NotFound.
func AssignTx(tx *store.Tx, login string, r Role, ended bool) (store.Account, error) {
	a, err := tx.AccountByLogin(login)
	if err != nil {
		return a, err
	}
	if err := assign(tx, &a, r, ended, 0); err != nil {
		return a, err
	}
	return a, audit.Record(tx, nil, assigned(ended), audit.What{Detail: a.Login})
}

// assigned is what giving or ending a role is called in the trail.
func assigned(ended bool) audit.Action {
	if ended {
		return audit.EndedRole
	}
	return audit.GaveRole
}

// assign gives a role or ends it, unless the account may not have it.
func assign(tx *store.Tx, a *store.Account, r Role, ended bool, by access.AccountID) error {
	if a.Closed {
		return fault.New(fault.Invalid, "帐号“%s”停用了", a.Login).WithHint("先重新启用")
	}
	who, err := tx.Actor(a.ID)
	if err != nil {
		return err
	}
	var org store.Org
	if r.Org != "" {
		if org, err = tx.Org(access.System("names of organisations are no secret"), r.Org); err != nil {
			return fault.Wrap(err, fault.Invalid, "没有这个组织")
		}
	}
	named := string(r.Role)
	if org.Name != "" {
		named = "“" + org.Name + "”的" + named
	}
	has := slices.Contains(who.Grants, access.Grant{Role: r.Role, Path: org.Path})
	switch {
	case ended && !has:
		return fault.New(fault.Conflict, "帐号“%s”不是%s", a.Login, named)
	case !ended && has:
		return fault.New(fault.Conflict, "帐号“%s”已经是%s", a.Login, named)
	case !ended:
		if err := fits(a, who, r, org); err != nil {
			return err
		}
	}
	return tx.InsertAssignment(a.ID, r.Role, r.Org, ended, by)
}

// fits refuses a role that does not go with what the account is and has.
func fits(a *store.Account, who *access.Actor, r Role, org store.Org) error {
	roles := []access.Role{r.Role}
	for _, g := range who.Grants {
		if g.Role != r.Role {
			roles = append(roles, g.Role)
		}
	}
	switch {
	case !access.Compatible(roles):
		return fault.New(fault.Invalid, "系统管理员和审计员不能兼任别的角色")
	case access.Wants(r.Role) != (r.Org != ""):
		return fault.New(fault.Invalid, "“%s”这个角色要不要选组织，选得不对", r.Role).WithHint("街道、社区、支部的角色选组织，别的不选")
	case org.Closed != 0:
		return fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", org.Name, org.Closed)
	case r.Org != "" && org.Level != levelOf(r.Role):
		return fault.New(fault.Invalid, "“%s”是%s，%s要管一个%s", org.Name, org.Level, r.Role, levelOf(r.Role)).WithHint("选一个%s", levelOf(r.Role))
	case r.Role == access.Member && a.Member == "":
		return fault.New(fault.Invalid, "帐号“%s”没有对应的党员，不能是党员", a.Login).WithHint("给他另开一个帐号，写上党员编号")
	}
	return nil
}

// levelOf is the level of the organisations that a role is over.
func levelOf(role access.Role) party.Level {
	switch role {
	case access.StreetClerk:
		return party.Street
	case access.Community:
		return party.Community
	default:
		return party.Branch
	}
}
