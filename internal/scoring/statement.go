package scoring

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// StatementVersion is the version of the statement's form.
const StatementVersion = 1

// Statement explains the standing: total → block → entry → what cut it. Its
// leaves add up to the total. A member who is not scored has a statement with
// an empty total.
func (r *Result) Statement() domain.Statement { return r.StatementAt(nil) }

// StatementAt is Account for a member whose places are known: where grades go by
// share, what is lacking depends on them.
func (r *Result) StatementAt(places []domain.Rank) domain.Statement {
	a := domain.Statement{Version: StatementVersion, Standing: r.Standing}
	a.Total, a.Idle = r.Lines()
	if lack, ok := r.Requirements(places); ok {
		a.Requirements = &lack
	}
	a.Headroom = r.Headroom()
	return a
}

// Lines returns the statement without the advice: the total with the lines under
// it, and the entries that counted nothing.
func (r *Result) Lines() (total domain.Line, idle []domain.Line) {
	if r.at.scored {
		total = r.run.blockLine(r.at, r.run.book.Total())
		total.Kind = domain.LineTotal
	}
	for i := range r.run.outcomes {
		if line, is := r.run.idleLine(r.at, &r.run.outcomes[i]); is {
			idle = append(idle, line)
		}
	}
	return total, idle
}

// blockLine builds a block's line from the parts it was settled from.
func (r *run) blockLine(m *valuation, b int) domain.Line {
	if m.run != r { // a part that was settled by another text
		return r.cite(m.run.k, m.run.blockLine(m, b))
	}
	block, p := &r.book.Blocks[b], &m.breakdowns[b]
	if list, rolled := m.rolled[b]; rolled {
		return r.rolledLine(m, b, list)
	}
	line := domain.Line{Kind: domain.LineBlock, Name: block.Name, Value: m.values[b], Clause: block.Clause}
	add := func(l domain.Line) { line.Children = append(line.Children, l) }
	if p.hasStart {
		add(domain.Line{Kind: domain.LineStart, Name: "起点", Value: p.start, Clause: p.startClause,
			Note: joinNotes(r.startNote(m), prorateNote(p, block))})
	}
	for i := range r.outcomes {
		o := &r.outcomes[i]
		if o.countsOn(m.day) && int(o.block) == b && !m.waits(o) {
			add(r.entryLine(m, o))
		}
	}
	for k := range r.book.Blocks {
		if r.book.Blocks[k].Parent == b {
			add(r.blockLine(m, k))
		}
	}
	if p.formula != 0 {
		add(domain.Line{Kind: domain.LineFormula, Name: "按公式折算", Value: p.formula, Clause: p.formulaClause,
			Note: r.book.Clauses[p.formulaClause].Text})
	}
	if p.clamp != 0 {
		l := domain.Line{Kind: domain.LineClamp, Name: "下限", Value: p.clamp, Clause: p.clampClause,
			Note: "不低于 " + p.bound.String()}
		if p.capped {
			l.Name, l.Note = "上限", "最高 "+p.bound.String()+"，多出的不计"
		}
		add(l)
	}
	if p.redLine >= 0 {
		red := &r.book.RedLines[p.redLine]
		add(domain.Line{Kind: domain.LineRedLine, Name: red.Name, Value: p.red, Clause: red.Clause,
			Note: "红线，" + block.Name + "置为 " + m.values[b].String()})
	}
	return line
}

// rolledLine builds the line of a block that is settled by parts: each part
// with its own lines, then what 取 makes of them.
func (r *run) rolledLine(m *valuation, b int, list []*valuation) domain.Line {
	block := &r.book.Blocks[b]
	line := domain.Line{Kind: domain.LineBlock, Name: block.Name, Value: m.values[b], Clause: block.Clause}
	taken := r.includedParts(list, b, m.judged)
	for _, p := range list {
		part := r.blockLine(p, p.root)
		part.Kind, part.Name = domain.LinePart, p.period.Label()
		switch {
		case !slices.Contains(taken, p):
			part.Note = r.exclusionOf(p, b, m.judged).String()
		case p.day < p.period.Last:
			part.Note = "未完"
		}
		line.Children = append(line.Children, part)
	}
	if fold := m.breakdowns[b].rolled; fold != 0 {
		line.Children = append(line.Children, domain.Line{Kind: domain.LineFormula, Name: takeText(block.Parts), Value: fold,
			Clause: block.Clause,
			Note:   fmt.Sprintf("%d 期合成 %s", len(taken), m.values[b])})
	}
	return line
}

