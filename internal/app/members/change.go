package members

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// ahead limits, in days, how far in the future a change may begin.
const ahead = 366

// FactChange is a value of an attribute that a member has from a day on.
type FactChange struct {
	Member    domain.MemberID
	Attribute string
	Value     string // as a person wrote it
	From      calendar.Day
	Approved  []string // of an exemption (豁免): the steps that were taken at the actor's level and below
	Reason    string   // for what began longer ago than a branch may record; "" where none is asked for
	Shown     string   // the Foreseen.Shown that who records it looked at; "" for none
	Seen      bool     // of a group (党小组): who records it has seen that another is called nearly so
}

// Registered is the outcome of a change.
type Registered struct {
	Asked  []string // the organs that have to agree first, in order; none = it holds
	Effect []standings.Consequence
	Losses []string // of a move: what does not go with him, of every scheme, in sentences
	// Ends are the secondary memberships and groups that end with a move, and Offices those in the old
	// branch that end when it is recorded, in words.
	Ends, Offices []string
	// Back are the secondary memberships that go on where a move is taken back, and Gone the
	// offices that ended with it and are to be given anew, in words.
	Back, Gone []string
	Near       string // of a group (党小组): another of the branch that is called nearly so; "" for none
	Replay     bool
}

// ChangeFact records what holds of a member from a day on. An exemption (豁免) is
// a request to those above whom the rules name (see exempt); everything else holds
// at once. An attribute or value that the rules in force do not know, a day on
// which he is not here or whose period is locked, and what changes points further
// back than the actor may record are fault.Invalid or fault.Forbidden.
func (s *Recorder) ChangeFact(ctx context.Context, actor *access.Actor, f FactChange, key string) (out Registered,
	err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, f,
			func() (Registered, error) { return s.changeFact(tx, actor, &f) })
		return err
	}, access.ManageMembers, access.Claim)
	return out, err
}

func (s *Recorder) changeFact(tx *store.Tx, actor *access.Actor, f *FactChange) (out Registered, err error) {
	m, err := s.subject(tx, actor, f)
	if err != nil {
		return out, err
	}
	if group, err := s.grouping(&tx.Snapshot, &m, f); err != nil || group {
		if err == nil {
			out, err = s.changeGroup(tx, actor, &m, f)
		}
		return out, err
	}
	book, err := s.factText(&tx.Snapshot, &m, f)
	if err != nil {
		return out, err
	}
	i := book.Attribute(f.Attribute)
	if i < 0 {
		return out, fault.New(fault.Invalid, "办法里没有“%s”这一项", f.Attribute)
	}
	if i == ruleset.Discipline && !actor.Scope(access.MoveMembers).Covers(m.Home.Path) {
		return out, fault.New(fault.Forbidden, "处分由社区党委以上登记")
	}
	a := &book.Attributes[i]
	value, err := a.Parse(f.Value)
	if err != nil {
		return out, err
	}
	detail := f.Attribute + " 自 " + f.From.String()
	var asked domain.Route
	if i == ruleset.Exempted {
		if asked, err = s.exempt(tx, actor, &m, book, value.Text, f.Approved); err != nil {
			return out, err
		}
		detail += " " + value.Text
		if len(f.Approved) > 0 {
			detail += "（" + strings.Join(f.Approved, "、") + "）"
		}
	}
	fact := domain.Fact{Attribute: f.Attribute, From: f.From, Value: value, Free: a.Type == ruleset.Text}
	if err := notSame(tx, &m, a, i == ruleset.Exempted, fact); err != nil {
		return out, err
	}
	reason, err := kernel.Note(f.Reason, "理由")
	if err != nil {
		return out, err
	}
	out.Effect, err = s.effect(tx, &m, f.From, func() error {
		return tx.InsertFactRequest(domain.ExemptionRequest, f.Member, fact, reason, asked, actor.Account)
	})
	if err == nil {
		err = s.checkLate(&tx.Snapshot, actor, &m, f.From, reason, out.Effect)
	}
	if err == nil {
		err = asShown(f.Shown, out.shown())
	}
	if err != nil {
		return out, err
	}
	out.Asked = domain.NamesOf(asked)
	return out, audit.Record(tx, actor, audit.ChangedFact, audit.What{Org: m.Home.ID, Member: f.Member, Detail: detail})
}

