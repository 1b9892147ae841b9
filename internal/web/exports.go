package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/exports"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/web/ui"
)

// exportRoutes lists the page of tables that are given out, and their files.
func (s *Site) exportRoutes() []route {
	return []route{
		{get, ui.ExportsPath, access.Export, s.ExportsPage},
		{get, ui.ExportsPath + "/file", access.Export, s.ExportFile},
		{post, ui.ExportsPath + "/form", access.Export, s.FillForm},
	}
}

// exportQuery declares what is given out.
type exportQuery struct {
	asked
	Org    domain.OrgID `form:"org" binding:"runes=100" label:"组织的编号"`
	Table  exports.Kind `form:"table" binding:"runes=20" label:"哪种表"`
	Format string       `form:"format" binding:"omitempty,oneof=xlsx csv" hint:"写 xlsx 或 csv" label:"格式"`
}

// exported reads what an address asks for.
func (s *Site) exported(c *gin.Context) (q exportQuery, ask standings.ListQuery, err error) {
	if err = bind.Query(c, &q); err != nil {
		return q, ask, err
	}
	w, err := s.whenOf(&q.asked)
	return q, standings.ListQuery{Org: q.Org, When: w}, err
}

// ExportsPage shows which tables can be had, and of what.
func (s *Site) ExportsPage(c *gin.Context) error {
	q, ask, err := s.exported(c)
	if err != nil {
		return err
	}
	return s.exportsPage(c, q, ask, nil)
}

// exportsPage shows the page with why a form was refused.
func (s *Site) exportsPage(c *gin.Context, q exportQuery, ask standings.ListQuery, refused error) error {
	offer, err := s.Exports.Offer(c.Request.Context(), s.Session.Actor(c), ask)
	if err != nil {
		return err
	}
	v := ui.Exports{Frame: s.frame(c, &around{org: offer.Org.Name}), CSV: q.Format == "csv",
		Refusal: ui.Refuse(refused)}
	for i := range offer.Orgs {
		o := &offer.Orgs[i]
		if o.Closed == 0 || o.ID == offer.Org.ID {
			v.Orgs = append(v.Orgs, ui.Option{Value: string(o.ID), Chosen: o.ID == offer.Org.ID,
				Words: strings.Repeat("　", domain.Depth(offer.Orgs, o)) + o.Name})
		}
	}
	for _, b := range offer.Choices.Schemes {
		v.Schemes = append(v.Schemes, ui.Option{Value: b.Code, Words: b.Title, Chosen: b.Code == q.Scheme})
	}
	for _, p := range offer.Choices.Periods {
		v.Periods = append(v.Periods, ui.Option{Value: p.String(), Words: p.Label(), Chosen: p.String() == q.Period})
	}
	for _, k := range exports.Choices() {
		v.Tables = append(v.Tables, ui.ExportTable{Kind: string(k.Kind), Words: k.Words, About: k.About})
	}
	return s.form(c, v, refused)
}

// maxForm bounds a form of somebody else's making, in bytes.
const maxForm = 2 << 20

// formFile declares a form that is to be filled in.
type formFile struct {
	Org    domain.OrgID          `form:"org" binding:"omitempty,org"`
	Period string                `form:"period" binding:"omitempty,period"`
	Form   *multipart.FileHeader `form:"form" binding:"required" label:"表样" hint:"请选一个 .xlsx 文件"`
}

// FillForm answers with a form that somebody above has drawn up, filled in; what is wrong with
// it stands on the page.
func (s *Site) FillForm(c *gin.Context) error {
	var in formFile
	err := bind.Form(c, &in)
	if err == nil && in.Form.Size > maxForm {
		err = fault.New(fault.Invalid, "表样超过 2 MB").WithHint("只留表头和要填的一行")
	}
	var filled exports.Filled
	if err == nil {
		filled, err = s.fill(c, &in)
	}
	if err == nil {
		c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(filled.Name+".xlsx"))
		c.Data(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", filled.File)
		return nil
	}
	if !fault.Correctable(err) {
		return err
	}
	return s.exportsPage(c, exportQuery{Org: in.Org, asked: asked{Period: in.Period}},
		standings.ListQuery{Org: in.Org, When: standings.When{Period: in.Period}}, err)
}

// fill fills in a form that was sent.
func (s *Site) fill(c *gin.Context, in *formFile) (out exports.Filled, err error) {
	file, err := in.Form.Open()
	if err != nil {
		return out, fault.Wrap(err, fault.Invalid, "文件读不了").WithHint("重新选一次")
	}
	defer file.Close() //nolint:errcheck // read only
	return s.Exports.Fill(c.Request.Context(), s.Session.Actor(c), path.Base(in.Form.Filename), file,
		standings.ListQuery{Org: in.Org, When: standings.When{Period: in.Period}})
}

// ExportFile answers with one table as a file.
func (s *Site) ExportFile(c *gin.Context) error {
	q, ask, err := s.exported(c)
	if err != nil {
		return err
	}
	table, err := s.Exports.Export(c.Request.Context(), s.Session.Actor(c), q.Table, ask)
	if err != nil {
		return err
	}
	if q.Format == "csv" {
		header, body := make([]string, len(table.Columns)), bytes.Buffer{}
		for i := range table.Columns {
			header[i] = table.Columns[i].Name
		}
		if err := spreadsheet.WriteCSV(&body, header, table.Rows); err != nil {
			return err
		}
		c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(table.Title+".csv"))
		c.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
		return nil
	}
	columns := make([]spreadsheet.Column, len(table.Columns))
	for i := range columns {
		columns[i] = spreadsheet.Column(table.Columns[i])
	}
	footer := append(table.Footer, "制表人："+s.Session.Actor(c).Name+"　　　　审核（签字）：　　　　　　　　年　　月　　日")
	return writeWorkbook(c, table.Title, columns, table.Rows, footer)
}
