package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// SlipLife limits for how long the code of an activation slip may be used.
const SlipLife = 30 * 24 * time.Hour

// newCode draws a code that is easy to read off a slip.
func (s *Service) newCode() (string, error) {
	var raw [10]byte
	if _, err := io.ReadFull(s.random, raw[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	// Without 1, i, l and o, so that nobody can mistake what is left: 0 stands beside no o.
	letters := base32.NewEncoding("abcdefghjkmnpqrstuvwxyz234567890").WithPadding(base32.NoPadding)
	text := letters.EncodeToString(raw[:])
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16], nil
}

// hashCode returns the form in which a code is kept, however it is typed: with hyphens,
// spaces, capitals or at full width.
func hashCode(code string) []byte {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '－' || r == '—' {
			return -1
		}
		return r
	}, strings.ToLower(domain.Narrow(code)))
	sum := sha256.Sum256([]byte("jifen slip\x00" + plain))
	return sum[:]
}

// addSlip keeps a new slip of an account; the one before and the account's tokens live no
// more.
func addSlip(tx *store.Tx, by *access.Actor, a domain.Account, code string) error {
	if err := endTokens(tx, by, a, false); err != nil {
		return err
	}
	of := a.ID
	last, err := tx.LastSlip(of)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
	case err != nil:
		return err
	case last.Ended.IsZero():
		if err := tx.EndSlip(&last, false, by.ID()); err != nil {
			return err
		}
	}
	if err := tx.InsertSlip(of, hashCode(code), tx.Now().Add(SlipLife), by.ID()); err != nil {
		return err
	}
	return audit.Record(tx, by, audit.HandedSlip, audit.What{Detail: audit.Account(of), Whose: of})
}

// resetTx takes away the password of an account and what it opened, and gives it a slip.
func resetTx(tx *store.Tx, by *access.Actor, a *domain.Account, code string) error {
	if a.Closed {
		return fault.New(fault.Invalid, "停用的帐号先重新启用")
	}
	if err := tx.ForgiveSignIns(loginKey(a.Login)); err != nil {
		return err
	}
	updated := *a
	updated.Password = ""
	if err := tx.UpdateAccount(updated); err != nil {
		return err
	}
	if _, err := tx.DeleteSessions(a.ID, nil); err != nil {
		return err
	}
	return addSlip(tx, by, *a, code)
}

// Activation holds the form in which the holder of a slip chooses his password.
type Activation struct {
	Login, Code, New, Again string
	Address                 string // "" where it is not known
}

// Activate gives the account of a slip the password that its holder chooses, and ends the
// slip. A login that nobody has, a wrong code, one that was used and one that is too old
// answer the same; who guesses is slowed down as at the sign-in.
func (s *Service) Activate(ctx context.Context, in Activation) (*access.Actor, error) {
	c := Credentials{Login: strings.TrimSpace(in.Login), Password: in.Code, Address: in.Address}
	if c.Address == "" {
		c.Address = nowhere
	}
	settings, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkNew(settings.Length(), in.Login, "", in.New, in.Again); err != nil {
		return nil, err
	}
	a, err := s.holdsSlip(ctx, &c)
	if err != nil {
		return nil, err
	}
	if err := checkNew(settings.Length(), a.Login, string(a.Member), in.New, in.Again); err != nil {
		return nil, err
	}
	hash, err := s.hasher.Hash(ctx, in.New)
	if err != nil {
		return nil, err
	}
	var actor *access.Actor
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		now, err := held(tx, a.ID)
		if err != nil {
			return err
		}
		slip, err := tx.SlipByHash(a.ID, hashCode(in.Code))
		if err != nil || now.Closed || !slip.Lives(tx.Now()) {
			return wrongCode(0)
		}
		now.Password = hash
		if err := tx.UpdateAccount(now); err != nil {
			return err
		}
		if err := tx.EndSlip(&slip, true, a.ID); err != nil {
			return err
		}
		if actor, err = tx.Actor(a.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor.From(c.origin(ctx)), audit.Activated, audit.What{})
	})
	if err != nil {
		return nil, err
	}
	return actor, nil
}

