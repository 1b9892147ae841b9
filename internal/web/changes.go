package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// Changes shows what can be changed of a member, and what was recorded.
func (s *Site) Changes(c *gin.Context) error { return s.changes(c, &changeForm{}, nil) }

// changeForm declares a change of a member.
type changeForm struct {
	Do        string       `form:"do" binding:"button=fact exempt move leave secondary end-secondary withdraw"`
	Key       string       `form:"key"`
	From      string       `form:"from" binding:"required_unless=Do withdraw,omitempty,day" label:"从哪天起"`
	Attribute string       `form:"attribute" binding:"runes=100" label:"要改的一项"`
	Value     string       `form:"value" binding:"runes=500" label:"改为什么"`
	Steps     []string     `form:"step" binding:"dive,runes=100" label:"已办的一步"`
	To        domain.OrgID `form:"org" binding:"required_if=Do move,omitempty,org" label:"转到哪个支部"`
	Seen      string       `form:"seen"`
	Shown     string       `form:"shown" binding:"runes=40"`
	Reason    string       `form:"reason" binding:"runes=500" label:"理由"`
	Host      domain.OrgID `form:"branch" binding:"required_if=Do secondary,omitempty,org" label:"去哪个支部"`
	Claim     string       `form:"claim" binding:"runes=20" label:"申报的编号"`

	Name  string // of another form, as it was typed
	Since string
}

