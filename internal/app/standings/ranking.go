package standings

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"jifen/internal/domain"
)

// Ranking is a population in the order of its places at the level of one
// organisation. Places are among everybody there, whatever category is listed.
type Ranking struct {
	*Population
	Org    domain.Org
	Listed []Row // of the category asked for; who has no place stands last
}

// Rank answers which place everybody below an organisation has, as a question
// asks; its Below is the organisation's. category "" lists all.
func (s *Service) Rank(ctx context.Context, q Question, org domain.Org, category string) (*Ranking, error) {
	q.Below = org.Path
	p, err := s.Current(ctx, q)
	if err != nil {
		return nil, err
	}
	p.Place()
	r := &Ranking{Population: p, Org: org}
	type listed struct {
		row    int
		place  int
		placed bool
	}
	var order []listed // sorted by what is small, because rows are not
	for i := range p.Rows {
		if row := &p.Rows[i]; category == "" || row.Standing.Category == category {
			place, placed := row.At(org.Level)
			order = append(order, listed{i, place.Place, placed})
		}
	}
	slices.SortStableFunc(order, func(a, b listed) int { // rows stand by member already
		if a.placed != b.placed {
			return map[bool]int{true: -1, false: 1}[a.placed]
		}
		return cmp.Compare(a.place, b.place)
	})
	r.Listed = make([]Row, len(order))
	for i, l := range order {
		r.Listed[i] = p.Rows[l.row]
	}
	return r, nil
}

// At returns the place at a level; ok is false for who has none there.
func (r *Row) At(level domain.Level) (place domain.Rank, ok bool) {
	for _, p := range r.Places {
		if p.Level == level {
			return p, true
		}
	}
	return domain.Rank{}, false
}

// Ties says how ties are settled.
func (p *Population) Ties() string {
	if len(p.Book.Ranking.TieBreak) == 0 {
		return "总分相同的并列，占同一个名次。"
	}
	names := make([]string, len(p.Book.Ranking.TieBreak))
	for i, b := range p.Book.Ranking.TieBreak {
		names[i] = p.Book.Blocks[b].Name
	}
	return "总分相同的依次比" + strings.Join(names, "、") + "；还相同的并列，占同一个名次。"
}

// Heading is a column of a Sheet; Numeric says that plain numbers in it are
// numbers.
type Heading struct {
	Name    string
	Numeric bool
}

// Sheet is a ranking as a committee hands it round.
type Sheet struct {
	Title    string
	Headings []Heading
	Rows     [][]string
	Footer   []string
}

// Sheet lays the ranking out. at is when, in the organisation's zone.
func (r *Ranking) Sheet(at time.Time) Sheet {
	book := r.Book
	out := Sheet{
		Title:    r.Org.Name + "党员积分排名（" + r.Period.Label() + "）",
		Headings: []Heading{{"名次", true}, {"编号", false}, {"姓名", false}, {"支部", false}, {"类别", false}, {"总分", true}},
		Footer: []string{
			"截至 " + min(r.AsOf, r.Period.Last).String() + "。" + r.Ties(),
			"办法：" + book.Title + "，" + book.From.String() + " 起施行，规则指纹 " + book.Hash[:12] + "。导出于 " + at.Format("2006-01-02 15:04") + "。",
		},
	}
	for i := range book.Total() {
		out.Headings = append(out.Headings, Heading{book.Blocks[i].Name, true})
	}
	out.Headings = append(out.Headings, Heading{"等次", false}, Heading{"备注", false})
	for i := range r.Listed {
		out.Rows = append(out.Rows, r.line(&r.Listed[i]))
	}
	return out
}

func (r *Ranking) line(row *Row) []string {
	st := &row.Standing
	out := []string{"", string(row.Member.ID), row.Member.Name, row.Member.Home.Name, st.Category, ""}
	place, ok := row.At(r.Org.Level)
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
	blocks := make([]string, r.Book.Total())
	if st.Scored {
		out[5] = st.Total.String()
		for i, b := range st.Blocks {
			blocks[i] = b.Value.String()
		}
	}
	return append(append(out, blocks...), st.Grade, remark)
}
