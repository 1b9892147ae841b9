package report

import (
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/scoring"
)

// Sheet returns a ranking as a table for a spreadsheet: a header row and one
// row per member in the order of Table. Every row says for itself by which
// text, for what period and as of which day it was computed, because rows are
// copied out of their sheet.
func Sheet(r *Ranking) (header []string, rows [][]string) {
	for _, level := range r.Book.Ranking.Levels {
		header = append(header, level.String()+"名次", level.String()+"人数", level.String()+"并列")
	}
	header = append(header, "编号", "姓名", "支部", "社区", "街道", "类别", "总分")
	for i := range r.Book.Total() {
		header = append(header, r.Book.Blocks[i].Name)
	}
	header = append(header, "等次", "加分次数", "扣分次数", "标杆", "红线", "预警", "缺资料", "不计分原因", "考核期", "截至日", "办法", "规则指纹")
	for _, s := range r.sections() {
		for i := range s.rows {
			rows = append(rows, r.sheetRow(&s.rows[i]))
		}
	}
	return header, rows
}

func (r *Ranking) sheetRow(row *Row) []string {
	var out []string
	m, st := row.Member, row.standing()
	for _, level := range r.Book.Ranking.Levels {
		p, placed := row.place(level)
		if !placed {
			out = append(out, "", "", "")
			continue
		}
		tied := ""
		if p.Tied > 1 {
			tied = "并列"
		}
		out = append(out, strconv.Itoa(p.Place), strconv.Itoa(p.Of), tied)
	}
	out = append(out, string(m.ID), m.Name,
		string(m.Home[domain.Branch]), string(m.Home[domain.Community]), string(m.Home[domain.Street]), st.Category)
	if st.Scored {
		out = append(out, st.Total.String())
		for _, v := range st.Blocks {
			out = append(out, v.Value.String())
		}
		out = append(out, st.Grade, strconv.Itoa(st.Added), strconv.Itoa(st.Deducted))
	} else {
		out = append(out, make([]string, 1+r.Book.Total()+3)...)
	}
	return append(out, strings.Join(row.benchmarks(), "、"), strings.Join(st.RedLines, "、"), r.openNames(st),
		strings.Join(st.Missing, "、"), st.Why, r.Period.String(), r.AsOf.String(), r.Book.Code,
		r.Book.Hash[:min(12, len(r.Book.Hash))])
}

// openNames prints the open alerts of a standing into one cell.
func (r *Ranking) openNames(st *domain.Standing) string {
	var out []string
	for _, a := range scoring.OpenAlerts(r.Book, st) {
		out = append(out, a.Name+"（"+string(a.Level)+"）")
	}
	return strings.Join(out, "、")
}
