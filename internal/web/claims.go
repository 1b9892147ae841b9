package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// shownClaims is how many claims a page shows.
const shownClaims = 50

// Claims lists what waits for this person's decision.
func (s *Site) Claims(c *gin.Context) error { return s.claims(c, nil) }

func (s *Site) claims(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Claims{
		Frame: s.frame(c, nil), Key: s.key(), Reason: c.PostForm("reason"), Document: c.PostForm("document"), DocumentOn: c.PostForm("document_on"), Refusal: ui.Refuse(refused),
	}
	chosen := c.PostFormArray("claim")
	err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		mine, others, err := s.Ledger.Requests.Queue(view, actor)
		if err != nil {
			return err
		}
		v.More = max(0, len(mine)-shownClaims)
		mine = mine[:min(len(mine), shownClaims)]
		worth, err := s.Ledger.Worth(view, mine)
		if err != nil {
			return err
		}
		for i := range mine {
			q := s.claim(view, &mine[i])
			q.Chosen, q.Worth = slices.Contains(chosen, q.Value), worth[i]
			v.Documents = v.Documents || mine[i].Stage.Out
			v.Claims = append(v.Claims, q)
		}
		others = slices.DeleteFunc(others, func(q requests.Queued) bool { return q.By == actor.Account }) // they stand below
		for i := range others[:min(len(others), shownClaims)] {
			v.Others = append(v.Others, s.claim(view, &others[i]))
		}
		v.Handed, err = s.handedIn(view, actor)
		return err
	})
	if err != nil {
		return err
	}
	if refused != nil && v.Reason == "" && c.PostForm("decision") != "accept" && len(chosen) > 0 {
		v.Refusal.Fields = map[string]string{"reason": "写清楚为什么退回"}
	}
	return s.form(c, v, refused)
}

// remembered is for how long a page reminds the author of what was returned.
const remembered = 60 * 24 * time.Hour

