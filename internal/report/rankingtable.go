package report

import "jifen/internal/ranking"

// RankingTable returns a ranking as a table for a spreadsheet: a header row and one
// row per member in the order of Table. Every row says for itself by which
// text, for what period and as of which day it was computed, because rows are
// copied out of their sheet.
func RankingTable(r *Ranking) (header []string, rows [][]string) {
	var list []ranking.Member
	for _, s := range r.sections() {
		list = append(list, members(s.rows)...)
	}
	return ranking.Table(ranking.Whole(r.Book), list)
}
