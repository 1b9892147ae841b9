package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// ranked is a ranking as it was asked for.
type ranked struct {
	*standings.Ranking
	orgs  []domain.Org // that this person may choose from
	query url.Values
}

// rank answers what the address asks: an organisation, a category, a period.
// Places are those of the level of the organisation, among everybody there,
// whatever category is shown.
func (s *Site) rank(c *gin.Context) (*ranked, error) {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	scope := actor.Scope(access.SeeMembers)
	r := &ranked{query: c.Request.URL.Query()}
	if err := s.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		r.orgs, err = v.Orgs(scope, "")
		return err
	}); err != nil {
		return nil, err
	}
	if len(r.orgs) == 0 {
		return nil, fault.New(fault.NotFound, "您的范围里没有组织")
	}
	org := r.orgs[0]
	for _, o := range r.orgs {
		if string(o.ID) == c.Query("org") {
			org = o
		}
	}
	q, err := s.question(c, scope)
	if err != nil {
		return nil, err
	}
	r.Ranking, err = s.Standings.Rank(ctx, q, org, c.Query("category"))
	if err != nil {
		return nil, err
	}
	return r, nil
}

// shownRows is how many rows of a ranking a page shows; nobody reads more, and
// the spreadsheet has them all.
const shownRows = 200

// Ranking shows a ranking.
func (s *Site) Ranking(c *gin.Context) error {
	r, err := s.rank(c)
	if err != nil {
		return err
	}
	actor, book := s.Session.Actor(c), r.Book
	v := ui.Ranking{
		Frame: s.framed(c, book, r.Org.Name, r.Org.Path), Heading: r.Org.Name + "党员排名", Period: r.Period, AsOf: min(r.AsOf, r.Period.Last),
		Ties: r.Ties(), Rules: book.Title + "，规则指纹 " + book.Hash[:12],
		Categories: []ui.Option{{Value: "", Words: "全部", Chosen: c.Query("category") == ""}},
	}
	if v.Periods, err = s.periods(c, r.Period, r.Org.Path); err != nil {
		return err
	}
	if actor.May(access.Export) {
		v.Export = ui.RankingPath + "/export?" + r.query.Encode()
	}
	for _, o := range r.orgs {
		if o.Closed != 0 && o.ID != r.Org.ID {
			continue
		}
		v.Orgs = append(v.Orgs, ui.Option{Value: string(o.ID), Words: strings.Repeat("　", domain.Depth(r.orgs, &o)) + o.Name, Chosen: o.ID == r.Org.ID})
	}
	for i := range book.Categories {
		k := &book.Categories[i]
		v.Categories = append(v.Categories, ui.Option{Value: k.Code, Words: k.Code + " " + k.Name, Chosen: k.Code == c.Query("category")})
	}
	for i := range book.Total() {
		v.Blocks = append(v.Blocks, book.Blocks[i].Name)
	}
	left, n := 0, 0
	for i := range r.Listed {
		row := &r.Listed[i]
		place, ok := row.At(r.Org.Level)
		if !ok {
			left++
			continue
		}
		if n++; n > shownRows {
			continue
		}
		line := ui.RankRow{
			Place: place.Place, Tied: place.Tied, Name: row.Member.Name, Path: ui.MemberPath(row.Member.ID), Branch: row.Member.Home.Name,
			Category: row.Standing.Category, Total: row.Standing.Total, Grade: row.Standing.Grade,
			Benchmark: len(row.Benchmarks) > 0, Own: row.Member.ID == actor.Member,
		}
		if row.Member.Moved {
			line.Path = "" // his page is where he is now
		}
		for _, b := range row.Standing.Blocks {
			line.Blocks = append(line.Blocks, b.Value)
		}
		v.Rows = append(v.Rows, line)
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

// Export writes the ranking as a spreadsheet.
func (s *Site) Export(c *gin.Context) error {
	r, err := s.rank(c)
	if err != nil {
		return err
	}
	table := r.Sheet(s.Now().In(s.Zone))
	columns := make([]spreadsheet.Column, len(table.Headings))
	for i, h := range table.Headings {
		columns[i] = spreadsheet.Column(h)
	}
	var b bytes.Buffer
	if err := spreadsheet.WriteXLSX(&b, table.Title, columns, table.Rows, table.Footer); err != nil {
		return err
	}
	if err := s.DB.Write(c.Request.Context(), func(tx *store.Tx) error {
		return audit.Record(tx, s.Session.Actor(c), audit.Exported, audit.What{Org: r.Org.ID, Detail: r.Period.String() + " " + strconv.Itoa(len(r.Listed)) + " 人"})
	}); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(table.Title+".xlsx"))
	c.Data(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
	return nil
}
