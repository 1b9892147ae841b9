package api

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// organs are those who agree together, in the words of the rules, lowest first.
type organs []string

// asked is a claim (申报): what somebody says that a member did, and where it is.
type asked struct {
	ID       string            `json:"id"` // entry.31, attendance.7 or fact.12
	State    string            `json:"state"`
	Step     int               `json:"step,omitempty"`    // of one that waits: the step it is at, the first is 1
	Waits    organs            `json:"waits,omitempty"`   // of one that waits: who takes this step
	Outside  bool              `json:"outside,omitempty"` // this step waits for a document from outside
	Vacant   bool              `json:"vacant,omitempty"`  // nobody holds an office that could
	Member   person            `json:"member"`
	Item     string            `json:"item,omitempty"`     // of an entry
	Kind     string            `json:"kind,omitempty"`     // of attendance: the kind of the activity
	Activity string            `json:"activity,omitempty"` // of attendance
	Status   string            `json:"status,omitempty"`   // of attendance
	MadeUpOn string            `json:"made_up_on,omitempty"`
	Exempt   string            `json:"exempt,omitempty"` // of an exemption: its code, from On
	On       string            `json:"on"`
	Points   *points           `json:"points,omitempty"` // as chosen, where the item leaves a range
	Fields   map[string]string `json:"fields,omitempty"`
	Note     string            `json:"note,omitempty"`
	Worth    *points           `json:"worth,omitempty"` // in the queue: what agreeing would do to the total
	By       string            `json:"by"`
	At       string            `json:"at"` // RFC 3339
	Steps    []taken           `json:"steps,omitempty"`
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
	Number string `json:"number"`
	On     string `json:"on"`
}

// queued is what waits in the scope of who asks.
type queued struct {
	Claims []asked `json:"claims"` // for the asker to decide, oldest first
	More   int     `json:"more"`   // how many more wait behind these
	Others []asked `json:"others"` // for others
}

func (a *API) askedOf(v *store.Snapshot, q *ledger.Queued) (asked, error) {
	out := asked{ID: q.String(), State: string(q.State), Member: personOf(&q.Member), By: q.ByName, At: q.At}
	if q.State == domain.ClaimWaits {
		out.Step, out.Waits, out.Outside, out.Vacant = len(q.Steps)+1, q.Stage.Organs, q.Stage.Out, q.Stage.Vacant
	}
	for i := range q.Steps {
		d := &q.Steps[i]
		step := taken{Organs: d.Organs, Accepted: d.Accepted, Reason: d.Reason, By: d.ByName, At: d.At}
		if d.Document.Number != "" {
			step.Document = &paper{d.Document.Number, d.Document.On.String()}
		}
		out.Steps = append(out.Steps, step)
	}
	switch q.Kind {
	case domain.FactClaim:
		out.Exempt, out.On = q.Fact.Value.Text, q.Fact.From.String()
		return out, nil
	case domain.AttendanceClaim:
		out.Kind, out.Activity, out.Status = q.Activity.Kind, strconv.FormatInt(int64(q.Activity.ID), 10), string(q.Status)
		out.On, out.Note = q.Activity.On.String(), q.Activity.Title
		if q.MadeUpOn != 0 {
			out.MadeUpOn = q.MadeUpOn.String()
		}
		return out, nil
	}
	e := &q.Entry
	out.Item, out.On, out.Note = e.Entry.Item, e.Entry.On.String(), e.Note
	if e.Entry.Chosen {
		chosen := points(e.Entry.Points)
		out.Points = &chosen
	}
	words, err := a.Ledger.Words(v, &q.Member, &e.Entry)
	for _, w := range words {
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		out.Fields[w.Name] = w.Text
	}
	return out, err
}

// queue lists what the asker may decide, and what others of his scope may.
func (a *API) queue(c *gin.Context) error {
	limit, err := limited(c)
	if err != nil {
		return err
	}
	var out queued
	err = a.DB.Read(c.Request.Context(), func(v *store.Snapshot) error {
		mine, others, err := a.Ledger.Queue(v, a.Actor(c))
		if err != nil {
			return err
		}
		out.More = max(0, len(mine)-limit)
		mine, others = mine[:min(len(mine), limit)], others[:min(len(others), limit)]
		if out.Claims, err = a.askedAll(v, mine); err != nil {
			return err
		}
		worth, err := a.Ledger.Worth(v, mine)
		for i := range worth {
			if w := points(worth[i]); mine[i].Kind != domain.FactClaim {
				out.Claims[i].Worth = &w
			}
		}
		if err != nil {
			return err
		}
		out.Others, err = a.askedAll(v, others)
		return err
	})
	if err == nil {
		c.JSON(http.StatusOK, out)
	}
	return err
}

