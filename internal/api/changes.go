package api

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// recordedItem is one thing that was recorded of a member.
type recordedItem struct {
	ID       string        `json:"id"`
	What     string        `json:"what"` // an attribute, or a kind of affiliation
	Value    string        `json:"value"`
	From     string        `json:"from,omitempty"` // none = always
	State    string        `json:"state,omitempty"`
	By       string        `json:"by,omitempty"`
	At       string        `json:"at"`
	Reason   string        `json:"reason,omitempty"`
	Reversed *itemReversal `json:"reversed,omitempty"`
}

// itemReversal holds how something recorded of a member was taken back.
type itemReversal struct {
	By     string `json:"by,omitempty"`
	At     string `json:"at"`
	Reason string `json:"reason,omitempty"`
}

// recordedList answers GET /members/{id}/changes.
type recordedList struct {
	Changes []recordedItem `json:"changes"`
	Names   []memberName   `json:"names"` // the latest first
}

// memberName holds what a member is or was called.
type memberName struct {
	Name   string `json:"name"`
	From   string `json:"from,omitempty"` // none = from the first
	By     string `json:"by,omitempty"`
	At     string `json:"at"`
	Reason string `json:"reason,omitempty"`
}

func namesOf(list []domain.MemberName) []memberName {
	out := make([]memberName, len(list))
	for i := range list {
		n := &list[i]
		out[i] = memberName{Name: n.Name, By: n.ByName, At: n.At, Reason: n.Reason}
		if n.From != 0 {
			out[i].From = n.From.String()
		}
	}
	return out
}

