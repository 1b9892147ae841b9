package accounts

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Holder names who holds an account.
type Holder struct {
	Member domain.MemberID // as a person wrote it; "" for who is none
	None   bool            // he is no member of the register
}

// Settle records who holds an account as a member, or that he is none: nobody acts for
// himself by way of another account. It is for who manages accounts, and not of his own.
func (s *Service) Settle(ctx context.Context, by *access.Actor, id domain.AccountID, who Holder) error {
	_, err := s.keep(ctx, by, id, audit.SettledAccount, func(tx *store.Tx, a *domain.Account) error {
		if a.Member != "" {
			return at("holder", fault.New(fault.Invalid, "帐号“%s”就是编号 %s 的党员自己的，不用核对", a.Login, a.Member))
		}
		member, err := who.read(&tx.Snapshot)
		if err != nil {
			return err
		}
		if access.SamePerson(by.Person(), domain.Person{Member: member}) {
			return fault.New(fault.Forbidden, "自己的帐号由别的安全管理员来改")
		}
		a.Person = &member
		return tx.SettleAccount(*a, by.ID())
	})
	return err
}

// read returns the number of the member who holds an account, "" for who is none.
func (h *Holder) read(v *store.Snapshot) (domain.MemberID, error) {
	typed := strings.TrimSpace(string(h.Member)) != ""
	switch {
	case typed && h.None:
		return "", at("holder", fault.New(fault.Invalid, "写了党员编号，又写不是党员").WithHint("两样只要一样"))
	case h.None:
		return "", nil
	case !typed:
		return "", at("holder", unsettled())
	}
	id, err := v.NumberMeant(h.Member)
	if code := fault.CodeOf(err); code == fault.NotFound || code == fault.Invalid {
		f := fault.From(err)
		err = at("holder", fault.Wrap(err, fault.Invalid, "%s", f.Message).WithHint("%s", f.Hint))
	}
	return id, err
}

// unsettled returns the fault of an account of which nobody has said who holds it.
func unsettled() *fault.Error {
	return fault.New(fault.Invalid, "要写持有人本人的党员编号，或者写明不是党员").
		WithHint("管积分的职务，先认得出是哪个人：没有人给自己记分、审批")
}

// Unsettled reports whether an account has an office over points while nobody has said
// who holds it.
func (m *Managed) Unsettled() bool {
	if m.Closed || m.Holder().Settled {
		return false
	}
	for i := range m.Roles {
		if access.OverPoints(m.Roles[i].Role) {
			return true
		}
	}
	return false
}
