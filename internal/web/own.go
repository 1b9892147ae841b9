package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/ledger"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// OwnClaims shows what a member has claimed, and what he is writing.
func (s *Site) OwnClaims(c *gin.Context) error { return s.ownClaims(c, nil) }

func (s *Site) ownClaims(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.OwnClaims{Frame: s.frame(c, nil), Key: s.key(), From: cmp.Or(c.PostForm("from"), s.today().String()), Refusal: ui.Refuse(refused)}
	err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		drafts, err := s.Ledger.Requests.Drafts(view, actor)
		if err != nil {
			return err
		}
		for i := range drafts {
			k := &drafts[i]
			id, words := strconv.FormatInt(k.ID, 10), "还没有选项目"
			if item := k.Typed["item"]; item != "" {
				words = item + "，" + k.Typed["day"]
			}
			v.Drafts = append(v.Drafts, ui.ClaimDraftRow{Words: words, Path: ui.ClaimDraftPath(id), Drop: ui.DropPath(id), At: s.clock(k.At)})
		}
		claims, err := view.RequestsOf(actor.Scope(access.SeeOwn), actor.Member, shownClaims)
		if err != nil {
			return fault.Hide(err, "您的申报")
		}
		if v.Exemptions, err = s.askable(view, actor); err != nil {
			return err
		}
		queued, err := s.Ledger.Requests.Staged(view, claims)
		for i := range queued {
			q := &queued[i]
			row := s.claim(view, q)
			switch {
			case s.Ledger.Requests.Withdrawable(actor, &q.Request):
				row.Retract = ui.RetractPath(q.ID.String())
			case s.Ledger.Requests.Mendable(actor, &q.Request):
				row.Again = ui.AgainPath(q.ID.String())
			}
			v.Claims = append(v.Claims, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.form(c, v, refused)
}

// askable are the exemptions that a member may ask for himself.
func (s *Site) askable(v *store.Snapshot, actor *access.Actor) ([]ui.ExemptionInput, error) {
	m, err := v.Member(actor.Scope(access.SeeOwn), actor.Member)
	if err != nil {
		return nil, fault.Hide(err, "您的党员信息")
	}
	book, err := s.Standings.Book(v, m.Home.Path, s.today())
	if m.Left != 0 || fault.CodeOf(err) == fault.NotFound { // no rules yet: there is nothing to be exempt from
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []ui.ExemptionInput
	for i := range book.Exemptions {
		e := &book.Exemptions[i]
		out = append(out, ui.ExemptionInput{Code: e.Code, Above: domain.NamesOf(actor.Chain(m.ID, m.Home.Path, nil, e.Approve)), Does: ledger.Exempts(book, e.Code)})
	}
	return out, nil
}

// exemptionForm is what somebody sends who asks to be exempted.
type exemptionForm struct {
	Value string `form:"value" binding:"runes=100" label:"豁免"`
	From  string `form:"from" binding:"day"`
	Key   string `form:"key"`
}

// AskExemption hands in what a member asks to be exempted from.
func (s *Site) AskExemption(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	f := ledger.FactChange{Member: actor.Member, Attribute: "豁免"}
	var in exemptionForm
	var done ledger.Registered
	err := bind.Form(c, &in)
	if err == nil {
		f.Value = in.Value
		f.From, err = calendar.Parse(in.From)
	}
	if err == nil {
		done, err = s.Ledger.ChangeFact(ctx, actor, f, in.Key)
	}
	if fault.Correctable(err) {
		return s.ownClaims(c, err)
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
	typed, returned, err := s.begun(c)
	if err != nil {
		return err
	}
	v, err := s.entry(c, func(name string) string {
		if text := c.Query(name); text != "" {
			return text
		}
		return typed[name]
	}, access.Claim)
	if err != nil {
		return err
	}
	v.Key, v.Returned = s.key(), returned
	s.render(c, http.StatusOK, v)
	return nil
}

// begun is what was typed before: of a draft, or of a returned claim with the
// reason why it came back.
func (s *Site) begun(c *gin.Context) (typed map[string]string, returned string, err error) {
	actor := s.Session.Actor(c)
	err = s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		if id := c.Query("sketch"); id != "" {
			drafts, err := s.Ledger.Requests.Drafts(view, actor)
			for i := range drafts {
				if strconv.FormatInt(drafts[i].ID, 10) == id {
					typed = drafts[i].Typed
				}
			}
			if err == nil && typed == nil {
				err = fault.New(fault.NotFound, "没有这份草稿").WithHint("可能已经提交或删掉")
			}
			return err
		}
		id, err := domain.ParseRequestID(c.Query("follows"))
		if err != nil {
			return nil //nolint:nilerr // neither: a fresh form
		}
		q, err := view.Request(actor.Scope(access.SeeOwn), id)
		if err != nil {
			return fault.Hide(err, "这条申报")
		}
		e, err := view.EntryOf(id)
		if err != nil {
			return fault.Hide(err, "这条申报")
		}
		typed, err = s.typedOf(view, &q.Member, &e)
		if n := len(q.Steps); n > 0 {
			returned = q.Steps[n-1].Reason
		}
		return err
	})
	return typed, returned, err
}

// typedOf is an entry as its author typed it.
func (s *Site) typedOf(v *store.Snapshot, m *domain.Member, e *domain.RecordedEntry) (map[string]string, error) {
	typed := map[string]string{"item": e.Entry.Item, "day": e.Entry.On.String(), "note": e.Note}
	if e.Entry.Chosen {
		typed["points"] = e.Entry.Points.String()
	}
	words, err := s.Entries.Words(v, m, &e.Entry)
	for _, w := range words {
		typed[fieldPrefix+w.Name] = w.Text
	}
	return typed, err
}

// Claim takes a member's own claim in: a draft, a preview, or the claim itself.
func (s *Site) Claim(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	d, err := deedOf(c)
	d.Member = actor.Member
	draft, _ := strconv.ParseInt(c.PostForm("sketch"), 10, 64) // none is 0
	if follows, bad := domain.ParseRequestID(c.PostForm("follows")); bad == nil {
		d.Follows = follows
	}
	var effect entries.Effect
	switch what := c.PostForm("do"); {
	case what == "sketch":
		if _, err = s.Ledger.Requests.SaveDraft(ctx, actor, draft, typedIn(c)); err == nil {
			s.Session.Put(ctx, "notice", "草稿存好了，还没有交上去")
			return see(c, ui.OwnClaimsPath)
		}
	case err != nil:
	case what == "edit":
		return s.mendEntry(c, nil, access.Claim)
	case what == "save":
		if effect, err = s.Entries.PostDraft(ctx, actor, d, draft, c.PostForm("key")); err == nil {
			s.Session.Put(ctx, "notice", claimedWords(d, effect))
			return see(c, ui.OwnClaimsPath)
		}
	default:
		var p entries.Preview
		if p, err = s.Entries.Preview(ctx, actor, d); err == nil {
			return s.preview(c, d, &p, true)
		}
	}
	if fault.Correctable(err, fault.NotFound) {
		return s.mendEntry(c, err, access.Claim)
	}
	return err
}

func claimedWords(d entries.EntryInput, e entries.Effect) string {
	if e.Replay {
		return "这一笔刚才已经交过，没有重复交"
	}
	return "“" + d.Item + "”交上去了，等" + strings.Join(e.Asked, "、") + "同意"
}

// typedIn is what a form says, by the names of its inputs, but for what is about
// the form itself.
func typedIn(c *gin.Context) map[string]string {
	typed := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Request.PostForm)) {
		switch name {
		case "do", "key", "sketch", "branch":
		default:
			if text := strings.TrimSpace(c.PostForm(name)); text != "" {
				typed[name] = text
			}
		}
	}
	return typed
}

// Retract takes one's own claim back.
func (s *Site) Retract(c *gin.Context) error { return s.retract(c, ui.OwnClaimsPath) }

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
