package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Limits of bearer tokens.
const (
	MaxTokenLife = 366 * 24 * time.Hour
	SessionLife  = 12 * time.Hour // of a token made by signing in to the API, where nobody has set it
	maxPurpose   = 50             // characters of what a token is for
	shownTokens  = 200
	usesApart    = time.Hour // how often the use of a token is noted
	tailLength   = 4
	tokenPrefix  = "jf_"
	tokenLetters = 52 // of 32 bytes in base 32
)

// hashToken returns the form in which a token is kept: whoever reads the database gets none.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte("jifen token\x00" + token))
	return sum[:]
}

// Bearer returns who a bearer token of the API speaks for. What is held of the token
// is good for as long as nobody's rights changed in his street or above, which is asked
// every time.
func (s *Service) Bearer(ctx context.Context, token string, now time.Time) (*access.Actor, error) {
	hash := hashToken(token)
	if held, ok := s.bearers.get(hash); ok && now.Before(held.expires) {
		if current, err := s.db.Current(held.rights); err != nil || current {
			if err == nil {
				s.noteUse(ctx, hash, held, now)
			}
			return held.actor, err
		}
	}
	var found bearer
	err := s.db.Read(ctx, func(v *store.Snapshot) error {
		t, err := v.TokenByHash(hash, now)
		if err != nil {
			return err
		}
		if found.rights, err = v.Rights(t.Account); err != nil {
			return err
		}
		found.expires = t.Expires
		y, m, d := v.Now().Date() // roles begin and end with a day
		if midnight := time.Date(y, m, d+1, 0, 0, 0, 0, v.Now().Location()); midnight.Before(found.expires) {
			found.expires = midnight
		}
		actor, err := v.Actor(t.Account)
		found.token, found.used, found.actor = t.ID, t.Used, actor.Within(t.Scope)
		if t.Session { // as a session of the pages: in one office at a time
			found.actor = found.actor.Working("")
			if err == nil {
				err = notAged(v, t.Account)
			}
		}
		return err
	})
	if fault.CodeOf(err) == fault.NotFound {
		return nil, fault.Wrap(err, fault.Unauthenticated, "凭证无效或已过期")
	}
	if err != nil {
		return nil, err
	}
	s.bearers.put(hash, found)
	s.noteUse(ctx, hash, found, now)
	return found.actor, nil
}

// StartSession makes a bearer token for who has just signed in to the API, and
// returns it with the instant until which it is good.
func (s *Service) StartSession(ctx context.Context, actor *access.Actor) (token string, until time.Time, err error) {
	token, err = s.newToken()
	if err != nil {
		return "", until, err
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := held(tx, actor.Account)
		if err != nil {
			return err
		}
		if a.Closed {
			return fault.New(fault.Unauthenticated, "帐号停用了")
		}
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		if settings.Aged(a.PasswordAt, tx.Now()) {
			return aged(&settings)
		}
		until = tx.Now().Add(settings.Longest())
		t := domain.Token{Account: a.ID, Name: "登录接口", Session: true, Expires: until}
		_, err = addToken(tx, actor, token, t)
		return err
	})
	return token, until, err
}

// EndSession ends the bearer token that its holder shows: fault.Unauthenticated
// if it is none.
func (s *Service) EndSession(ctx context.Context, actor *access.Actor, token string) error {
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		t, err := tx.TokenByHash(hashToken(token), tx.Now())
		if err == nil && t.Account != actor.Account {
			err = fault.New(fault.NotFound, "the token is somebody else's")
		}
		if err != nil {
			return fault.Wrap(err, fault.Unauthenticated, "凭证无效或已过期")
		}
		a, err := held(tx, actor.Account)
		if err != nil {
			return err
		}
		return revoke(tx, actor, a, t.ID)
	})
}

