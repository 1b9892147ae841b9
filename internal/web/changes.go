package web

import (
	"cmp"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/web/ui"
)

// Changes shows what can be changed of a member, and what was recorded.
func (s *Site) Changes(c *gin.Context) error { return s.changes(c, nil) }

func (s *Site) changes(c *gin.Context, refused error) error {
	k, err := s.Members.Changes(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	m := &k.Member
	v := ui.Changes{
		Frame: s.frame(c, &around{k.Book.Title, m.Home.Name}), Key: s.key(), Member: m.ID, Name: m.Name, Branch: m.Home.Name,
		From: cmp.Or(c.PostForm("from"), s.today().String()), Refusal: ui.Refuse(refused), MayMove: k.MayMove,
		Exempt: k.Exempt,
	}
	v.Losses = v.Refusal.Fields["seen"] != ""
	if m.Left != 0 {
		v.Gone = m.Left.String()
	}
	for i := range k.Attributes {
		v.Facts = append(v.Facts, factInput(&k.Attributes[i]))
	}
	for _, x := range k.Exemptions {
		v.Exemptions = append(v.Exemptions, ui.ExemptionInput(x))
	}
	for i := range k.Waiting {
		q := &k.Waiting[i]
		v.Waiting = append(v.Waiting, ui.ExemptionWaiting{
			Claim: q.ID.String(), Words: q.Subject + "，" + q.On.String() + " 起", Stage: stageWords(&q.Queued),
			Mine: s.Ledger.Requests.Withdrawable(s.Session.Actor(c), &q.Request),
		})
	}
	v.Orgs = amongOrgs(k.Orgs, c.PostForm("org"), func(o domain.Org) bool {
		return o.Level == domain.Branch && o.Kind.Homes() && (o.ID != m.Home.ID || m.Left != 0)
	})
	secondaryInputs(&v, &k, c.PostForm("branch"))
	for i := range k.Items {
		v.History = append(v.History, s.historyRow(m.ID, &k.Items[i]))
	}
	return s.form(c, v, refused)
}

// factInput returns the input of one attribute.
func factInput(a *members.Attribute) ui.FactInput {
	in := ui.FactInput{Name: a.Name, Kind: "text", Unit: a.Unit, Now: a.Now}
	switch a.Type {
	case ruleset.YesNo:
		in.Options = ui.Options([]string{"是", "否"}, in.Now)
	case ruleset.Options:
		in.Options = ui.Options(a.Options, in.Now)
	case ruleset.DayFact:
		in.Kind = "date"
	}
	return in
}

func (s *Site) historyRow(id domain.MemberID, item *members.HistoryItem) ui.HistoryRow {
	row := ui.HistoryRow{
		What: item.What, Value: item.Value, From: cmp.Or(item.From.String(), "一直"), State: string(item.State),
		By: item.ByName, At: s.clock(item.At),
	}
	if item.Moved {
		row.Handover = ui.HandoverPath(id, item.From.String())
	}
	return row
}

// Change takes a change in.
func (s *Site) Change(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id"))
	if c.PostForm("do") == "withdraw" {
		return s.withdrawExemption(c, id)
	}
	from, err := day(c.PostForm("from"))
	words := "登记了"
	if err == nil {
		switch c.PostForm("do") {
		case "fact":
			f := members.FactChange{Member: id, Attribute: c.PostForm("attribute"), Value: c.PostForm("value"), From: from}
			if f.Attribute == "豁免" { // has its own form, with its steps
				return s.changes(c, fault.New(fault.Invalid, "豁免在下面登记"))
			}
			if hint := f.Hint(); hint != "" {
				words += "。" + hint
			}
			_, err = s.Ledger.ChangeFact(ctx, actor, f, c.PostForm("key"))
		case "exempt":
			f := members.FactChange{Member: id, Attribute: "豁免", Value: c.PostForm("value"), From: from,
				Approved: c.PostFormArray("step")}
			var done members.Registered
			if done, err = s.Ledger.ChangeFact(ctx, actor, f, c.PostForm("key")); len(done.Asked) > 0 {
				words = "登记了，等" + strings.Join(done.Asked, "、") + "同意"
			}
		case "move":
			words = "转接了组织关系"
			_, err = s.Ledger.Move(ctx, actor, members.Move{Member: id, To: domain.OrgID(c.PostForm("org")), From: from,
				Seen: c.PostForm("seen") == "1"}, c.PostForm("key"))
		case "leave":
			words = "登记了转出"
			_, err = s.Ledger.Move(ctx, actor, members.Move{Member: id, From: from}, c.PostForm("key"))
		case "secondary", "end-secondary":
			t := members.Tie{Member: id, Org: domain.OrgID(c.PostForm("branch")), From: from,
				Ended: c.PostForm("do") == "end-secondary"}
			_, err = s.Ledger.Tie(ctx, actor, t, c.PostForm("key"))
		default:
			err = fault.New(fault.Invalid, "没有说要改什么")
		}
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		if actor.May(access.ManageMembers) {
			return s.changes(c, err)
		}
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	if do := c.PostForm("do"); do == "move" || do == "leave" {
		return see(c, ui.HandoverPath(id, from.String()))
	}
	return see(c, ui.ChangesPath(id))
}

// withdrawExemption takes back an exemption that waits.
func (s *Site) withdrawExemption(c *gin.Context, id domain.MemberID) error {
	claim, err := domain.ParseRequestID(c.PostForm("claim"))
	if err != nil {
		return fault.Hide(err, "这条申报")
	}
	if _, err = s.Ledger.Requests.Withdraw(c.Request.Context(), s.Session.Actor(c), claim,
		c.PostForm("key")); fault.CodeOf(err) == fault.Conflict {
		return s.changes(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "撤回了")
	return see(c, ui.ChangesPath(id))
}
