package accounts

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// keep runs a change of somebody else's account.
func (s *Service) keep(ctx context.Context, by *access.Actor, id domain.AccountID, action audit.Action,
	change func(tx *store.Tx, a *domain.Account) error) (out domain.Account, err error) {
	if !by.May(access.ManageAccounts) {
		return out, fault.New(fault.Forbidden, "没有管理帐号的权限")
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := held(tx, id)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这个帐号")
		}
		if access.SamePerson(by.Person(), a.Holder()) {
			return fault.New(fault.Forbidden, "自己的帐号由别的安全管理员来改")
		}
		if err := change(tx, &a); err != nil {
			return err
		}
		out = a
		return audit.Record(tx, by, action, audit.What{Detail: audit.Account(a.ID), Whose: a.ID})
	})
	return out, err
}

// held returns an account of which nobody else writes until the transaction ends.
func held(tx *store.Tx, id domain.AccountID) (domain.Account, error) {
	if err := tx.HoldAccount(id); err != nil {
		return domain.Account{}, err
	}
	return tx.Account(id)
}

// Reset ends the password of an account, its lock, its sessions and its tokens, and
// returns the code of a new activation slip, which is kept nowhere.
func (s *Service) Reset(ctx context.Context, by *access.Actor, id domain.AccountID) (a domain.Account, code string,
	err error) {
	if code, err = s.newCode(); err != nil {
		return a, "", err
	}
	a, err = s.keep(ctx, by, id, audit.ResetPassword, func(tx *store.Tx, a *domain.Account) error {
		return resetTx(tx, by, a, code)
	})
	return a, code, err
}

// Close closes an account, or opens it again. Whoever is signed in with it is
// out with the next request; its tokens end for good.
func (s *Service) Close(ctx context.Context, by *access.Actor, id domain.AccountID, closed bool) error {
	action := audit.ReopenedAccount
	if closed {
		action = audit.ClosedAccount
	}
	_, err := s.keep(ctx, by, id, action, func(tx *store.Tx, a *domain.Account) error {
		a.Closed = closed
		if err := tx.CloseAccount(*a, by.Account); err != nil || !closed {
			return err
		}
		if _, err := tx.DeleteSessions(a.ID, nil); err != nil {
			return err
		}
		return endTokens(tx, by, *a, false)
	})
	return err
}

// Assign gives an account a role over an organisation ("" where the role has
// none), or ends it; where Waits says so it proposes it. A role that it has already, or has
// not, is fault.Conflict.
func (s *Service) Assign(ctx context.Context, by *access.Actor, id domain.AccountID, r Role, ended bool) error {
	action := audit.GaveRole
	switch {
	case ended:
		action = audit.EndedRole
	case Waits(by, r.Role):
		action = audit.ProposedRole
	}
	_, err := s.keep(ctx, by, id, action, func(tx *store.Tx, a *domain.Account) error {
		return assign(tx, a, r, ended, by)
	})
	return err
}
