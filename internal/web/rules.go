package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruledoc"
	"jifen/internal/web/ui"
)

// Rules shows the regulation in force on a day, or an earlier text by its hash.
func (s *Site) Rules(c *gin.Context) error {
	actor := s.Session.Actor(c)
	on := s.today()
	if text := c.Query("on"); text != "" {
		d, err := day(text)
		if err != nil {
			return err
		}
		on = d
	}
	r, err := s.Enactment.Regulation(c.Request.Context(), actor,
		rules.RegulationQuery{On: on, Text: c.Query("text"), Scheme: c.Query("scheme")})
	if err != nil {
		return err
	}
	v := ui.Rules{On: on.String(), MayEnact: actor.May(access.EnactRules), Document: r.Document}
	for _, b := range r.Schemes {
		v.Others = append(v.Others, ui.Link{Words: b.Title, Path: ui.RulesPath + "?scheme=" + b.Code + "&on=" + on.String(),
			Here: b.Shown})
	}
	v.Frame = s.frame(c, nil)
	s.render(c, http.StatusOK, v)
	return nil
}

// DraftList lists drafts and what was put in force, and takes a draft in.
func (s *Site) DraftList(c *gin.Context) error { return s.draftList(c, nil) }

func (s *Site) draftList(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Drafts{Key: s.key(), From: c.PostForm("from"), Refusal: ui.Refuse(refused)}
	w, err := s.Enactment.Workbench(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	for i := range w.Drafts {
		v.Drafts = append(v.Drafts, s.draftRow(&w.Drafts[i]))
	}
	names := map[domain.OrgID]string{}
	for _, o := range w.Orgs {
		names[o.ID] = o.Name
		v.Orgs = append(v.Orgs, ui.Option{Value: string(o.ID), Words: o.Name, Chosen: string(o.ID) == c.PostForm("org")})
	}
	for i := range w.Enacted {
		v.Enacted = append(v.Enacted, enactedRow(&w.Enacted[i], names))
	}
	v.Frame = s.frame(c, nil)
	return s.form(c, v, refused)
}

// enactedRow puts what was put in force into a row.
func enactedRow(e *domain.RuleVersion, names map[domain.OrgID]string) ui.EnactedRow {
	row := ui.EnactedRow{
		Code: e.Code, Org: names[e.Org], From: e.From.String(), Drafter: e.Drafter, Confirmer: e.Person, Kind: "补充",
		Retroactive: e.Retroactive,
	}
	if !e.Supplement {
		row.Kind, row.Path = "", ui.RulesPath+"?text="+e.Hash
	}
	if e.Beside && !e.Supplement {
		row.Kind = "并行"
	}
	return row
}

func (s *Site) draftRow(d *domain.RuleDraft) ui.DraftRow {
	state := "待确认"
	switch {
	case d.Enacted:
		state = "已启用"
	case d.Withdrawn:
		state = "已撤回"
	}
	return ui.DraftRow{ID: strconv.FormatInt(int64(d.ID), 10), Code: d.Code, Org: d.Org.Name, From: d.From.String(),
		Person: d.Person, At: s.clock(d.At), State: state}
}

// NewDraft takes a draft in.
func (s *Site) NewDraft(c *gin.Context) error {
	p, err := s.proposal(c)
	var id domain.RuleDraftID
	if err == nil {
		id, err = s.Enactment.Propose(c.Request.Context(), s.Session.Actor(c), p)
	}
	if fault.Correctable(err, fault.NotFound) {
		return s.draftList(c, err)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, ui.DraftPath(strconv.FormatInt(int64(id), 10)))
	return nil
}

func (s *Site) proposal(c *gin.Context) (p rules.Proposal, err error) {
	file, header, err := c.Request.FormFile("rules")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		f := fault.New(fault.Invalid, "没有选规则文件")
		f.Fields = map[string]string{"rules": "请选一个 .yaml 文件"}
		return p, f
	}
	if err != nil {
		return p, fault.Wrap(err, fault.Invalid, "文件读不了").WithHint("重新选一次")
	}
	p.Org, p.Name = domain.OrgID(c.PostForm("org")), header.Filename
	p.Beside, p.Retroactive = c.PostForm("beside") == "1", c.PostForm("agree") == "1"
	if p.Source, err = content(file); err != nil {
		return p, err
	}
	if cases, _, err := c.Request.FormFile("cases"); err == nil {
		if p.Cases, err = content(cases); err != nil {
			return p, err
		}
	}
	if text := c.PostForm("from"); text != "" {
		p.From, err = day(text)
	}
	return p, err
}

