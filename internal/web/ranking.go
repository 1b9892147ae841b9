package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/web/ui"
)

// rankingRoutes lists the pages and forms of rankings.
func (s *Site) rankingRoutes() []route {
	return []route{
		{get, ui.RankingPath, access.SeeMembers, s.Ranking},
		{get, ui.RankingPath + "/export", access.Export, s.Export},
	}
}

// rankingQuery declares what a ranking is asked for: an organisation, a category, a
// period.
type rankingQuery struct {
	asked
	Org      domain.OrgID `form:"org" binding:"runes=100" label:"组织的编号"`
	Category string       `form:"category" binding:"runes=100" label:"类别"`
}

// listQuery reads what the address of a ranking asks for.
func (s *Site) listQuery(c *gin.Context) (standings.ListQuery, error) {
	var q rankingQuery
	if err := bind.Query(c, &q); err != nil {
		return standings.ListQuery{}, err
	}
	w, err := s.whenOf(&q.asked)
	return standings.ListQuery{Org: q.Org, Category: q.Category, First: true, When: w}, err
}

// shownRows bounds the rows of a ranking on a page; nobody reads more, and
// the spreadsheet has them all.
const shownRows = 200

// Ranking shows a ranking.
func (s *Site) Ranking(c *gin.Context) error {
	ask, err := s.listQuery(c)
	if err != nil {
		return err
	}
	r, err := s.Standings.Ranking(c.Request.Context(), s.Session.Actor(c), ask)
	if err != nil {
		return err
	}
	actor, book := s.Session.Actor(c), r.Book
	v := ui.Ranking{
		Frame: s.framedBy(c, book, r.Org.Name, r.Choices), Heading: r.Org.Name + "党员排名", Period: r.Period,
		Periods: periodOptions(r.Choices, r.Period), AsOf: min(r.AsOf, r.Period.Last),
		Ties: r.Ties(), Rules: book.Title + "，规则指纹 " + book.Hash[:12],
		Posted:     s.posted(),
		Categories: []ui.Option{{Value: "", Words: "全部", Chosen: ask.Category == ""}},
	}
	if actor.May(access.Export) {
		v.Export = ui.RankingPath + "/export?" + carried(c).Encode()
	}
	for _, o := range r.Orgs {
		if o.Closed != 0 && o.ID != r.Org.ID {
			continue
		}
		words := strings.Repeat("　", domain.Depth(r.Orgs, &o)) + o.Name
		v.Orgs = append(v.Orgs, ui.Option{Value: string(o.ID), Words: words, Chosen: o.ID == r.Org.ID})
	}
	for i := range book.Categories {
		k := &book.Categories[i]
		v.Categories = append(v.Categories, ui.Option{Value: k.Code, Words: k.Label(), Chosen: k.Code == ask.Category})
	}
	for i := range book.Total() {
		v.Blocks = append(v.Blocks, book.Blocks[i].Name)
	}
	left, n := 0, 0
	for _, row := range r.Listed {
		place, ok := row.At(r.Org.Level)
		if !ok {
			left++
			continue
		}
		if n++; n > shownRows {
			continue
		}
		v.Rows = append(v.Rows, rankRow(actor, row, place))
	}
	if left > 0 {
		v.Unranked = strconv.Itoa(left) + " 人不参加排名（不计分、免排名或已转出）。"
	}
	if n > shownRows {
		v.Unranked += "这里只列前 " + strconv.Itoa(shownRows) + " 名，共 " + strconv.Itoa(n) + " 名；看全部请选社区、支部，或导出表格。"
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// rankRow returns one line of a ranking.
func rankRow(actor *access.Actor, row *standings.Row, place domain.Rank) ui.RankRow {
	line := ui.RankRow{
		Place: place.Place, Tied: place.Tied, Name: row.Member.Name, Path: ui.MemberPath(row.Member.ID),
		Branch: row.Member.Home.Name, Category: row.Standing.Category, Total: row.Standing.Total, Grade: row.Standing.Grade,
		Benchmark: len(row.Benchmarks) > 0, Own: actor.IsMember(row.Member.ID),
	}
	if row.Member.Moved {
		line.Path = "" // his page is where he is now
	}
	for _, b := range row.Standing.Blocks {
		line.Blocks = append(line.Blocks, b.Value)
	}
	return line
}

// Export writes the ranking as a spreadsheet.
func (s *Site) Export(c *gin.Context) error {
	ask, err := s.listQuery(c)
	if err != nil {
		return err
	}
	_, table, err := s.Standings.Export(c.Request.Context(), s.Session.Actor(c), ask)
	if err != nil {
		return err
	}
	columns := make([]spreadsheet.Column, len(table.Headings))
	for i, h := range table.Headings {
		columns[i] = spreadsheet.Column(h)
	}
	return writeWorkbook(c, table.Title, columns, table.Rows, table.Footer)
}

// writeWorkbook answers with a spreadsheet that has the title as its name.
func writeWorkbook(
	c *gin.Context, title string, columns []spreadsheet.Column, rows [][]string, footer []string,
) error {
	var b bytes.Buffer
	if err := spreadsheet.WriteXLSX(&b, title, columns, rows, footer); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+".xlsx"))
	c.Data(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
	return nil
}
