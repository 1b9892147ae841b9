package members

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// SecondaryInput is that a member, from a day on, is at another branch than his own, or is
// there no longer. Where members have their home he has reported in (流入); in a
// functional or online branch he takes part (参加).
type SecondaryInput struct {
	Member domain.MemberID
	Org    domain.OrgID
	From   calendar.Day
	Ended  bool
}

// RecordSecondary records that a member attends at another branch from a day on, or does so no
// longer. The side of his home branch records it, nobody his own; the branch may be
// any of the street. It scores nothing, so a locked period does not stop it. A day
// to come, a branch that is closed or his own are fault.Invalid; one that holds
// already, and the end of one that does not, fault.Conflict.
func (s *Recorder) RecordSecondary(ctx context.Context, actor *access.Actor, t SecondaryInput,
	key string) (replay bool, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = kernel.Once(tx, actor, key, t,
			func() (bool, error) { return true, s.RecordSecondaryTx(tx, actor, t) })
		return err
	}, access.ManageMembers)
	return replay, err
}

// RecordSecondaryTx is RecordSecondary in the caller's transaction.
func (s *Recorder) RecordSecondaryTx(tx *store.Tx, actor *access.Actor, t SecondaryInput) error {
	scope := actor.Scope(access.ManageMembers)
	m, err := tx.Member(scope, t.Member)
	switch {
	case err != nil:
		return fault.Hide(err, "这名党员")
	case actor.IsMember(t.Member):
		return fault.New(fault.Forbidden, "自己的情况由别人登记").WithHint("请支部其他委员或上级党组织办理")
	case t.From == 0:
		return fault.New(fault.Invalid, "要写从哪一天起")
	case t.From > s.Today(&tx.Snapshot):
		return fault.New(fault.Invalid, "%s 还没有到，参加活动到那一天再登记", t.From).WithHint("写今天或以前的一天")
	}
	branch, err := tx.Org(access.System("a member may go to any branch of the street"), t.Org)
	street := domain.Ancestor(m.Home.Path, domain.Street)
	elsewhere := !t.Ended && (street == "" || !strings.HasPrefix(branch.Path, street))
	if fault.CodeOf(err) == fault.NotFound || err == nil && elsewhere {
		return fault.Wrap(err, fault.Invalid, "没有这个支部").WithHint("从列出的支部里选")
	}
	if err != nil {
		return err
	}
	memberships, err := tx.SecondaryMemberships(scope, t.Member, t.From)
	if err != nil {
		return err
	}
	a := domain.Affiliation{Member: t.Member, Kind: domain.Participant, Org: t.Org, From: t.From, Ended: t.Ended}
	if branch.Kind.Homes() {
		a.Kind = domain.Host
	}
	at := slices.IndexFunc(memberships, func(k domain.SecondaryMembership) bool { return k.Org.ID == t.Org })
	switch {
	case t.Ended && at < 0:
		return fault.New(fault.Conflict, "%s 在 %s 没有登记参加“%s”的活动", m.Name, t.From, branch.Name).WithHint("看看登记过的是从哪一天起")
	case t.Ended:
		a.Kind = memberships[at].Kind
	case at >= 0:
		return fault.New(fault.Conflict, "%s 自 %s 起已经登记参加“%s”的活动", m.Name, memberships[at].From, branch.Name)
	default:
		if err := maySecondary(tx, actor, &m, &branch, t.From); err != nil {
			return err
		}
	}
	if err := tx.InsertAffiliation(a, actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.TiedMember,
		audit.What{Org: m.Home.ID, Member: t.Member, Detail: secondaryWords(&a, audit.Org(branch.ID))})
}

// maySecondary refuses a branch at which a member cannot be from a day on.
func maySecondary(tx *store.Tx, actor *access.Actor, m *domain.Member, branch *domain.Org, from calendar.Day) error {
	switch {
	case branch.Level != domain.Branch:
		return fault.New(fault.Invalid, "活动在支部参加，“%s”不是支部", branch.Name).WithHint("选一个支部")
	case branch.Closed != 0:
		return fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", branch.Name, branch.Closed).WithHint("选一个还在的支部")
	case branch.ID == m.Home.ID:
		return fault.New(fault.Invalid, "%s 的组织关系就在“%s”", m.Name, branch.Name).WithHint("本支部的名单上本来就有，不用登记")
	}
	here, err := tx.Presence([]domain.Member{*m})
	if err != nil {
		return err
	}
	return recording.CheckHere(actor, &here[0], m.Home.Path, from)
}

// secondaryWords are the words of a tie for the trail.
func secondaryWords(a *domain.Affiliation, branch string) string {
	words := "参加 "
	if a.Kind == domain.Host {
		words = "流入 "
	}
	if a.Ended {
		words = "不再" + words
	}
	return words + branch + " 自 " + a.From.String()
}