func (a *API) askedAll(v *store.Snapshot, list []ledger.Queued) ([]asked, error) {
	out := make([]asked, len(list))
	for i := range list {
		var err error
		if out[i], err = a.askedOf(v, &list[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decisions is what POST /claims/decisions takes.
type decisions struct {
	Decision string     `json:"decision"` // 同意 or 退回
	Reason   string     `json:"reason"`   // of a 退回
	Document *paper     `json:"document"` // of a 同意 where an organ outside decides
	Claims   []decision `json:"claims"`
}

// decision is one claim as it stood before who decides.
type decision struct {
	ID   string `json:"id"`
	Step int    `json:"step"` // 0 is whichever it is at
}

// decided says what became of decisions.
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
	if in.Decision != "同意" && in.Decision != "退回" {
		f := fault.New(fault.Invalid, "decision 写了“%s”", in.Decision).WithHint("写 同意 或 退回")
		f.Fields = map[string]string{"decision": "写 同意 或 退回"}
		return f
	}
	list := make([]ledger.Ruling, len(in.Claims))
	for i, d := range in.Claims {
		id, err := domain.ParseClaimID(d.ID)
		if err != nil || d.Step < 0 {
			return fault.New(fault.NotFound, "没有“%s”这条申报", d.ID).WithHint("编号和步骤照 GET %s/claims 给的写", Prefix)
		}
		list[i] = ledger.Ruling{ClaimID: id, Step: d.Step}
	}
	answer := ledger.Answer{Accept: in.Decision == "同意", Reason: in.Reason}
	if in.Document != nil {
		on, err := day(in.Document.On, "document.on")
		if err != nil {
			return err
		}
		answer.Document = domain.Document{Number: in.Document.Number, On: on}
	}
	r, err := a.Ledger.Decide(c.Request.Context(), a.Actor(c), list, answer, key(c))
	if err != nil {
		return err
	}
	out := decided{r.Posted, r.Passed, r.Ended, make([]undecided, len(r.Refused))}
	for i, u := range r.Refused {
		out.Refused[i] = undecided{u.String(), u.Why}
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
	var out ownClaims
	actor := a.Actor(c)
	err = a.DB.Read(c.Request.Context(), func(v *store.Snapshot) error {
		claims, err := v.ClaimsOf(actor.Scope(access.SeeOwn), actor.Member, limit)
		if err != nil {
			return err
		}
		staged, err := a.Ledger.Staged(v, claims)
		if err != nil {
			return err
		}
		out.Claims, err = a.askedAll(v, staged)
		return err
	})
	if err == nil {
		c.JSON(http.StatusOK, out)
	}
	return err
}

// claimed is what POST /me/claims takes.
type claimed struct {
	Item    string            `json:"item"`
	On      string            `json:"on"`
	Points  string            `json:"points"`
	Fields  map[string]string `json:"fields"`
	Note    string            `json:"note"`
	Follows string            `json:"follows"` // the returned claim that it takes up again
}

// claim hands in what a member says that he did himself.
func (a *API) claim(c *gin.Context) error {
	var in claimed
	if err := read(c, &in); err != nil {
		return err
	}
	on, err := day(in.On, "on")
	if err != nil {
		return err
	}
	actor := a.Actor(c)
	d := ledger.EntryInput{Member: actor.Member, Item: in.Item, On: on, Points: in.Points, Fields: in.Fields, Note: in.Note}
	if in.Follows != "" {
		if d.Follows, err = entryOf(in.Follows); err != nil {
			return err
		}
	}
	e, err := a.Ledger.Post(c.Request.Context(), actor, d, key(c))
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
	id, err := domain.ParseClaimID(c.Param("id"))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这条申报").WithHint("编号照 GET %s/me/claims 给的写", Prefix)
	}
	replay, err := a.Ledger.Withdraw(c.Request.Context(), a.Actor(c), id, key(c))
	if err != nil {
		return err
	}
	kept(c, replay, withdrawn{c.Param("id"), true})
	return nil
}

// entryOf reads the id of a claimed entry.
func entryOf(text string) (domain.EntryID, error) {
	id, err := domain.ParseClaimID(text)
	if err != nil || id.Kind != domain.EntryClaim {
		return 0, fault.New(fault.NotFound, "没有这条申报").WithHint("编号照 GET %s/me/claims 给的写", Prefix)
	}
	return domain.EntryID(id.Row), nil
}