func takeText(p *ruleset.Parts) string {
	switch p.Take {
	case ruleset.Sum:
		return "取合计"
	case ruleset.Last:
		return "取末期"
	case ruleset.Best:
		return fmt.Sprintf("取最高 %d 期的平均", p.Best)
	default:
		return "取平均"
	}
}

// countsIn reports whether an entry counts in a valuation, on its day or in one of
// the parts of its block, and whether it would but for a red line under which
// additions wait.
func (r *run) countsIn(m *valuation, o *outcome) (counts, waits bool) {
	where := []*valuation{m}
	if u := r.book.Blocks[o.block].Under; u >= 0 {
		where = m.rolled[u]
	}
	for _, p := range where {
		if o.countsOn(p.day) {
			counts, waits = counts || !p.waits(o), true
		}
	}
	return counts, waits && !counts
}

func (r *run) startNote(m *valuation) string {
	if r.book.Cycle.StartBy == ruleset.ByDays {
		return "按各类别的天数平均"
	}
	if m.start < 0 {
		return ""
	}
	c := &r.book.Categories[m.start]
	if c.Name == c.Code {
		return c.Code + "类"
	}
	return c.Code + "类 " + c.Name
}

// cited returns where a clause of a text stands in what the statement cites.
func (r *run) cited(k, clause int) int { return r.texts.list[r.k].offsets[k] + clause }

// cite moves the clauses of lines that another text tells to where they stand in
// what the statement cites.
func (r *run) cite(k int, l domain.Line) domain.Line {
	j, clause := r.texts.list[k].clauseOwner(k, l.Clause)
	l.Clause = r.cited(j, clause)
	for i := range l.Children {
		l.Children[i] = r.cite(k, l.Children[i])
	}
	return l
}

// entryLine states what an entry gives. It is told by the text that handled it.
func (r *run) entryLine(m *valuation, o *outcome) domain.Line {
	at := r.origin(o)
	l := domain.Line{Kind: domain.LineEntry, Value: o.granted, On: o.day, Wanted: o.wanted,
		Clause: r.cited(at.k, int(o.clause))}
	told := *o
	told.item, told.nth = at.outcomes[o.of].item, at.outcomes[o.of].nth
	l.Name = r.itemOf(o)
	switch o.class {
	case byHand:
		l.Entry = r.record.Entries[o.ref].ID
	case attended:
		l.Activity = r.record.Attendance[o.ref].Activity
	case automatic:
	}
	if o.end != m.period.Last+1 && o.reason != beaten {
		l.Until = o.end
	}
	l.Note = at.note(&told)
	return l
}

// itemOf returns the name of an outcome's item: the last text's, else that of the text
// that handled it.
func (r *run) itemOf(o *outcome) string {
	if o.item >= 0 {
		return r.book.Items[o.item].Name
	}
	at := r.origin(o)
	if item := at.outcomes[o.of].item; item >= 0 {
		return at.book.Items[item].Name
	}
	return ""
}

// note says in words why an entry gives what it gives.
func (r *run) note(o *outcome) string {
	var says []string
	it := &r.book.Items[o.item]
	switch o.class {
	case attended:
		a := &r.record.Attendance[o.ref]
		says = append(says, a.Kind+string(a.Status))
	case automatic:
		says = append(says, "到期自动记")
	case byHand:
		for _, text := range []string{r.fields(o), r.matterText(o)} {
			if text != "" {
				says = append(says, text)
			}
		}
	}
	if on := r.happenedOn(o); on != o.day {
		says = append(says, on.String()+" 的，归上期")
	}
	if o.moved {
		says = append(says, "填的 "+r.record.Entries[o.ref].Points.Signed()+" 超出当日的范围，按范围的边计")
	}
	if it.Amount.Set() && o.quantity > 0 && o.happened {
		says = append(says, "累计 "+domain.Points(o.quantity).String())
		if o.wanted == 0 {
			says = append(says, "还没到下一档")
		}
	}
	if text := r.countersText(o); text != "" {
		says = append(says, text)
	}
	if o.happened && it.Multiplier.Set() && o.factor != 100 {
		says = append(says, "按 "+domain.Points(o.factor).String()+" 倍计")
	}
	if o.nth > 1 || o.nth == 1 && it.Repeat.Factor(1).Cmp(formula.Int(1)) != 0 {
		says = append(says, fmt.Sprintf("第 %d 次，按 %s 倍计", o.nth, it.Repeat.Factor(int(o.nth))))
	}
	if o.reason == cut {
		text := r.book.Clauses[o.clause].Text
		limit := "限额每" + o.unit.String() + " " + text
		if o.unit == calendar.Single || o.unit == calendar.Life {
			limit = "限额" + o.unit.String() + " " + text
		}
		if o.granted == 0 {
			says = append(says, limit+" 已用完，原应 "+o.wanted.Signed())
		} else {
			says = append(says, limit+" 只余 "+o.granted.Signed()+"，原应 "+o.wanted.Signed())
		}
	}
	return strings.Join(says, "；")
}

