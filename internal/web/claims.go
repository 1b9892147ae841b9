package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// claimRoutes lists the pages and forms of what waits for a decision.
func (s *Site) claimRoutes() []route {
	return []route{
		{get, ui.ClaimsPath, access.Decide, s.Claims},
		{post, ui.ClaimsPath, access.Decide, s.Decide},
		{post, ui.ClaimsPath + "/:id/withdraw", access.Record, s.WithdrawHanded},
	}
}

// shownClaims bounds the claims of a page.
const shownClaims = 50

// Claims lists what waits for this person's decision.
func (s *Site) Claims(c *gin.Context) error { return s.claims(c, &decisionForm{}, nil) }

// decisionForm declares decisions on claims (申报): each as it stood before who
// decides, its number and the step it was at.
type decisionForm struct {
	Decision string   `form:"decision" binding:"button=accept return"`
	Claims   []string `form:"claim" binding:"dive,runes=40" label:"申报的编号"`
	Reason   string   `form:"reason" binding:"runes=500" label:"退回的理由"`

	Document   string `form:"document" binding:"runes=60" label:"文号"`
	DocumentOn string `form:"document_on" binding:"omitempty,day"`
}

func (s *Site) claims(c *gin.Context, typed *decisionForm, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Claims{
		Frame: s.frame(c, nil), Key: s.key(), Reason: typed.Reason,
		Document: typed.Document, DocumentOn: typed.DocumentOn, Refusal: ui.Refuse(refused),
	}
	queue, err := s.Members.Queue(c.Request.Context(), actor, members.QueueQuery{Limit: shownClaims, Handed: true})
	if err != nil {
		return err
	}
	v.More, v.Roles = queue.More, queue.Roles
	for i := range queue.Mine {
		q := &queue.Mine[i]
		row := s.waitingRow(&q.Waiting)
		row.Chosen, row.Worth = slices.Contains(typed.Claims, row.Value), q.Worth
		v.Documents = v.Documents || q.Stage.Out
		row.Unseen = !actor.Scope(access.SeeMembers).Sees(q.Member.ID, q.Member.Home.Path)
		if q.Details.Corrects != "" {
			v.Corrections, row.Mend = true, mendPath(q.Member.ID, q.Details.Corrects)
		}
		v.Claims = append(v.Claims, row)
	}
	for i := range queue.Others {
		v.Others = append(v.Others, s.waitingRow(&queue.Others[i]))
	}
	for i := range queue.Handed {
		v.Handed = append(v.Handed, s.handedRow(&queue.Handed[i]))
	}
	if refused != nil && v.Reason == "" && typed.Decision == "return" && len(typed.Claims) > 0 {
		v.Refusal.Fields = map[string]string{"reason": "写清楚为什么退回"}
	}
	return s.form(c, v, refused)
}

// handedRow puts what somebody has handed in himself into words, with what he may
// do about it.
func (s *Site) handedRow(q *members.HandedIn) ui.Claim {
	out := s.waitingRow(&q.Waiting)
	out.Name, out.Path = q.Name, requestPath(q)
	if q.Withdrawable {
		out.Withdraw = ui.WithdrawHandedPath(q.ID.String())
	}
	return out
}

// requestPath returns the path of more about a request: of attendance the activity, of
// the rest the record, for who may read the member; "" for nowhere.
func requestPath(q *members.HandedIn) string {
	switch d := &q.Details; {
	case d.Activity != 0:
		return ui.ActivityPath(strconv.FormatInt(int64(d.Activity), 10))
	case !q.Seen:
		return ""
	case d.Entry != 0:
		return ui.RecordPath(q.Member.ID, domain.SourceID{Entry: d.Entry}.String())
	default:
		return ui.ChangesPath(q.Member.ID)
	}
}

// mendPath returns where what a correction is about is mended; "" where that is on no page.
func mendPath(id domain.MemberID, part domain.DossierPart) string {
	switch part {
	case domain.DossierFacts, domain.DossierHomes:
		return ui.ChangesPath(id)
	case domain.DossierEntries, domain.DossierAttendance:
		return ui.MemberPath(id)
	default:
		return ""
	}
}

// WithdrawHanded takes back what one has handed in of others.
func (s *Site) WithdrawHanded(c *gin.Context) error { return s.withdraw(c, ui.ClaimsPath) }

// withdraw takes one's own claim back, and leads back to a page.
func (s *Site) withdraw(c *gin.Context, back string) error {
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

// waitingRow puts a request and where it is into words.
func (s *Site) waitingRow(q *members.Waiting) ui.Claim {
	out := ui.Claim{
		Value: q.ID.String() + "." + strconv.Itoa(len(q.Steps)+1), Item: q.Subject, Day: q.On,
		Member: q.Member.ID, Name: q.Member.Name, Branch: q.Member.Home.Name, By: q.ByName, At: s.clock(q.At),
		State: string(q.State),
	}
	d := &q.Details
	out.Item, out.Note, out.Fields = d.Label, d.Note, fieldTexts(slices.Concat(d.Fields, d.Remarks))
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

// fieldTexts puts what a request or an entry records into words, with units.
func fieldTexts(words []requests.Word) (out []ui.FieldText) {
	for _, w := range words {
		out = append(out, ui.FieldText{Name: w.Name, Value: w.Text + w.Unit})
	}
	return out
}

// stageWords puts into words who decides a claim now.
func stageWords(q *requests.Queued) string {
	words := "等" + strings.Join(q.Stage.Organs, "、") + "同意"
	if q.Stage.Out {
		words = "等" + strings.Join(q.Stage.Organs, "、") + "的文件，由" + q.Stage.Level.String() + "记下文号和日期"
	}
	switch n := q.After(); {
	case q.Stage.Vacant:
		words += "（现在没有能办的人，请告诉安全管理员）"
	case q.Stage.Raised:
		words += "（下面没有别人能定，由" + q.Stage.Level.String() + "来办）"
	case n > 0:
		words += "，然后还有 " + strconv.Itoa(n) + " 步"
	}
	return words
}

// Decide takes decisions in, of one claim or of many.
func (s *Site) Decide(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in decisionForm
	if err := bind.Form(c, &in); err != nil {
		return s.claims(c, &in, err)
	}
	var list []requests.Ruling
	for _, value := range in.Claims {
		dot := max(0, strings.LastIndex(value, "."))
		id, err := domain.ParseRequestID(value[:dot])
		step, bad := strconv.Atoi(strings.TrimPrefix(value[dot:], "."))
		if err != nil || bad != nil || step < 1 {
			return fault.New(fault.NotFound, "没有这条申报")
		}
		list = append(list, requests.Ruling{Request: id, Step: step})
	}
	answer := requests.Answer{
		Accept: in.Decision == "accept", Reason: in.Reason, Document: domain.Document{Number: in.Document},
	}
	if answer.Accept {
		answer.Document.On = bind.Day(in.DocumentOn)
	}
	done, err := s.Ledger.Requests.Decide(ctx, actor, list, answer, "")
	if fault.Correctable(err) && actor.May(access.Decide) {
		return s.claims(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", decidedWords(&done))
	return see(c, ui.ClaimsPath)
}

// decidedWords puts into words what became of a decision.
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