// handedIn lists what somebody has handed in himself: what waits, which he may take
// back, and what was returned lately, with the reason.
func (s *Site) handedIn(view *store.Snapshot, actor *access.Actor) ([]ui.Claim, error) {
	claims, err := view.HandedIn(actor.Account, view.Now().Add(-remembered), shownClaims)
	if err != nil {
		return nil, err
	}
	queued, err := s.Ledger.Requests.Staged(view, claims)
	if err != nil {
		return nil, err
	}
	scope := actor.Scope(access.Record)
	out := make([]ui.Claim, len(queued))
	for i := range queued {
		q := &queued[i]
		out[i] = s.claim(view, q)
		mayRead := scope.Sees(q.Member.ID, q.Member.Home.Path)
		if !mayRead && q.Member.ID != actor.Member {
			if out[i].Name, err = stranger(view, scope, q.Member.ID, q.Member.Name, out[i].Day); err != nil {
				return nil, err
			}
		}
		if s.Ledger.Requests.Withdrawable(actor, &q.Request) {
			out[i].Retract = ui.RetractHandedPath(q.ID.String())
		}
		if out[i].Path, err = s.requestPath(view, &q.Request, mayRead); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// requestPath is where more of a request is told: of attendance the activity, of
// the rest what whoever may read the member has of it; "" for nowhere.
func (s *Site) requestPath(v *store.Snapshot, q *domain.Request, mayRead bool) (string, error) {
	d, err := s.Ledger.Requests.Details(v, q)
	switch {
	case err != nil:
		return "", err
	case d.Activity != 0:
		return ui.ActivityPath(strconv.FormatInt(int64(d.Activity), 10)), nil
	case !mayRead:
		return "", nil
	case d.Entry != 0:
		return ui.RecordPath(q.Member.ID, domain.SourceID{Entry: d.Entry}.String()), nil
	default:
		return ui.ChangesPath(q.Member.ID), nil
	}
}

// RetractHanded takes back what one has handed in of others.
func (s *Site) RetractHanded(c *gin.Context) error { return s.retract(c, ui.ClaimsPath) }

// retract takes one's own claim back, and leads back to a page.
func (s *Site) retract(c *gin.Context, back string) error {
	id, err := domain.ParseRequestID(c.Param("id"))
	if err != nil {
		return fault.Hide(err, "这条申报")
	}
	if _, err := s.Ledger.Requests.Withdraw(c.Request.Context(), s.Session.Actor(c), id, ""); err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "撤回了")
	return see(c, back)
}

// claim puts a request and where it is into words.
func (s *Site) claim(v *store.Snapshot, q *requests.Queued) ui.Claim {
	w := members.Waiting{Queued: *q}
	var err error
	if w.Details, err = s.Ledger.Requests.Details(v, &q.Request); err != nil {
		w.Details = requests.Details{Label: q.Subject} // at least what it is about
	}
	return s.waitingRow(&w)
}

// waitingRow puts a request and where it is into words.
func (s *Site) waitingRow(q *members.Waiting) ui.Claim {
	out := ui.Claim{
		Value: q.ID.String() + "." + strconv.Itoa(len(q.Steps)+1), Item: q.Subject, Day: q.On,
		Member: q.Member.ID, Name: q.Member.Name, Branch: q.Member.Home.Name, By: q.ByName, At: s.clock(q.At), State: string(q.State),
	}
	d := &q.Details
	out.Item, out.Note, out.Said = d.Label, d.Note, wordsSaid(slices.Concat(d.Fields, d.Remarks))
	if d.Points != nil {
		out.Points = d.Points.Signed() + " 分"
	}
	if q.State == domain.RequestWaits {
		out.Stage = stageWords(&q.Queued)
	}
	for i := range q.Steps {
		d := &q.Steps[i]
		if len(d.Organs) == 0 {
			continue // the state tells it
		}
		words := "已同意"
		if d.Kind == domain.StepReturn {
			words = "退回"
		}
		words = strings.Join(d.Organs, "、") + words + "（" + d.ByName + "，" + s.clock(d.At) + "）"
		if text := d.Document.String(); text != "" {
			words += "：" + text
		}
		if d.Reason != "" {
			words += "：" + d.Reason
		}
		out.Steps = append(out.Steps, words)
	}
	if q.Details.Undone != "" {
		out.Steps = append(out.Steps, "后来撤销："+q.Details.Undone)
	}
	return out
}

// wordsSaid puts what a request or an entry records into words, with units.
func wordsSaid(words []requests.Word) (out []ui.Said) {
	for _, w := range words {
		out = append(out, ui.Said{Name: w.Name, Value: w.Text + w.Unit})
	}
	return out
}

// stageWords says who decides a claim now.
func stageWords(q *requests.Queued) string {
	words := "等" + strings.Join(q.Stage.Organs, "、") + "同意"
	if q.Stage.Out {
		words = "等" + strings.Join(q.Stage.Organs, "、") + "的文件，由" + q.Stage.Level.String() + "记下文号和日期"
	}
	switch n := len(store.PendingOf(&q.Request).Waits) - len(q.Stage.Organs); {
	case q.Stage.Vacant:
		words += "（现在没有能办的人，请告诉系统管理员）"
	case q.Stage.Raised:
		words += "（下面没有别人能定，由" + q.Stage.Level.String() + "来办）"
	case n > 0:
		words += "，然后还有 " + strconv.Itoa(n) + " 步"
	}
	return words
}

// Decide takes decisions in, of one claim or of many.
func (s *Site) Decide(c *gin.Context) error {
	ctx, actor, accept := c.Request.Context(), s.Session.Actor(c), c.PostForm("decision") == "accept"
	var list []requests.Ruling
	for _, value := range c.PostFormArray("claim") {
		dot := max(0, strings.LastIndex(value, "."))
		id, err := domain.ParseRequestID(value[:dot])
		step, bad := strconv.Atoi(strings.TrimPrefix(value[dot:], "."))
		if err != nil || bad != nil || step < 1 {
			return fault.New(fault.NotFound, "没有这条申报")
		}
		list = append(list, requests.Ruling{Request: id, Step: step})
	}
	answer := requests.Answer{Accept: accept, Reason: c.PostForm("reason"), Document: domain.Document{Number: c.PostForm("document")}}
	var done requests.Ruled
	var err error
	if on := c.PostForm("document_on"); on != "" && accept {
		answer.Document.On, err = day(on)
	}
	if err == nil {
		done, err = s.Ledger.Requests.Decide(ctx, actor, list, answer, "")
	}
	if fault.Correctable(err) && actor.May(access.Decide) {
		return s.claims(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", decidedWords(&done))
	return see(c, ui.ClaimsPath)
}

// decidedWords says what became of a decision.
func decidedWords(d *requests.Ruled) string {
	var parts []string
	for _, p := range []struct {
		n     int
		words string
	}{{d.Posted, "条已同意，开始算数"}, {d.Passed, "条已同意，交给下一步"}, {d.Ended, "条已退回"}, {len(d.Refused), "条没有办"}} {
		if p.n > 0 {
			parts = append(parts, strconv.Itoa(p.n)+" "+p.words)
		}
	}
	words := strings.Join(parts, "；")
	var why []string
	for _, r := range d.Refused {
		if !slices.Contains(why, r.Why) {
			why = append(why, r.Why)
		}
	}
	if len(why) > 0 {
		words += "：" + strings.Join(why, "；")
	}
	return words
}
