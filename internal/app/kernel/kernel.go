// Package kernel holds what the use cases of every noun share: one transaction
// for each, opened for who may, with its line in the trail; requests that are
// answered once; and the day it is.
package kernel

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxKey limits an idempotency key, in bytes.
const maxKey = 100

// Kernel opens the transactions of use cases. Zone is the organisation's: its
// days are those of the records.
type Kernel struct {
	DB   *store.DB
	Zone *time.Location
}

// Today returns the day of a transaction in the organisation's zone.
func (k *Kernel) Today(v *store.Snapshot) calendar.Day { return calendar.FromTime(v.Now().In(k.Zone)) }

// Read runs f on one snapshot if the actor has one of some permissions;
// fault.Forbidden otherwise. Which rows f may read is for its scopes.
func (k *Kernel) Read(
	ctx context.Context, actor *access.Actor, f func(v *store.Snapshot) error, any ...access.Permission,
) error {
	if !slices.ContainsFunc(any, actor.May) {
		return Denied()
	}
	return k.DB.Read(ctx, f)
}

// Look is Read for what belongs to somebody else: f returns what was looked at,
// and nothing is handed on before the trail has a line of it. An empty action
// leaves no line: the actor looked at what is his own.
func (k *Kernel) Look(
	ctx context.Context, actor *access.Actor,
	f func(v *store.Snapshot) (audit.Action, audit.What, error), any ...access.Permission,
) error {
	return k.look(ctx, actor, k.DB.Read, f, any)
}

// LookLong is Look for what takes longer than a page: it reads where nobody waits for
// it.
func (k *Kernel) LookLong(
	ctx context.Context, actor *access.Actor,
	f func(v *store.Snapshot) (audit.Action, audit.What, error), any ...access.Permission,
) error {
	return k.look(ctx, actor, k.DB.LongRead, f, any)
}

func (k *Kernel) look(
	ctx context.Context, actor *access.Actor, read func(context.Context, func(*store.Snapshot) error) error,
	f func(v *store.Snapshot) (audit.Action, audit.What, error), any []access.Permission,
) error {
	if !slices.ContainsFunc(any, actor.May) {
		return Denied()
	}
	var action audit.Action
	var what audit.What
	err := read(ctx, func(v *store.Snapshot) (err error) {
		action, what, err = f(v)
		return err
	})
	if err != nil || action == "" {
		return err
	}
	return k.DB.Write(InStreets(ctx, actor), func(tx *store.Tx) error { return audit.Record(tx, actor, action, what) })
}

// Write runs work in one transaction if the actor has one of some permissions;
// fault.Forbidden otherwise.
func (k *Kernel) Write(
	ctx context.Context, actor *access.Actor, work func(tx *store.Tx) error, any ...access.Permission,
) error {
	if !slices.ContainsFunc(any, actor.May) {
		return Denied()
	}
	return k.DB.Write(InStreets(ctx, actor), work)
}

// InStreets says in which streets an actor writes, as far as his roles and his home tell:
// whoever acts above streets is found to write where he does.
func InStreets(ctx context.Context, actor *access.Actor) context.Context {
	if actor == nil {
		return store.InStreets(ctx, nil)
	}
	return store.InStreetsOf(ctx, actor.Paths(), actor.Member)
}

// ErrStop ends a transaction that was only for looking: nothing of it is written.
var ErrStop = errors.New("stop")

// Denied returns the fault of who lacks a permission.
func Denied() error {
	return fault.New(fault.Forbidden, "没有这个权限").WithHint("请支部书记或上级党委办理")
}

// Once runs work under an idempotency key: the same key with the same request
// gives the first answer again and reports so; with another request it is
// fault.Conflict. "" is no key.
func Once[T any](
	tx *store.Tx, actor *access.Actor, key string, request any, work func() (T, error),
) (answer T, replay bool, err error) {
	if key == "" {
		answer, err = work()
		return answer, false, err
	}
	digest, err := digestOf(key, request)
	if err != nil {
		return answer, false, err
	}
	given, ok, err := tx.Reply(actor.ID(), key, digest)
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
	return answer, false, Answer(tx, actor, key, request, answer)
}

// Answer keeps an answer under an idempotency key, "" for none, that was not answered
// yet.
func Answer(tx *store.Tx, actor *access.Actor, key string, request, answer any) error {
	if key == "" {
		return nil
	}
	digest, err := digestOf(key, request)
	if err != nil {
		return err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "回执记不下来")
	}
	return tx.InsertReply(actor.ID(), key, digest, string(text))
}

// digestOf returns what tells a request under a key from another.
func digestOf(key string, request any) ([]byte, error) {
	if len(key) > maxKey {
		return nil, fault.New(fault.Invalid, "幂等键太长").WithHint("最多 %d 个字符", maxKey)
	}
	asked, err := json.Marshal(request)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "请求记不下来")
	}
	digest := sha256.Sum256(asked)
	return digest[:], nil
}
