package accounts

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/alexedwards/argon2id"

	"jifen/internal/fault"
)

// slow is a hasher whose computations end when the test lets them.
type slow struct {
	*Hasher
	end          chan struct{}
	now, most, n atomic.Int32
}

func newSlow() *slow {
	s := &slow{Hasher: NewHasher(Cost{Memory: 64, Iterations: 1}), end: make(chan struct{})}
	s.compare = func(string, string) (bool, error) {
		s.n.Add(1)
		s.most.Store(max(s.most.Load(), s.now.Add(1)))
		<-s.end
		s.now.Add(-1)
		return true, nil
	}
	return s
}

func TestOneHashAtATimeAndAQueueOfTwoHundred(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newSlow()
		kept, err := NewHasher(Cost{Memory: 64, Iterations: 1}).Hash(t.Context(), "a password")
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		var taken atomic.Int32
		for range 1 + maxWaiting {
			all.Go(func() {
				if ok, err := h.Matches(t.Context(), "a password", kept); ok && err == nil {
					taken.Add(1)
				}
			})
		}
		synctest.Wait() // one computes, the others wait
		if n := New(nil, nil, h.Hasher).Counts().Hashing; n != 1+maxWaiting {
			t.Errorf("%d are counted, want %d", n, 1+maxWaiting)
		}
		for what, ask := range map[string]func() error{
			"a comparison": func() error { _, err := h.Matches(t.Context(), "a password", kept); return err },
			"a new hash":   func() error { _, err := h.Hash(t.Context(), "a password"); return err },
		} {
			f, ok := ask().(*fault.Error) //nolint:errorlint // it is handed on as it is
			if !ok || f.Code != fault.Unavailable || f.Retry <= 0 {
				t.Errorf("%s beyond the queue: %v, want unavailable with a time to retry", what, f)
			}
		}
		close(h.end)
		all.Wait()
		if h.most.Load() != 1 {
			t.Errorf("%d computed at once, want 1", h.most.Load())
		}
		if taken.Load() != 1+maxWaiting {
			t.Errorf("%d of %d who waited were answered", taken.Load(), 1+maxWaiting)
		}
		if ok, err := h.Matches(t.Context(), "a password", kept); !ok || err != nil {
			t.Errorf("once the queue is empty: %v, %v", ok, err)
		}
	})
}

func TestWhoWentAwayIsNotHashedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newSlow()
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { _, _ = h.Matches(t.Context(), "", "") })
		synctest.Wait()
		var err error
		all.Go(func() { _, err = h.Matches(ctx, "", "") })
		synctest.Wait()
		leave()
		synctest.Wait()
		if fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("who went away while waiting: %v, want unavailable", err)
		}
		close(h.end)
		all.Wait()
		if h.n.Load() != 1 {
			t.Errorf("%d computations, want 1: the one of who stayed", h.n.Load())
		}
		if len(h.places) != 0 || len(h.turn) != 0 {
			t.Errorf("places %d, turn %d, want both free", len(h.places), len(h.turn))
		}
	})
}

func TestHashesKeepTheirOwnCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := NewHasher(StandardCost())
	hash, err := h.Hash(ctx, "a password")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("a new hash: %q, %v", hash, err)
	}
	older, err := argon2id.CreateHash("a password",
		&argon2id.Params{Memory: 128, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	for name, hash := range map[string]string{"standard": hash, "another cost": older} {
		if ok, err := h.Matches(ctx, "a password", hash); !ok || err != nil {
			t.Errorf("%s, right password: %v, %v", name, ok, err)
		}
		if ok, err := h.Matches(ctx, "another password", hash); ok || err != nil {
			t.Errorf("%s, wrong password: %v, %v", name, ok, err)
		}
	}
	if ok, err := h.Matches(ctx, "", ""); ok || err != nil {
		t.Errorf("nobody's hash: %v, %v", ok, err)
	}
	for _, hash := range []string{
		"x", strings.Replace(hash, "m=19456", "m=4000000", 1), strings.Replace(hash, "t=2", "t=0", 1),
		strings.Replace(hash, "t=2", "t=99", 1),
		strings.Replace(hash, "p=1", "p=0", 1),
	} {
		if _, err := h.Matches(ctx, "a password", hash); fault.CodeOf(err) != fault.Internal {
			t.Errorf("%.40s: %v, want internal", hash, err)
		}
	}
}

func TestTheDecoyCostsAsMuchAsAny(t *testing.T) {
	t.Parallel()
	h := NewHasher(StandardCost())
	got, salt, key, err := argon2id.DecodeHash(h.decoy)
	if err != nil {
		t.Fatal(err)
	}
	if *got != *h.params || len(salt) != saltLength || len(key) != keyLength {
		t.Errorf("the decoy asks for %+v, kept passwords for %+v", *got, *h.params)
	}
}
