package members

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// judgedMove holds what is found of a move that may be recorded or asked for.
type judgedMove struct {
	m     domain.Member
	to    domain.Org   // zero for leaving the street
	asked domain.Route // who has to agree first; none for what is recorded at once
	side  string       // the path of the branch for which the actor asks
	does  standings.Moving
}

// judgeMove refuses a move that cannot be.
func (s *Recorder) judgeMove(tx *store.Tx, actor *access.Actor, mv *Move) (out judgedMove, err error) {
	if mv.From > s.Today(&tx.Snapshot) {
		return out, fault.New(fault.Invalid, "%s 还没有到，组织关系到那一天再登记", mv.From).WithHint("写今天或以前的一天")
	}
	if mv.To == "" && !actor.May(access.MoveMembers) {
		return out, kernel.Denied()
	}
	if out.to, err = s.destination(tx, actor, mv); err != nil {
		return out, err
	}
	if err := s.movingMember(tx, actor, mv, &out); err != nil {
		return out, err
	}
	m, to := &out.m, &out.to
	if err := noTransferWaits(tx, m); err != nil {
		return out, err
	}
	if mv.To == "" {
		if m.Left != 0 {
			return out, fault.New(fault.Conflict, "%s 已经转出", m.Name)
		}
		return out, s.onceADay(tx, m, "", mv.From)
	}
	if err := s.admits(tx, m, to, mv.From); err != nil {
		return out, err
	}
	out.does, err = s.standings.Moving(&tx.Snapshot, m, *to, mv.From, s.Today(&tx.Snapshot))
	if err != nil {
		return out, err
	}
	if !mv.Seen && len(out.does.Losses) > 0 && out.sees() {
		return out, unseen(m, to, out.does.Losses)
	}
	return out, nil
}

// sees reports whether who moves a member may know his points: not who asks for him from the
// side of the other community.
func (j *judgedMove) sees() bool { return len(j.asked) == 0 || j.side == j.m.Home.Path }

// destination reads the branch to which a move goes; the zero one for leaving.
func (s *Recorder) destination(tx *store.Tx, actor *access.Actor, mv *Move) (domain.Org, error) {
	if mv.To == "" {
		return domain.Org{}, nil
	}
	to, err := tx.Org(access.System("a member may go to any branch of the street"), mv.To)
	if err != nil {
		return to, fault.Hide(err, "这个支部")
	}
	mine := actor.Scope(access.ManageMembers).Covers(to.Path)
	if home, err := tx.Member(actor.Scope(access.ManageMembers), mv.Member); !mine && (err != nil ||
		domain.Ancestor(home.Home.Path, domain.Street) != domain.Ancestor(to.Path, domain.Street)) {
		return to, fault.Hidden(nil, "这个支部")
	}
	if to.Level != domain.Branch {
		return to, fault.New(fault.Invalid, "组织关系落在支部，“%s”不是支部", to.Name)
	}
	return to, nil
}

// movingMember reads who is to move, and says who has to agree.
func (s *Recorder) movingMember(tx *store.Tx, actor *access.Actor, mv *Move, out *judgedMove) (err error) {
	moves, keeps := actor.Scope(access.MoveMembers), actor.Scope(access.ManageMembers)
	out.m, err = tx.Member(keeps, mv.Member)
	switch own := actor.IsMember(mv.Member); {
	case err == nil && own && mv.To == "":
		return fault.New(fault.Forbidden, "自己的情况由别人登记").WithHint("请支部其他委员或上级党组织办理")
	case err == nil:
		out.side = out.m.Home.Path
		if mv.To == "" && !moves.Covers(out.side) {
			return fault.New(fault.Forbidden, "转出由社区党委以上登记").WithHint("请社区党委办理")
		}
		if own || !moves.Covers(out.side) || mv.To != "" && !moves.Covers(out.to.Path) {
			out.asked = routeOfTransfer(out.side, out.to.Path, domain.Receiving)
		}
	case fault.CodeOf(err) == fault.NotFound && mv.To != "" && mv.Name != "":
		out.m, err = tx.Member(access.System("who is asked for by name from the side where he goes"), mv.Member)
		if err == nil && (out.m.Name != strings.TrimSpace(mv.Name) ||
			domain.Ancestor(out.m.Home.Path, domain.Street) != domain.Ancestor(out.to.Path, domain.Street)) {
			err = fault.Hidden(nil, "这名党员")
		}
		out.side, out.asked = out.to.Path, routeOfTransfer(out.m.Home.Path, out.to.Path, domain.Releasing)
	}
	if err != nil {
		return fault.Hide(err, "这名党员")
	}
	return s.dated(tx, &out.m, mv.From)
}

// routeOfTransfer names who agrees to a transfer: within a community that, else the other side.
func routeOfTransfer(from, to string, other domain.Organ) domain.Route {
	if c := domain.Ancestor(from, domain.Community); c != "" && c == domain.Ancestor(to, domain.Community) {
		return domain.Route{"社区党委"}
	}
	return domain.Route{other}
}

