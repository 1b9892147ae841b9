package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/app/members"
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
		mine, others, err := s.Ledger.Queue(view, actor)
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
		others = slices.DeleteFunc(others, func(q ledger.Queued) bool { return q.By == actor.Account }) // they stand below
		for i := range others[:min(len(others), shownClaims)] {
			v.Others = append(v.Others, s.claim(view, &others[i]))
		}
		v.Handed, err = s.handedIn(view, actor)
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status = http.StatusUnprocessableEntity
		if v.Reason == "" && c.PostForm("decision") != "accept" && len(chosen) > 0 {
			v.Refusal.Fields = map[string]string{"reason": "写清楚为什么退回"}
		}
	}
	s.render(c, status, v)
	return nil
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
	queued, err := s.Ledger.Staged(view, claims)
	if err != nil {
		return nil, err
	}
	scope := actor.Scope(access.Record)
	out := make([]ui.Claim, len(queued))
	for i := range queued {
		q := &queued[i]
		out[i] = s.claim(view, q)
		seen := scope.Sees(q.Member.ID, q.Member.Home.Path) || q.Member.ID == actor.Member
		if !seen {
			if out[i].Name, err = stranger(view, scope, q.Member.ID, q.Member.Name, out[i].Day); err != nil {
				return nil, err
			}
		}
		switch {
		case q.Kind == domain.AttendanceClaim:
			out[i].Path = ui.ActivityPath(strconv.FormatInt(int64(q.Activity.ID), 10))
		case q.State == domain.ClaimWaits:
			out[i].Retract = ui.RetractHandedPath(q.String())
		}
		switch {
		case !scope.Sees(q.Member.ID, q.Member.Home.Path):
		case q.Kind == domain.EntryClaim:
			out[i].Path = ui.RecordPath(q.Member.ID, domain.SourceID{Entry: q.Entry.ID}.String())
		case q.Kind == domain.FactClaim:
			out[i].Path = ui.ChangesPath(q.Member.ID)
		}
	}
	return out, nil
}

// RetractHanded takes back what one has handed in of others.
func (s *Site) RetractHanded(c *gin.Context) error { return s.retract(c, ui.ClaimsPath) }

// retract takes one's own claim back, and leads back to a page.
func (s *Site) retract(c *gin.Context, back string) error {
	id, err := domain.ParseClaimID(c.Param("id"))
	if err != nil {
		return hidden(err, "这条申报")
	}
	if _, err := s.Ledger.Withdraw(c.Request.Context(), s.Session.Actor(c), id, ""); err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "撤回了")
	return see(c, back)
}

// claim puts a claim and where it is into words.
func (s *Site) claim(v *store.Snapshot, q *ledger.Queued) ui.Claim {
	w := members.Waiting{Queued: *q}
	switch q.Kind {
	case domain.FactClaim:
		if book, err := s.Standings.Book(v, q.Member.Home.Path, q.Fact.From); err == nil {
			w.Effect = members.Exempts(book, q.Fact.Value.Text)
		}
	case domain.EntryClaim:
		w.Fields, _ = s.Ledger.Words(v, &q.Member, &q.Entry.Entry) // none where the rules of its day are gone
	}
	return s.waitingRow(&w)
}

// waitingRow puts a claim and where it is into words.
func (s *Site) waitingRow(q *members.Waiting) ui.Claim {
	out := ui.Claim{
		Value:  q.String() + "." + strconv.Itoa(len(q.Steps)+1),
		Member: q.Member.ID, Name: q.Member.Name, Branch: q.Member.Home.Name, By: q.ByName, At: s.clock(q.At), State: string(q.State),
	}
	switch q.Kind {
	case domain.FactClaim:
		out.Item, out.Day, out.Exempt = "豁免：“"+q.Fact.Value.Text+"”，从这天起", q.Fact.From, true
		if q.Effect != "" {
			out.Said = []ui.Said{{Name: "效果", Value: q.Effect}}
		}
	case domain.EntryClaim:
		e := &q.Entry
		out.Item, out.Day, out.Note, out.Said = e.Entry.Item, e.Entry.On, e.Note, wordsSaid(q.Fields)
		if e.Entry.Chosen {
			out.Points = e.Entry.Points.Signed() + " 分"
		}
	default:
		out.Item, out.Day, out.Note = q.Activity.Kind+"："+string(q.Status), q.Activity.On, q.Activity.Title
		if q.MadeUpOn != 0 {
			out.Said = []ui.Said{{Name: "补课在", Value: q.MadeUpOn.String()}}
		}
	}
	if q.State == domain.ClaimWaits {
		out.Stage = stageWords(&q.Queued)
	}
	for i := range q.Steps {
		d := &q.Steps[i]
		words := "已同意"
		if !d.Accepted {
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
	return out
}

// wordsSaid is what an entry records, with units.
func wordsSaid(words []ledger.Word) (out []ui.Said) {
	for _, w := range words {
		out = append(out, ui.Said{Name: w.Name, Value: w.Text + w.Unit})
	}
	return out
}

// stageWords says who decides a claim now.
func stageWords(q *ledger.Queued) string {
	words := "等" + strings.Join(q.Stage.Organs, "、") + "同意"
	if q.Stage.Out {
		words = "等" + strings.Join(q.Stage.Organs, "、") + "的文件，由" + q.Stage.Level.String() + "记下文号和日期"
	}
	switch n := len(store.PendingOf(&q.Claim).Waits) - len(q.Stage.Organs); {
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
	var list []ledger.Ruling
	for _, value := range c.PostFormArray("claim") {
		dot := max(0, strings.LastIndex(value, "."))
		id, err := domain.ParseClaimID(value[:dot])
		step, bad := strconv.Atoi(strings.TrimPrefix(value[dot:], "."))
		if err != nil || bad != nil || step < 1 {
			return fault.New(fault.NotFound, "没有这条申报")
		}
		list = append(list, ledger.Ruling{ClaimID: id, Step: step})
	}
	answer := ledger.Answer{Accept: accept, Reason: c.PostForm("reason"), Document: domain.Document{Number: c.PostForm("document")}}
	var done ledger.Ruled
	var err error
	if on := c.PostForm("document_on"); on != "" && accept {
		answer.Document.On, err = day(on)
	}
	if err == nil {
		done, err = s.Ledger.Decide(ctx, actor, list, answer, "")
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden, fault.TooMany:
		if actor.May(access.Decide) {
			return s.claims(c, err)
		}
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", decidedWords(&done))
	return see(c, ui.ClaimsPath)
}

// decidedWords says what became of a decision.
func decidedWords(d *ledger.Ruled) string {
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