// MakeToken makes a bearer token for an account, good for so long and for a scope, and
// returns it; only its hash is kept. It is for who manages accounts.
func (s *Service) MakeToken(
	ctx context.Context, by *access.Actor, id domain.AccountID, name string, life time.Duration, scope domain.TokenScope,
) (string, error) {
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case !by.May(access.ManageAccounts):
		return "", fault.New(fault.Forbidden, "没有管理帐号的权限").WithHint("写安全管理员的帐号")
	case n == 0 || n > maxPurpose:
		return "", fault.New(fault.Invalid, "用途要写 1 到 %d 个字", maxPurpose)
	case life <= 0 || life > MaxTokenLife:
		return "", fault.New(fault.Invalid, "凭证的期限不能是 %d 天", life/(24*time.Hour)).WithHint("写 1 到 366 之间的数")
	}
	if err := domain.Plain("用途", name); err != nil {
		return "", err
	}
	token, err := s.newToken()
	if err != nil {
		return "", err
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := held(tx, id)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这个帐号")
		}
		if a.Closed {
			return fault.New(fault.Invalid, "帐号“%s”停用了", a.Login).WithHint("先重新启用")
		}
		holder, err := tx.Actor(a.ID)
		if err != nil {
			return err
		}
		if scope.Role != "" && !holder.Has(scope.Role) {
			return fault.New(fault.Invalid, "帐号“%s”没有角色“%s”", a.Login, scope.Role).WithHint("凭证只能用帐号已有的角色")
		}
		t := domain.Token{Account: a.ID, Name: name, Expires: tx.Now().Add(life), Scope: scope}
		_, err = addToken(tx, by, token, t)
		return err
	})
	return token, err
}

// newToken draws a token.
func (s *Service) newToken() (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(s.random, raw[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	return tokenPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])), nil
}

// addToken keeps a token and tells the trail.
func addToken(tx *store.Tx, by *access.Actor, token string, t domain.Token) (domain.TokenID, error) {
	t.Tail = token[len(token)-tailLength:]
	id, err := tx.InsertToken(hashToken(token), t)
	if err != nil {
		return 0, err
	}
	return id, audit.Record(tx, by, audit.MadeToken,
		audit.What{Detail: audit.Account(t.Account) + " " + tokenNumber(id), Whose: t.Account})
}

// tokenNumber returns the name of a token in the trail.
func tokenNumber(id domain.TokenID) string { return "凭证 " + strconv.FormatInt(int64(id), 10) }

// RevokeOwnToken ends a token of who asks.
func (s *Service) RevokeOwnToken(ctx context.Context, actor *access.Actor, id domain.TokenID) error {
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := held(tx, actor.Account)
		if err != nil {
			return err
		}
		return revoke(tx, actor, a, id)
	})
}

// RevokeToken ends a token of somebody's account, for who manages accounts; one's
// own is RevokeOwnToken's.
func (s *Service) RevokeToken(ctx context.Context, by *access.Actor, account domain.AccountID,
	id domain.TokenID) error {
	if !by.May(access.ManageAccounts) {
		return fault.New(fault.Forbidden, "没有管理帐号的权限")
	}
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := held(tx, account)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这个帐号")
		}
		return revoke(tx, by, a, id)
	})
}

// revoke ends a token of an account and tells the trail.
func revoke(tx *store.Tx, by *access.Actor, a domain.Account, id domain.TokenID) error {
	_, err := tx.RevokeToken(a.ID, id, by.ID())
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "帐号“%s”没有凭证 %d", a.Login, id).WithHint("号码照列出来的写")
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, by, audit.RevokedToken,
		audit.What{Detail: audit.Account(a.ID) + " " + tokenNumber(id), Whose: a.ID})
}

// endTokens ends the tokens of an account, or only those of signing in, and tells
// the trail how many, where there were any.
func endTokens(tx *store.Tx, by *access.Actor, a domain.Account, onlySessions bool) error {
	n, err := tx.RevokeTokens(a.ID, onlySessions, by.ID())
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(tx, by, audit.RevokedToken,
		audit.What{Detail: audit.Account(a.ID) + " 凭证 " + strconv.Itoa(n) + " 个", Whose: a.ID})
}
