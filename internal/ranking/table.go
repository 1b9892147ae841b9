package ranking

import (
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// Column is one column of a table of members.
type Column struct {
	Name    string
	Numeric bool // its plain numbers are numbers
	Cell    func(*Member) string
}

// Table lays members out: a header row, and the row of each.
func Table(columns []Column, members []Member) (header []string, rows [][]string) {
	for i := range columns {
		header = append(header, columns[i].Name)
	}
	for i := range members {
		row := make([]string, len(columns))
		for k := range columns {
			row[k] = columns[k].Cell(&members[i])
		}
		rows = append(rows, row)
	}
	return header, rows
}

// People returns the columns that say who a member is, with the organisations of
// some levels.
func People(levels ...domain.Level) []Column {
	out := []Column{
		{"编号", false, func(m *Member) string { return string(m.ID) }},
		{"姓名", false, func(m *Member) string { return m.Name }},
	}
	for _, level := range levels {
		out = append(out, Column{level.String(), false, func(m *Member) string { return m.In[level] }})
	}
	return out
}

// Points returns the columns of what a member comes to: category, total, blocks and
// grade. Who is not scored has none of the numbers.
func Points(book *ruleset.RuleSet) []Column {
	out := []Column{
		{"类别", false, func(m *Member) string { return m.Standing.Category }},
		{"总分", true, scored(func(s *domain.Standing) string { return s.Total.String() })},
	}
	for i := range book.Total() {
		out = append(out, Column{book.Blocks[i].Name, true, scored(func(s *domain.Standing) string {
			return s.Blocks[i].Value.String()
		})})
	}
	return append(out, Column{"等次", false, scored(func(s *domain.Standing) string { return s.Grade })})
}

// scored prints something of a standing that has a total.
func scored(cell func(*domain.Standing) string) func(*Member) string {
	return func(m *Member) string {
		if !m.Standing.Scored {
			return ""
		}
		return cell(m.Standing)
	}
}

// Handed returns the columns of a ranking that a committee hands round, with the
// places at one level.
func Handed(book *ruleset.RuleSet, level domain.Level) []Column {
	out := []Column{{"名次", true, func(m *Member) string {
		if place, ok := m.Result.At(level); ok {
			return strconv.Itoa(place.Place)
		}
		return ""
	}}}
	out = append(append(out, People(domain.Branch)...), Points(book)...)
	return append(out, Column{"备注", false, func(m *Member) string {
		place, placed := m.Result.At(level)
		switch {
		case !m.Standing.Scored:
			return m.Standing.Why
		case !placed:
			return "不参加排名"
		case place.Tied > 1:
			return "并列"
		default:
			return ""
		}
	}})
}

// Whole returns the columns of all that is known of a ranking, for programs: places
// at every level, and what makes a row speak for itself.
func Whole(book *ruleset.RuleSet) []Column {
	var out []Column
	for _, level := range book.Ranking.Levels {
		at := func(of func(domain.Rank) string) func(*Member) string {
			return func(m *Member) string {
				if place, placed := m.Result.At(level); placed {
					return of(place)
				}
				return ""
			}
		}
		out = append(out,
			Column{level.String() + "名次", true, at(func(p domain.Rank) string { return strconv.Itoa(p.Place) })},
			Column{level.String() + "人数", true, at(func(p domain.Rank) string { return strconv.Itoa(p.Of) })},
			Column{level.String() + "并列", false, at(func(p domain.Rank) string {
				if p.Tied > 1 {
					return "并列"
				}
				return ""
			})})
	}
	out = append(append(out, People(domain.Branch, domain.Community, domain.Street)...), Points(book)...)
	return append(out,
		Column{"加分次数", true, scored(func(s *domain.Standing) string { return strconv.Itoa(s.Added) })},
		Column{"扣分次数", true, scored(func(s *domain.Standing) string { return strconv.Itoa(s.Deducted) })},
		Column{"标杆", false, func(m *Member) string { return strings.Join(Benchmarks(m.Result), "、") }},
		Column{"红线", false, func(m *Member) string { return strings.Join(m.Standing.RedLines, "、") }},
		Column{"预警", false, func(m *Member) string { return alerts(book, m.Standing) }},
		Column{"缺资料", false, func(m *Member) string { return strings.Join(m.Standing.Missing, "、") }},
		Column{"不计分原因", false, func(m *Member) string { return m.Standing.Why }},
		Column{"考核期", false, func(m *Member) string { return m.Standing.Period.String() }},
		Column{"截至日", false, func(m *Member) string { return m.Standing.AsOf.String() }},
		Column{"办法", false, func(*Member) string { return book.Code }},
		Column{"规则指纹", false, func(*Member) string { return book.Hash[:min(12, len(book.Hash))] }})
}

// Benchmarks returns the names of the benchmarks that a place reaches.
func Benchmarks(r *scoring.RankResult) []string {
	out := make([]string, len(r.Benchmarks))
	for i, b := range r.Benchmarks {
		out[i] = b.Name
	}
	return out
}

// alerts prints the open alerts of a standing into one cell.
func alerts(book *ruleset.RuleSet, s *domain.Standing) string {
	var out []string
	for _, a := range scoring.OpenAlerts(book, s) {
		out = append(out, a.Name+"（"+string(a.Level)+"）")
	}
	return strings.Join(out, "、")
}
