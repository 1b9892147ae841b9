package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxIdentity limits what a provider calls somebody, and its address, in bytes: what the
// standard allows.
const maxIdentity = 255

// SetIdentity records who the holder of an account is at a provider of identities, or, without a
// subject, that he is nobody there. It ends the sessions of the account. It is for who
// manages accounts, and not of his own.
func (s *Service) SetIdentity(ctx context.Context, by *access.Actor, id domain.AccountID, who domain.Identity) error {
	_, err := s.keep(ctx, by, id, audit.LinkedIdentity, func(tx *store.Tx, a *domain.Account) error {
		who.Subject = strings.TrimSpace(who.Subject)
		if who.Subject == "" && a.Identity.Subject == "" {
			return NoSubject()
		}
		if err := s.free(tx, a, who); err != nil {
			return err
		}
		if a.Identity = who; who.Subject == "" {
			a.Identity = domain.Identity{}
		}
		if _, err := tx.DeleteSessions(a.ID, nil); err != nil {
			return err
		}
		return tx.SetIdentity(*a, by.ID())
	})
	return err
}

// NoSubject returns the fault of tying an account to nobody.
func NoSubject() error {
	return at("subject", fault.New(fault.Invalid, "要写统一认证给他的标识").WithHint("他点“用统一认证登录”，页面上会写出来"))
}

// free refuses an identity that is none, or another account's.
func (s *Service) free(tx *store.Tx, a *domain.Account, who domain.Identity) error {
	if who.Subject == "" {
		return nil
	}
	for _, text := range []string{who.Issuer, who.Subject} {
		odd := strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
		if text == "" || len(text) > maxIdentity || odd {
			return at("subject", fault.New(fault.Invalid, "“%s”不是统一认证的标识", fault.Quote(text)).
				WithHint("照统一认证给的抄，只有字母、数字和符号，最多 %d 个", maxIdentity))
		}
	}
	other, err := tx.AccountByIdentity(who)
	if err := missing(err); err != nil {
		return err
	}
	switch other.ID {
	case 0:
		return nil
	case a.ID:
		return at("subject", fault.New(fault.Invalid, "这个标识已经关联着了"))
	}
	return at("subject", fault.New(fault.Invalid, "这个标识已经关联着帐号“%s”", other.Login).
		WithHint("一个标识只关联一个帐号；要换，先取消那一个"))
}

// SignInAs returns who the account of an identity is, for whom a provider has spoken.
// fault.Unauthenticated where no open account is his, whichever of the two it is.
func (s *Service) SignInAs(ctx context.Context, who domain.Identity, address string) (actor *access.Actor, err error) {
	c := Credentials{Address: address}
	var refusal error
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		actor, refusal = nil, nil
		a, err := tx.AccountByIdentity(who)
		if err := missing(err); err != nil {
			return err
		}
		if a.ID == 0 || a.Closed || who.Subject == "" {
			refusal = fault.New(fault.Unauthenticated, "统一认证认得您，这里没有和它关联、可以用的帐号").
				WithHint("把您的标识“%s”告诉安全管理员，请他关联；有密码的，用帐号和密码登录", fault.Quote(who.Subject))
			by, what := &access.Actor{Account: a.ID}, audit.What{Result: audit.Refusal(refusal)}
			if a.ID == 0 {
				sum := sha256.Sum256([]byte(who.Issuer + "\x00" + who.Subject))
				by, what.Detail = access.Program("没有这个帐号"), hex.EncodeToString(sum[:6])
			}
			return audit.Record(tx, by.From(c.origin(ctx)), audit.SignInFailed, what)
		}
		if actor, err = tx.Actor(a.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor.From(c.origin(ctx)), audit.SignedIn, audit.What{Detail: "oidc"})
	})
	if err == nil {
		err = refusal
	}
	s.signIns.count(err)
	if err != nil {
		return nil, err
	}
	return actor, nil
}
