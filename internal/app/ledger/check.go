package ledger

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// checkDay refuses days that have not come, and days of a locked period of the
// branch.
func (s *Service) checkDay(v *store.Snapshot, book *ruleset.RuleSet, branch domain.Org, on calendar.Day) error {
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
		return fault.New(fault.Forbidden, "“%s”的%s已经锁定，不能再记", branch.Name, p.Label()).WithHint("要补记，请街道党工委重开这一期")
	}
	return nil
}

// checkHere refuses days on which a member is not here. Of somebody who is not
// the writer's to see it says that much and no more.
func checkHere(actor *access.Actor, m *domain.Membership, home string, on calendar.Day) error {
	gone := m.GoneSince(on)
	if (on < m.Joined || gone != 0) && !actor.Scope(access.Record).Sees(m.ID, home) && !actor.Scope(access.SeeOwn).Sees(m.ID, home) {
		return fault.New(fault.Invalid, "编号 %s 的党员 %s 不在册", m.ID, on).WithHint("请他所在的支部核对")
	}
	if on < m.Joined {
		return fault.New(fault.Invalid, "%s 自 %s 起才在这里，%s 的事不记", m.Name, m.Joined, on).WithHint("看看日期对不对；是转来以前的事，由原支部记")
	}
	if gone != 0 {
		return fault.New(fault.Invalid, "%s 自 %s 起已经转出，%s 的事不记", m.Name, gone, on).WithHint("在这里的日子的事才可以记")
	}
	return nil
}

// lateness is what a deadline for handing in is judged by.
type lateness struct {
	allowed   calendar.Span // 补录 of the rule
	rule      string        // whose rule it is, in words
	on, first calendar.Day  // when it happened, and when it was first handed in
}

// checkLate refuses what a branch or a member records later than 补录 allows. A
// committee may, and says why.
func checkLate(actor *access.Actor, home, note string, l lateness) error {
	if l.allowed == (calendar.Span{}) || l.first <= l.allowed.After(l.on) {
		return nil
	}
	days, on, rule, late := int(l.first-l.on), l.on, l.rule, l.allowed
	if !actor.Above(access.Record, home) {
		return fault.New(fault.Forbidden, "%s 是 %d 天以前的事，%s只许在 %s以内补录", on, days, rule, late).WithHint("请社区党委或街道党工委补录，写明为什么晚了")
	}
	if note == "" {
		return fault.New(fault.Invalid, "%s 是 %d 天以前的事，过了%s的 %s补录期限", on, days, rule, late).WithHint("补录要在说明里写为什么晚了")
	}
	return nil
}

// admitted asks the rules about one entry: whether it may count for the member
// on its day, and who has to agree.
func admitted(actor *access.Actor, p *posted, note string) (route domain.Route, err error) {
	it := &p.Book.Items[p.Book.Item(p.entry.Item)]
	if err := checkLate(actor, p.member.Home.Path, note, lateness{it.Workflow.Late, "“" + it.Name + "”", p.entry.On, p.entry.Recorded}); err != nil {
		return nil, err
	}
	if it.Workflow.Proof && note == "" {
		return nil, fault.New(fault.Invalid, "“%s”要有证明材料", it.Name).WithHint("在说明里写是什么材料、放在哪里")
	}
	a := scoring.Admit(p.Book, p.then(), p.entry)
	if a.Exempt != "" && !p.told {
		return nil, fault.New(fault.Invalid, "这一项现在不能给他记").WithHint("请他所在的支部核对")
	}
	if a.Exempt != "" {
		return nil, fault.New(fault.Invalid, "%s 在 %s 有豁免“%s”，这一项不给他记分", p.member.Name, p.entry.On, a.Exempt).WithHint("豁免已经结束的，先在“登记情况”里登记")
	}
	return actor.Chain(p.member.ID, p.member.Home.Path, it.Workflow.Enter, a.Approve), nil
}
