package web

import (
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/web/ui"
)

// shownItems bounds a part of what is held of a member, on the page.
const shownItems = 100

// dossierRoutes lists the pages of all that is held of a member.
func (s *Site) dossierRoutes() []route {
	return []route{
		{get, ui.DossierPath, access.SeeOwn, s.Dossier},
		{get, ui.DossierExportPath, access.SeeOwn, s.DossierExport},
		{post, ui.CorrectionPath, access.Claim, s.AskCorrection},
	}
}

// mendForm declares what a member asks to be corrected.
type mendForm struct {
	About  string `form:"about" binding:"runes=20" label:"哪一段"`
	Wrong  string `form:"wrong" binding:"runes=500" label:"哪里不对"`
	Wanted string `form:"wanted" binding:"runes=500" label:"应当是什么"`
	Key    string `form:"key"`
}

// Dossier shows a member all that is held of him.
func (s *Site) Dossier(c *gin.Context) error { return s.dossier(c, &mendForm{}, nil) }

// AskCorrection takes in what a member asks to be corrected.
func (s *Site) AskCorrection(c *gin.Context) error {
	ctx := c.Request.Context()
	var in mendForm
	var done members.Registered
	err := bind.Form(c, &in)
	if err == nil {
		done, err = s.Ledger.AskCorrection(ctx, s.Session.Actor(c), domain.CorrectionAsked{
			About: domain.DossierPart(in.About), Wrong: in.Wrong, Wanted: in.Wanted}, in.Key)
	}
	if fault.Correctable(err) {
		return s.dossier(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "更正申请交上去了，等"+strings.Join(done.Asked, "、")+"答复")
	return see(c, ui.OwnClaimsPath)
}

func (s *Site) dossier(c *gin.Context, in *mendForm, refused error) error {
	d, err := s.Members.Dossier(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	m := &d.Member
	v := ui.Dossier{Frame: s.frame(c, &around{"", m.Home.Name}), Member: m.ID, Name: m.Name, Branch: m.Home.Name,
		Key: s.key(), Wrong: in.Wrong, Wanted: in.Wanted, Refusal: ui.Refuse(refused)}
	for _, part := range members.Correctable() {
		v.About = append(v.About, ui.Option{Value: string(part), Words: members.DossierTitle(part),
			Chosen: string(part) == in.About})
	}
	for i := range d.Parts {
		p := &d.Parts[i]
		part := ui.DossierPart{Title: p.Title, Words: p.Words, More: max(0, len(p.Items)-shownItems)}
		for k := range p.Items[:len(p.Items)-part.More] {
			part.Rows = append(part.Rows, s.dossierRow(p, &p.Items[k]))
		}
		v.Parts = append(v.Parts, part)
	}
	return s.form(c, v, refused)
}

// dossierRow puts one thing that is held into words.
func (s *Site) dossierRow(p *members.DossierPart, item *domain.DossierItem) ui.DossierRow {
	row := ui.DossierRow{What: item.What, Value: item.Value, On: item.On, State: item.State, By: item.ByName}
	if item.At == "" {
		return row
	}
	row.At = s.clock(item.At)
	if row.By == "" && p.Code != domain.DossierTokens {
		row.By = "程序"
	}
	return row
}

// DossierExport writes all that is held of a member as a spreadsheet.
func (s *Site) DossierExport(c *gin.Context) error {
	d, err := s.Members.ExportDossier(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	var columns []spreadsheet.Column
	for _, h := range []string{"类别", "项目", "内容", "日期", "状态", "谁记的", "什么时候记的"} {
		columns = append(columns, spreadsheet.Column{Name: h})
	}
	var rows [][]string
	footer := []string{"编号 " + string(d.Member.ID) + "，" + d.Member.Home.Name}
	for i := range d.Parts {
		p := &d.Parts[i]
		for k := range p.Items {
			r := s.dossierRow(p, &p.Items[k])
			rows = append(rows, []string{p.Title, r.What, r.Value, r.On, r.State, r.By, r.At})
		}
		if len(p.Items) == 0 {
			footer = append(footer, p.Title+"：没有")
		}
	}
	return writeWorkbook(c, "我的资料", columns, rows, footer)
}
