package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/exports"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/web/ui"
)

// exportRoutes lists the page of tables that are given out, and their files.
func (s *Site) exportRoutes() []route {
	return []route{
		{get, ui.ExportsPath, access.Export, s.ExportsPage},
		{get, ui.ExportsPath + "/file", access.Export, s.ExportFile},
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
	offer, err := s.Exports.Offer(c.Request.Context(), s.Session.Actor(c), ask)
	if err != nil {
		return err
	}
	v := ui.Exports{Frame: s.frame(c, &around{org: offer.Org.Name}), CSV: q.Format == "csv"}
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
	s.render(c, http.StatusOK, v)
	return nil
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
