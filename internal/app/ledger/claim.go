package ledger

import (
	"context"
	"slices"
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

// checkFollows refuses to take up again what is none of the actor's returned
// claims about the same member.
func checkFollows(tx *store.Tx, actor *access.Actor, d *EntryInput) error {
	if d.Follows == 0 {
		return nil
	}
	c, err := tx.Claim(access.System("whose claim it is, is asked below"), domain.ClaimID{Kind: domain.EntryClaim, Row: int64(d.Follows)})
	if err != nil || c.By != actor.Account || c.Member.ID != d.Member {
		return fault.New(fault.NotFound, "没有这条退回的申报").WithHint("只能改自己报的")
	}
	if c.State != domain.ClaimReturned {
		return fault.New(fault.Conflict, "这条申报没有退回，现在是“%s”", c.State)
	}
	again, err := tx.TakenUp(d.Member)
	if err == nil && again[d.Follows] {
		err = fault.New(fault.Conflict, "这条退回的申报已经改过重报").WithHint("改后来报的那一条")
	}
	return err
}

// Ruling is a decision on one claim as it stood before the eyes of who decides.
type Ruling struct {
	domain.ClaimID
	Step int // the step it was at; 0 = whichever it is at
}

// Answer is what somebody says to claims.
type Answer struct {
	Accept   bool
	Reason   string          // of returning
	Document domain.Document // of agreeing where an organ outside decides
}

// Ruled says what became of a decision on many claims.
type Ruled struct {
	Posted  int       // claims that count now
	Passed  int       // claims that wait for the next organ
	Ended   int       // claims that were returned
	Refused []Unruled // the others, in the order asked for
	Replay  bool      // this very decision was sent before; nothing was written now
}

// Unruled is a claim that could not be decided, with why.
type Unruled struct {
	domain.ClaimID
	Why string
}

// Decide takes a step of claims: it agrees, or returns them with a reason. Each
// is judged by itself, and what cannot be decided is told; where that is the only
// one, it is the error: fault.NotFound outside the scope, fault.Forbidden for who
// is not the one to decide, fault.Conflict where somebody else was quicker.
func (s *Service) Decide(ctx context.Context, actor *access.Actor, list []Ruling, a Answer, key string) (out Ruled, err error) {
	a.Reason, err = checkNote(a.Reason, "理由")
	switch {
	case err != nil:
		return out, err
	case len(list) == 0:
		return out, fault.New(fault.Invalid, "一条也没有选").WithHint("先勾上要办的")
	case len(list) > maxPeople:
		return out, fault.New(fault.TooMany, "一次最多办 %d 条", maxPeople)
	case !a.Accept && a.Reason == "":
		return out, fault.New(fault.Invalid, "退回要写理由").WithHint("例如：当天没有参加")
	}
	asked := struct {
		Decide []Ruling
		Answer
	}{list, a}
	err = s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, asked, func() (Ruled, error) { return s.ruleAll(tx, actor, list, &a) })
		return err
	}, access.Decide)
	return out, err
}

func (s *Service) ruleAll(tx *store.Tx, actor *access.Actor, list []Ruling, a *Answer) (out Ruled, err error) {
	holders, err := tx.Holders()
	if err != nil {
		return out, err
	}
	written := false // the document, with some step
	for i := range list {
		d, err := s.rule(tx, actor, holders, list[i], a)
		switch fault.CodeOf(err) {
		case fault.NotFound, fault.Forbidden, fault.Conflict, fault.Invalid: // judged before anything is written
			if len(list) == 1 {
				return out, err
			}
			out.Refused = append(out.Refused, Unruled{list[i].ClaimID, reasonOf(err)})
			continue
		}
		switch {
		case err != nil:
			return out, err
		case !a.Accept:
			out.Ended++
		case d.Rest == 0:
			out.Posted++
		default:
			out.Passed++
		}
		written = written || d.Document != (domain.Document{})
	}
	if a.Document != (domain.Document{}) && a.Accept && !written && len(out.Refused) == 0 {
		return out, fault.New(fault.Invalid, "这一步不等系统以外的文件，不用写文号和日期").WithHint("删去文号和日期再办")
	}
	return out, nil
}

