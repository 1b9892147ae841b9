package members

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// ChangeReversal takes back one thing that was recorded of a member.
type ChangeReversal struct {
	Member domain.MemberID
	Change domain.ChangeID
	Reason string // "" for who takes back on the same day what he recorded himself
	Shown  string // as in FactChange
}

// ReverseChange takes back a fact, an exemption, a move, a leaving or a secondary
// membership. It stays readable, struck out. What was taken back already or still waits is
// fault.Conflict; his own, what others have to take back, what reaches into a locked period
// or further back than the actor may record, fault.Forbidden.
func (s *Recorder) ReverseChange(
	ctx context.Context, actor *access.Actor, r ChangeReversal, key string,
) (out Registered, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, r,
			func() (Registered, error) { return s.reverseChange(tx, actor, &r) })
		return err
	}, access.ManageMembers, access.MoveMembers)
	return out, err
}

func (s *Recorder) reverseChange(tx *store.Tx, actor *access.Actor, r *ChangeReversal) (out Registered, err error) {
	reason, err := kernel.Note(r.Reason, "理由")
	if err != nil {
		return out, err
	}
	m, items, at, err := s.reversibleChange(&tx.Snapshot, actor, r.Member, r.Change)
	if err != nil {
		return out, err
	}
	item := &items[at]
	out.Effect, err = s.effect(tx, &m, item.From, func() error {
		err := tx.ReverseChange(m.ID, item.ID, reason, actor.Account)
		if err == nil && item.Kind == domain.Home {
			err = s.undoMove(tx, actor, m.ID, items, item, reason, &out)
		}
		return err
	})
	if err == nil && !s.recordedToday(&tx.Snapshot, actor, item) {
		err = s.checkLate(&tx.Snapshot, actor, &m, item.From, reason, out.Effect)
	}
	if err != nil {
		return out, err
	}
	if reason == "" && !s.recordedToday(&tx.Snapshot, actor, item) {
		return out, askReason(fault.New(fault.Invalid, "要写撤销的理由").WithHint("例如：登记错了人"))
	}
	if err := asShown(r.Shown, out.shown()); err != nil {
		return out, err
	}
	what := audit.What{Org: m.Home.ID, Member: m.ID, Detail: item.ID.String()}
	return out, audit.Record(tx, actor, audit.ReversedChange, what)
}

// undoMove brings back the secondary memberships that ended with a move of a member which was
// taken back, and ends those in the branch to which he belongs again. The offices that ended
// with it are given anew by who keeps the accounts, as any office.
func (s *Recorder) undoMove(
	tx *store.Tx, actor *access.Actor, id domain.MemberID, items []domain.HistoryItem, move *domain.HistoryItem,
	reason string, out *Registered,
) error {
	is, err := tx.Member(access.System("what became of whom the actor changed"), id)
	if err != nil {
		return err
	}
	for i := range items {
		x := &items[i]
		if !x.Ended || x.Reversal != nil || x.From != move.From || x.At != move.At || x.OrgID == is.Home.ID {
			continue
		}
		branch, err := tx.Org(access.System("a member may go to any branch of the street"), x.OrgID)
		if err == nil && branch.Closed == 0 {
			err = tx.ReverseChange(id, x.ID, reason, actor.Account)
			out.Back = append(out.Back, "在“"+x.Org+"”"+x.Kind.String())
		}
		if err != nil {
			return err
		}
	}
	here, err := endingWith(&tx.Snapshot, &Move{Member: id, To: is.Home.ID, From: s.Today(&tx.Snapshot)})
	for i := range here {
		k := &here[i]
		out.Ends = append(out.Ends, "在“"+k.Org.Name+"”"+k.Kind.String())
		if err == nil {
			err = tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: k.Kind, Org: k.Org.ID,
				From: max(k.From, move.From), Ended: true}, actor.Account)
		}
	}
	if err != nil {
		return err
	}
	offices, err := tx.OfficesEnded(id, is.Home.ID, move.At)
	for _, role := range offices {
		out.Gone = append(out.Gone, "“"+is.Home.Name+"”的"+role.String())
	}
	return err
}

// recordedToday reports whether an actor recorded something himself on the same day.
func (s *Recorder) recordedToday(v *store.Snapshot, actor *access.Actor, item *domain.HistoryItem) bool {
	at, err := store.ParseInstant(item.At)
	return err == nil && item.By != 0 && item.By == actor.ID() && calendar.FromTime(at.In(s.Zone)) == s.Today(v)
}

// reversibleChange returns what was recorded of a member with which of it is to be taken
// back, and refuses what an actor may not.
func (s *Recorder) reversibleChange(
	v *store.Snapshot, actor *access.Actor, id domain.MemberID, change domain.ChangeID,
) (m domain.Member, items []domain.HistoryItem, at int, err error) {
	if m, err = member(v, actor.Scope(access.ManageMembers), id); err != nil {
		return m, nil, 0, err
	}
	if items, err = v.History(actor.Scope(access.ManageMembers), id); err != nil {
		return m, nil, 0, err
	}
	at = slices.IndexFunc(items, func(i domain.HistoryItem) bool { return i.ID == change })
	if at < 0 || change == (domain.ChangeID{}) {
		return m, nil, 0, fault.New(fault.NotFound, "没有登记过这一条")
	}
	return m, items, at, s.mayReverse(v, actor, &m, items, &items[at])
}