// factText returns the text that knows a fact: that of the home of its day, or,
// where only that of now asks for it, that one.
func (s *Recorder) factText(v *store.Snapshot, m *domain.Member, f *FactChange) (*ruleset.RuleSet, error) {
	book, err := s.standings.TextOn(v, m, f.From, func(b *ruleset.RuleSet) bool { return b.Attribute(f.Attribute) >= 0 })
	if err != nil || book.Attribute(f.Attribute) >= 0 {
		return book, err
	}
	return s.standings.Book(v, m.Home.Path, f.From)
}

// subject reads the member whom a change is about. His own facts are others' to
// record; an exemption he may ask for himself.
func (s *Recorder) subject(tx *store.Tx, actor *access.Actor, f *FactChange) (domain.Member, error) {
	if own := f.Attribute == domain.Exemption && actor.IsMember(f.Member); !own {
		if !actor.May(access.ManageMembers) {
			return domain.Member{}, kernel.Denied()
		}
		return s.kept(tx, actor, access.ManageMembers, f.Member, f.From)
	}
	m, err := tx.Member(access.System("one's own"), f.Member)
	if err != nil {
		return m, fault.Hide(err, "这名党员")
	}
	return m, s.dated(tx, &m, f.From)
}

// Move is a member's change of branch, or his leaving.
type Move struct {
	Member domain.MemberID
	To     domain.OrgID // "" = leaves the street (转出)
	From   calendar.Day
	Name   string // of the member, where the side to which he goes asks for him; else ""
	Seen   bool   // who records it has seen what does not count any more
	Reason string // as in FactChange
	Shown  string // as in FactChange
}

// Move records to which branch a member belongs from a day on. Who moves members on both sides
// does it at once; else one side asks, who keeps the members of one, and the other community
// agrees or the street (see routeOfTransfer): the member belongs there once it has. Neither
// branch's period may be locked. The day must have come: where he belongs is shown, and governs
// who sees him, at once. What would not count any more is told first (fault.Invalid), and the
// move recorded by who says that he has seen it.
func (s *Recorder) Move(ctx context.Context, actor *access.Actor, mv Move, key string) (out Registered, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, mv,
			func() (Registered, error) { return s.move(tx, actor, &mv, false) })
		return err
	}, access.MoveMembers, access.ManageMembers)
	return out, err
}

// move is Move in the caller's transaction. What is asked for is foreseen as if it held.
func (s *Recorder) move(tx *store.Tx, actor *access.Actor, mv *Move, foreseen bool) (out Registered, err error) {
	reason, err := kernel.Note(mv.Reason, "理由")
	if err != nil {
		return out, err
	}
	j, err := s.judgeMove(tx, actor, mv)
	if err != nil {
		return out, err
	}
	out.Asked = domain.NamesOf(j.asked)
	if j.sees() {
		if err := out.foretell(&tx.Snapshot, mv, &j); err != nil {
			return out, err
		}
	}
	if len(j.asked) > 0 {
		if foreseen && j.sees() {
			out.Effect, err = s.effect(tx, &j.m, mv.From, func() error { return rehome(tx, actor, &j.m, mv, reason) })
		}
		if err != nil {
			return out, err
		}
		return out, s.askTransfer(tx, actor, mv, &j, reason)
	}
	out.Effect, err = s.effect(tx, &j.m, mv.From, func() error { return rehome(tx, actor, &j.m, mv, reason) })
	if err == nil {
		err = s.checkLate(&tx.Snapshot, actor, &j.m, mv.From, reason, out.Effect)
	}
	if err == nil {
		err = asShown(mv.Shown, out.shown())
	}
	if err != nil {
		return out, err
	}
	detail := "转出 自 " + mv.From.String()
	if mv.To != "" {
		detail = "转到 " + audit.Org(j.to.ID) + " 自 " + mv.From.String()
	}
	return out, audit.Record(tx, actor, audit.MovedMember, audit.What{Org: j.m.Home.ID, Member: mv.Member, Detail: detail})
}