// rule takes one step of one claim.
func (s *Service) rule(tx *store.Tx, actor *access.Actor, holders []access.Holder, r Ruling, a *Answer) (domain.Decision, error) {
	c, err := tx.Claim(actor.Scope(access.Decide), r.ClaimID)
	if err != nil {
		return domain.Decision{}, hide(err, "这条申报")
	}
	pending := store.PendingOf(&c)
	stage := pending.Stage(holders)
	switch {
	case c.State == domain.ClaimWithdrawn:
		return domain.Decision{}, fault.New(fault.Conflict, "这条申报已经撤回")
	case c.State != domain.ClaimWaits, r.Step != 0 && r.Step != len(c.Steps)+1: // somebody was quicker
		return domain.Decision{}, quicker(&c)
	case !stage.Decides(actor):
		return domain.Decision{}, notYours(actor, &pending, &stage)
	}
	if a.Accept {
		if err := s.stillOpen(tx, &c); err != nil {
			return domain.Decision{}, err
		}
	}
	document, err := s.documented(&tx.Snapshot, &stage, a)
	if err != nil {
		return domain.Decision{}, err
	}
	d := domain.Decision{
		ClaimID: r.ClaimID, Member: c.Member.ID, Step: len(c.Steps) + 1, Organs: stage.Organs,
		Rest: len(pending.Waits) - len(stage.Organs), Accepted: a.Accept, Reason: a.Reason, Document: document,
	}
	if err := tx.InsertDecision(d, actor.Account); err != nil {
		return d, err
	}
	word := "退回"
	if a.Accept {
		word = "同意"
	}
	detail := strings.TrimSpace(strings.Join(stage.Organs, "、") + " " + word + " " + document.String())
	return d, audit.Record(tx, actor, audit.Decided, audit.What{Member: d.Member, Detail: detail})
}

// quicker says who took the last step of a claim.
func quicker(c *domain.Claim) error {
	if len(c.Steps) == 0 {
		return fault.New(fault.Conflict, "这条申报不在这一步").WithHint("重新打开待确认的清单再办")
	}
	last, word := &c.Steps[len(c.Steps)-1], "退回"
	if last.Accepted {
		word = "同意"
	}
	return fault.New(fault.Conflict, "这一步刚才已由%s%s", last.ByName, word)
}

// notYours says who decides a claim, to who does not.
func notYours(actor *access.Actor, p *access.Pending, stage *access.Stage) error {
	err := fault.New(fault.Forbidden, "这一步由%s来定", strings.Join(stage.Organs, "、"))
	switch {
	case actor.Member != "" && actor.Member == p.Member, actor.Account == p.By && !stage.Out:
		err = fault.New(fault.Forbidden, "自己的、自己报的，由别人来定")
	}
	if stage.Vacant {
		return err.WithHint("现在没有能办的人：请系统管理员给上级党委再开一个帐号")
	}
	return err.WithHint("现在能办的是%s", Deciders(stage))
}

// Deciders names who may decide at a stage, with their offices.
func Deciders(stage *access.Stage) string {
	names := make([]string, len(stage.Who))
	for i := range stage.Who {
		names[i] = stage.Who[i].Name + "（" + stage.Who[i].Role.String() + "）"
	}
	return strings.Join(names, "、")
}

// stillOpen refuses to let a claim count in a period that was locked meanwhile.
func (s *Service) stillOpen(tx *store.Tx, c *domain.Claim) error {
	if c.Kind == domain.FactClaim {
		return s.unlocked(&tx.Snapshot, c.Member.Home, c.Fact.From)
	}
	on, has := about(c)
	x, err := s.reckon(&tx.Snapshot, &c.Member, on, has)
	if err == nil && c.Kind == domain.EntryClaim {
		x, err = s.reckonEntry(&tx.Snapshot, &c.Member, c.Entry.Entry.Item, on)
	}
	if err != nil {
		return err
	}
	return s.checkOpen(&tx.Snapshot, x, c.Member.Home, on)
}

// Withdraw takes back an entry or an exemption that the actor handed in and nobody
// has finished deciding. It stays readable. A line of attendance is corrected
// instead.
func (s *Service) Withdraw(ctx context.Context, actor *access.Actor, id domain.ClaimID, key string) (replay bool, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = kernel.Once(tx, actor, key, struct{ Withdraw domain.ClaimID }{id}, func() (bool, error) { return true, s.withdraw(tx, actor, id) })
		return err
	}, access.Record, access.Claim)
	return replay, err
}

