package recording

import (
	"time"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// CheckDay refuses days that have not come, and days of a locked period of the
// branch.
func CheckDay(
	s *standings.Service, v *store.Snapshot, book *ruleset.RuleSet, branch domain.Org, on calendar.Day,
) error {
	if today := s.Today(v); on > today {
		return fault.New(fault.Invalid, "%s 还没有到", on).WithHint("今天是 %s，只记已经发生的事", today)
	}
	if on < book.Since {
		return fault.New(fault.Invalid, "办法自 %s 起施行，%s 的事不记", book.Since, on)
	}
	p := book.Cycle.Unit.Of(on)
	locked, err := v.Locked(branch.ID, p.String())
	if err != nil {
		return err
	}
	if locked {
		return fault.New(fault.Forbidden, "“%s”的%s已经锁定，不能再记", branch.Name, p.Label()).
			WithHint("要补记，请街道党工委重开这一期")
	}
	return nil
}

// CheckHere refuses days on which a member is not here. Of somebody who is not
// the writer's to see it tells that much and no more.
func CheckHere(actor *access.Actor, m *domain.Membership, home string, on calendar.Day) error {
	gone := m.GoneSince(on)
	seen := actor.Scope(access.Record).Sees(m.ID, home) || actor.Scope(access.SeeOwn).Sees(m.ID, home)
	if (on < m.Joined || gone != 0) && !seen {
		return fault.New(fault.Invalid, "编号 %s 的党员 %s 不在册", m.ID, on).WithHint("请他所在的支部核对")
	}
	if on < m.Joined {
		return fault.New(fault.Invalid, "%s 自 %s 起才在这里，%s 的事不记", m.Name, m.Joined, on).
			WithHint("看看日期对不对；是转来以前的事，由原支部记")
	}
	if gone != 0 {
		return fault.New(fault.Invalid, "%s 自 %s 起已经转出，%s 的事不记", m.Name, gone, on).
			WithHint("在这里的日子的事才可以记")
	}
	return nil
}

// Lateness holds the days that a deadline for handing in is judged by.
type Lateness struct {
	Allowed   calendar.Span // 补录 of the rule
	Rule      string        // whose rule it is, in words
	On, First calendar.Day  // when it happened, and when it was first handed in
}

// CheckLate refuses what a branch or a member records later than 补录 allows. A
// committee may, and gives a reason.
func CheckLate(actor *access.Actor, home, note string, l Lateness) error {
	if l.Allowed == (calendar.Span{}) || l.First <= l.Allowed.After(l.On) {
		return nil
	}
	days := int(l.First - l.On)
	if !actor.Above(access.Record, home) {
		return fault.New(fault.Forbidden, "%s 是 %d 天以前的事，%s只许在 %s以内补录", l.On, days, l.Rule, l.Allowed).
			WithHint("请社区党委或街道党工委补录，写明为什么晚了")
	}
	if note == "" {
		return fault.New(fault.Invalid, "%s 是 %d 天以前的事，过了%s的 %s补录期限", l.On, days, l.Rule, l.Allowed).
			WithHint("补录要在说明里写为什么晚了")
	}
	return nil
}

// CheckOwn refuses to who records over a branch and decides nothing there that he takes
// back what others recorded, or what he recorded himself before today.
func CheckOwn(
	actor *access.Actor, path string, by domain.AccountID, at string, today calendar.Day, zone *time.Location,
) error {
	if actor.Scope(access.Decide).Covers(path) {
		return nil
	}
	recorded, err := store.ParseInstant(at)
	if err == nil && by == actor.ID() && calendar.FromTime(recorded.In(zone)) == today {
		return nil
	}
	return fault.New(fault.Forbidden, "记录员只撤销、更正自己当天记的").WithHint("请支部书记来办")
}
