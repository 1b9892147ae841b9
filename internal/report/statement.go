package report

import (
	"fmt"
	"io"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ruledoc"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// lineWidth bounds the terminal cells of a line of an account before
// its clause moves to a line of its own.
const lineWidth = 120

// Statement writes the account of one standing as an indented text: who and what
// came of it, then every line with what it adds, why, and where the rules say
// so, then what did not count and why. It ends with the sum, so that anybody
// can add up by hand. The name may be empty; places may be given, an account has
// none.
func Statement(w io.Writer, book *ruleset.RuleSet, name string, a *domain.Statement, places ...domain.Rank) error {
	var b strings.Builder
	statementHead(&b, book, name, a, places)
	t := &ledger{book: book}
	if a.Standing.Scored {
		t.add(&a.Total, 0)
		b.WriteString("\n")
		t.write(&b)
	}
	if len(a.Idle) > 0 {
		fmt.Fprintf(&b, "\n不计的记录 %d 条：\n", len(a.Idle))
		idle := &ledger{book: book}
		for i := range a.Idle {
			idle.add(&a.Idle[i], 1)
		}
		idle.write(&b)
	}
	statementAlerts(&b, book, &a.Standing)
	statementAdvice(&b, a)
	if a.Standing.Scored {
		b.WriteString("\n" + proof(a) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// statementHead writes who it is and what came of it.
func statementHead(b *strings.Builder, book *ruleset.RuleSet, name string, a *domain.Statement, places []domain.Rank) {
	st := &a.Standing
	who, id := printable(name), printable(string(st.Member))
	switch {
	case who == "":
		who = id
	case id != "" && id != who:
		who += "（" + id + "）"
	}
	fmt.Fprintf(b, "%s  %s，截至 %s\n", who, st.Period.Label(), st.AsOf)
	var facts []string
	if st.Category != "" {
		facts = append(facts, "类别 "+book.CategoryLabel(st.Category))
	}
	if st.Grade != "" {
		grade := "等次 " + st.Grade
		if st.Day < st.Period.Last {
			grade = "暂评" + grade
		}
		if st.Bare != st.Grade {
			grade += "（没有红线时是 " + st.Bare + "）"
		}
		facts = append(facts, grade)
	}
	for _, p := range places {
		text := fmt.Sprintf("%s第 %d 名（共 %d 人）", p.Level, p.Place, p.Of)
		if p.Tied > 1 {
			text = fmt.Sprintf("%s并列第 %d 名（%d 人并列，共 %d 人）", p.Level, p.Place, p.Tied, p.Of)
		}
		facts = append(facts, text)
	}
	if len(facts) > 0 {
		b.WriteString(strings.Join(facts, "，") + "\n")
	}
	if len(st.RedLines) > 0 {
		b.WriteString("红线 " + strings.Join(st.RedLines, "、") + "\n")
	}
	if len(st.Missing) > 0 {
		b.WriteString("缺资料 " + strings.Join(st.Missing, "、") + "，按“不知道”算\n")
	}
	if !st.Scored {
		b.WriteString("没有总分：" + st.Why + "\n")
	}
}

// statementAdvice writes what is lacking for a better grade, and what is still to be
// had under limits that something was had of.
func statementAdvice(b *strings.Builder, a *domain.Statement) {
	if a.Requirements != nil {
		b.WriteString("\n" + ruledoc.Requirements(a.Requirements) + "\n")
	}
	if len(a.Headroom) > 0 {
		b.WriteString("\n限额还剩：\n")
		for i := range a.Headroom {
			b.WriteString("  " + ruledoc.Headroom(&a.Headroom[i]) + "\n")
		}
	}
}

// statementAlerts writes the alerts of the standing that are still open.
func statementAlerts(b *strings.Builder, book *ruleset.RuleSet, st *domain.Standing) {
	open := scoring.OpenAlerts(book, st)
	if len(open) == 0 {
		return
	}
	b.WriteString("\n还要过问的预警（程序只提建议，由负责人决定）：\n")
	for i := range open {
		a := &open[i]
		when := a.WindowLabel()
		if run := a.RunLabel(); run != "" {
			when += "，连续 " + run
		}
		fmt.Fprintf(b, "  %s  %s（%s）：建议%s，由%s在 %s 前办\n", a.Level, a.Name, when, a.Suggest, a.Owner, a.Due)
	}
}

// proof adds up what stands directly under the total. It speaks up if the
// engine ever told two things at once.
func proof(a *domain.Statement) string {
	var b strings.Builder
	b.WriteString("合计：")
	for i := range a.Total.Children {
		c := &a.Total.Children[i]
		switch {
		case i == 0:
			b.WriteString(c.Name + " " + c.Value.String())
		case c.Value < 0:
			b.WriteString(" - " + c.Name + " " + (-c.Value).String())
		default:
			b.WriteString(" + " + c.Name + " " + c.Value.String())
		}
	}
	if len(a.Total.Children) == 0 {
		b.WriteString("0")
	}
	b.WriteString(" = 总分 " + a.Standing.Total.String())
	if !addsUp(&a.Total) || a.Total.Value != a.Standing.Total {
		fmt.Fprintf(&b, "\n逐笔相加是 %s，和总分对不上：这是程序的差错，请不要使用这份结果，并告诉维护程序的人。", a.Total.Leaves())
	}
	return b.String()
}

// addsUp reports whether every line with children is their sum.
func addsUp(l *domain.Line) bool {
	if len(l.Children) == 0 {
		return true
	}
	var sum domain.Points
	for i := range l.Children {
		if !addsUp(&l.Children[i]) {
			return false
		}
		sum += l.Children[i].Value
	}
	return sum == l.Value
}

// ledger collects lines to be set in columns.
type ledger struct {
	book  *ruleset.RuleSet
	lines []ledgerLine
}

type ledgerLine struct{ label, value, note, clause string }

// add takes a line and all below it.
func (t *ledger) add(l *domain.Line, depth int) {
	out := ledgerLine{label: strings.Repeat("  ", depth) + printable(label(l)), note: printable(note(l)),
		clause: clause(t.book, l.Clause)}
	switch l.Kind {
	case domain.LineEntry, domain.LineClamp, domain.LineFormula, domain.LineRedLine:
		out.value = l.Value.Signed()
		if l.Value == 0 {
			out.value = "0"
		}
	case domain.LineTotal, domain.LineBlock, domain.LineStart:
		out.value = l.Value.String()
	}
	t.lines = append(t.lines, out)
	for i := range l.Children {
		t.add(&l.Children[i], depth+1)
	}
}

// label names a line; an entry begins with its day.
func label(l *domain.Line) string {
	if l.On != 0 {
		return l.On.String() + " " + l.Name
	}
	return l.Name
}

// note returns the reason for a line's value.
func note(l *domain.Line) string {
	var out []string
	if l.Note != "" {
		out = append(out, l.Note)
	}
	if l.Until != 0 {
		out = append(out, "有效到 "+(l.Until-1).String())
	}
	if id := l.Entry + l.Activity; id != "" {
		out = append(out, "编号 "+id)
	}
	if (l.Kind == domain.LineBlock || l.Kind == domain.LineTotal) && len(l.Children) == 0 {
		out = append(out, "没有记分的事")
	}
	return strings.Join(out, "；")
}

// clause returns the place in the rules that a line cites.
func clause(book *ruleset.RuleSet, i int) string {
	if i < 0 || i >= len(book.Clauses) {
		return ""
	}
	c := &book.Clauses[i]
	text := fmt.Sprintf("规则第 %d 行 %s", c.Line, c.Path)
	if c.File != "" {
		text = fmt.Sprintf("补充第 %d 行 %s", c.Line, c.Path)
	}
	if c.Basis != "" {
		text = c.Basis + "，" + text
	}
	return "〔" + text + "〕"
}

// write sets the lines in columns: label, value, note and clause.
func (t *ledger) write(b *strings.Builder) {
	values := make([]string, len(t.lines))
	labels, numbers := 0, 0
	for i, l := range t.lines {
		values[i] = l.value
		labels = max(labels, width(l.label))
	}
	alignPoints(values)
	for _, v := range values {
		numbers = max(numbers, width(v))
	}
	indent := strings.Repeat(" ", labels+numbers+2*len(gap))
	for i, l := range t.lines {
		line := pad(l.label, labels) + gap + strings.Repeat(" ", numbers-width(values[i])) + values[i] + gap + l.note
		switch {
		case l.note == "":
			line += l.clause
		case width(line)+1+width(l.clause) <= lineWidth:
			line += " " + l.clause
		default:
			line += "\n" + indent + l.clause
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
