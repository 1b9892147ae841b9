package entries

import (
	"maps"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// judge reads who and what an entry is about and refuses what cannot be recorded
// of anybody.
func (s *Service) judge(v *store.Snapshot, actor *access.Actor, d *EntryInput) (p posted, err error) {
	if p.member, p.showsTotals, err = named(v, actor, d.Member, d.On); err != nil {
		return p, err
	}
	if err = s.requests.CheckFollows(v, actor, domain.EntryRequest, d.Follows, d.Member); err != nil {
		return p, err
	}
	if d.Note, err = kernel.Note(d.Note, "备注"); err != nil {
		return p, err
	}
	if p.Reckoning, err = recording.ReckonEntry(s.standings, v, &p.member, d.Item, d.On); err != nil {
		return p, err
	}
	if err = p.Book.InSeason(d.Item, d.On); err != nil {
		return p, err
	}
	if err = recording.CheckOpen(s.standings, v, p.Reckoning, p.member.Home, d.On); err != nil {
		return p, err
	}
	records, err := v.Records([]domain.Member{p.member})
	if err != nil {
		return p, err
	}
	p.record = records[0]
	p.record.Entries = append(slices.Clip(p.record.Entries), d.before...)
	if err = recording.CheckHere(actor, &p.record.Member, p.member.Home.Path, d.On); err != nil {
		return p, err
	}
	e, problems := p.Book.Entry(d.Item, d.Points, d.Fields)
	if len(problems) > 0 {
		return p, byField(problems)
	}
	p.entry = e
	p.entry.On = d.On
	if p.entry.Recorded, err = s.firstRecorded(v, d); err != nil {
		return p, err
	}
	if err = scoring.CheckEntry(p.Book, p.then(), p.entry); err != nil {
		err = byField(map[string]error{"分值": err})
	}
	return p, err
}

// firstRecorded returns the day that says how late an entry is: today's, or that on
// which the request that it takes up again was handed in first; none for what stood
// on paper in its time.
func (s *Service) firstRecorded(v *store.Snapshot, d *EntryInput) (calendar.Day, error) {
	switch {
	case d.Paper != "":
		return 0, nil
	case d.Follows != 0:
		return v.FirstHandedIn(d.Follows, d.On)
	default:
		return s.Today(v), nil
	}
}

// named reads a member of whom an actor may write by name: himself, those of his
// scope (whose points he is told), and, as claims, of what was on a day those who
// were of his scope then and the guests of a branch of it. Everybody else is
// hidden.
func named(
	v *store.Snapshot, actor *access.Actor, id domain.MemberID, on calendar.Day,
) (m domain.Member, told bool, err error) {
	m, err = v.Member(access.System("a guest belongs to another branch"), id)
	if err == nil && (m.Home.Path == "" || actor.Recording(id, m.Home.Path) == access.Refused) {
		err = fault.New(fault.NotFound, "没有找到")
	}
	if err != nil {
		return m, false, fault.Hide(err, "这名党员")
	}
	told = actor.IsMember(id) || actor.Scope(access.Record).Sees(id, m.Home.Path) ||
		actor.Scope(access.SeeOwn).Sees(id, m.Home.Path)
	if told {
		return m, true, nil
	}
	then := m
	if err := v.HomeOn(&then, on); err != nil {
		return m, false, err
	}
	known := actor.Scope(access.Record).Covers(then.Home.Path)
	if !known {
		known, err = v.Guest(actor.Scope(access.Record), id, on)
	}
	if err == nil && !known {
		err = fault.Hidden(nil, "这名党员")
	}
	return m, false, err
}

// prepare judges an entry and finds who has to agree to it.
func (s *Service) prepare(v *store.Snapshot, actor *access.Actor, d *EntryInput) (p posted, err error) {
	if p, err = s.judge(v, actor, d); err != nil {
		return p, err
	}
	if d.Paper != "" {
		return p, recording.CheckPaper(actor, d.Member, p.member.Home.Path)
	}
	p.route, err = admitted(actor, &p, d.Note)
	return p, err
}

// admitted asks the rules about one entry: whether it may count for the member
// on its day, and who has to agree.
func admitted(actor *access.Actor, p *posted, note string) (route domain.Route, err error) {
	it := &p.Book.Items[p.Book.Item(p.entry.Item)]
	late := recording.Lateness{
		Allowed: it.Workflow.Late, Rule: "“" + it.Name + "”", On: p.entry.On, First: p.entry.Recorded,
	}
	if err := recording.CheckLate(actor, p.member.Home.Path, note, late); err != nil {
		return nil, err
	}
	if it.Workflow.Proof && note == "" {
		return nil, fault.New(fault.Invalid, "“%s”要有证明材料", it.Name).WithHint("在说明里写是什么材料、放在哪里")
	}
	a := scoring.Admit(p.Book, p.then(), p.entry)
	if a.Exempt != "" && !p.showsTotals {
		return nil, fault.New(fault.Invalid, "这一项现在不能给他记").WithHint("请他所在的支部核对")
	}
	if a.Exempt != "" {
		return nil, fault.New(fault.Invalid, "%s 在 %s 有豁免“%s”，这一项不给他记分", p.member.Name, p.entry.On, a.Exempt).
			WithHint("豁免已经结束的，先在“登记情况”里登记")
	}
	return actor.Chain(p.member.ID, p.member.Home.Path, it.Workflow.Enter, a.Approve), nil
}

// then returns the record of the member of an entry as one of the branch that was
// his home on its day.
func (p *posted) then() *domain.MemberHistory { return recording.AsOf(&p.record, p.Reckoning) }

// byField makes one fault of many fields' errors.
func byField(problems map[string]error) error {
	f := fault.New(fault.Invalid, "有 %d 处要改", len(problems))
	f.Fields = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		f.Fields[name] = problems[name].Error()
		if len(problems) == 1 {
			f.Message = problems[name].Error()
		}
	}
	return f
}