// admits refuses a branch to which a member cannot belong from a day on.
func (s *Recorder) admits(tx *store.Tx, m *domain.Member, to *domain.Org, from calendar.Day) error {
	switch {
	case to.Closed != 0:
		return fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", to.Name, to.Closed).WithHint("选一个还在的支部")
	case !to.Kind.Homes():
		return fault.New(fault.Invalid, "“%s”是%s支部，没有自己的党员", to.Name, to.Kind).WithHint("选组织关系所在的支部")
	case to.ID == m.Home.ID && m.Left == 0:
		return fault.New(fault.Conflict, "%s 已经在“%s”", m.Name, to.Name)
	}
	if err := s.onceADay(tx, m, to.ID, from); err != nil {
		return err
	}
	return s.unlocked(&tx.Snapshot, *to, from)
}

// onceADay refuses a second transfer of a day, and one to where he is on that day already. Where
// a member came from is no transfer: who was taken in at the wrong branch moves from that very
// day.
func (s *Recorder) onceADay(tx *store.Tx, m *domain.Member, to domain.OrgID, from calendar.Day) error {
	items, err := tx.History(access.System("what became of whom the actor changed"), m.ID)
	if err != nil {
		return err
	}
	then := homeOn(items, from)
	gone := to == "" && then != nil && then.OrgID == ""
	if next := homeAfter(items, from); to == "" && next != nil && next.OrgID == "" {
		then, gone = next, true
	}
	if then == nil || from == m.Joined && !gone {
		return nil
	}
	words := "转到“" + then.Org + "”"
	if then.Org == "" {
		words = "转出"
	}
	switch {
	case then.From == from:
		return fault.New(fault.Conflict, "%s 在 %s 已经登记了%s，一天只转一次", m.Name, from, words).
			WithHint("写错了的，先撤销那一条再登记；另转一次的，写另一天")
	case then.OrgID == to && to == "":
		return fault.New(fault.Conflict, "%s 已经登记了自 %s 起转出", m.Name, then.From).
			WithHint("转出的日子写错了的，先撤销那一条再登记")
	case then.OrgID == to:
		return fault.New(fault.Conflict, "%s 在 %s 已经在“%s”（自 %s 起），后来才转到“%s”", m.Name, from, then.Org, then.From,
			m.Home.Name).WithHint("要他现在回“%s”的，写转回来的那一天；后来那次转错了的，撤销那一条", then.Org)
	}
	return nil
}

// homeOn returns the step of a member's home that holds on a day, nil where there is none.
func homeOn(items []domain.HistoryItem, on calendar.Day) (home *domain.HistoryItem) {
	for i := range items {
		x := &items[i]
		if x.Kind != domain.Home || x.Reversal != nil || x.From > on {
			continue
		}
		if home == nil || x.From > home.From || x.From == home.From && x.ID.Affiliation > home.ID.Affiliation {
			home = x
		}
	}
	return home
}

// homeAfter returns the first step of a member's home after a day, nil where there is none.
func homeAfter(items []domain.HistoryItem, on calendar.Day) (home *domain.HistoryItem) {
	for i := range items {
		x := &items[i]
		if x.Kind == domain.Home && x.Reversal == nil && x.From > on && (home == nil || x.From < home.From) {
			home = x
		}
	}
	return home
}

// noTransferWaits refuses a move while another waits.
func noTransferWaits(tx *store.Tx, m *domain.Member) error {
	waiting, err := tx.WaitingOf(access.System("whether a transfer waits"), m.ID)
	for i := range waiting {
		if q := &waiting[i]; q.Kind == domain.TransferRequest {
			return fault.New(fault.Conflict, "%s 转到“%s”已经在等人同意", m.Name, q.To.Name).WithHint("等那一份在待确认里办完，或者先撤回")
		}
	}
	return err
}

// askTransfer records that a transfer is asked for.
func (s *Recorder) askTransfer(tx *store.Tx, actor *access.Actor, mv *Move, j *judgedMove, reason string) error {
	if j.does.Before != j.does.After || len(j.does.Losses) > 0 {
		if err := s.checkLateFrom(&tx.Snapshot, actor, j.side, mv.From, reason); err != nil {
			return err
		}
	}
	_, err := tx.InsertTransferRequest(&j.m, &j.to, mv.From, reason, j.asked, actor.Account)
	if err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.AskedTransfer, audit.What{Org: j.m.Home.ID, Member: j.m.ID,
		Detail: "转到 " + audit.Org(j.to.ID) + " 自 " + mv.From.String()})
}

