package api

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/exports"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
)

// exportChoice is a table that can be given out.
type exportChoice struct {
	Table string `json:"table"`
	Name  string `json:"name"`
	About string `json:"about"`
}

// exportChoices answers with the tables that can be given out.
func (a *API) exportChoices(c *gin.Context) error {
	out := struct {
		Tables []exportChoice `json:"tables"`
	}{}
	for _, k := range exports.Choices() {
		out.Tables = append(out.Tables, exportChoice{string(k.Kind), k.Words, k.About})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// exportQuery declares what is given out.
type exportQuery struct {
	pointsQuery
	AsOf   string       `form:"as_of" binding:"omitempty,day"`
	Org    domain.OrgID `form:"org" binding:"omitempty,org"`
	Format string       `form:"format" binding:"omitempty,oneof=json csv xlsx" hint:"写 json、csv 或 xlsx" label:"格式"`
}

// exported is a table as it is answered.
type exported struct {
	Title   string     `json:"title"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	Notes   []string   `json:"notes"`
}

// export answers with one table, as JSON, CSV or a workbook.
func (a *API) export(c *gin.Context) error {
	var q exportQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	w, err := q.when()
	if err != nil {
		return err
	}
	w.AsOf = bind.Day(q.AsOf)
	t, err := a.Exports.Export(c.Request.Context(), a.Actor(c), exports.Kind(c.Param("table")),
		standings.ListQuery{Org: q.Org, When: w})
	if err != nil {
		return err
	}
	out := exported{Title: t.Title, Columns: make([]string, len(t.Columns)), Rows: t.Rows, Notes: t.Footer}
	columns := make([]spreadsheet.Column, len(t.Columns))
	for i := range t.Columns {
		out.Columns[i], columns[i] = t.Columns[i].Name, spreadsheet.Column(t.Columns[i])
	}
	var body bytes.Buffer
	media := "text/csv; charset=utf-8"
	switch q.Format {
	case "csv":
		err = spreadsheet.WriteCSV(&body, out.Columns, t.Rows)
	case "xlsx":
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		err = spreadsheet.WriteXLSX(&body, t.Title, columns, t.Rows, t.Footer)
	default:
		if out.Rows == nil {
			out.Rows = [][]string{}
		}
		c.JSON(http.StatusOK, out)
		return nil
	}
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(t.Title+"."+q.Format))
	c.Data(http.StatusOK, media, body.Bytes())
	return nil
}
