package site

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/sheet"
	"jifen/internal/standings"
	"jifen/internal/store"
	"jifen/internal/ui"
)

// ranked is a ranking as it was asked for.
type ranked struct {
	p     *standings.Population
	orgs  []store.Org // that this person may choose from
	org   store.Org   // the one chosen
	rows  []standings.Row
	query url.Values
}

// rank answers what the address asks: an organisation, a category, a period.
// Places are those of the level of the organisation, among everybody there,
// whatever category is shown.
func (s *Site) rank(c *gin.Context) (*ranked, error) {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	scope := actor.Scope(access.SeeMembers)
	r := &ranked{query: c.Request.URL.Query()}
	if err := s.DB.Read(ctx, func(v *store.View) (err error) {
		r.orgs, err = v.Orgs(scope, "")
		return err
	}); err != nil {
		return nil, err
	}
	if len(r.orgs) == 0 {
		return nil, fault.New(fault.NotFound, "您的范围里没有组织")
	}
	r.org = r.orgs[0]
	for _, o := range r.orgs {
		if string(o.ID) == c.Query("org") {
			r.org = o
		}
	}
	var err error
	r.p, err = s.Standings.Current(ctx, standings.Question{Scope: scope, Below: r.org.Path, Period: c.Query("period"), AsOf: s.today()})
	if err != nil {
		return nil, err
	}
	r.p.Place()
	category := c.Query("category")
	for i := range r.p.Rows {
		if row := r.p.Rows[i]; category == "" || row.Standing.Category == category {
			r.rows = append(r.rows, row)
		}
	}
	slices.SortStableFunc(r.rows, func(a, b standings.Row) int {
		x, xOK := placeAt(a.Places, r.org.Level)
		y, yOK := placeAt(b.Places, r.org.Level)
		switch {
		case xOK && yOK:
			return cmp.Or(cmp.Compare(x.Place, y.Place), cmp.Compare(a.Member.ID, b.Member.ID))
		case xOK != yOK:
			return map[bool]int{true: -1, false: 1}[xOK]
		}
		return cmp.Compare(a.Member.ID, b.Member.ID)
	})
	return r, nil
}

// Ranking shows a ranking.
func (s *Site) Ranking(c *gin.Context) error {
	r, err := s.rank(c)
	if err != nil {
		return err
	}
	actor, book := s.Session.Actor(c), r.p.Book
	v := ui.Ranking{
		Frame: s.frame(c, &around{book.Title, r.org.Name}), Heading: r.org.Name + "党员排名", Period: r.p.Period, AsOf: min(r.p.AsOf, r.p.Period.Last),
		Periods: s.period(c, r.p.Period, book.From), Ties: ties(r.p), Rules: book.Title + "，规则指纹 " + book.Hash[:12],
		Categories: []ui.Option{{Value: "", Words: "全部", Chosen: c.Query("category") == ""}},
	}
	if actor.May(access.Export) {
		v.Export = ui.RankingPath + "/export?" + r.query.Encode()
	}
	for _, o := range r.orgs {
		v.Orgs = append(v.Orgs, ui.Option{Value: string(o.ID), Words: strings.Repeat("　", int(r.orgs[0].Level-o.Level)) + o.Name, Chosen: o.ID == r.org.ID})
	}
	for i := range book.Categories {
		k := &book.Categories[i]
		v.Categories = append(v.Categories, ui.Option{Value: k.Code, Words: k.Code + " " + k.Name, Chosen: k.Code == c.Query("category")})
	}
	for i := range book.Total() {
		v.Blocks = append(v.Blocks, book.Blocks[i].Name)
	}
	left := 0
	for i := range r.rows {
		row := &r.rows[i]
		place, ok := placeAt(row.Places, r.org.Level)
		if !ok {
			left++
			continue
		}
		line := ui.RankRow{
			Place: place.Place, Tied: place.Tied, Name: row.Member.Name, Path: ui.MemberPath(row.Member.ID), Branch: row.Member.Home.Name,
			Category: row.Standing.Category, Total: row.Standing.Total, Grade: row.Standing.Grade,
			Benchmark: len(row.Benchmarks) > 0, Own: row.Member.ID == actor.Member,
		}
		for _, b := range row.Standing.Blocks {
			line.Blocks = append(line.Blocks, b.Value)
		}
		v.Rows = append(v.Rows, line)
	}
	if left > 0 {
		v.Unranked = strconv.Itoa(left) + " 人不参加排名（不计分、免排名或已转出）"
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// ties says how ties are settled.
func ties(p *standings.Population) string {
	if len(p.Book.Ranking.TieBreak) == 0 {
		return "总分相同的并列，占同一个名次。"
	}
	names := make([]string, len(p.Book.Ranking.TieBreak))
	for i, b := range p.Book.Ranking.TieBreak {
		names[i] = p.Book.Blocks[b].Name
	}
	return "总分相同的依次比" + strings.Join(names, "、") + "；还相同的并列，占同一个名次。"
}

// Export writes the ranking as a spreadsheet.
func (s *Site) Export(c *gin.Context) error {
	r, err := s.rank(c)
	if err != nil {
		return err
	}
	actor, book := s.Session.Actor(c), r.p.Book
	columns := []sheet.Column{{Name: "名次", Numeric: true}, {Name: "编号"}, {Name: "姓名"}, {Name: "支部"}, {Name: "类别"}, {Name: "总分", Numeric: true}}
	for i := range book.Total() {
		columns = append(columns, sheet.Column{Name: book.Blocks[i].Name, Numeric: true})
	}
	columns = append(columns, sheet.Column{Name: "等次"}, sheet.Column{Name: "备注"})
	var rows [][]string
	for i := range r.rows {
		rows = append(rows, exportRow(&r.rows[i], r.org.Level))
	}
	title := r.org.Name + "党员积分排名（" + r.p.Period.Label() + "）"
	footer := []string{
		"截至 " + min(r.p.AsOf, r.p.Period.Last).String() + "。" + ties(r.p),
		"办法：" + book.Title + "，" + book.From.String() + " 起施行，规则指纹 " + book.Hash[:12] + "。导出于 " + s.Now().In(s.Zone).Format("2006-01-02 15:04") + "。",
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, title, columns, rows, footer); err != nil {
		return err
	}
	if err := s.DB.Write(c.Request.Context(), func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.Exported, audit.What{Org: r.org.ID, Detail: r.p.Period.String() + " " + strconv.Itoa(len(rows)) + " 人"})
	}); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+".xlsx"))
	c.Data(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
	return nil
}

func exportRow(r *standings.Row, level party.Level) []string {
	st := &r.Standing
	out := []string{"", string(r.Member.ID), r.Member.Name, r.Member.Home.Name, st.Category, ""}
	place, ok := placeAt(r.Places, level)
	if ok {
		out[0] = strconv.Itoa(place.Place)
	}
	remark := ""
	switch {
	case !st.Scored:
		remark = st.Why
	case !ok:
		remark = "不参加排名"
	case place.Tied > 1:
		remark = "并列"
	}
	if st.Scored {
		out[5] = st.Total.String()
		for _, b := range st.Blocks {
			out = append(out, b.Value.String())
		}
	}
	for len(out) < 6+len(st.Blocks) {
		out = append(out, "")
	}
	return append(out, st.Grade, remark)
}