// foretell adds what comes of a move beside the points.
func (r *Registered) foretell(v *store.Snapshot, mv *Move, j *judgedMove) error {
	r.Losses = j.does.Losses
	ends, err := endingWith(v, mv)
	if err != nil {
		return err
	}
	for i := range ends {
		r.Ends = append(r.Ends, "在“"+ends[i].Org.Name+"”"+ends[i].Kind.String())
	}
	groups, err := v.Groups(access.System("what ends with a move"), j.m.Home.Path)
	if err != nil {
		return err
	}
	for _, attribute := range domain.Groupings() {
		if name := groups[j.m.ID].Of(attribute); name != "" {
			r.Ends = append(r.Ends, attribute+"“"+name+"”")
		}
	}
	offices, err := officesAt(v, j.m.ID, j.m.Home.Path)
	for _, office := range offices {
		r.Offices = append(r.Offices, "“"+j.m.Home.Name+"”的"+office)
	}
	return err
}

// unseen refuses a move that takes something out of account and whose author has not seen
// what.
func unseen(m *domain.Member, to *domain.Org, losses []string) error {
	f := fault.New(fault.Invalid, "%s 转到“%s”，有的分不能跟着走：%s", m.Name, to.Name,
		strings.Join(losses, "；")).WithHint("看过了还要转，写明看过了再交")
	f.Fields = map[string]string{"seen": "有的分不能跟着走"}
	return f
}

// kept reads a member whose facts or branch an actor may change from a day on.
func (s *Recorder) kept(tx *store.Tx, actor *access.Actor, p access.Permission, id domain.MemberID,
	from calendar.Day) (domain.Member, error) {
	m, err := tx.Member(actor.Scope(p), id)
	if err != nil {
		return m, fault.Hide(err, "这名党员")
	}
	if actor.IsMember(id) {
		return m, fault.New(fault.Forbidden, "自己的情况由别人登记").WithHint("请支部其他委员或上级党组织办理")
	}
	return m, s.dated(tx, &m, from)
}

// dated refuses a day from which nothing of a member may change.
func (s *Recorder) dated(tx *store.Tx, m *domain.Member, from calendar.Day) error {
	if from == 0 {
		return fault.New(fault.Invalid, "要写从哪一天起")
	}
	if last := s.Today(&tx.Snapshot) + ahead; from > last {
		return fault.New(fault.Invalid, "%s 太远了", from).WithHint("最多提前一年，到 %s", last)
	}
	records, err := tx.Records([]domain.Member{*m})
	if err != nil {
		return err
	}
	if joined := records[0].Member.Joined; from < joined {
		return fault.New(fault.Invalid, "%s 自 %s 起才在这里", m.Name, joined).WithHint("写这一天或以后的一天")
	}
	return s.unlockedOf(&tx.Snapshot, m, from)
}

// unlockedOf refuses a day in a period that a member's branch of now, or that of the day, has
// locked.
func (s *Recorder) unlockedOf(v *store.Snapshot, m *domain.Member, on calendar.Day) error {
	if err := s.unlocked(v, m.Home, on); err != nil {
		return err
	}
	homes, err := v.Residences([]domain.MemberID{m.ID}, on)
	list := homes[m.ID]
	if err != nil || len(list) == 0 || list[len(list)-1].Home.ID == m.Home.ID {
		return err
	}
	err = s.unlocked(v, list[len(list)-1].Home, on)
	if fault.CodeOf(err) == fault.Forbidden {
		err = fault.New(fault.Forbidden, "那时所在的%s", fault.From(err).Message).WithHint("%s", fault.From(err).Hint)
	}
	return err
}

// unlocked refuses a day in a locked period of a branch.
func (s *Recorder) unlocked(v *store.Snapshot, branch domain.Org, on calendar.Day) error {
	book, err := s.standings.Book(v, branch.Path, on)
	if fault.CodeOf(err) == fault.NotFound {
		return nil // nothing is scored on that day
	}
	if err != nil {
		return err
	}
	p := book.Cycle.Unit.Of(on)
	locked, err := v.Locked(branch.ID, p.String())
	if err == nil && locked {
		err = fault.New(fault.Forbidden, "“%s”的%s已经锁定，不能再改", branch.Name, p.Label()).WithHint("要补改，请街道党工委重开这一期")
	}
	return err
}
