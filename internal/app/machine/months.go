package machine

import (
	"context"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// keptMonths limits when a month of the trail may be dropped, in months after its end: 网络安全法
// 第二十一条 asks for 不少于六个月.
const keptMonths = 6

// Signer returns what is kept of a month of the trail that is dropped, signed.
type Signer func(m *domain.TrailMonth, at time.Time) (string, error)

// Month is a month of the trail of a street.
type Month struct {
	domain.TrailMonth
	Name string // of the street, "" for none
	May  bool   // it may be dropped, once those before it are
}

// Months returns the months of the trail, in the order of streets, for who may ask for one
// to be dropped, agree to it, or keeps the machine. What is in them he does not see.
func (s *Service) Months(ctx context.Context, actor *access.Actor) (out []Month, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = s.months(v, actor)
		return err
	}, monthsSeenBy()...)
	return out, err
}

// monthsSeenBy returns the permissions that show how long the trail is.
func monthsSeenBy() []access.Permission {
	return []access.Permission{access.SeeTrail, access.ManageAccounts, access.ManageMachine}
}

// months returns the months of the streets that an actor has to do with; those of no street
// for who has to do with all.
func (s *Service) months(v *store.Snapshot, actor *access.Actor) ([]Month, error) {
	list, err := v.TrailMonths()
	if err != nil {
		return nil, err
	}
	orgs, err := v.Orgs(access.System("names of organisations are no secret"), "")
	if err != nil {
		return nil, err
	}
	streets := map[domain.OrgID]*domain.Org{}
	for i := range orgs {
		streets[orgs[i].ID] = &orgs[i]
	}
	last := map[domain.OrgID]string{}
	for i := range list {
		last[list[i].Street] = list[i].Month // in their order
	}
	before := droppableBefore(v.Now())
	var out []Month
	for i := range list {
		m := Month{TrailMonth: list[i], May: !list[i].Dropped && list[i].Month < min(before, last[list[i].Street])}
		street, known := streets[m.Street]
		if known {
			m.Name = street.Name
		}
		for _, p := range monthsSeenBy() {
			if scope := actor.Scope(p); scope.All() || known && scope.Covers(street.Path) {
				out = append(out, m)
				break
			}
		}
	}
	return out, nil
}

// due returns the months that may be dropped, and those that were.
func (s *Service) due(v *store.Snapshot, actor *access.Actor) (due, dropped []Month, err error) {
	list, err := s.months(v, actor)
	for i := range list {
		switch m := list[i]; {
		case m.May:
			due = append(due, m)
		case m.Dropped:
			dropped = append(dropped, m)
		}
	}
	return due, dropped, err
}

// droppableBefore returns the first month that is still to be kept. Months of the trail are those
// of its instants, in UTC.
func droppableBefore(now time.Time) string {
	now = now.UTC()
	return time.Date(now.Year(), now.Month()-keptMonths, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// DropMonth drops a month of the trail of a street, "" for none, for an auditor who asks for it
// and a security administrator who agrees. What is kept of it is signed.
func (s *Service) DropMonth(
	ctx context.Context, asks, agrees *access.Actor, street domain.OrgID, month string, sign Signer,
) (out Month, err error) {
	if !asks.May(access.SeeTrail) {
		return out, kernel.Denied()
	}
	if !agrees.May(access.ManageAccounts) {
		return out, fault.New(fault.Forbidden, "“%s”没有同意清理审计的权限", agrees.Name).WithHint("请安全管理员同意")
	}
	if access.SamePerson(asks.Person(), agrees.Person()) {
		return out, fault.New(fault.Forbidden, "提出和同意的是同一个人").WithHint("审计员提出，安全管理员同意")
	}
	ctx = store.InAllStreets(ctx, "the trail of any street, and of none")
	err = s.DB.Exclusive(ctx, func(tx *store.Tx) error {
		if out, err = s.month(&tx.Snapshot, asks, street, month); err != nil {
			return err
		}
		d := domain.TrailDrop{TrailMonth: out.TrailMonth, Asked: asks.ID(), Agreed: agrees.ID()}
		if d.Note, err = sign(&out.TrailMonth, tx.Now()); err != nil {
			return err
		}
		for _, by := range []*access.Actor{asks, agrees} {
			action := audit.AskedDrop
			if by == agrees {
				action = audit.DroppedTrail
			}
			if err := audit.Record(tx, by, action, audit.What{Org: street, Detail: month}); err != nil {
				return err
			}
		}
		return tx.DropTrail(&d)
	})
	return out, err
}

// month returns a month that an actor may ask to be dropped.
func (s *Service) month(v *store.Snapshot, asks *access.Actor, street domain.OrgID, month string) (Month, error) {
	list, err := s.months(v, asks)
	if err != nil {
		return Month{}, err
	}
	for i := range list {
		if m := &list[i]; m.Street == street && m.Month == month {
			if month >= droppableBefore(v.Now()) {
				return *m, fault.New(fault.Conflict, "%s 结束还不到 %d 个月，不能清理", month, keptMonths).
					WithHint("网络安全法第二十一条：留存不少于六个月")
			}
			return *m, nil
		}
	}
	return Month{}, fault.New(fault.NotFound, "没有 %s 的审计", month).WithHint("用 jifen trail months 看有哪几个月")
}
