package accounts

import (
	"bytes"
	"context"
	"encoding/hex"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// shownSessions limits how many sessions are listed.
const shownSessions = 100

// OwnSession holds a place where somebody is signed in with a browser.
type OwnSession struct {
	domain.Session
	ID   string // names it in lists, and opens nothing
	Here bool   // the request comes from it
	Idle bool   // it opens nothing until the password is written
}

// sessionsOf returns where an account is signed in now.
func sessionsOf(ctx context.Context, v *store.Snapshot, id domain.AccountID) ([]OwnSession, error) {
	settings, err := v.Settings()
	if err != nil {
		return nil, err
	}
	list, err := v.Sessions(id, v.Now(), shownSessions)
	var out []OwnSession
	for _, s := range list {
		if v.Now().Sub(s.Made) >= settings.Longest() {
			continue
		}
		here := bytes.Equal(s.Key, visitOf(ctx).session.Key)
		out = append(out, OwnSession{Session: s, ID: hex.EncodeToString(s.Key[:min(8, len(s.Key))]), Here: here,
			Idle: !here && v.Now().Sub(s.Seen) >= settings.Idle()})
	}
	return out, err
}

// EndOwnSession ends a session of who asks; fault.NotFound where he has none of that name.
func (s *Service) EndOwnSession(ctx context.Context, actor *access.Actor, id string) error {
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		list, err := sessionsOf(ctx, &tx.Snapshot, actor.ID())
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].ID != id {
				continue
			}
			if err := tx.DeleteSession(list[i].Key); err != nil {
				return err
			}
			return audit.Record(tx, actor, audit.EndedSession, audit.What{Detail: "1"})
		}
		return fault.New(fault.NotFound, "没有这处登录").WithHint("可能已经退出了，回到“我的帐号”再看")
	})
}

// EndOtherSessions ends all sessions of who asks but the one from which he does, and the
// tokens that signing in to the API has made.
func (s *Service) EndOtherSessions(ctx context.Context, actor *access.Actor) error {
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := held(tx, actor.ID())
		if err != nil {
			return err
		}
		n, err := tx.DeleteSessions(a.ID, visitOf(ctx).session.Key)
		if err != nil {
			return err
		}
		if err := endTokens(tx, actor, a, true); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.EndedSession, audit.What{Detail: strconv.FormatInt(n, 10)})
	})
}
