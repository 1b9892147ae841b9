package accounts

import (
	"context"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/store"
)

// Opening says what a new account is.
type Opening struct {
	Login  string
	Name   string
	Member party.MemberID // "" for none
	Roles  []Role
}

// Role is a role over an organisation; "" where the role has none.
type Role struct {
	Role access.Role
	Org  party.OrgID
}

// Open makes an account with a password of its own and returns the password,
// which is kept nowhere: it is written on a slip and handed over.
func (s *Service) Open(ctx context.Context, by *access.Actor, o Opening) (password string, err error) {
	if !by.May(access.KeepAccounts) {
		return "", fault.New(fault.Forbidden, "没有开帐号的权限")
	}
	password, hash, err := s.NewPassword(ctx)
	if err != nil {
		return "", err
	}
	return password, s.db.Write(ctx, func(tx *store.Tx) error { return OpenTx(tx, by, o, hash) })
}

// OpenTx makes an account whose password has the given hash.
func OpenTx(tx *store.Tx, by *access.Actor, o Opening, hash string) error {
	if o.Login = strings.TrimSpace(o.Login); o.Login == "" || utf8.RuneCountInString(o.Login) > 40 {
		return fault.New(fault.Invalid, "帐号要写 1 到 40 个字")
	}
	a := store.Account{Login: o.Login, Name: o.Name, Member: o.Member, Password: hash}
	var err error
	if a.ID, err = tx.InsertAccount(a); err != nil {
		if fault.CodeOf(err) == fault.Conflict {
			return fault.Wrap(err, fault.Conflict, "帐号“%s”已经有了，或这名党员已经有帐号", o.Login)
		}
		return err
	}
	var from access.AccountID
	if by != nil {
		from = by.Account
	}
	for _, r := range o.Roles {
		if err := assign(tx, &a, r, false, from); err != nil {
			return err
		}
	}
	return audit.Record(tx, by, audit.MadeAccount, audit.What{Detail: o.Login})
}