// fields prints what was recorded with an entry.
func (r *run) fields(o *outcome) string {
	var out []string
	for _, f := range r.record.Entries[o.ref].Fields {
		for i := range r.book.Items[o.item].Fields {
			if a := &r.book.Items[o.item].Fields[i]; a.Name == f.Name {
				if v := fieldText(a, f.Value); v != "" {
					out = append(out, v)
				}
			}
		}
	}
	return strings.Join(out, "，")
}

// matterText returns the subject of an entry, where that decides which counts.
func (r *run) matterText(o *outcome) string {
	if m := r.record.Entries[o.ref].Matter(); m != "" && r.book.Items[o.item].Highest {
		return "事项“" + m + "”"
	}
	return ""
}

func fieldText(a *ruleset.Attribute, v domain.Value) string {
	switch a.Type {
	case ruleset.YesNo:
		if v.Number == 0 {
			return ""
		}
		return a.Name
	case ruleset.Decimal:
		return a.Name + " " + domain.Points(v.Number).String() + a.Unit
	case ruleset.Options:
		return a.Name + " " + v.Text
	default:
		return v.Text
	}
}

// idleLine tells of an entry of the period that counts nothing, and why.
// Entries for the record only are no business of a statement.
func (r *run) idleLine(m *valuation, o *outcome) (line domain.Line, idle bool) {
	if o.day > m.day || (o.day < m.period.First && o.end <= m.period.First) || o.reason == onRecord {
		return line, false
	}
	at := r.origin(o)
	orig := at.outcomes[o.of].item
	if orig < 0 {
		return r.unknownItemLine(at, o), true
	}
	if !at.book.Items[orig].Amount.Set() {
		return line, false
	}
	counts, waits := false, false
	if o.granted != 0 && o.block >= 0 {
		counts, waits = r.countsIn(m, o)
	}
	why := at.idleReason(m.day, o, waits)
	if o.granted != 0 && o.block < 0 {
		why = "现行办法没有板块“" + at.book.Blocks[at.outcomes[o.of].block].Name + "”，原得 " + o.granted.Signed()
	}
	if counts || why == "" && o.granted != 0 {
		return line, false
	}
	line = r.entryLine(m, o)
	line.Value = 0
	if why != "" && line.Note != "" {
		why += "；"
	}
	line.Note = why + line.Note
	return line, true
}

// unknownItemLine tells of an entry whose item the text of its day did not have.
func (r *run) unknownItemLine(at *run, o *outcome) domain.Line {
	e := &r.record.Entries[o.ref]
	note := "现行办法没有此项目"
	switch {
	case !at.segmentAt(o.day).scored:
		note = "这一天不计分：" + at.notScoredReason(o.day)
	case slices.Contains(at.book.Retired, e.Item):
		note = "此项目已停用"
	case at != r:
		note = "当日的办法没有此项目"
	}
	return domain.Line{Kind: domain.LineEntry, Name: e.Item, On: e.On, Entry: e.ID, Note: note, Clause: -1}
}

// idleReason returns the reason why an entry counts nothing as of a day, "" for no reason
// against it.
func (r *run) idleReason(day calendar.Day, o *outcome, waits bool) string {
	switch {
	case o.reason == strayed:
		return "这个项目归上期，" + o.day.String() + " 不在归上期的日子里，或者那时还没有这个项目"
	case o.reason == unscored:
		return "这一天不计分：" + r.notScoredReason(o.day)
	case o.reason == exempted:
		return "豁免：" + r.book.Exemptions[r.segmentAt(o.day).exemption].Code
	case o.reason == notApplicable:
		return "不适用于" + r.categoryText(r.entryCategory(o.day))
	case o.reason == unknown:
		return "缺资料，算不出分值"
	case o.reason == beaten:
		return "同一事项只取最高，已有更高的"
	case o.reason == forfeited:
		return "红线期间的加分作废，原应 " + o.wanted.Signed()
	case waits:
		return "红线在，加分暂停，解除后再计"
	case o.granted != 0 && o.overtaken:
		return "同一事项只取最高，" + o.end.String() + " 起由更高的代替"
	case o.granted != 0 && o.end <= day:
		return "已经到期"
	}
	return ""
}

func (r *run) categoryText(c int) string {
	if c < 0 {
		return "没有类别的人"
	}
	return r.book.Categories[c].Code + "类"
}
