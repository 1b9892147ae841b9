package members

import (
	"cmp"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// enrol takes in somebody new, from no day of a locked period.
func (c *rosterApplication) enrol(s *RosterStep, home domain.Org) error {
	closed := func(on calendar.Day) error { return c.ledger.unlocked(&c.tx.Snapshot, home, on) }
	if err := cmp.Or(closed(s.from), unlocked(s.Facts, closed)); err != nil {
		return err
	}
	if c.foreseen && s.from >= c.Today { // nothing of before counts
		return nil
	}
	if err := EnrolTx(c.tx, &Enrolment{
		ID: s.Member, Name: s.Person.Name, Initials: Initials(s.Person.Name), Home: home.ID, From: s.from, Facts: s.Facts,
	}, c.actor.ID()); err != nil || !c.foreseen {
		return err
	}
	m, err := c.tx.Member(everybody(), s.Member)
	if err != nil {
		return err
	}
	s.begins, err = c.ledger.standings.Statements(&c.tx.Snapshot, &m, s.from, c.Today)
	return err
}

// unlocked refuses what begins on a day in a locked period.
func unlocked(facts []domain.Fact, refused func(calendar.Day) error) error {
	last := calendar.Day(-1)
	for i := range facts {
		if facts[i].From == last {
			continue
		}
		last = facts[i].From
		if err := refused(last); err != nil {
			return err
		}
	}
	return nil
}

// change records what changed of somebody known, and refuses what a page would refuse.
func (c *rosterApplication) change(s *RosterStep, home domain.Org) error {
	now, err := c.tx.Member(everybody(), s.Member)
	if err != nil {
		return err
	}
	if now.Version != s.known.Version {
		return fault.New(fault.Stale, "编号 %s 的情况刚刚有人改过", s.Member).WithHint("再预览一次，然后导入")
	}
	if !s.Renamed && !s.Moves && len(s.Facts) == 0 {
		return nil
	}
	if c.actor.IsMember(s.Member) {
		return fault.New(fault.Forbidden, "自己的情况由别人登记").WithHint("请别的有导入权限的人导入这一行")
	}
	if s.Renamed {
		if err := c.rename(s, &now); err != nil {
			return err
		}
		if !s.Moves && len(s.Facts) == 0 {
			return nil
		}
	}
	from := calendar.Forever
	for i := range s.Facts {
		from = min(from, s.Facts[i].From)
	}
	if s.Moves {
		from = min(from, c.Changes)
		if err := c.mayMove(s, &now, home); err != nil {
			return err
		}
	}
	closed := func(on calendar.Day) error { return c.ledger.unlockedOf(&c.tx.Snapshot, &now, on) }
	if err := unlocked(s.Facts, closed); err != nil {
		return err
	}
	record := func() error { return c.record(s, &now, home) }
	late := func(effect []standings.Consequence) error {
		return c.ledger.checkLate(&c.tx.Snapshot, c.actor, &now, from, c.reason, effect)
	}
	if !c.foreseen && late(make([]standings.Consequence, 1)) == nil { // whatever it does
		return record()
	}
	if s.Effect, err = c.ledger.effect(c.tx, &now, from, record); err != nil {
		return err
	}
	return late(s.Effect)
}

// rename records the name that the register says.
func (c *rosterApplication) rename(s *RosterStep, now *domain.Member) error {
	reason := c.reason
	if reason == "" {
		reason = "照名册更正"
	}
	r := Renaming{Member: s.Member, Name: s.Person.Name, Reason: reason}
	return c.ledger.renameMember(c.tx, c.actor, now, &r)
}

// mayMove refuses a move that a page would refuse, and notes what does not go with it. Who
// has left is nobody's, and comes to whoever has him.
func (c *rosterApplication) mayMove(s *RosterStep, now *domain.Member, home domain.Org) error {
	if mine := c.actor.Scope(access.MoveMembers).Covers(now.Home.Path); !mine && now.Left != 0 {
		return c.ledger.admits(c.tx, now, &home, c.Changes)
	} else if !mine {
		return fault.New(fault.Forbidden, "编号 %s 的组织关系现在在“%s”，不由您登记", s.Member, now.Home.Name).
			WithHint("先请那边登记转出，或者请两个支部共同的上级党组织登记转接")
	}
	mv := Move{Member: s.Member, To: home.ID, From: c.Changes, Seen: true, Reason: c.reason}
	j, err := c.ledger.judgeMove(c.tx, c.actor, &mv)
	if err == nil && len(j.asked) > 0 {
		err = fault.New(fault.Forbidden, "“%s”不由您登记", home.Name).WithHint("在“登记变动”里提出转接，由对方同意")
	}
	s.Losses = j.does.Losses
	return err
}

// record writes what changes of somebody known.
func (c *rosterApplication) record(s *RosterStep, now *domain.Member, home domain.Org) error {
	if s.Moves {
		mv := Move{Member: s.Member, To: home.ID, From: c.Changes}
		if err := rehome(c.tx, c.actor, now, &mv, c.reason); err != nil {
			return err
		}
	}
	for _, f := range s.Facts {
		if err := c.tx.InsertFactRequest("", s.Member, f, c.reason, nil, c.actor.ID()); err != nil {
			return err
		}
	}
	return nil
}
