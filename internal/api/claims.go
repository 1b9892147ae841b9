package api

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// organs are those who agree together, in the words of the rules, lowest first.
type organs []string

// asked is a claim (申报) and the step it is at.
type asked struct {
	ID       string            `json:"id"`
	State    string            `json:"state"`
	Step     int               `json:"step,omitempty"`    // of one that waits: the step it is at, the first is 1
	Waits    organs            `json:"waits,omitempty"`   // of one that waits: who takes this step
	Outside  bool              `json:"outside,omitempty"` // this step waits for a document from outside
	Vacant   bool              `json:"vacant,omitempty"`  // nobody holds an office that could
	Member   person            `json:"member"`
	Subject  string            `json:"subject"`            // of any kind: the item, the kind of activity, the code
	Item     string            `json:"item,omitempty"`     // of an entry
	Kind     string            `json:"kind,omitempty"`     // of attendance: the kind of the activity
	Activity string            `json:"activity,omitempty"` // of attendance
	Status   string            `json:"status,omitempty"`   // of attendance
	MadeUpOn string            `json:"made_up_on,omitempty"`
	Exempt   string            `json:"exempt,omitempty"`   // of an exemption: its code, from On
	Corrects string            `json:"corrects,omitempty"` // of a correction: the part of what is held
	Transfer *transferred      `json:"transfer,omitempty"` // of a transfer, from On
	On       string            `json:"on"`
	Points   *points           `json:"points,omitempty"` // as chosen, where the item leaves a range
	Fields   map[string]string `json:"fields,omitempty"`
	Note     string            `json:"note,omitempty"`
	Worth    *points           `json:"worth,omitempty"` // in the queue: what agreeing would do to the total
	By       string            `json:"by"`
	At       string            `json:"at"` // RFC 3339
	Steps    []taken           `json:"steps,omitempty"`
}

// transferred names the branch to which a member is to move.
type transferred struct {
	Org  string `json:"org"`
	Name string `json:"name"`
}

// taken is a step of a claim that was taken.
type taken struct {
	Organs   organs `json:"organs"`
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason,omitempty"`
	Document *paper `json:"document,omitempty"` // of an organ outside
	By       string `json:"by"`
	At       string `json:"at"`
}

// paper is a document that an organ outside issued.
type paper struct {
	Number string `json:"number" binding:"required,runes=60" label:"文号"`
	On     string `json:"on" binding:"day"`
}

// queued answers GET /claims: the claims that wait in the scope of the asker.
type queued struct {
	Claims []asked `json:"claims"` // for the asker to decide, oldest first
	More   int     `json:"more"`   // how many more wait behind these
	Others []asked `json:"others"` // for others
}

func askedOf(q *members.Waiting) (asked, error) {
	out := asked{ID: q.ID.String(), State: string(q.State), Member: personOf(&q.Member), Subject: q.Subject,
		On: q.On.String(), By: q.ByName,
		At: q.At}
	if q.State == domain.RequestWaits {
		out.Step, out.Waits, out.Outside, out.Vacant = len(q.Steps)+1, q.Stage.Organs, q.Stage.Out, q.Stage.Vacant
	}
	for i := range q.Steps {
		if d := &q.Steps[i]; len(d.Organs) > 0 { // the others are told by the state
			step := taken{Organs: d.Organs, Accepted: d.Kind == domain.StepAccept, Reason: d.Reason, By: d.ByName, At: d.At}
			if d.Document.Number != "" {
				step.Document = &paper{d.Document.Number, d.Document.On.String()}
			}
			out.Steps = append(out.Steps, step)
		}
	}
	if q.Unread != nil {
		return out, q.Unread
	}
	d := &q.Details
	out.Note, out.Exempt, out.Status, out.Corrects = d.Note, d.Exempt, string(d.Status), string(d.Corrects)
	if d.Transfer != "" {
		out.Transfer = &transferred{string(d.Transfer), q.To.Name}
	}
	if d.Entry != 0 {
		out.Item = q.Subject
	}
	if d.Activity != 0 {
		out.Kind, out.Activity = q.Subject, strconv.FormatInt(int64(d.Activity), 10)
	}
	if d.MadeUpOn != 0 {
		out.MadeUpOn = d.MadeUpOn.String()
	}
	if d.Points != nil {
		chosen := points(*d.Points)
		out.Points = &chosen
	}
	for _, w := range d.Fields {
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		out.Fields[w.Name] = w.Text
	}
	return out, nil
}

