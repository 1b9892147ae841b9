package accounts

import (
	"context"
	"sync"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// maxBearers limits the tokens of which the holders are held in memory.
const maxBearers = 1000

// bearer holds who a token speaks for, as it was read under a stamp of his rights.
type bearer struct {
	actor   *access.Actor
	token   domain.TokenID
	expires time.Time // of the token, at the latest the day's end
	used    time.Time // as far as that is noted
	rights  store.Stamp
}

// bearers holds who tokens speak for, by the hash of the token.
type bearers struct {
	mu   sync.RWMutex
	held map[string]bearer
}

func (b *bearers) get(hash []byte) (bearer, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	held, ok := b.held[string(hash)]
	return held, ok
}

func (b *bearers) put(hash []byte, held bearer) {
	if held.actor.LeadsGroup() { // who is in the group follows from no right
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil || len(b.held) >= maxBearers {
		b.held = map[string]bearer{}
	}
	b.held[string(hash)] = held
}

// noteUse notes that a token is used, at most once an hour for each token. Nobody is
// refused because it could not be noted: the use of the next request is.
func (s *Service) noteUse(ctx context.Context, hash []byte, b bearer, now time.Time) {
	if since := now.Sub(b.used); since >= 0 && since < usesApart {
		return
	}
	err := s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error { return tx.UseToken(b.token) })
	if err == nil {
		b.used = now
		s.bearers.put(hash, b)
	}
}