func (a *API) changes(c *gin.Context) error {
	h, err := a.Members.History(c.Request.Context(), a.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	out := recordedList{Changes: make([]recordedItem, len(h.Items)), Names: namesOf(h.Names)}
	for i := range h.Items {
		x := &h.Items[i]
		item := recordedItem{ID: x.ID.String(), What: x.What, Value: x.Value, State: string(x.State), By: x.ByName, At: x.At,
			Reason: x.Reason}
		if x.From != 0 {
			item.From = x.From.String()
		}
		if r := x.Reversal; r != nil {
			item.Reversed = &itemReversal{r.ByName, r.At, r.Reason}
		}
		out.Changes[i] = item
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// changeInput is the body of POST /members/{id}/changes.
type changeInput struct {
	Do        string   `json:"do" binding:"oneof=fact move leave secondary end-secondary" label:"做什么"`
	Attribute string   `json:"attribute" binding:"required_if=Do fact,runes=100" label:"情况"` // 豁免 too
	Value     string   `json:"value" binding:"required_if=Do fact,runes=500" label:"内容"`
	From      string   `json:"from" binding:"day" label:"从哪天起"`
	Org       string   `json:"org" binding:"omitempty,org" label:"支部"` // where to; of move and secondary memberships
	Name      string   `json:"name" binding:"runes=100" label:"姓名"`    // of the member, for who asks from where he goes
	Steps     []string `json:"steps" binding:"dive,runes=100" label:"已办的一步"`
	Reason    string   `json:"reason" binding:"runes=500" label:"理由"`
	Seen      bool     `json:"seen"`                                 // what a move loses, or a near name
	Shown     string   `json:"shown" binding:"runes=40" label:"看过的"` // of a preview
	Preview   bool     `json:"preview"`                              // nothing is kept
}

// outcome holds how a member stands in a period.
type outcome struct {
	Total    *points `json:"total,omitempty"` // none: he is not scored
	Category string  `json:"category,omitempty"`
	Grade    string  `json:"grade,omitempty"`
	Why      string  `json:"why,omitempty"` // he is not scored
}

// consequence holds what a change makes of one period.
type consequence struct {
	Period  string   `json:"period"`
	Before  outcome  `json:"before"`
	After   outcome  `json:"after"`
	Entries []string `json:"entries"` // that count otherwise, in sentences
	Raised  []string `json:"raised"`  // alerts
	Ended   []string `json:"ended"`
}

// changeReceipt answers what changes something recorded of a member, and its preview.
type changeReceipt struct {
	Kept   bool          `json:"kept"`
	Asked  organs        `json:"asked,omitempty"` // who has to agree first
	Effect []consequence `json:"effect"`
	Losses []string      `json:"losses,omitempty"` // what does not go with who moves
	Near   string        `json:"near,omitempty"`   // of a group: another of the branch that is called nearly so
	Ends   []string      `json:"ends,omitempty"`   // memberships and offices that end with a move
	Back   []string      `json:"back,omitempty"`   // of what is taken back: memberships that go on
	Gone   []string      `json:"gone,omitempty"`   // and offices that do not
	Shown  string        `json:"shown,omitempty"`  // of a preview: what tells it from what the same would do later
	Lacks  string        `json:"lacks,omitempty"`  // of a preview: it is refused as long as nobody gives a reason
}

func outcomeOf(o *standings.Outcome) outcome {
	out := outcome{Category: o.Category, Grade: o.Grade, Why: o.Why}
	if o.Scored {
		total := points(o.Total)
		out.Total = &total
	}
	return out
}

// receiptOf returns what a change does.
func receiptOf(r *members.Registered, kept bool) changeReceipt {
	out := changeReceipt{Kept: kept, Asked: r.Asked, Effect: []consequence{}, Losses: r.Losses, Near: r.Near,
		Ends: slices.Concat(r.Ends, r.Offices), Back: r.Back, Gone: r.Gone}
	list := func(words []string) []string { return append([]string{}, words...) }
	for i := range r.Effect {
		e := &r.Effect[i]
		out.Effect = append(out.Effect, consequence{Period: e.Period.String(), Before: outcomeOf(&e.Before),
			After: outcomeOf(&e.After), Entries: list(e.Entries), Raised: list(e.Raised), Ended: list(e.Ended)})
	}
	return out
}

// asked returns the change that a body asks for.
func (in *changeInput) asked(id domain.MemberID) members.Change {
	from := bind.Day(in.From)
	switch in.Do {
	case "fact":
		return members.Change{Fact: &members.FactChange{Member: id, Attribute: in.Attribute, Value: in.Value, From: from,
			Approved: in.Steps, Reason: in.Reason, Shown: in.Shown, Seen: in.Seen}}
	case "move", "leave":
		return members.Change{Move: &members.Move{Member: id, To: domain.OrgID(in.Org), From: from, Seen: in.Seen,
			Name: in.Name, Reason: in.Reason, Shown: in.Shown}}
	default:
		return members.Change{Secondary: &members.SecondaryInput{Member: id, Org: domain.OrgID(in.Org), From: from,
			Ended: in.Do == "end-secondary"}}
	}
}

func (a *API) change(c *gin.Context) error {
	var in changeInput
	if err := read(c, &in); err != nil {
		return err
	}
	if goes := in.Do != "fact" && in.Do != "leave"; goes != (in.Org != "") {
		return fault.New(fault.Invalid, "转接和参加活动要写 org，登记情况和转出不写")
	}
	ask := in.asked(domain.MemberID(c.Param("id")))
	if in.Preview {
		return a.foresee(c, ask)
	}
	ctx, actor := c.Request.Context(), a.Actor(c)
	var done members.Registered
	var err error
	switch {
	case ask.Fact != nil:
		done, err = a.Ledger.ChangeFact(ctx, actor, *ask.Fact, key(c))
	case ask.Move != nil:
		done, err = a.Ledger.Move(ctx, actor, *ask.Move, key(c))
	default:
		done.Replay, err = a.Ledger.RecordSecondary(ctx, actor, *ask.Secondary, key(c))
	}
	if err != nil {
		return err
	}
	kept(c, done.Replay, receiptOf(&done, true))
	return nil
}

// foresee answers what a change would do.
func (a *API) foresee(c *gin.Context, ask members.Change) error {
	f, err := a.Ledger.Foresee(c.Request.Context(), a.Actor(c), ask)
	if err != nil {
		return err
	}
	out := receiptOf(&f.Registered, false)
	out.Shown = f.Shown
	if f.Lacks != nil {
		out.Lacks = fault.From(f.Lacks).Message
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// changeReversalInput is the body of POST /members/{id}/changes/{change}/reversal.
type changeReversalInput struct {
	Reason  string `json:"reason" binding:"runes=500" label:"撤销的理由"`
	Shown   string `json:"shown" binding:"runes=40" label:"看过的"`
	Preview bool   `json:"preview"` // nothing is kept
}

func (a *API) reverseChange(c *gin.Context) error {
	var in changeReversalInput
	if err := read(c, &in); err != nil {
		return err
	}
	change, err := domain.ParseChangeID(c.Param("change"))
	if err != nil {
		return fault.Hide(err, "这名党员")
	}
	r := members.ChangeReversal{Member: domain.MemberID(c.Param("id")), Change: change, Reason: in.Reason,
		Shown: in.Shown}
	if in.Preview {
		return a.foresee(c, members.Change{Reversal: &r})
	}
	done, err := a.Ledger.ReverseChange(c.Request.Context(), a.Actor(c), r, key(c))
	if err != nil {
		return err
	}
	kept(c, done.Replay, receiptOf(&done, true))
	return nil
}
