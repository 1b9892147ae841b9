// Package periods locks the periods (考核期) of branches and opens them again.
package periods

import (
	"context"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Service locks periods.
type Service struct {
	kernel.Kernel
	standings *standings.Service
}

// New makes the service. zone is that of the organisation.
func New(db *store.DB, s *standings.Service, zone *time.Location) *Service {
	return &Service{kernel.Kernel{DB: db, Zone: zone}, s}
}

// Step locks a period or opens it again; opening needs a reason.
type Step struct {
	Branches []domain.OrgID
	Below    domain.OrgID // where Branches is empty: all branches at and below it, by its own cycle
	Period   string
	Lock     bool
	Reason   string
}

// Done counts the branches that a step changed, and those of which it was asked.
type Done struct{ Changed, Of int }

// Take records a step. A branch outside the actor's scope is fault.NotFound, and
// nothing is changed.
func (s *Service) Take(ctx context.Context, actor *access.Actor, step Step) (done Done, err error) {
	if _, err := calendar.ParsePeriod(step.Period); err != nil {
		return done, err
	}
	if step.Reason, err = kernel.Note(step.Reason, "理由"); err != nil {
		return done, err
	}
	if !step.Lock && step.Reason == "" {
		return done, fault.New(fault.Invalid, "重开要写理由").WithHint("例如：补记漏报的出勤")
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		list, err := s.branches(&tx.Snapshot, actor.Scope(access.LockPeriods), &step)
		if err != nil {
			return err
		}
		done = Done{Of: len(list)}
		for _, id := range list {
			changed, err := take(tx, actor, id, &step)
			if err != nil {
				return err
			}
			if changed {
				done.Changed++
			}
		}
		return nil
	}, access.LockPeriods)
	return done, err
}

// branches returns of which branches a step is.
func (s *Service) branches(v *store.Snapshot, scope access.Scope, step *Step) (out []domain.OrgID, err error) {
	if len(step.Branches) > 0 {
		for _, id := range step.Branches {
			if _, err := v.Org(scope, id); err != nil {
				return nil, fault.Hide(err, "这个支部")
			}
		}
		return step.Branches, nil
	}
	if step.Below == "" {
		return nil, fault.New(fault.Invalid, "没有选支部").WithHint("先在表里打勾")
	}
	org, err := v.Org(scope, step.Below)
	if err != nil {
		return nil, fault.Hide(err, "这个组织")
	}
	book, err := s.standings.Book(v, org.Path, s.Today(v))
	if err != nil {
		return nil, err
	}
	if _, err := book.Period(step.Period); err != nil {
		return nil, err
	}
	orgs, err := v.Orgs(scope, org.Path)
	for _, o := range orgs {
		if o.Level == domain.Branch {
			out = append(out, o.ID)
		}
	}
	return out, err
}

// take records the step of one branch, unless its period is so already.
func take(tx *store.Tx, actor *access.Actor, id domain.OrgID, step *Step) (changed bool, err error) {
	locked, err := tx.Locked(id, step.Period)
	if err != nil || locked == step.Lock {
		return false, err
	}
	text, err := tx.InsertPeriodStepFor(id, step.Period, step.Lock, step.Reason, actor.ID())
	if err != nil {
		return false, err
	}
	action := audit.Locked
	if !step.Lock {
		action = audit.Reopened
	}
	detail := strings.TrimSpace(step.Period + " " + audit.Text(text))
	return true, audit.Record(tx, actor, action, audit.What{Org: id, Detail: detail})
}
