package exports

import (
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ranking"
)

// points lays out what everybody comes to.
func (j *job) points() (out Table, err error) {
	names, err := j.names()
	if err != nil {
		return out, err
	}
	columns := ranking.Whole(j.Book)
	for i := range columns {
		out.Columns = append(out.Columns, Column{columns[i].Name, columns[i].Numeric})
	}
	_, out.Rows = ranking.Table(columns, j.Placed(j.org, names))
	return out, nil
}

// statements lays out where everybody's points come from.
func (j *job) statements() (out Table, err error) {
	list, err := j.s.Histories(j.v, j.q, j.Population)
	if err != nil {
		return out, err
	}
	for _, name := range []string{"编号", "姓名", "支部", "层", "名目", "日期", "记录号", "活动号"} {
		out.Columns = append(out.Columns, Column{name, name == "层"})
	}
	out.Columns = append(out.Columns, Column{"本来", true}, Column{"计入", true}, Column{"到哪天为止", false}, Column{"说明", false})
	for i := range list {
		h := &list[i]
		account := h.Texts.Member(&h.Record, j.Period, j.AsOf).Statement()
		m := &h.Row.Member
		who := []string{string(m.ID), m.Name, m.Home.Name}
		if h.Row.Standing.Scored {
			out.Rows = lines(out.Rows, who, &account.Total, 0)
		} else {
			out.Rows = append(out.Rows, append(who[:3:3], "0", "不计分", "", "", "", "", "", "", h.Row.Standing.Why))
		}
		for k := range account.Idle {
			out.Rows = lines(out.Rows, who, &account.Idle[k], 1)
		}
		if len(out.Rows) > maxRows {
			break // told by who asked
		}
	}
	return out, nil
}

// lines adds a line of a statement and those below it.
func lines(rows [][]string, who []string, l *domain.Line, depth int) [][]string {
	wanted, until := "", ""
	if l.Entry != "" || l.Activity != "" {
		wanted = l.Wanted.String()
	}
	if l.Until != 0 {
		until = l.Until.String()
	}
	rows = append(rows, append(who[:3:3], strconv.Itoa(depth), l.Name, l.On.String(), l.Entry, l.Activity, wanted,
		l.Value.String(), until, l.Note))
	for i := range l.Children {
		rows = lines(rows, who, &l.Children[i], depth+1)
	}
	return rows
}

// alerts lays out what is open.
func (j *job) alerts() (out Table, err error) {
	for _, name := range []string{"编号", "姓名", "支部", "预警", "级别", "说的是", "哪天判的", "请谁办", "到哪天", "过期", "建议"} {
		out.Columns = append(out.Columns, Column{Name: name})
	}
	for _, a := range j.Alerts() {
		overdue := ""
		if a.Overdue {
			overdue = "已过期"
		}
		out.Rows = append(out.Rows, []string{string(a.Member.ID), a.Member.Name, a.Member.Home.Name, a.Alert.Name,
			string(a.Alert.Level), a.Alert.WindowLabel(), a.Alert.On.String(), a.Alert.Owner, a.Alert.Due.String(), overdue,
			a.Alert.Suggest})
	}
	return out, nil
}

// requests lays out what had to be agreed to.
func (j *job) requests() (out Table, err error) {
	for _, name := range []string{"申报号", "编号", "姓名", "支部", "种类", "内容", "日期", "状态", "谁报的", "什么时候报的", "经过"} {
		out.Columns = append(out.Columns, Column{Name: name})
	}
	list, err := j.q.View(j.v).RequestsBelow(j.q.Scope, j.q.Below, min(j.AsOf, j.Period.Last))
	if err != nil {
		return out, err
	}
	for i := range list {
		r := &list[i]
		var steps []string
		for k := range r.Steps {
			s := &r.Steps[k]
			words := strings.Join(s.Organs, "、") + s.Kind.String() + "（" + s.ByName + "，" + j.clock(s.At) + "）"
			if s.Reason != "" {
				words += "：" + s.Reason
			}
			steps = append(steps, words)
		}
		out.Rows = append(out.Rows, []string{r.ID.String(), string(r.Member.ID), r.Member.Name, r.Member.Home.Name,
			r.Kind.Words(), r.Subject, r.On.String(), string(r.State), r.ByName, j.clock(r.At), strings.Join(steps, "；")})
	}
	return out, nil
}