// queue lists what the asker may decide, and what others of his scope may.
func (a *API) queue(c *gin.Context) error {
	limit, err := limited(c)
	if err != nil {
		return err
	}
	q, err := a.Members.Queue(c.Request.Context(), a.Actor(c), members.QueueQuery{Limit: limit})
	if err != nil {
		return err
	}
	out := queued{Claims: make([]asked, len(q.Mine)), More: q.More, Others: make([]asked, len(q.Others))}
	for i := range q.Mine {
		if out.Claims[i], err = askedOf(&q.Mine[i].Waiting); err != nil {
			return err
		}
		if worth := q.Mine[i].Worth; worth != nil {
			w := points(*worth)
			out.Claims[i].Worth = &w
		}
	}
	for i := range q.Others {
		if out.Others[i], err = askedOf(&q.Others[i]); err != nil {
			return err
		}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// decisions is the body of POST /claims/decisions.
type decisions struct {
	Decision string     `json:"decision" binding:"oneof=同意 退回"`
	Reason   string     `json:"reason" binding:"runes=500" label:"理由"` // of a 退回; the answer to a correction
	Document *paper     `json:"document"`                              // of a 同意 where an organ outside decides
	Claims   []decision `json:"claims" binding:"dive"`
}

// decision is a claim and the step that it was read at.
type decision struct {
	ID   string `json:"id"`
	Step int    `json:"step"` // 0 is whichever it is at
}

// decided answers POST /claims/decisions: what became of each.
type decided struct {
	Posted   int         `json:"posted"`   // count now
	Passed   int         `json:"passed"`   // wait for the next step
	Returned int         `json:"returned"` // went back
	Refused  []undecided `json:"refused"`  // were not decided
}

type undecided struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

func (a *API) decide(c *gin.Context) error {
	var in decisions
	if err := read(c, &in); err != nil {
		return err
	}
	list := make([]requests.Ruling, len(in.Claims))
	for i, d := range in.Claims {
		id, err := domain.ParseRequestID(d.ID)
		if err != nil || d.Step < 0 {
			return fault.New(fault.NotFound, "没有“%s”这条申报", d.ID).WithHint("编号和步骤照 GET %s/claims 给的写", Prefix)
		}
		list[i] = requests.Ruling{Request: id, Step: d.Step}
	}
	answer := requests.Answer{Accept: in.Decision == "同意", Reason: in.Reason}
	if in.Document != nil {
		answer.Document = domain.Document{Number: in.Document.Number, On: bind.Day(in.Document.On)}
	}
	r, err := a.Ledger.Requests.Decide(c.Request.Context(), a.Actor(c), list, answer, key(c))
	if err != nil {
		return err
	}
	out := decided{r.Posted, r.Passed, r.Ended, make([]undecided, len(r.Refused))}
	for i, u := range r.Refused {
		out.Refused[i] = undecided{u.Request.String(), u.Why}
	}
	kept(c, r.Replay, out)
	return nil
}

// ownClaims are the claims about who asks, the latest first.
type ownClaims struct {
	Claims []asked `json:"claims"`
}

// own lists the claims about who asks.
func (a *API) own(c *gin.Context) error {
	limit, err := limited(c)
	if err != nil {
		return err
	}
	own, err := a.Members.OwnClaims(c.Request.Context(), a.Actor(c), limit)
	if err != nil {
		return err
	}
	out := ownClaims{make([]asked, len(own.Claims))}
	for i := range own.Claims {
		if out.Claims[i], err = askedOf(&own.Claims[i].Waiting); err != nil {
			return err
		}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// claimed is the body of POST /me/claims.
type claimed struct {
	Item   string            `json:"item" binding:"required,runes=100" label:"项目"`
	On     string            `json:"on" binding:"day"`
	Points string            `json:"points" binding:"omitempty,points" label:"分值"`
	Fields map[string]string `json:"fields"`
	Note   string            `json:"note" binding:"runes=500" label:"备注"`

	Follows string `json:"follows"` // the returned claim that it takes up again
}

// claim hands in what a member says that he did himself.
func (a *API) claim(c *gin.Context) error {
	var in claimed
	if err := read(c, &in); err != nil {
		return err
	}
	actor := a.Actor(c)
	d := entries.EntryInput{Member: actor.Member, Item: in.Item, On: bind.Day(in.On), Points: in.Points,
		Fields: in.Fields, Note: in.Note}
	if in.Follows != "" {
		var err error
		if d.Follows, err = domain.ParseRequestID(in.Follows); err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这条申报").WithHint("编号照 GET %s/me/claims 给的写", Prefix)
		}
	}
	e, err := a.Entries.Post(c.Request.Context(), actor, d, key(c))
	if err != nil {
		return err
	}
	kept(c, e.Replay, effectOf(&e))
	return nil
}

// withdrawn says that a claim was taken back.
type withdrawn struct {
	ID        string `json:"id"`
	Withdrawn bool   `json:"withdrawn"`
}

// withdraw takes back what the asker claimed and nobody has finished deciding.
func (a *API) withdraw(c *gin.Context) error {
	id, err := domain.ParseRequestID(c.Param("id"))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这条申报").WithHint("编号照 GET %s/me/claims 给的写", Prefix)
	}
	replay, err := a.Ledger.Requests.Withdraw(c.Request.Context(), a.Actor(c), id, key(c))
	if err != nil {
		return err
	}
	kept(c, replay, withdrawn{c.Param("id"), true})
	return nil
}
