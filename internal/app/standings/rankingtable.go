package standings

import "jifen/internal/ranking"

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
		Footer: []string{
			"截至 " + min(r.AsOf, r.Period.Last).String() + "。" + r.Ties(),
			"办法：" + book.Title + "，" + book.From.String() + " 起施行，规则指纹 " + book.Hash[:12] +
				"。导出于 " + r.at.Format("2006-01-02 15:04") + "。",
		},
	}
	columns := ranking.Handed(book, r.Org.Level)
	for i := range columns {
		out.Headings = append(out.Headings, Heading{columns[i].Name, columns[i].Numeric})
	}
	_, out.Rows = ranking.Table(columns, ranked(r.Listed))
	return out
}
