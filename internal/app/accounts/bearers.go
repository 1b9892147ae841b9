package accounts

import (
	"sync"
	"time"

	"jifen/internal/access"
	"jifen/internal/store"
)

// maxBearers limits the tokens of which the holders are held in memory.
const maxBearers = 1000

// bearer holds who a token speaks for, as it was read under a stamp of his rights.
type bearer struct {
	actor   *access.Actor
	expires time.Time // of the token, at the latest the day's end
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
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil || len(b.held) >= maxBearers {
		b.held = map[string]bearer{}
	}
	b.held[string(hash)] = held
}
