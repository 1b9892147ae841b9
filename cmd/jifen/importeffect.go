package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jifen/internal/app/members"
	"jifen/internal/app/standings"
)

// absent prints who is under another name, and who is not in the register.
func (w *importWords) absent(b *strings.Builder) {
	var renamed, taken, absent []string
	for _, r := range w.plan.Renamed {
		if r.Taken {
			taken = append(taken, fmt.Sprintf("%s %s（第 %d 行）改为 %s", r.Member.ID, r.Member.Name, r.Row, r.Name))
			continue
		}
		renamed = append(renamed, fmt.Sprintf("%s %s（第 %d 行写作 %s）", r.Member.ID, r.Member.Name, r.Row, r.Name))
	}
	for _, m := range w.plan.Absent {
		if slices.ContainsFunc(w.plan.Leaving, func(l members.RosterLeaving) bool { return l.Member.ID == m.ID }) {
			continue
		}
		absent = append(absent, string(m.ID)+" "+m.Name+"，"+m.Home.Name)
	}
	if len(renamed) > 0 {
		list(b, "身份证号、编号对得上，姓名不一样的（这几行退回；确是改了名的加 --rename 编号）", renamed)
	}
	if len(taken) > 0 {
		list(b, "姓名照名册改的", taken)
	}
	if len(absent) > 0 {
		list(b, "不在这份名册里的（什么也不做；转出的请登记转出）", absent)
	}
	w.decided(b)
	if w.plan.WantReason > 0 {
		fmt.Fprintf(b, "\n有 %d 行的变动过了补录期限：加 --reason 写明为什么晚了\n", w.plan.WantReason)
	}
}

// decided prints what was decided on the lists.
func (w *importWords) decided(b *strings.Builder) {
	var out, leaving []string
	for i := range w.plan.Out {
		s := &w.plan.Out[i]
		out = append(out, fmt.Sprintf("%s（第 %d 行）", s.Person.Name, s.Person.Row))
	}
	for i := range w.plan.Leaving {
		l := &w.plan.Leaving[i]
		words := string(l.Member.ID) + " " + l.Member.Name + "，" + l.Member.Home.Name
		if l.Wrong != "" {
			words += "：登记不了，" + l.Wrong
		}
		for k := range l.Does.Effect {
			words += "；" + consequenceWords(&l.Does.Effect[k])
		}
		leaving = append(leaving, words)
	}
	if len(out) > 0 {
		list(b, "先不写入的", out)
	}
	if len(leaving) > 0 {
		list(b, "登记转出的", leaving)
	}
}

// effect prints what is done to standings.
func (w *importWords) effect(b *strings.Builder) {
	e := &w.plan.Effect
	b.WriteString("\n对积分的影响：\n")
	fmt.Fprintf(b, "  已有党员：总分变的 %d 人，等次变的 %d 人；多出预警 %d 条，消去 %d 条\n", e.Totals, e.Grades, e.Raised, e.Ended)
	for i := range e.Examples {
		b.WriteString("    " + exampleWords(&e.Examples[i]) + "\n")
	}
	if e.More > 0 {
		fmt.Fprintf(b, "    另有 %d 人\n", e.More)
	}
	w.begin(b)
}

// begin prints what the first day of members who are new means.
func (w *importWords) begin(b *strings.Builder) {
	fresh := 0
	for i := range w.plan.Steps {
		if w.plan.Steps[i].New {
			fresh++
		}
	}
	e := &w.plan.Effect
	switch {
	case fresh == 0:
	case w.since >= w.today:
		fmt.Fprintf(b, "  新党员从 %s 起算，以前的事不算\n", w.since)
	case len(e.Arising) == 0:
		fmt.Fprintf(b, "  新党员从 %s 起算，到今天没有自动扣的、加的分\n", w.since)
	default:
		fmt.Fprintf(b, "  新党员从 %s 起算，到今天会自动记：\n", w.since)
		for _, a := range e.Arising {
			fmt.Fprintf(b, "    %s：%d 人，%d 笔，共 %s 分\n", a.Item, a.Members, a.Entries, a.Points.Signed())
		}
		for i := range e.Begin {
			b.WriteString("    例如 " + exampleWords(&e.Begin[i]) + "\n")
		}
		b.WriteString("    不要这样，用 --since 写从哪一天起\n")
	}
}

// exampleWords returns in words what becomes of one member.
func exampleWords(x *members.RosterExample) string {
	var words []string
	for i := range x.Effect {
		words = append(words, consequenceWords(&x.Effect[i]))
	}
	return fmt.Sprintf("%s %s（第 %d 行）：%s", x.Member, x.Name, x.Row, strings.Join(words, "；"))
}

// consequenceWords returns in words what becomes of one period.
func consequenceWords(c *standings.Consequence) string {
	total := func(o *standings.Outcome) string {
		if !o.Scored {
			return "没有总分"
		}
		return o.Total.String() + " 分"
	}
	words := []string{c.Period.Label() + " " + total(&c.Before) + " → " + total(&c.After)}
	if c.Before.Grade != c.After.Grade {
		words = append(words, "等次 "+cmp.Or(c.Before.Grade, "没有")+" → "+cmp.Or(c.After.Grade, "没有"))
	}
	if len(c.Raised) > 0 {
		words = append(words, "多出预警"+strings.Join(c.Raised, "、"))
	}
	if len(c.Ended) > 0 {
		words = append(words, "消去预警"+strings.Join(c.Ended, "、"))
	}
	return strings.Join(words, "，")
}
