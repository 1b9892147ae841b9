package accounts

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"

	"jifen/internal/fault"
)

// Cost holds the parameters that make one hash of a password dear.
type Cost struct {
	Memory     uint32 // in KiB
	Iterations uint32
}

// StandardCost returns the least that OWASP asks for of argon2id: 19 MiB, two passes,
// one lane.
func StandardCost() Cost { return Cost{Memory: 19 * 1024, Iterations: 2} }

// Limits of the queue, and of what a hash that is kept may ask for.
const (
	maxWaiting    = 200
	maxKeptMemory = 256 * 1024 // KiB
	maxKeptPasses = 16
	retryWhenFull = 5 * time.Second // a full queue is through by then
	saltLength    = 16
	keyLength     = 32
)

// Hasher hashes passwords and compares them with hashes, one at a time, because
// each takes 19 MiB and much of a core, and anybody may ask for one. So many may
// wait; beyond that callers are refused with fault.Unavailable at once.
type Hasher struct {
	params *argon2id.Params
	places chan struct{} // one for each who waits or computes
	turn   chan struct{} // taken by the one who computes
	decoy  string        // fits no password, and costs as much to compare as any

	create  func(password string, params *argon2id.Params) (string, error)
	compare func(password, hash string) (bool, error)
}

// NewHasher returns a hasher of a cost.
func NewHasher(cost Cost) *Hasher {
	return &Hasher{
		params: &argon2id.Params{
			Memory: cost.Memory, Iterations: cost.Iterations, Parallelism: 1, SaltLength: saltLength, KeyLength: keyLength,
		},
		places: make(chan struct{}, maxWaiting+1),
		turn:   make(chan struct{}, 1),
		decoy: fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", cost.Memory, cost.Iterations,
			base64.RawStdEncoding.EncodeToString(make([]byte, saltLength)),
			base64.RawStdEncoding.EncodeToString(make([]byte, keyLength))),
		create: argon2id.CreateHash, compare: argon2id.ComparePasswordAndHash,
	}
}

// Hash returns the hash by which a password is kept. fault.Unavailable where too
// many wait already, or ctx ends before its turn comes.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = h.alone(ctx, func() error {
		hash, err = h.create(password, h.params)
		return err
	})
	return hash, err
}

// Matches reports whether a password fits a hash that is kept; it fits none that
// is "", which takes as long to find out. The parameters are the hash's own, so
// that those of another cost still fit. They are not hashed anew at the next
// sign-in: no release has kept any of another cost.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (match bool, err error) {
	none := hash == ""
	if none {
		hash = h.decoy
	}
	kept, _, _, err := argon2id.DecodeHash(hash)
	if err == nil && (kept.Memory > maxKeptMemory || kept.Iterations < 1 || kept.Iterations > maxKeptPasses ||
		kept.Parallelism < 1) {
		err = fmt.Errorf("a hash asks for m=%d,t=%d,p=%d", kept.Memory, kept.Iterations, kept.Parallelism)
	}
	if err != nil {
		return false, fault.Wrap(err, fault.Internal, "密码核对不了")
	}
	err = h.alone(ctx, func() error {
		match, err = h.compare(password, hash)
		return err
	})
	return match && !none, err
}

// alone runs f while no other runs, in the order of asking.
func (h *Hasher) alone(ctx context.Context, f func() error) error {
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	default:
		return fault.New(fault.Unavailable, "现在登录的人太多，还没有受理").WithHint("过几秒钟再试一次").WithRetry(retryWhenFull)
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil { // whoever went away is not hashed for
		return fault.Wrap(err, fault.Unavailable, "请求已中断，没有受理").WithHint("再试一次")
	}
	if err := f(); err != nil {
		return fault.Wrap(err, fault.Internal, "密码算法不能用")
	}
	return nil
}
