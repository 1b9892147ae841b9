// Package ledger records what happened: activities with their attendance,
// single entries, reversals and decisions on claims. Everything is judged under
// the rules in force on its day and written together with its line in the
// trail; nothing is half-written.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Limits of what one form may carry.
const (
	maxPeople = 2000 // in one activity
	maxNote   = 500  // runes
	maxKey    = 100
)

// Service records.
type Service struct {
	db        *store.DB
	standings *standings.Service
	zone      *time.Location
}

// New makes the service. zone is that of the organisation: its days are those
// of the ledger.
func New(db *store.DB, s *standings.Service, zone *time.Location) *Service {
	return &Service{db, s, zone}
}

// today is the day of a transaction in the organisation's zone.
func (s *Service) today(v *store.Snapshot) calendar.Day { return calendar.FromTime(v.Now().In(s.zone)) }

// once runs work under an idempotency key: the same key with the same request
// gives the first answer again and says so. key "" is no key.
func once[T any](tx *store.Tx, actor *access.Actor, key string, request any, work func() (T, error)) (answer T, replay bool, err error) {
	if key == "" {
		answer, err = work()
		return answer, false, err
	}
	if len(key) > maxKey {
		return answer, false, fault.New(fault.Invalid, "幂等键太长").WithHint("最多 %d 个字符", maxKey)
	}
	asked, err := json.Marshal(request)
	if err != nil {
		return answer, false, fault.Wrap(err, fault.Internal, "请求记不下来")
	}
	digest := sha256.Sum256(asked)
	given, ok, err := tx.Reply(actor.Account, key, digest[:])
	if err != nil {
		return answer, false, err
	}
	if ok {
		err = json.Unmarshal([]byte(given), &answer)
		return answer, true, err
	}
	if answer, err = work(); err != nil {
		return answer, false, err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return answer, false, fault.Wrap(err, fault.Internal, "回执记不下来")
	}
	return answer, false, tx.InsertReply(actor.Account, key, digest[:], string(text))
}

// hide answers the same for what is absent and what is hidden.
func hide(err error, what string) error {
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "没有%s", what).WithHint("也可能不在您的范围里")
	}
	return err
}

// write is db.Write for who has one of some permissions.
func (s *Service) write(ctx context.Context, actor *access.Actor, work func(tx *store.Tx) error, any ...access.Permission) error {
	if !slices.ContainsFunc(any, actor.May) {
		return denied()
	}
	return s.db.Write(ctx, work)
}

// denied is what is said to who has no permission.
func denied() error {
	return fault.New(fault.Forbidden, "没有这个权限").WithHint("请支部书记或上级党委办理")
}