// holdsSlip returns the account whose slip somebody holds, and counts who holds none as
// a failed sign-in.
func (s *Service) holdsSlip(ctx context.Context, c *Credentials) (a domain.Account, err error) {
	var refusal error
	err = s.db.Write(store.OfNoStreet(context.WithoutCancel(ctx)), func(tx *store.Tx) error {
		refusal = nil
		if err := tx.HoldSignIns(loginKey(c.Login), c.Address); err != nil {
			return err
		}
		b, err := brakesOf(&tx.Snapshot, loginKey(c.Login), c.Address)
		if err != nil {
			return err
		}
		if wait := b.wait(tx.Now()); wait > 0 {
			c.slowedAt = tx.Now()
			return slowed(wait)
		}
		if a, err = tx.AccountByLogin(c.Login); missing(err) != nil {
			return err
		}
		slip, err := tx.SlipByHash(a.ID, hashCode(c.Password))
		if missing(err) != nil {
			return err
		}
		if err == nil && !a.Closed && slip.Lives(tx.Now()) {
			return b.passed(tx)
		}
		if err := b.failed(tx); err != nil {
			return err
		}
		refusal = wrongCode(b.wait(tx.Now()))
		return c.failed(ctx, tx, a.ID, refusal)
	})
	if err != nil {
		return a, s.turnedAway(ctx, c, err)
	}
	return a, refusal
}

// wrongCode says that login and code do not go together, and what it leads to.
func wrongCode(wait time.Duration) error {
	f := fault.New(fault.Unauthenticated, "帐号和激活码对不上，或者激活码用过了、过期了、换过新的了")
	if wait > 0 {
		return f.WithHint("过 %s再试；还不行，请支部书记重发一张激活条", inWords(wait)).WithRetry(wait)
	}
	return f.WithHint("照激活条重写一遍；还不行，请支部书记重发一张")
}

// HandedSlip is a slip that was made, with its code, which is kept nowhere.
type HandedSlip struct {
	Login, Name, Branch, Code string
	Until                     time.Time
}

// SlipState tells of the account of a member, to who may hand out a slip for it.
type SlipState struct {
	Member  domain.Member
	Account domain.Account // the zero one for a member without
	Slip    domain.Slip    // the latest; the zero one for none
}

// SlipState returns how a member of one's branch stands with his account; fault.NotFound
// for anybody else.
func (s *Service) SlipState(ctx context.Context, by *access.Actor, member domain.MemberID) (out SlipState, err error) {
	err = s.db.Read(ctx, func(v *store.Snapshot) (err error) {
		out, err = slipState(v, by, member)
		return err
	})
	out.Account.Password = "" // nobody's business outside
	return out, err
}

func slipState(v *store.Snapshot, by *access.Actor, member domain.MemberID) (out SlipState, err error) {
	if out.Member, err = v.Member(by.Scope(access.HandOutSlips), member); err != nil {
		return out, fault.Hide(err, "这名党员")
	}
	if out.Account, err = v.AccountOf(member); missing(err) != nil || out.Account.ID == 0 {
		return out, missing(err)
	}
	out.Slip, err = v.LastSlip(out.Account.ID)
	return out, missing(err)
}

// HandOutSlip gives a member of one's branch a new slip, as Reset does. An account with an
// office is left to who manages accounts: whoever had its slip would have the office.
func (s *Service) HandOutSlip(ctx context.Context, by *access.Actor, member domain.MemberID) (out HandedSlip,
	err error) {
	code, err := s.newCode()
	if err != nil {
		return out, err
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		state, err := slipState(&tx.Snapshot, by, member)
		switch {
		case err != nil:
			return err
		case state.Account.ID == 0:
			return fault.New(fault.Invalid, "他还没有帐号").WithHint("请管帐号的人先开一个")
		case state.Account.ID == by.ID():
			return fault.New(fault.Invalid, "自己的帐号由管帐号的人来发").WithHint("只是换密码的，在“我的帐号”里换")
		case state.Member.Left != 0:
			return fault.New(fault.Invalid, "他自 %s 起已经转出，不再发", state.Member.Left)
		}
		a, err := held(tx, state.Account.ID)
		if err != nil {
			return err
		}
		h, err := holderOf(&tx.Snapshot, a.ID)
		if err != nil {
			return err
		}
		for _, g := range h.terms {
			if g.Role != domain.RoleMember {
				return fault.New(fault.Invalid, "这个帐号还兼着%s，激活条由管帐号的人来发", g.Role)
			}
		}
		if err := noneWaits(tx, &a); err != nil {
			return err
		}
		out = HandedSlip{a.Login, a.Name, state.Member.Home.Name, code, tx.Now().Add(SlipLife)}
		return resetTx(tx, by, &a, code)
	})
	return out, err
}
