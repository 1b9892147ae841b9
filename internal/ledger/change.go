package ledger

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/store"
)

// ahead is how far in the future a change may begin, in days.
const ahead = 366

// FactChange is what holds of a member from a day on.
type FactChange struct {
	Member    party.MemberID
	Attribute string
	Value     string // as a person wrote it
	From      calendar.Day
	Approved  []string // of an exemption (豁免): the steps that were taken
}

// ChangeFact records what holds of a member from a day on, an exemption among
// it. An attribute or value that the rules in force do not know, a day on which
// he is not here or whose period is locked, and an exemption without every step
// that the rules name are fault.Invalid or fault.Forbidden.
func (s *Service) ChangeFact(ctx context.Context, actor *access.Actor, f FactChange, key string) (replay bool, err error) {
	err = s.write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = once(tx, actor, key, f, func() (bool, error) { return true, s.changeFact(tx, actor, &f) })
		return err
	}, access.KeepMembers)
	return replay, err
}

func (s *Service) changeFact(tx *store.Tx, actor *access.Actor, f *FactChange) error {
	m, err := s.kept(tx, actor, access.KeepMembers, f.Member, f.From)
	if err != nil {
		return err
	}
	book, err := s.standings.Book(&tx.View, m.Home.Path, f.From)
	if err != nil {
		return err
	}
	i := book.Attribute(f.Attribute)
	if i < 0 {
		return fault.New(fault.Invalid, "办法里没有“%s”这一项", f.Attribute)
	}
	if i == rulebook.Discipline && !actor.Scope(access.MoveMembers).Covers(m.Home.Path) {
		return fault.New(fault.Forbidden, "处分由社区党委以上登记")
	}
	a := &book.Attributes[i]
	value, err := a.Parse(f.Value)
	if err != nil {
		return err
	}
	detail := f.Attribute + " 自 " + f.From.String()
	if i == rulebook.Exempted {
		if err := approved(book, value.Text, f.Approved); err != nil {
			return err
		}
		detail += " " + value.Text
		if len(f.Approved) > 0 {
			detail += "（" + strings.Join(f.Approved, "、") + "）"
		}
	}
	if err := tx.InsertFact(f.Member, party.Fact{Attribute: f.Attribute, From: f.From, Value: value}, actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.ChangedFact, audit.What{Org: m.Home.ID, Member: f.Member, Detail: detail})
}

// approved refuses an exemption that lacks a step the rules name, and a step
// that they do not name.
func approved(book *rulebook.Rulebook, code string, steps []string) error {
	var named, lacking []string // ending an exemption takes no step
	for i := range book.Exemptions {
		if e := &book.Exemptions[i]; e.Code == code {
			named = e.Approve
		}
	}
	for _, step := range steps {
		if !slices.Contains(named, step) {
			f := fault.New(fault.Invalid, "豁免“%s”没有“%s”这一步", code, step)
			if len(named) == 0 {
				return f.WithHint("它不要走哪一步")
			}
			return f.WithHint("要走的是：%s", strings.Join(named, "、"))
		}
	}
	for _, step := range named {
		if !slices.Contains(steps, step) {
			lacking = append(lacking, step)
		}
	}
	if len(lacking) > 0 {
		return fault.New(fault.Invalid, "豁免“%s”还没有走完：%s", code, strings.Join(lacking, "、")).WithHint("办完一步写上一步，都办完了再登记")
	}
	return nil
}

// Move is a member's change of branch, or his leaving.
type Move struct {
	Member party.MemberID
	To     party.OrgID // "" = leaves the street (转出)
	From   calendar.Day
}

// Move records to which branch a member belongs from a day on. Both branches
// must lie in the actor's scope; neither's period may be locked. The day must
// have come: where he belongs is shown, and governs who sees him, at once.
func (s *Service) Move(ctx context.Context, actor *access.Actor, mv Move, key string) (replay bool, err error) {
	err = s.write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = once(tx, actor, key, mv, func() (bool, error) { return true, s.move(tx, actor, &mv) })
		return err
	}, access.MoveMembers)
	return replay, err
}

func (s *Service) move(tx *store.Tx, actor *access.Actor, mv *Move) error {
	if mv.From > s.today(&tx.View) {
		return fault.New(fault.Invalid, "%s 还没有到，组织关系到那一天再登记", mv.From).WithHint("写今天或以前的一天")
	}
	m, err := s.kept(tx, actor, access.MoveMembers, mv.Member, mv.From)
	if err != nil {
		return err
	}
	detail := "转出 自 " + mv.From.String()
	if mv.To == "" && m.Left != 0 {
		return fault.New(fault.Conflict, "%s 已经转出", m.Name)
	}
	if mv.To != "" {
		to, err := tx.Org(actor.Scope(access.MoveMembers), mv.To)
		if err != nil {
			return hide(err, "这个支部")
		}
		if to.Level != party.Branch {
			return fault.New(fault.Invalid, "组织关系落在支部，“%s”不是支部", to.Name)
		}
		if to.Closed != 0 {
			return fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", to.Name, to.Closed).WithHint("选一个还在的支部")
		}
		if !to.Kind.Homes() {
			return fault.New(fault.Invalid, "“%s”是%s支部，没有自己的党员", to.Name, to.Kind).WithHint("选组织关系所在的支部")
		}
		if to.ID == m.Home.ID && m.Left == 0 {
			return fault.New(fault.Conflict, "%s 已经在“%s”", m.Name, to.Name)
		}
		if err := s.unlocked(&tx.View, to, mv.From); err != nil {
			return err
		}
		detail = "转到 " + to.Name + " 自 " + mv.From.String()
	}
	if err := tx.InsertAffiliation(store.Affiliation{Member: mv.Member, Kind: "home", Org: mv.To, From: mv.From}, actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MovedMember, audit.What{Org: m.Home.ID, Member: mv.Member, Detail: detail})
}

// kept reads a member whose facts or branch an actor may change from a day on.
func (s *Service) kept(tx *store.Tx, actor *access.Actor, p access.Permission, id party.MemberID, from calendar.Day) (store.Member, error) {
	m, err := tx.Member(actor.Scope(p), id)
	if err != nil {
		return m, hide(err, "这名党员")
	}
	if id == actor.Member {
		return m, fault.New(fault.Forbidden, "自己的情况由别人登记").WithHint("请支部其他委员或上级党组织办理")
	}
	if from == 0 {
		return m, fault.New(fault.Invalid, "要写从哪一天起")
	}
	if last := s.today(&tx.View) + ahead; from > last {
		return m, fault.New(fault.Invalid, "%s 太远了", from).WithHint("最多提前一年，到 %s", last)
	}
	records, err := tx.Records([]store.Member{m})
	if err != nil {
		return m, err
	}
	if joined := records[0].Member.Joined; from < joined {
		return m, fault.New(fault.Invalid, "%s 自 %s 起才在这里", m.Name, joined).WithHint("写这一天或以后的一天")
	}
	return m, s.unlocked(&tx.View, m.Home, from)
}

// unlocked refuses a day in a locked period of a branch.
func (s *Service) unlocked(v *store.View, branch store.Org, on calendar.Day) error {
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
