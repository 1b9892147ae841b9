package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// ownRoutes lists the pages and forms of a member's own points and claims.
func (s *Site) ownRoutes() []route {
	return []route{
		{get, ui.MinePath, access.SeeOwn, s.Mine},
		{get, ui.MinePath + "/records/:record", access.SeeOwn, s.OwnRecord},
		{get, ui.LooksPath, access.SeeOwn, s.Looks},
		{get, ui.OwnClaimsPath, access.Claim, s.OwnClaims},
		{post, ui.OwnClaimsPath, access.Claim, s.Claim},
		{get, ui.NewClaimPath, access.Claim, s.ClaimForm},
		{post, ui.OwnClaimsPath + "/:id/withdraw", access.Claim, s.WithdrawClaim},
		{post, ui.ClaimDraftsPath + "/:id/drop", access.Claim, s.DropDraft},
		{post, ui.OwnExemptionPath, access.Claim, s.AskExemption},
	}
}

// Looks shows a member who looked at his data.
func (s *Site) Looks(c *gin.Context) error {
	looks, err := s.Machine.Looks(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	v := ui.Looks{Frame: s.frame(c, nil)}
	for _, l := range looks {
		v.Rows = append(v.Rows, ui.LookRow{On: l.On, Office: l.Office, Action: l.Action, Times: l.Times})
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// OwnClaims shows what a member has claimed, and what he is writing.
func (s *Site) OwnClaims(c *gin.Context) error { return s.ownClaims(c, &exemptionForm{}, nil) }

func (s *Site) ownClaims(c *gin.Context, typed *exemptionForm, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.OwnClaims{Frame: s.frame(c, nil), Key: s.key(), From: cmp.Or(typed.From, s.today().String()),
		Refusal: ui.Refuse(refused)}
	own, err := s.Members.OwnClaims(c.Request.Context(), actor, shownClaims)
	if err != nil {
		return err
	}
	for i := range own.Drafts {
		k := &own.Drafts[i]
		id, words := strconv.FormatInt(k.ID, 10), "还没有选项目"
		if item := k.Typed["item"]; item != "" {
			words = item + "，" + k.Typed["day"]
		}
		v.Drafts = append(v.Drafts, ui.ClaimDraftRow{
			Words: words, Path: ui.ClaimDraftPath(id), Drop: ui.DropPath(id), At: s.clock(k.At),
		})
	}
	for _, e := range own.Exemptions {
		v.Exemptions = append(v.Exemptions, ui.ExemptionInput{Code: e.Code, Above: e.Above, Does: e.Does})
	}
	for i := range own.Claims {
		q := &own.Claims[i]
		row := s.waitingRow(&q.Waiting)
		switch {
		case q.Withdrawable:
			row.Withdraw = ui.WithdrawPath(q.ID.String())
		case q.Mendable:
			row.Again = ui.AgainPath(q.ID.String())
		}
		if q.Details.Corrects != "" {
			row.Mend = ui.DossierPath
		}
		v.Claims = append(v.Claims, row)
	}
	return s.form(c, v, refused)
}

// exemptionForm is the form of 申请豁免.
type exemptionForm struct {
	Value string `form:"value" binding:"runes=100" label:"豁免"`
	From  string `form:"from" binding:"day"`
	Key   string `form:"key"`
}

// AskExemption hands in what a member asks to be exempted from.
func (s *Site) AskExemption(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	f := members.FactChange{Member: actor.Member, Attribute: domain.Exemption}
	var in exemptionForm
	var done members.Registered
	err := bind.Form(c, &in)
	if err == nil {
		f.Value, f.From = in.Value, bind.Day(in.From)
		done, err = s.Ledger.ChangeFact(ctx, actor, f, in.Key)
	}
	if fault.Correctable(err) {
		return s.ownClaims(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "“"+f.Value+"”交上去了，等"+strings.Join(done.Asked, "、")+"同意")
	return see(c, ui.OwnClaimsPath)
}

// ClaimForm asks a member for what he did: anew, going on with a draft, or taking
// up again what was returned.
func (s *Site) ClaimForm(c *gin.Context) error {
	var in entryForm
	_ = bind.Query(c, &in) // is judged when it is sent
	var q entries.FormQuery
	f, begun, err := s.Entries.ClaimForm(c.Request.Context(), s.Session.Actor(c), in.begunQuery(),
		func(b *entries.Begun) entries.FormQuery {
			in.begin(typedBefore(b))
			q = s.entryQuery(c, &in, access.Claim)
			return q
		})
	if err != nil {
		return err
	}
	v := s.entryView(c, &f, &q, &in)
	if v.Key = s.key(); begun.Returned != nil {
		v.Returned = begun.Returned.Reason
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// begunQuery returns what somebody goes on with: a draft, or a returned claim.
func (f *entryForm) begunQuery() (q entries.BegunQuery) {
	if f.Draft != "" {
		if q.Draft = bind.Whole(f.Draft); q.Draft == 0 {
			q.Draft = -1 // there is no such draft
		}
		return q
	}
	if id, err := domain.ParseRequestID(f.Follows); err == nil {
		q.Returned = id
	}
	return q
}

// typedBefore returns what was typed before: in a draft, or of a returned claim.
func typedBefore(b *entries.Begun) map[string]string {
	r := b.Returned
	if r == nil {
		return b.Draft
	}
	e := &r.Entry
	typed := map[string]string{"item": e.Entry.Item, "day": e.Entry.On.String(), "note": e.Note}
	if e.Entry.Chosen {
		typed["points"] = e.Entry.Points.String()
	}
	for _, w := range r.Words {
		typed[fieldPrefix+w.Name] = w.Text
	}
	return typed
}

// Claim takes a member's own claim in: a draft, a preview, or the claim itself.
func (s *Site) Claim(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in entryForm
	err := bind.Form(c, &in)
	d, draft := in.entry(), bind.Whole(in.Draft) // no draft is 0
	d.Member = actor.Member
	if follows, bad := domain.ParseRequestID(in.Follows); bad == nil {
		d.Follows = follows
	}
	var effect entries.Effect
	switch {
	case in.Do == "draft": // is judged when it is handed in
		if _, err = s.Ledger.Requests.SaveDraft(ctx, actor, draft, in.typed()); err == nil {
			s.Session.Put(ctx, "notice", "草稿存好了，还没有交上去")
			return see(c, ui.OwnClaimsPath)
		}
	case in.Do == "edit":
		return s.mendEntry(c, &in, nil, access.Claim)
	case err != nil:
	case in.Do == "save":
		if effect, err = s.Entries.PostDraft(ctx, actor, d, draft, in.Key); err == nil {
			s.Session.Put(ctx, "notice", claimedWords(d, effect))
			return see(c, ui.OwnClaimsPath)
		}
	default:
		var p entries.Preview
		if p, err = s.Entries.Preview(ctx, actor, d); err == nil {
			return s.preview(c, &in, &p, true)
		}
	}
	if fault.Correctable(err, fault.NotFound) {
		return s.mendEntry(c, &in, err, access.Claim)
	}
	return err
}

func claimedWords(d entries.EntryInput, e entries.Effect) string {
	if e.Replay {
		return "这一笔刚才已经交过，没有重复交"
	}
	return "“" + d.Item + "”交上去了，等" + strings.Join(e.Asked, "、") + "同意"
}

// WithdrawClaim takes one's own claim back.
func (s *Site) WithdrawClaim(c *gin.Context) error { return s.withdraw(c, ui.OwnClaimsPath) }

// DropDraft throws a draft away.
func (s *Site) DropDraft(c *gin.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这份草稿")
	}
	if err := s.Ledger.Requests.DropDraft(c.Request.Context(), s.Session.Actor(c), id); err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "草稿删掉了")
	return see(c, ui.OwnClaimsPath)
}
