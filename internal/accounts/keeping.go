package accounts

import (
	"context"

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
	password, hash, err := s.NewPassword()
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
// none), or ends it.
func (s *Service) Assign(ctx context.Context, by *access.Actor, id access.AccountID, role access.Role, org party.OrgID, ended bool) error {
	action := audit.GaveRole
	if ended {
		action = audit.EndedRole
	}
	_, err := s.keep(ctx, by, id, action, func(tx *store.Tx, _ *store.Account) error {
		who, err := tx.Actor(id)
		if err != nil {
			return err
		}
		roles := []access.Role{role}
		for _, g := range who.Grants {
			if g.Role != role {
				roles = append(roles, g.Role)
			}
		}
		if !ended && !access.Compatible(roles) {
			return fault.New(fault.Invalid, "系统管理员和审计员不能兼任别的角色")
		}
		if !ended && access.Wants(role) != (org != "") {
			return fault.New(fault.Invalid, "“%s”这个角色要不要选组织，选得不对", role).WithHint("街道、社区、支部的角色选组织，别的不选")
		}
		return tx.InsertAssignment(id, role, org, ended, by.Account)
	})
	return err
}
