package accounts

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// ActorOf returns who the account of a login is now, for commands that act for
// somebody: fault.NotFound for a login that nobody has, fault.Invalid for an account
// that is closed.
func (s *Service) ActorOf(ctx context.Context, login string) (actor *access.Actor, err error) {
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		a, err := byLogin(v, login)
		if err != nil {
			return err
		}
		if a.Closed {
			return fault.New(fault.Invalid, "帐号“%s”已经停用", a.Login).WithHint("写经办人现在用的帐号")
		}
		actor, err = v.Actor(a.ID)
		return err
	})
	return actor, err
}

// Recoverer returns the program as the actor that brings the last security
// administrator back: fault.Invalid while somebody else than the account of a login
// ("" for nobody's) keeps the accounts with an open account.
func (s *Service) Recoverer(ctx context.Context, login string) (*access.Actor, error) {
	err := s.db.Read(ctx, func(v *store.Snapshot) error {
		list, err := v.Accounts(access.System("whether a security administrator is left"))
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Closed || loginKey(a.Login) == loginKey(login) {
				continue
			}
			who, err := v.Actor(a.ID)
			if err != nil {
				return err
			}
			if who.May(access.ManageAccounts) {
				return fault.New(fault.Invalid, "要写 --as：以哪个帐号办").WithHint("安全管理员还有：%s（帐号 %s）", a.Name, a.Login)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return access.Program("找回安全管理员"), nil
}

// Find returns the account of a login, for who manages accounts; fault.NotFound for
// a login that nobody has.
func (s *Service) Find(ctx context.Context, by *access.Actor, login string) (a domain.Account, err error) {
	if !by.May(access.ManageAccounts) {
		return a, fault.New(fault.Forbidden, "没有管理帐号的权限").WithHint("写安全管理员的帐号")
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		a, err = byLogin(v, login)
		return err
	})
	a.Password = "" // nobody's business outside
	return a, err
}

// byLogin returns the account of a login.
func byLogin(v *store.Snapshot, login string) (domain.Account, error) {
	login = strings.TrimSpace(login)
	a, err := v.AccountByLogin(login)
	if fault.CodeOf(err) == fault.NotFound {
		err = fault.Wrap(err, fault.NotFound, "没有“%s”这个帐号", login).
			WithHint("帐号在网站的“帐号”一页里，或用 jifen user add 新开")
	}
	return a, err
}
