package accounts

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// MinPassword is the least number of characters of a password that a person chooses, where
// nobody has set it.
const MinPassword = 10

// MaxPassword bounds what is hashed, in characters.
const MaxPassword = 200

// PasswordChange holds the form in which a person changes the own password.
type PasswordChange struct {
	Old, New, Again string
}

// ChangePassword gives the account of who asks another password. The old one is
// asked again, because a browser may have been left open. Every other session of
// the account ends, and every token that signing in to the API has made; the
// caller begins his own session anew.
func (s *Service) ChangePassword(ctx context.Context, actor *access.Actor, c PasswordChange) error {
	var a domain.Account
	var least int
	err := s.db.Read(ctx, func(v *store.Snapshot) (err error) {
		if a, err = v.Account(actor.Account); err != nil {
			return err
		}
		settings, err := v.Settings()
		least = settings.Length()
		return err
	})
	if err != nil {
		return err
	}
	if err := checkPassword(a, c, least); err != nil {
		return err
	}
	if err := s.proves(ctx, a, c.Old); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, c.New)
	if err != nil {
		return err
	}
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		now, err := held(tx, actor.Account)
		switch {
		case err != nil:
			return err
		case now.Closed || now.Password != a.Password:
			return fault.New(fault.Stale, "密码刚才已经改过了").WithHint("用新的密码重新登录")
		}
		now.Password = hash
		if err := tx.UpdateAccount(now); err != nil {
			return err
		}
		if err := endTokens(tx, actor, a, true); err != nil {
			return err
		}
		if _, err := tx.DeleteSessions(a.ID, visitOf(ctx).session.Key); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ChangedPassword, audit.What{Detail: audit.Account(a.ID)})
	})
}

// checkPassword refuses a new password that is too weak, too long, the old one, or
// typed in two ways, by input and all at once.
func checkPassword(a domain.Account, c PasswordChange, least int) error {
	var wrong problems
	if c.Old == "" {
		wrong.add(at("old", fault.New(fault.Invalid, "要写现在的密码")))
	}
	if c.New == c.Old && utf8.RuneCountInString(c.New) >= least {
		wrong.add(at("new", fault.New(fault.Invalid, "新密码和现在的一样").WithHint("换一个")))
	} else {
		checkNewInto(&wrong, least, a.Login, string(a.Member), c.New)
	}
	if c.New != c.Again {
		wrong.add(at("again", fault.New(fault.Invalid, "两次写的新密码不一样").WithHint("重写一遍")))
	}
	return wrong.fault()
}

// checkNew refuses a password that an account is to have from the first, as checkPassword
// does.
func checkNew(least int, login, member, password, again string) error {
	var wrong problems
	checkNewInto(&wrong, least, login, member, password)
	if password != again {
		wrong.add(at("again", fault.New(fault.Invalid, "两次写的新密码不一样").WithHint("重写一遍")))
	}
	return wrong.fault()
}

// checkNewInto gathers what is wrong with a password whoever chooses it.
func checkNewInto(wrong *problems, least int, login, member, password string) {
	switch n := utf8.RuneCountInString(password); {
	case n < least:
		wrong.add(at("new", fault.New(fault.Invalid, "新密码太短，只有 %d 个字", n).WithHint("至少 %d 个", least)))
	case n > MaxPassword:
		wrong.add(at("new", fault.New(fault.Invalid, "新密码太长").WithHint("最多 %d 个字", MaxPassword)))
	case common(password):
		wrong.add(at("new", fault.New(fault.Invalid, "这个密码用的人太多，容易被猜到").WithHint("换一个，例如一句别人想不到的话")))
	case guessable(password, login) || guessable(password, member):
		wrong.add(at("new", fault.New(fault.Invalid, "新密码里有帐号或党员编号，容易被猜到").WithHint("换一个")))
	case strings.Trim(password, string([]rune(password)[0])) == "":
		wrong.add(at("new", fault.New(fault.Invalid, "新密码全是一样的字，容易被猜到").WithHint("换一个")))
	}
}

// guessable reports whether a password holds a word that everybody knows of its
// owner. A word of less than four characters stands in many passwords by chance.
func guessable(password, word string) bool {
	return utf8.RuneCountInString(word) >= 4 &&
		strings.Contains(strings.ToLower(domain.Narrow(password)), strings.ToLower(word))
}

// proves refuses who asks for something that only the holder of a password may
// have and does not know it. Who guesses is slowed down as at the sign-in, apart
// from every address there.
func (s *Service) proves(ctx context.Context, a domain.Account, password string) error {
	return s.provesIn(ctx, a, password, "old")
}

// provesIn is proves with the name of the input in which the password is typed.
func (s *Service) provesIn(ctx context.Context, a domain.Account, password, input string) error {
	c := Credentials{Login: a.Login, Password: password, Address: "signed in as " + strconv.FormatInt(int64(a.ID), 10)}
	err := s.prove(ctx, c, func(*store.Tx, domain.AccountID) error { return nil })
	if fault.CodeOf(err) == fault.Unauthenticated {
		return at(input, fault.Wrap(err, fault.Invalid, "现在的密码不对").WithHint("写登录时用的那一个；忘了，请支部书记或安全管理员重发激活条"))
	}
	return err
}
