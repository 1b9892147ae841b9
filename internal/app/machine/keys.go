package machine

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// sealedAtOnce limits how many numbers are sealed anew in one transaction.
const sealedAtOnce = 50

// everyNumber returns the scope in which numbers are sealed anew.
func everyNumber() access.Scope { return access.System("every number is sealed under the present key") }

// SealedBefore counts the numbers that are not sealed under the last key of a vault, for who
// keeps the machine.
func (s *Service) SealedBefore(ctx context.Context, actor *access.Actor, v *vault.Vault) (n int, err error) {
	if !actor.May(access.ManageMachine) {
		return 0, deniedKeys()
	}
	err = s.DB.LongRead(ctx, func(view *store.Snapshot) error {
		n = 0
		var after store.SealedNumber
		for {
			list, err := view.SealedAfter(everyNumber(), after, sealedAtOnce)
			if err != nil || len(list) == 0 {
				return err
			}
			for i := range list {
				if !v.Current(list[i].Box) {
					n++
				}
			}
			after = list[len(list)-1]
		}
	})
	return n, err
}

// Rekey lets the database go on under the next key, which has a mark, for who keeps the
// machine.
func (s *Service) Rekey(ctx context.Context, actor *access.Actor, mark string) error {
	if !actor.May(access.ManageMachine) {
		return deniedKeys()
	}
	ctx = store.InAllStreets(ctx, "the heads of all chains go under the next key")
	return s.DB.Exclusive(ctx, func(tx *store.Tx) error {
		if err := tx.Rekey(mark); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.Rekeyed, audit.What{})
	})
}

// ReplaceSigning writes down, before it is done, that roots are signed under another key from
// now on, for who keeps the machine.
func (s *Service) ReplaceSigning(ctx context.Context, actor *access.Actor) error {
	if !actor.May(access.ManageMachine) {
		return deniedKeys()
	}
	return s.Write(ctx, actor, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ReplacedSigning, audit.What{})
	}, access.ManageMachine)
}

// Reseal seals every number under the last key of a vault that is not yet, some at a time,
// and says after each time how many they are so far. Numbers that do not open stay as they
// are and are counted.
func (s *Service) Reseal(
	ctx context.Context, actor *access.Actor, v *vault.Vault, said func(sealed int) error,
) (sealed, shut int, err error) {
	if !actor.May(access.ManageMachine) {
		return 0, 0, deniedKeys()
	}
	var after store.SealedNumber
	for {
		var list []store.SealedNumber
		err := s.DB.Read(ctx, func(view *store.Snapshot) (err error) {
			list, err = view.SealedAfter(everyNumber(), after, sealedAtOnce)
			return err
		})
		if err != nil || len(list) == 0 {
			return sealed, shut, err
		}
		after = list[len(list)-1]
		n, closed, err := s.resealSome(ctx, v, list)
		sealed, shut = sealed+n, shut+closed
		if err == nil && n > 0 {
			err = said(sealed)
		}
		if err != nil {
			return sealed, shut, err
		}
	}
}

// resealSome seals some numbers anew in one transaction.
func (s *Service) resealSome(ctx context.Context, v *vault.Vault, list []store.SealedNumber) (n, shut int, err error) {
	type renewed struct {
		was       store.SealedNumber
		box, seek []byte
	}
	var all []renewed
	for _, was := range list {
		if v.Current(was.Box) {
			continue
		}
		kind := vault.Kind(was.Kind)
		number, err := v.Open(was.Member, kind, was.Box)
		if err != nil {
			shut++
			continue
		}
		box, err := v.Seal(was.Member, kind, number)
		if err != nil {
			return 0, shut, err
		}
		all = append(all, renewed{was, box, v.Seek(kind, number)})
	}
	if len(all) == 0 {
		return 0, shut, nil
	}
	err = s.DB.Write(store.InAllStreets(ctx, "numbers of members of any street are sealed anew"),
		func(tx *store.Tx) error {
			for _, r := range all {
				if err := tx.Reseal(r.was, r.box, r.seek); err != nil {
					return err
				}
			}
			return nil
		})
	return len(all), shut, err
}

// deniedKeys returns the fault of who keeps no machine.
func deniedKeys() error {
	return fault.New(fault.Forbidden, "没有换钥匙的权限").WithHint("由系统管理员办")
}
