package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/ruleset"
)

// Table writes a ranking for a terminal: one list of places for each
// organisation it speaks of, below it who is not scored and why and what is not
// known of whom, at the end what it all rests on.
func Table(w io.Writer, r *Ranking) error {
	var b strings.Builder
	for i, s := range r.sections() {
		if i > 0 {
			b.WriteString("\n")
		}
		r.list(&b, &s)
		r.unscored(&b, &s)
		r.missing(&b, &s)
	}
	r.footer(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// list writes the members of a section who have a total.
func (r *Ranking) list(b *strings.Builder, s *section) {
	heading := string(s.org)
	if heading == "" {
		heading = "全部党员"
		if s.placed {
			heading = "没有写明" + s.level.String() + "的党员"
		}
	}
	what := "名次"
	if !r.placing() {
		what = "积分"
	}
	fmt.Fprintf(b, "%s %s%s\n", printable(heading), r.Period.Label(), what)
	if of := r.populations(s); of != "" {
		b.WriteString("参加排名：" + of + "\n")
	}
	list := members(s.rows)
	list = slices.DeleteFunc(list, func(m ranking.Member) bool { return !m.Standing.Scored })
	columns := r.columns(s)
	_, rows := ranking.Table(columns, list)
	g := gridOf(columns, rows)
	if len(g.rows) == 0 {
		b.WriteString("没有计分的党员。\n")
		return
	}
	b.WriteString("\n")
	g.write(b, "")
}

// populations counts those ranked at the levels at which the whole
// section stands in one list.
func (r *Ranking) populations(s *section) string {
	var out []string
	for _, level := range r.Book.Ranking.Levels {
		if of := s.common[level]; of > 0 {
			out = append(out, fmt.Sprintf("%s %d 人", level, of))
		}
	}
	return strings.Join(out, "，")
}

// columns are those of the table of a section.
func (r *Ranking) columns(s *section) []ranking.Column {
	out := []ranking.Column{{Name: "名次", Cell: func(m *ranking.Member) string { return mainPlace(s, m) }}}
	who := ranking.People(domain.Branch)
	if s.level == domain.Branch && s.placed {
		who = ranking.People()
	}
	out = append(append(out, who...), ranking.Points(r.Book)...)
	for _, level := range r.otherLevels(s) {
		out = append(out, ranking.Column{Name: level.String() + "名次", Cell: func(m *ranking.Member) string {
			return placeOf(m, level, s.common[level] == 0)
		}})
	}
	return append(out,
		ranking.Column{Name: "标杆", Cell: func(m *ranking.Member) string {
			return strings.Join(ranking.Benchmarks(m.Result), "、")
		}},
		ranking.Column{Name: "红线", Cell: func(m *ranking.Member) string {
			return strings.Join(m.Standing.RedLines, "、")
		}})
}

// gridOf sets columns and rows for a terminal: numbers stand under each other, and
// the total is there whatever is in it.
func gridOf(columns []ranking.Column, rows [][]string) grid {
	g := grid{rows: rows}
	for i := range columns {
		c := column{title: columns[i].Name, must: columns[i].Name == "总分"}
		switch {
		case columns[i].Numeric:
			c.align = atPoint
		case strings.HasSuffix(c.title, "名次"):
			c.align = right
		}
		g.columns = append(g.columns, c)
	}
	return g
}

// otherLevels are the levels of 排名 besides that which orders the section.
func (r *Ranking) otherLevels(s *section) []domain.Level {
	return slices.DeleteFunc(slices.Clone(r.Book.Ranking.Levels),
		func(l domain.Level) bool { return s.placed && l == s.level })
}

// mainPlace prints the place by which a section is ordered.
func mainPlace(s *section, m *ranking.Member) string {
	_, placed := m.Result.At(s.level)
	switch {
	case !s.placed:
		return ""
	case !placed:
		return "不排"
	default:
		return placeOf(m, s.level, false)
	}
}

// placeOf prints a place: 12, or 12/210 where the reader cannot know among how
// many.
func placeOf(m *ranking.Member, level domain.Level, of bool) string {
	p, placed := m.Result.At(level)
	if !placed {
		return ""
	}
	text := strconv.Itoa(p.Place)
	if of {
		text += "/" + strconv.Itoa(p.Of)
	}
	if p.Tied > 1 {
		return "并列 " + text
	}
	return text
}

// unscored lists who has no total, and why.
func (r *Ranking) unscored(b *strings.Builder, s *section) {
	g := grid{columns: []column{{title: "编号"}, {title: "姓名"}, {title: "支部"}, {title: "类别"}, {title: "原因"}}}
	for i := range s.rows {
		row := &s.rows[i]
		if row.standing().Scored {
			continue
		}
		branch := ""
		if s.level != domain.Branch || !s.placed {
			branch = string(row.Member.Home[domain.Branch])
		}
		g.rows = append(g.rows, []string{string(row.Member.ID), row.Member.Name, branch, row.standing().Category,
			row.standing().Why})
	}
	if len(g.rows) > 0 {
		fmt.Fprintf(b, "\n不计分 %d 人：\n", len(g.rows))
		g.write(b, "")
	}
}

// missing lists what nobody recorded and a condition asked for.
func (r *Ranking) missing(b *strings.Builder, s *section) {
	g := grid{columns: []column{{title: "编号"}, {title: "姓名"}, {title: "缺"}}}
	for i := range s.rows {
		if m := s.rows[i].standing().Missing; len(m) > 0 {
			g.rows = append(g.rows, []string{string(s.rows[i].Member.ID), s.rows[i].Member.Name, strings.Join(m, "、")})
		}
	}
	if len(g.rows) > 0 {
		fmt.Fprintf(b, "\n缺资料 %d 人，按“不知道”算；补上以后结果可能改变：\n", len(g.rows))
		g.write(b, "")
	}
}

// footer prints who was counted, by which text, and what settles ties.
func (r *Ranking) footer(b *strings.Builder) {
	scored, ranked := 0, 0
	codes := map[string]bool{}
	for i := range r.Rows {
		st := r.Rows[i].standing()
		if st.Scored {
			scored++
			codes[st.Category] = true
		}
		if st.Ranked {
			ranked++
		}
	}
	b.WriteString("\n")
	fmt.Fprintf(b, "考核期 %s，截至 %s：共 %d 人", r.Period.Label(), r.AsOf, len(r.Rows))
	if r.placing() {
		fmt.Fprintf(b, "，参加排名 %d 人", ranked)
	}
	if r.placing() && scored > ranked {
		fmt.Fprintf(b, "，计分不排名 %d 人", scored-ranked)
	}
	if len(r.Rows) > scored {
		fmt.Fprintf(b, "，不计分 %d 人", len(r.Rows)-scored)
	}
	b.WriteString("。")
	if r.day() < r.Period.Last {
		b.WriteString("考核期未完，分数和等次都是暂评。")
	}
	b.WriteString("\n")
	if legend := legend(r.Book, codes); legend != "" {
		b.WriteString("类别：" + legend + "\n")
	}
	if r.placing() {
		b.WriteString("名次：总分高的在前；" + ranking.Ties(r.Book) + "\n")
	}
	fmt.Fprintf(b, "办法：%s，编号 %s，%s 起施行，规则指纹 %.12s\n", r.Book.Title, r.Book.Code, r.Book.From, r.Book.Hash)
}

// placing reports whether the scheme gives places at all.
func (r *Ranking) placing() bool { return len(r.Book.Ranking.Levels) > 0 }

// legend explains the category codes that occur.
func legend(book *ruleset.RuleSet, codes map[string]bool) string {
	var out []string
	for i := range book.Categories {
		if c := &book.Categories[i]; codes[c.Code] && c.Name != c.Code {
			out = append(out, c.Label())
		}
	}
	return strings.Join(out, "，")
}