func (s *Service) withdraw(tx *store.Tx, actor *access.Actor, id domain.ClaimID) error {
	c, err := tx.Claim(access.System("whose claim it is, is asked below"), id)
	if err != nil || c.By != actor.Account {
		return fault.New(fault.NotFound, "没有这条申报").WithHint("只能撤回自己报的")
	}
	switch {
	case c.State != domain.ClaimWaits:
		return fault.New(fault.Conflict, "这条申报%s，不能撤回了", c.State)
	case c.Kind == domain.AttendanceClaim:
		return fault.New(fault.Invalid, "出勤不撤回").WithHint("记错了，在那次活动上更正")
	case c.Kind == domain.FactClaim:
		return s.withdrawFact(tx, actor, &c)
	}
	if err := tx.InsertReversal(&c.Entry, "本人撤回", actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Reversed, audit.What{Member: c.Member.ID, Detail: c.Entry.Entry.Item + " " + c.Entry.Entry.On.String()})
}

// Queue returns the claims that an actor may decide now, oldest first, and those
// of his scope that wait for somebody else: his own, and what another organ
// decides.
func (s *Service) Queue(v *store.Snapshot, actor *access.Actor) (mine, others []Queued, err error) {
	waiting, err := v.Waiting(actor.Scope(access.Decide))
	if err != nil {
		return nil, nil, err
	}
	queued, err := s.Staged(v, waiting)
	for _, q := range queued {
		if q.Stage.Decides(actor) {
			mine = append(mine, q)
		} else {
			others = append(others, q)
		}
	}
	return mine, others, err
}

// Staged says of claims which step each is at, in their order.
func (s *Service) Staged(v *store.Snapshot, claims []domain.Claim) ([]Queued, error) {
	holders, err := v.Holders()
	out := make([]Queued, len(claims))
	for i := range claims {
		p := store.PendingOf(&claims[i])
		out[i] = Queued{Claim: claims[i], Stage: p.Stage(holders)}
	}
	return out, err
}

// Queued is a claim with the step it is at.
type Queued struct {
	domain.Claim
	Stage access.Stage
}

// Worth says what each of some claims would do to its member's total if it alone
// were agreed to, limits included; nothing of an exemption, which is no matter of
// points.
func (s *Service) Worth(v *store.Snapshot, list []Queued) ([]domain.Points, error) {
	members := make([]domain.Member, len(list))
	for i := range list {
		members[i] = list[i].Member
	}
	records, err := v.Records(members)
	if err != nil {
		return nil, err
	}
	r, err := s.standings.Reckoner(v, s.Today(v), members...)
	if err != nil {
		return nil, err
	}
	out := make([]domain.Points, len(list))
	for i := range list {
		if list[i].Kind == domain.FactClaim {
			continue
		}
		on, has := about(&list[i].Claim)
		if out[i], err = effect(r, members[i:i+1], records[i:i+1], []domain.MemberHistory{list[i].With(records[i])}, on, has); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Word is one thing that an entry records, as a person writes it.
type Word struct{ Name, Text, Unit string }

// Words returns what an entry of a member records, in the words of the rules that
// admit its item.
func (s *Service) Words(v *store.Snapshot, m *domain.Member, e *domain.Entry) ([]Word, error) {
	book, err := s.standings.TextOn(v, m, e.On, standings.Knows(e.Item))
	if err != nil {
		return nil, err
	}
	out := make([]Word, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = Word{Name: f.Name, Text: f.Value.Text}
		if at := book.Item(e.Item); at >= 0 {
			fields := book.Items[at].Fields
			if k := slices.IndexFunc(fields, func(a ruleset.Attribute) bool { return a.Name == f.Name }); k >= 0 {
				out[i].Text, out[i].Unit = fields[k].Text(f.Value), fields[k].Unit
			}
		}
	}
	return out, nil
}

// about says on which day a claim's matter was, and which rulebooks know it.
func about(c *domain.Claim) (calendar.Day, func(*ruleset.RuleSet) bool) {
	if c.Kind == domain.EntryClaim {
		return c.Entry.Entry.On, standings.Knows(c.Entry.Entry.Item)
	}
	return c.Activity.On, func(b *ruleset.RuleSet) bool { return b.Kind(c.Activity.Kind) }
}
