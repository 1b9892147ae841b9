package requests

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Withdraw takes back what the actor handed in and nobody has finished deciding.
// It stays readable.
func (s *Service) Withdraw(
	ctx context.Context, actor *access.Actor, id domain.RequestID, key string,
) (replay bool, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = kernel.Once(tx, actor, key, struct{ Withdraw domain.RequestID }{id}, func() (bool, error) {
			return true, s.WithdrawTx(tx, actor, id, "本人撤回")
		})
		return err
	}, access.Record, access.Claim)
	return replay, err
}

// WithdrawTx is Withdraw in the caller's transaction, for a reason.
func (s *Service) WithdrawTx(tx *store.Tx, actor *access.Actor, id domain.RequestID, reason string) error {
	q, err := tx.Request(access.System("whose request it is, is asked below"), id)
	if err != nil || q.By != actor.Account {
		return fault.New(fault.NotFound, "没有这条申报").WithHint("只能撤回自己报的")
	}
	k, err := s.Kind(q.Kind)
	switch {
	case err != nil:
		return err
	case q.State != domain.RequestWaits:
		return fault.New(fault.Conflict, "这条申报%s，不能撤回了", q.State)
	case k.Keeps != "":
		return fault.New(fault.Invalid, "%s不撤回", k.Title).WithHint("%s", k.Keeps)
	}
	step := domain.RequestStep{Seq: len(q.Steps) + 1, Kind: domain.StepWithdraw, Reason: reason}
	if err := tx.InsertRequestStep(&q, step, actor.Account); err != nil {
		return err
	}
	detail := k.Title + " " + q.Subject + " " + q.On.String()
	return audit.Record(tx, actor, audit.Withdrew, audit.What{Member: q.Member.ID, Detail: detail})
}

// CheckFollows refuses to take up again what is none of the actor's returned
// requests of a kind about a member. follows 0 takes up nothing.
func (s *Service) CheckFollows(
	v *store.Snapshot, actor *access.Actor, kind domain.RequestKind, follows domain.RequestID, member domain.MemberID,
) error {
	if follows == 0 {
		return nil
	}
	q, err := v.Request(access.System("whose request it is, is asked below"), follows)
	if err != nil || q.By != actor.Account || q.Member.ID != member || q.Kind != kind {
		return fault.New(fault.NotFound, "没有这条退回的申报").WithHint("只能改自己报的")
	}
	if q.State != domain.RequestReturned {
		return fault.New(fault.Conflict, "这条申报没有退回，现在是“%s”", q.State)
	}
	if q.TakenUp {
		return fault.New(fault.Conflict, "这条退回的申报已经改过重报").WithHint("改后来报的那一条")
	}
	return nil
}
