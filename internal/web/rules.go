package web

import (
	"cmp"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruledoc"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// rulesRoutes lists the pages and forms of rule files.
func (s *Site) rulesRoutes() []route {
	return []route{
		{get, ui.RulesPath, access.SignedIn, s.Rules},
		{get, ui.DraftsPath, access.EnactRules, s.DraftList},
		{post, ui.DraftsPath, access.EnactRules, s.NewDraft},
		{get, ui.DraftsPath + "/:id", access.EnactRules, s.Draft},
		{post, ui.DraftsPath + "/:id", access.EnactRules, s.DecideDraft},
	}
}

// Rules shows the regulation in force on a day, or an earlier text by its hash.
func (s *Site) Rules(c *gin.Context) error {
	actor := s.Session.Actor(c)
	var q struct {
		On     string `form:"on" binding:"omitempty,day"`
		Text   string `form:"text" binding:"runes=100" label:"办法的指纹"`
		Scheme string `form:"scheme" binding:"runes=100" label:"办法的编号"`

		Street domain.OrgID `form:"street" binding:"runes=100" label:"街道的编号"`
	}
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	on := cmp.Or(bind.Day(q.On), s.today())
	r, err := s.Enactment.Regulation(c.Request.Context(), actor,
		rules.RegulationQuery{On: on, Text: q.Text, Scheme: q.Scheme, Street: q.Street})
	if err != nil {
		return err
	}
	v := ui.Rules{On: on.String(), MayEnact: actor.May(access.EnactRules), Document: r.Document}
	for _, b := range r.Schemes {
		ask := url.Values{"scheme": {b.Code}, "on": {on.String()}}
		if r.Street != "" {
			ask.Set("street", string(r.Street))
		}
		v.Others = append(v.Others, ui.Link{Words: b.Title, Path: ui.RulesPath + "?" + ask.Encode(), Here: b.Shown})
	}
	v.Streets = streetOptions(r.Streets, r.Street)
	v.Frame = s.frame(c, nil)
	s.render(c, http.StatusOK, v)
	return nil
}

// DraftList lists drafts and what was put in force, and takes a draft in.
func (s *Site) DraftList(c *gin.Context) error { return s.draftList(c, &proposalForm{}, nil) }

// proposalForm declares a draft (草案) that is handed in.
type proposalForm struct {
	Rules  *multipart.FileHeader `form:"rules" binding:"required" label:"规则文件" hint:"请选一个 .yaml 文件"`
	Cases  *multipart.FileHeader `form:"cases"`
	Org    domain.OrgID          `form:"org" binding:"omitempty,org"`
	From   string                `form:"from" binding:"omitempty,day"`
	Beside string                `form:"beside"`
	Agree  string                `form:"agree"`
}

func (s *Site) draftList(c *gin.Context, typed *proposalForm, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Drafts{Key: s.key(), From: typed.From, Refusal: ui.Refuse(refused)}
	w, err := s.Enactment.Workbench(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	for i := range w.Drafts {
		v.Drafts = append(v.Drafts, s.draftRow(&w.Drafts[i]))
	}
	for _, o := range w.Orgs {
		v.Orgs = append(v.Orgs, ui.Option{Value: string(o.ID), Words: o.Name, Chosen: o.ID == typed.Org})
	}
	for i := range w.Enacted {
		v.Enacted = append(v.Enacted, enactedRow(&w.Enacted[i], w.Names))
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
	var in proposalForm
	var p rules.Proposal
	var id domain.RuleDraftID
	err := bind.Form(c, &in)
	if err == nil {
		p, err = in.proposal()
	}
	if err == nil {
		id, err = s.Enactment.Propose(c.Request.Context(), s.Session.Actor(c), p)
	}
	if fault.Correctable(err, fault.NotFound) {
		return s.draftList(c, &in, err)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, ui.DraftPath(strconv.FormatInt(int64(id), 10)))
	return nil
}

// proposal reads the files of the form.
func (f *proposalForm) proposal() (p rules.Proposal, err error) {
	p = rules.Proposal{
		Org: f.Org, Name: f.Rules.Filename, From: bind.Day(f.From), Beside: f.Beside == "1", Retroactive: f.Agree == "1",
	}
	if p.Source, err = content(f.Rules); err == nil && f.Cases != nil {
		p.Cases, err = content(f.Cases)
	}
	return p, err
}

// content reads a file that was sent, and a little more than it may be long.
func content(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "文件读不了").WithHint("重新选一次")
	}
	defer file.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(file, rules.MaxSource+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "文件读不了").WithHint("重新选一次")
	}
	return raw, nil
}

// Draft shows one draft with what a second person looks at.
func (s *Site) Draft(c *gin.Context) error { return s.draft(c, "", nil) }

// draft shows a draft again, with what was typed as the reason of a withdrawal.
func (s *Site) draft(c *gin.Context, reason string, refused error) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这份草案")
	}
	r, err := s.Enactment.Review(c.Request.Context(), s.Session.Actor(c), domain.RuleDraftID(id))
	if r == nil {
		return err
	}
	v := ui.Draft{Key: s.key(), ID: c.Param("id"), Row: s.draftRow(&r.Draft), Hash: r.Draft.Hash,
		Reason: reason, Refusal: ui.Refuse(refused)}
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
	v.Unsettled = r.Unsettled
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
	var in struct {
		Do     string `form:"do" binding:"button=confirm withdraw"`
		Reason string `form:"reason" binding:"runes=500" label:"撤回的理由"`
		Agree  string `form:"agree"`
	}
	ctx, actor, words := c.Request.Context(), s.Session.Actor(c), "启用了"
	err = bind.Form(c, &in)
	switch {
	case err != nil:
	case in.Do == "withdraw":
		words = "撤回了"
		err = s.Enactment.Withdraw(ctx, actor, domain.RuleDraftID(id), "", in.Reason)
	default:
		err = s.Enactment.Confirm(ctx, actor, domain.RuleDraftID(id), "", in.Agree == "1")
	}
	if fault.Correctable(err) {
		return s.draft(c, in.Reason, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	c.Redirect(http.StatusSeeOther, ui.DraftsPath)
	return nil
}
