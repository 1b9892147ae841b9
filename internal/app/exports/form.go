package exports

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

// Filled is a form that somebody above has drawn up, filled in.
type Filled struct {
	Name string // of the file
	File []byte
	Rows int
}

// Fill fills in a form of somebody else's making (.xlsx) with the points of an organisation:
// {姓名}, {总分}, {板块.基础} in the row that is repeated for each member in the order of their
// places, {单位} and the like once. It leaves a line in the trail. fault.Invalid says which
// cell has a name that nobody knows; fault.NotFound outside the actor's scope.
func (s *Service) Fill(
	ctx context.Context, actor *access.Actor, name string, src io.Reader, ask standings.ListQuery,
) (out Filled, err error) {
	err = s.standings.Give(ctx, actor, ask, func(
		v *store.Snapshot, org domain.Org, q standings.Question, p *standings.Population,
	) (string, error) {
		j := &job{p, s.standings, v, q, org}
		values := j.values(actor.Name)
		form, err := spreadsheet.ReadForm(name, src, values)
		if err != nil {
			return "", err
		}
		if err := j.rows(form, values); err != nil {
			return "", err
		}
		var b bytes.Buffer
		if err := form.Fill(&b, values); err != nil {
			return "", err
		}
		out = Filled{File: b.Bytes(), Rows: len(values.Rows), Name: org.Name + strings.TrimSuffix(name, ".xlsx") + "（" +
			p.Period.Label() + "）"}
		return "表样 " + strconv.Itoa(out.Rows) + " 人", nil
	})
	return out, err
}

// values returns what a form may say once, and which names its row may have.
func (j *job) values(who string) *spreadsheet.FormValues {
	last := min(j.AsOf, j.Period.Last)
	v := &spreadsheet.FormValues{
		Once: map[string]string{"单位": j.org.Name, "考核期": j.Period.Label(), "截至": last.String(), "办法": j.Book.Title,
			"制表人": who, "今天": calendar.FromTime(j.v.Now().In(j.s.Zone)).String(), "人数": strconv.Itoa(len(j.Rows))},
		Names: []string{"编号", "姓名", "支部", "社区", "类别", "总分", "等次", "名次", "备注", "加分次数", "扣分次数", "标杆", "红线", "预警"},
	}
	for i := range j.Book.Total() {
		block := j.Book.Blocks[i].Name
		v.Names = append(v.Names, "板块."+block, "加分."+block, "扣分."+block, "事由."+block)
	}
	return v
}

// rows fills in what stands in the row of each member, in the order of their places.
func (j *job) rows(form *spreadsheet.Form, values *spreadsheet.FormValues) error {
	names, err := j.names()
	if err != nil {
		return err
	}
	listed := j.Placed(j.org, names)
	byColumns := append(ranking.Handed(j.Book, j.org.Level), ranking.Whole(j.Book)...)
	index := map[domain.MemberID]map[string]string{}
	for i := range listed {
		m, row := &listed[i], map[string]string{}
		for k := range byColumns {
			if c := &byColumns[k]; row[c.Name] == "" {
				row[c.Name] = c.Cell(m)
			}
		}
		for k := range j.Book.Total() {
			block := j.Book.Blocks[k].Name
			row["板块."+block] = row[block]
		}
		values.Rows = append(values.Rows, row)
		index[m.ID] = row
	}
	if !form.Uses("加分.") && !form.Uses("扣分.") && !form.Uses("事由.") {
		return nil
	}
	list, err := j.s.Histories(j.v, j.q, j.Population)
	if err != nil {
		return err
	}
	for i := range list {
		h := &list[i]
		if !h.Row.Standing.Scored {
			continue
		}
		account := h.Texts.Member(&h.Record, j.Period, j.AsOf).Statement()
		for k := range account.Total.Children {
			tell(index[h.Row.Member.ID], &account.Total.Children[k])
		}
	}
	return nil
}

// tell sums up the entries of a block: what they add, what they take away, and what they were.
func tell(row map[string]string, block *domain.Line) {
	var added, taken domain.Points
	var words []string
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if l.Entry != "" || l.Activity != "" {
			word := l.On.MonthDay() + l.Name + " " + l.Value.String()
			if l.Value > 0 {
				added, word = added+l.Value, l.On.MonthDay()+l.Name+" +"+l.Value.String()
			} else {
				taken += l.Value
			}
			words = append(words, word)
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(block)
	row["加分."+block.Name], row["扣分."+block.Name] = added.String(), taken.String()
	row["事由."+block.Name] = strings.Join(words, "、")
}
