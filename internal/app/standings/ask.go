package standings

import (
	"context"
	"slices"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// When says under which scheme, of which period and as of which moment points are
// asked for. The zero When is the main scheme's period of today, as known now.
type When struct {
	Scheme    string       // 编号; "" for the main one
	Period    string       // key of a cycle; "" for the one that holds AsOf
	AsOf      calendar.Day // 0 for today
	AsKnownAt time.Time    // what was recorded later is not seen; the zero time is now
}

// Ask makes the question of a When within a scope. A day that has not come is
// fault.Invalid.
func (s *Service) Ask(v *store.Snapshot, scope access.Scope, w When) (Question, error) {
	q := Question{Scope: scope, Scheme: w.Scheme, Period: w.Period, AsOf: w.AsOf, KnownBy: w.AsKnownAt}
	today := s.Today(v)
	if q.AsOf == 0 {
		q.AsOf = today
	}
	if q.AsOf > today {
		return q, fault.New(fault.Invalid, "%s 还没有到", q.AsOf).WithHint("今天是 %s", today)
	}
	return q, nil
}

// Choices are the schemes and the periods of which one is shown; the schemes are
// two or more, or none.
type Choices struct {
	Schemes []*ruleset.RuleSet
	Periods []calendar.Period // the latest first
}

// Choices returns what an organisation can be asked for, its periods those of a
// scheme, "" for the main one.
func (s *Service) Choices(v *store.Snapshot, path, scheme string) (Choices, error) {
	today := s.Today(v)
	schemes, err := s.Schemes(v, path, today)
	if err != nil {
		schemes = nil
	}
	periods, err := s.Periods(v, path, scheme, today)
	return choices(schemes, periods, err)
}

// ChoicesOf is Choices of a member, who may have been elsewhere.
func (s *Service) ChoicesOf(v *store.Snapshot, m *domain.Member, scheme string) (Choices, error) {
	today := s.Today(v)
	schemes, err := s.SchemesOf(v, m, today)
	if err != nil {
		schemes = nil
	}
	periods, err := s.PeriodsOf(v, m, scheme, today)
	return choices(schemes, periods, err)
}

// choices leaves out what is no choice. That nothing is in force is told by what
// is shown.
func choices(schemes []*ruleset.RuleSet, periods []calendar.Period, err error) (Choices, error) {
	if len(schemes) < 2 {
		schemes = nil
	}
	if fault.CodeOf(err) == fault.NotFound {
		err = nil
	}
	return Choices{schemes, periods}, err
}

// LookAt runs a read of an actor on one snapshot, together with the population that
// ask's question has there: ask is run twice, because the population is computed
// before, once for all who ask the same. See kernel.Look for what f returns.
func (s *Service) LookAt(
	ctx context.Context, actor *access.Actor, ask func(v *store.Snapshot) (Question, error),
	f func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error), any ...access.Permission,
) error {
	return s.lookAt(ctx, actor, ask, f, s.Current, s.Look, any)
}

// lookLong is LookAt for what may take longer than a page.
func (s *Service) lookLong(
	ctx context.Context, actor *access.Actor, ask func(v *store.Snapshot) (Question, error),
	f func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error), any ...access.Permission,
) error {
	return s.lookAt(ctx, actor, ask, f, s.currentLong, s.LookLong, any)
}

func (s *Service) lookAt(
	ctx context.Context, actor *access.Actor, ask func(v *store.Snapshot) (Question, error),
	f func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error),
	current func(context.Context, Question) (*Population, error),
	look func(
		context.Context, *access.Actor, func(*store.Snapshot) (audit.Action, audit.What, error), ...access.Permission,
	) error,
	any []access.Permission,
) error {
	var q Question
	past := false // nothing that is recorded from now on is in the answer
	err := s.Read(ctx, actor, func(v *store.Snapshot) (err error) {
		q, err = ask(v)
		past = !q.KnownBy.IsZero() && q.KnownBy.Before(v.Complete())
		return err
	}, any...)
	if err != nil {
		return err
	}
	before, err := current(ctx, q)
	if err != nil {
		return err
	}
	return look(ctx, actor, func(v *store.Snapshot) (audit.Action, audit.What, error) {
		now, err := ask(v)
		if err != nil {
			return "", audit.What{}, err
		}
		p := before
		if !past || !now.same(&q) {
			if p, err = s.CurrentOn(v, now); err != nil {
				return "", audit.What{}, err
			}
		}
		return f(v, p)
	}, any...)
}

// same reports whether two questions ask the same.
func (q *Question) same(o *Question) bool {
	return q.Scope.All() == o.Scope.All() && slices.Equal(q.Scope.Members(), o.Scope.Members()) &&
		slices.Equal(q.Scope.Subtrees(), o.Scope.Subtrees()) && q.Below == o.Below && q.Scheme == o.Scheme &&
		q.Period == o.Period && q.AsOf == o.AsOf && q.KnownBy.Equal(o.KnownBy)
}