// mayReverse refuses to take back one of the things recorded of a member, as long as the
// period is locked too.
func (s *Recorder) mayReverse(
	v *store.Snapshot, actor *access.Actor, m *domain.Member, items []domain.HistoryItem, item *domain.HistoryItem,
) error {
	if err := s.reversible(v, actor, m, items, item); err != nil {
		return err
	}
	if item.Kind == domain.Host || item.Kind == domain.Participant { // scores nothing
		return nil
	}
	return s.unlockedOf(v, m, item.From)
}

// reversible refuses to take back what an actor may not, whether the period is locked or not.
func (s *Recorder) reversible(
	v *store.Snapshot, actor *access.Actor, m *domain.Member, items []domain.HistoryItem, item *domain.HistoryItem,
) error {
	moves := actor.Scope(access.MoveMembers)
	switch {
	case item.Reversal != nil:
		return fault.New(fault.Conflict, "这一条已经撤销了")
	case item.State != "" && item.State != domain.RequestAccepted:
		return fault.New(fault.Conflict, "这一条没有生效，不用撤销").WithHint("还在等人同意的，在上面撤回")
	case m.ID == actor.Member:
		return fault.New(fault.Forbidden, "自己的情况由别人来撤销").WithHint("请支部其他委员或上级党组织办理")
	case item.Kind == domain.Home && !moves.Covers(m.Home.Path):
		return fault.New(fault.Forbidden, "组织关系由社区党委以上登记，也由他们撤销")
	}
	if item.Kind == domain.Host || item.Kind == domain.Participant {
		return nil
	}
	if item.Kind != domain.Home {
		return s.mayReverseFact(v, actor, m, item)
	}
	home := homeWithout(items, item)
	if home == nil {
		return fault.New(fault.Forbidden, "这是 %s 在这里的第一条组织关系，撤销了就没有支部了", m.Name).
			WithHint("人不在这里的，登记转出；支部写错的，登记转接到对的支部，从同一天起")
	}
	rest := slices.DeleteFunc(slices.Clone(items), func(x domain.HistoryItem) bool { return x.ID == item.ID })
	before, after := homeOn(rest, item.From), homeAfter(rest, item.From)
	if item.OrgID != "" && before != nil && before.OrgID == "" && after != nil && after.OrgID == "" {
		return fault.New(fault.Conflict, "撤销以后 %s 有两次转出，自 %s 和自 %s", m.Name, before.From, after.From).
			WithHint("先撤销自 %s 的那次转出", after.From)
	}
	if err := s.reopens(v, actor, home, item.From); err != nil || before == nil || before.OrgID == "" {
		return err
	}
	was, err := v.Org(access.System("a member may go to any branch of the street"), before.OrgID)
	if err != nil {
		return err
	}
	return s.unlocked(v, was, item.From)
}

// reopens refuses a move that cannot be taken back because of the branch to which the member
// would belong again.
func (s *Recorder) reopens(v *store.Snapshot, actor *access.Actor, home *domain.HistoryItem, from calendar.Day) error {
	branch, err := v.Org(actor.Scope(access.MoveMembers), home.OrgID)
	if fault.CodeOf(err) == fault.NotFound {
		return fault.New(fault.Forbidden, "撤销以后他回到“%s”，那里不由您管", home.Org).WithHint("请两个支部共同的上级党组织撤销")
	}
	if err != nil {
		return err
	}
	return s.unlocked(v, branch, from)
}

// mayReverseFact refuses a fact that others recorded or agreed to above the actor.
func (s *Recorder) mayReverseFact(
	v *store.Snapshot, actor *access.Actor, m *domain.Member, item *domain.HistoryItem,
) error {
	book, err := s.standings.Book(v, m.Home.Path, s.Today(v))
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	switch i := book.Attribute(item.Fact.Attribute); {
	case i == ruleset.Discipline && !actor.Scope(access.MoveMembers).Covers(m.Home.Path):
		return fault.New(fault.Forbidden, "处分由社区党委以上登记，也由他们撤销")
	case i == ruleset.Exempted && item.State == domain.RequestAccepted:
		for j := range book.Exemptions {
			e := &book.Exemptions[j]
			if above := domain.NamesOf(actor.Chain(m.ID, m.Home.Path, nil, e.Approve)); e.Code == item.Fact.Value.Text &&
				len(above) > 0 {
				return fault.New(fault.Forbidden, "豁免“%s”是%s同意的，撤销也由上级来办", e.Code, above[len(above)-1])
			}
		}
	}
	return nil
}

// homeWithout returns the last step of a member's home without one of them,
// nil where he would have belonged nowhere.
func homeWithout(items []domain.HistoryItem, without *domain.HistoryItem) (home *domain.HistoryItem) {
	for i := range items {
		x := &items[i]
		if x.Kind != domain.Home || x.Org == "" || x.Reversal != nil || x.ID == without.ID {
			continue
		}
		if home == nil || x.From > home.From || x.From == home.From && x.ID.Affiliation > home.ID.Affiliation {
			home = x
		}
	}
	return home
}
