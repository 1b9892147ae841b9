package accounts

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// MaxOwnTokens limits how many tokens for programs an account may have at once.
const MaxOwnTokens = 20

// TokenOrder holds the form by which a person asks for a token of his own account.
type TokenOrder struct {
	Name     string       // what it is for
	Until    calendar.Day // the last day on which it is good
	Scope    domain.TokenScope
	Password string // asked again, because whoever has the token acts without it
}

// MadeToken is a token that was made, with its secret, which is kept nowhere.
type MadeToken struct {
	domain.Token
	Secret string
}

// MakeOwnToken makes a bearer token of who asks, for one of his roles or all, to the end of
// a day. Whoever asks by a token that is narrowed may get a wider one: he knows the password.
func (s *Service) MakeOwnToken(ctx context.Context, actor *access.Actor, o TokenOrder) (out MadeToken, err error) {
	if !actor.May(access.SignedIn) {
		return out, fault.New(fault.Unauthenticated, "还没有登录")
	}
	o.Name = strings.TrimSpace(o.Name)
	var a domain.Account
	err = s.db.Read(ctx, func(v *store.Snapshot) (err error) {
		if a, err = v.Account(actor.Account); err != nil {
			return err
		}
		held, err := rolesNow(v, a.ID)
		if err != nil {
			return err
		}
		return o.check(calendar.FromTime(v.Now()), held)
	})
	if err != nil {
		return out, err
	}
	if err := s.provesIn(ctx, a, o.Password, "password"); err != nil {
		return out, err
	}
	if out.Secret, err = s.newToken(); err != nil {
		return out, err
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		out.Token, err = o.make(tx, actor, out.Secret)
		return err
	})
	return out, err
}

// make keeps a token of who asks, unless he has too many.
func (o *TokenOrder) make(tx *store.Tx, actor *access.Actor, secret string) (t domain.Token, err error) {
	a, err := held(tx, actor.Account)
	if err != nil {
		return t, err
	}
	if a.Closed {
		return t, fault.New(fault.Unauthenticated, "帐号停用了")
	}
	n, err := tx.LiveTokens(a.ID)
	if err != nil {
		return t, err
	}
	if n >= MaxOwnTokens {
		return t, fault.New(fault.Conflict, "已经有 %d 个凭证在用，不能再多", n).WithHint("先作废不用的")
	}
	y, m, d := o.Until.Civil()
	t = domain.Token{Account: a.ID, Name: o.Name, Scope: o.Scope, Made: tx.Now(), Tail: secret[len(secret)-tailLength:],
		Expires: time.Date(y, time.Month(m), d+1, 0, 0, 0, 0, tx.Now().Location())}
	t.ID, err = addToken(tx, actor, secret, t)
	return t, err
}

// check refuses an order of a token, by input and all at once.
func (o *TokenOrder) check(today calendar.Day, held []domain.Role) error {
	var wrong problems
	if n := utf8.RuneCountInString(o.Name); n == 0 || n > maxPurpose {
		wrong.add(at("name", fault.New(fault.Invalid, "用途要写 1 到 %d 个字", maxPurpose).WithHint("写给什么程序用，例如：考勤机")))
	} else if err := domain.Plain("用途", o.Name); err != nil {
		wrong.add(at("name", fault.From(err)))
	}
	switch last := today + calendar.Day(MaxTokenLife/(24*time.Hour)); {
	case o.Until == 0:
		wrong.add(at("until", fault.New(fault.Invalid, "要写用到哪一天").WithHint("最晚 %s", last)))
	case o.Until < today:
		wrong.add(at("until", fault.New(fault.Invalid, "%s 已经过去", o.Until).WithHint("写今天或以后的一天")))
	case o.Until > last:
		wrong.add(at("until", fault.New(fault.Invalid, "%s 太晚", o.Until).WithHint("最晚 %s；到期前再发一个", last)))
	}
	if o.Scope.Role != "" && !slices.Contains(held, o.Scope.Role) {
		wrong.add(at("role", fault.New(fault.Invalid, "您没有“%s”这个角色", o.Scope.Role).WithHint("凭证只能用自己现在的角色")))
	}
	if o.Password == "" {
		wrong.add(at("password", fault.New(fault.Invalid, "要写现在的密码")))
	}
	return wrong.fault()
}

// rolesNow returns the roles that an account has today, each once.
func rolesNow(v *store.Snapshot, id domain.AccountID) (out []domain.Role, err error) {
	actor, err := v.Actor(id)
	if err != nil {
		return nil, err
	}
	for _, g := range actor.Grants {
		if !slices.Contains(out, g.Role) {
			out = append(out, g.Role)
		}
	}
	return out, nil
}

// Tokens returns the tokens of an account, for who manages accounts; fault.NotFound if
// there is none.
func (s *Service) Tokens(ctx context.Context, by *access.Actor, id domain.AccountID) (out []domain.Token, err error) {
	err = s.manage(ctx, by, func(v *store.Snapshot, _ []domain.Org) error {
		if _, err := v.Account(id); err != nil {
			return fault.Hide(err, "这个帐号")
		}
		out, err = v.Tokens(id, shownTokens)
		return err
	})
	return out, err
}
