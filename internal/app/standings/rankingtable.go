package standings

import "strconv"

// Heading is a column of a RankingTable; plain numbers in a numeric one are
// numbers.
type Heading struct {
	Name    string
	Numeric bool
}

// RankingTable is a ranking as a committee hands it round.
type RankingTable struct {
	Title    string
	Headings []Heading
	Rows     [][]string
	Footer   []string
}

// Table lays the ranking out.
func (r *Ranking) Table() RankingTable {
	book := r.Book
	out := RankingTable{
		Title: r.Org.Name + "党员积分排名（" + r.Period.Label() + "）",
		Headings: []Heading{
			{"名次", true}, {"编号", false}, {"姓名", false}, {"支部", false}, {"类别", false}, {"总分", true},
		},
		Footer: []string{
			"截至 " + min(r.AsOf, r.Period.Last).String() + "。" + r.Ties(),
			"办法：" + book.Title + "，" + book.From.String() + " 起施行，规则指纹 " + book.Hash[:12] +
				"。导出于 " + r.at.Format("2006-01-02 15:04") + "。",
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