func content(file multipart.File) ([]byte, error) {
	defer file.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(file, rules.MaxSource+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "文件读不了").WithHint("重新选一次")
	}
	return raw, nil
}

// Draft shows one draft with what a second person looks at.
func (s *Site) Draft(c *gin.Context) error { return s.draft(c, nil) }

func (s *Site) draft(c *gin.Context, refused error) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这份草案")
	}
	r, err := s.Enactment.Review(c.Request.Context(), s.Session.Actor(c), domain.RuleDraftID(id))
	if r == nil {
		return err
	}
	v := ui.Draft{Key: s.key(), ID: c.Param("id"), Row: s.draftRow(&r.Draft), Hash: r.Draft.Hash,
		Reason: c.PostForm("reason"), Refusal: ui.Refuse(refused)}
	v.Waiting = !r.Draft.Enacted && !r.Draft.Withdrawn
	switch {
	// right when it was handed in, and wrong now
	case fault.CodeOf(err) == fault.Invalid || fault.CodeOf(err) == fault.Forbidden:
		v.Trouble = ui.Refuse(err).Message
	case err != nil:
		return err
	default:
		fillDraft(&v, r)
	}
	v.Frame = s.frame(c, nil)
	return s.form(c, v, refused)
}

// movedShown bounds the members of a branch whom the page of a draft names.
const movedShown = 50

func fillDraft(v *ui.Draft, r *rules.Review) {
	v.Name, v.May, v.Warnings, v.Cases = r.Book.Title, r.May, r.Warnings, r.Cases
	if r.Before != nil {
		v.Compared = true
		for _, change := range ruledoc.Diff(r.Before, r.Root) {
			v.Changes = append(v.Changes, change.String())
		}
	}
	v.Text = ruledoc.Typeset(r.Book, r.Root)
	h := &r.Rehearsal
	v.First, v.AsOf, v.Members, v.Moved = h.First, h.AsOf.String(), h.Members, len(h.Moved)
	v.Fits, v.Past, v.Agreed, v.Beside = h.Fits, rules.PastWords(h.Past), r.Draft.Retroactive, r.Draft.Beside
	if len(h.Homeless) > 0 {
		v.Homeless = "有记录的项目在新办法里没有了：" + strings.Join(h.Homeless, "、") + "。改了名的写 原名，不再记的写 停用。"
	}
	if len(h.NoBlock) > 0 {
		v.Homeless += "有记录还在算分的板块，在新办法里没有了：" + strings.Join(h.NoBlock, "、") + "。新办法里要留着。"
	}
	for i := range h.Moved {
		m := &h.Moved[i]
		if n := len(v.Branches); n == 0 || v.Branches[n-1].Name != m.Member.Home.Name {
			v.Branches = append(v.Branches, ui.MovedBranch{Name: m.Member.Home.Name})
		}
		b := &v.Branches[len(v.Branches)-1]
		if len(b.Rows) == movedShown {
			b.More++
			continue
		}
		row := ui.MovedRow{ID: string(m.Member.ID), Name: m.Member.Name, Words: m.Words()}
		for k := range m.Why {
			row.Why = append(row.Why, m.Why[k].Words())
		}
		b.Rows = append(b.Rows, row)
	}
}

// DecideDraft puts a draft in force, or withdraws it.
func (s *Site) DecideDraft(c *gin.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这份草案")
	}
	ctx, actor, words := c.Request.Context(), s.Session.Actor(c), "启用了"
	if c.PostForm("do") == "withdraw" {
		words = "撤回了"
		err = s.Enactment.Withdraw(ctx, actor, domain.RuleDraftID(id), "", c.PostForm("reason"))
	} else {
		err = s.Enactment.Confirm(ctx, actor, domain.RuleDraftID(id), "", c.PostForm("agree") == "1")
	}
	if fault.Correctable(err) {
		return s.draft(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	c.Redirect(http.StatusSeeOther, ui.DraftsPath)
	return nil
}