func (s *Site) changes(c *gin.Context, typed *changeForm, refused error) error {
	k, err := s.Members.Changes(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	m := &k.Member
	v := ui.Changes{
		Frame: s.frame(c, &around{k.Book.Title, m.Home.Name}), Key: s.key(), Member: m.ID, Name: m.Name, Branch: m.Home.Name,
		From: cmp.Or(typed.From, s.today().String()), Refusal: ui.Refuse(refused), MayMove: k.MayMove, MayErase: k.MayErase,
		Exempt: k.Exempt,
	}
	if typed.Do == "rename" {
		v.NewName, v.NameSince, v.NameReason = typed.Name, typed.Since, typed.Reason
	}
	v.Own = s.Session.Actor(c).IsMember(m.ID)
	for i := range k.Names {
		n := &k.Names[i]
		v.Names = append(v.Names, ui.NameRow{Name: n.Name, From: cmp.Or(n.From.String(), "一直"), By: n.ByName,
			At: s.clock(n.At), Reason: n.Reason})
	}
	if m.Left != 0 {
		v.Gone = m.Left.String()
	}
	for i := range k.Attributes {
		v.Facts = append(v.Facts, factInput(&k.Attributes[i], typed))
	}
	for _, x := range k.Exemptions {
		v.Exemptions = append(v.Exemptions, ui.ExemptionInput(x))
	}
	for i := range k.Waiting {
		q := &k.Waiting[i]
		v.Waiting = append(v.Waiting, s.changeWaiting(c, q, q.Subject+"，"+q.On.String()+" 起"))
	}
	for i := range k.Transfers {
		q := &k.Transfers[i]
		v.Transfers = append(v.Transfers, s.changeWaiting(c, q, "转到“"+q.Subject+"”，"+q.On.String()+" 起"))
	}
	v.Orgs, v.Offices = moveOptions(&k, typed.To), strings.Join(k.Offices, "、")
	secondaryInputs(&v, &k, string(typed.Host))
	for i := range k.Items {
		v.History = append(v.History, s.historyRow(m.ID, &k.Items[i]))
	}
	if refused != nil {
		v.Tried = typed.tried()
	}
	return s.form(c, v, refused)
}

// tried names the form that was sent.
func (in *changeForm) tried() ui.Tried {
	switch in.Do {
	case "fact":
		return ui.Tried{Do: in.Do, Which: in.Attribute}
	case "exempt":
		return ui.Tried{Do: in.Do, Which: in.Value}
	case "end-secondary":
		return ui.Tried{Do: in.Do, Which: string(in.Host)}
	case "withdraw":
		return ui.Tried{Do: in.Do, Which: in.Claim}
	}
	return ui.Tried{Do: in.Do}
}

// changeWaiting puts a change that somebody has still to agree to into words.
func (s *Site) changeWaiting(c *gin.Context, q *members.Waiting, words string) ui.ChangeWaiting {
	return ui.ChangeWaiting{Claim: q.ID.String(), Words: words, Stage: stageWords(&q.Queued),
		Mine: s.Ledger.Requests.Withdrawable(s.Session.Actor(c), &q.Request)}
}

// moveOptions lists where a member may move, and who would have to agree.
func moveOptions(k *members.Changes, chosen domain.OrgID) []ui.Option {
	m := &k.Member
	out := amongOrgs(k.All, string(chosen), func(o domain.Org) bool {
		return o.Level == domain.Branch && o.Kind.Homes() && (o.ID != m.Home.ID || m.Left != 0)
	})
	for i := range k.All {
		o := &k.All[i]
		at := slices.IndexFunc(out, func(x ui.Option) bool { return x.Value == string(o.ID) })
		switch {
		case at < 0 || k.Within.Covers(o.Path) && k.Within.Covers(m.Home.Path):
		case domain.Ancestor(o.Path, domain.Community) == domain.Ancestor(m.Home.Path, domain.Community):
			out[at].Words += "，要社区党委同意"
		default:
			out[at].Words += "，要对方同意"
		}
	}
	return out
}

// factInput returns the input of one attribute, with what was typed into it.
func factInput(a *members.Attribute, typed *changeForm) ui.FactInput {
	in := ui.FactInput{Name: a.Name, Kind: "text", Unit: a.Unit, Now: a.Now}
	if typed.Do == "fact" && typed.Attribute == a.Name {
		in.Typed = typed.Value
	}
	shown := cmp.Or(in.Typed, in.Now)
	switch a.Type {
	case ruleset.YesNo:
		in.Options = ui.Options([]string{"是", "否"}, shown)
	case ruleset.Options:
		in.Options = ui.Options(a.Options, shown)
	case ruleset.DayFact:
		in.Kind = "date"
	case ruleset.Named:
		in.Names = a.Options
	}
	return in
}

func (s *Site) historyRow(id domain.MemberID, item *members.HistoryItem) ui.HistoryRow {
	row := ui.HistoryRow{
		What: item.What, Value: item.Value, From: cmp.Or(item.From.String(), "一直"), State: string(item.State),
		By: item.ByName, At: s.clock(item.At), Reason: item.Reason,
	}
	if item.Moved {
		row.Handover = ui.HandoverPath(id, item.From.String())
	}
	switch r := item.Reversal; {
	case r != nil:
		row.Reversed = strings.Join(slices.DeleteFunc([]string{r.ByName, s.clock(r.At), r.Reason},
			func(part string) bool { return part == "" }), " ")
	case item.Reversible:
		row.Reverse = ui.ReverseChangePath(id, item.ID)
	}
	return row
}

// Change takes a change in.
func (s *Site) Change(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id"))
	var in changeForm
	var words string
	var asked bool
	err := bind.Form(c, &in)
	if err == nil && in.Do == "withdraw" {
		return s.withdrawChange(c, id, &in)
	}
	if err == nil && in.Seen != "1" {
		shown, err := s.foresee(c, id, &in, nil)
		if shown || err != nil && !fault.Correctable(err) {
			return err
		}
		if err != nil {
			return s.changes(c, &in, err)
		}
	}
	if err == nil {
		words, asked, err = s.change(ctx, actor, id, &in)
	}
	if fault.Correctable(err) && (in.Seen == "1" || in.Shown != "") {
		if shown, again := s.foresee(c, id, &in, err); shown || again != nil && !fault.Correctable(again) {
			return again
		}
	}
	if fault.Correctable(err) && actor.May(access.ManageMembers) {
		return s.changes(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	if (in.Do == "move" || in.Do == "leave") && !asked {
		return see(c, ui.HandoverPath(id, in.From))
	}
	return see(c, ui.ChangesPath(id))
}

// asked returns the change that a form asks for.
func (in *changeForm) asked(id domain.MemberID) members.Change {
	from := bind.Day(in.From)
	switch in.Do {
	case "fact":
		return members.Change{Fact: &members.FactChange{Member: id, Attribute: in.Attribute, Value: in.Value, From: from,
			Reason: in.Reason, Shown: in.Shown, Seen: in.Seen == "1"}}
	case "exempt":
		return members.Change{Fact: &members.FactChange{Member: id, Attribute: domain.Exemption, Value: in.Value, From: from,
			Approved: in.Steps, Reason: in.Reason, Shown: in.Shown}}
	case "move":
		return members.Change{Move: &members.Move{Member: id, To: in.To, From: from, Seen: in.Seen == "1", Reason: in.Reason,
			Shown: in.Shown}}
	case "leave":
		return members.Change{Move: &members.Move{Member: id, From: from, Reason: in.Reason, Shown: in.Shown}}
	default:
		return members.Change{Secondary: &members.SecondaryInput{Member: id, Org: in.Host, From: from,
			Ended: in.Do == "end-secondary"}}
	}
}

// change does what a form says and returns what was done, and whether others have to agree.
func (s *Site) change(
	ctx context.Context, actor *access.Actor, id domain.MemberID, in *changeForm,
) (words string, asked bool, err error) {
	ask := in.asked(id)
	switch {
	case ask.Fact != nil && in.Do == "fact" && ask.Fact.Attribute == domain.Exemption:
		return "", false, fault.New(fault.Invalid, "豁免在下面登记") // has its own form, with its steps
	case ask.Fact != nil:
		done, err := s.Ledger.ChangeFact(ctx, actor, *ask.Fact, in.Key)
		if len(done.Asked) > 0 {
			return "登记了，等" + strings.Join(done.Asked, "、") + "同意", true, err
		}
		words := "登记了" + effectWords(done.Effect)
		if hint := ask.Fact.Hint(); hint != "" && in.Do == "fact" {
			words += "。" + hint
		}
		return words, false, err
	case ask.Move != nil:
		done, err := s.Ledger.Move(ctx, actor, *ask.Move, in.Key)
		return moveWords(in.Do, &done), len(done.Asked) > 0, err
	default:
		_, err := s.Ledger.RecordSecondary(ctx, actor, *ask.Secondary, in.Key)
		return "登记了", false, err
	}
}

// moveWords returns what became of a move.
func moveWords(do string, done *members.Registered) string {
	words := "转接了组织关系" + effectWords(done.Effect)
	switch {
	case len(done.Asked) > 0:
		return "提出了转接，等" + strings.Join(done.Asked, "、") + "同意；同意以前组织关系不动"
	case do == "leave":
		words = "登记了转出"
	}
	if len(done.Offices) > 0 {
		words += "。" + strings.Join(done.Offices, "、") + "随着停了"
	}
	return words
}

// withdrawChange takes back an exemption or a transfer that waits.
func (s *Site) withdrawChange(c *gin.Context, id domain.MemberID, in *changeForm) error {
	claim, err := domain.ParseRequestID(in.Claim)
	if err != nil {
		return fault.Hide(err, "这条申报")
	}
	_, err = s.Ledger.Requests.Withdraw(c.Request.Context(), s.Session.Actor(c), claim, in.Key)
	if fault.CodeOf(err) == fault.Conflict {
		return s.changes(c, in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "撤回了")
	return see(c, ui.ChangesPath(id))
}