// rehome records where a member belongs from a day on, and that he is there as a guest no more
// (of who leaves, that he is nowhere one), and ends his offices in the branch that he leaves.
func rehome(tx *store.Tx, actor *access.Actor, m *domain.Member, mv *Move, reason string) error {
	ends, err := endingWith(&tx.Snapshot, mv)
	if err != nil {
		return err
	}
	offices, err := holdingAt(&tx.Snapshot, m.ID, m.Home.Path)
	if err != nil {
		return err
	}
	by := actor.ID()
	err = tx.InsertAffiliation(domain.Affiliation{Member: m.ID, Kind: domain.Home, Org: mv.To, From: mv.From,
		Reason: reason}, by)
	for i := range ends {
		if err == nil {
			err = tx.InsertAffiliation(domain.Affiliation{Member: m.ID, Kind: ends[i].Kind, Org: ends[i].Org.ID,
				From: mv.From, Ended: true}, by)
		}
	}
	for i := range offices {
		if err == nil { // by the program: who moves members keeps no accounts
			err = tx.InsertAssignment(offices[i].Account, offices[i].Role, m.Home.ID, true, 0)
		}
		if err == nil {
			err = audit.Record(tx, actor, audit.EndedRole,
				audit.What{Org: m.Home.ID, Member: m.ID, Detail: offices[i].Role.String() + " 随组织关系转走"})
		}
	}
	return err
}

// endingWith returns the secondary memberships that end with a move.
func endingWith(v *store.Snapshot, mv *Move) ([]domain.SecondaryMembership, error) {
	list, err := v.SecondaryMemberships(access.System("what became of whom the actor changed"), mv.Member, mv.From)
	return slices.DeleteFunc(list, func(k domain.SecondaryMembership) bool {
		return mv.To != "" && k.Org.ID != mv.To
	}), err
}

// holdingAt returns the offices that a member holds in a branch, by account: they end with a move.
func holdingAt(v *store.Snapshot, id domain.MemberID, branch string) ([]access.Holder, error) {
	holders, err := v.HoldersAbove([]string{branch})
	return slices.DeleteFunc(holders, func(h access.Holder) bool {
		return h.Member != id || h.Path != branch || h.Role == domain.RoleMember
	}), err
}

// officesAt returns in words the offices that a member holds in a branch.
func officesAt(v *store.Snapshot, id domain.MemberID, branch string) (out []string, err error) {
	holders, err := holdingAt(v, id, branch)
	for i := range holders {
		if !slices.Contains(out, holders[i].Role.String()) {
			out = append(out, holders[i].Role.String())
		}
	}
	return out, err
}

// acceptTransfer records a transfer to which everybody has agreed.
func (s *Recorder) acceptTransfer(tx *store.Tx, actor *access.Actor, q *domain.Request, last bool) error {
	m := &q.Member
	to, err := tx.Org(access.System("a member may go to any branch of the street"), q.To.ID)
	if err != nil {
		return err
	}
	if err := s.dated(tx, m, q.On); err != nil {
		return err
	}
	if err := s.admits(tx, m, &to, q.On); err != nil || !last {
		return err
	}
	items, err := tx.History(access.System("what became of whom the actor changed"), m.ID)
	if err != nil {
		return err
	}
	for i := range items {
		if x := &items[i]; x.Kind == domain.Home && x.At > q.At && x.Reversal == nil {
			return fault.New(fault.Conflict, "%s 的组织关系在提出以后又变过", m.Name).WithHint("退回，照现在的支部另报一次")
		}
	}
	mv := Move{Member: m.ID, To: to.ID, From: q.On}
	if err := rehome(tx, actor, m, &mv, q.Reason); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MovedMember, audit.What{Org: m.Home.ID, Member: m.ID,
		Detail: "转到 " + audit.Org(to.ID) + " 自 " + q.On.String()})
}

// transferDetails returns what a transfer says, and what comes of it.
func (s *Recorder) transferDetails(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
	out := requests.Details{Label: "组织关系转到“" + q.To.Name + "”，从这天起", Note: q.Reason, Transfer: q.To.ID}
	if q.State != domain.RequestWaits {
		return out, nil
	}
	mv := Move{Member: q.Member.ID, To: q.To.ID, From: q.On}
	ends, err := endingWith(v, &mv)
	if err != nil {
		return out, err
	}
	for i := range ends {
		out.Remarks = append(out.Remarks, requests.Word{Name: "一起结束的",
			Text: "在“" + ends[i].Org.Name + "”" + ends[i].Kind.String()})
	}
	offices, err := officesAt(v, q.Member.ID, q.Member.Home.Path)
	if err != nil {
		return out, err
	}
	if len(offices) > 0 {
		out.Remarks = append(out.Remarks, requests.Word{Name: "一起停的职务",
			Text: "在“" + q.Member.Home.Name + "”的" + strings.Join(offices, "、")})
	}
	to, err := v.Org(access.System("a member may go to any branch of the street"), q.To.ID)
	if err != nil {
		return out, err
	}
	does, err := s.standings.Moving(v, &q.Member, to, q.On, s.Today(v))
	if fault.CodeOf(err) == fault.NotFound {
		return out, nil
	}
	for _, loss := range does.Losses {
		out.Remarks = append(out.Remarks, requests.Word{Name: "不能跟着走的", Text: loss})
	}
	return out, err
}
