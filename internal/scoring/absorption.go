package scoring

import (
	"fmt"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Absorbed returns in Chinese what happened between an entry and the total: what other
// entries lost or got by it, which cap took the rest of an addition, which floor filled up a deduction, and what
// 取, a formula or a red line made of it. It compares the result with that of the
// same member without the entry, and returns "" where nothing stood between.
func (r *Result) Absorbed(before *Result) string {
	if !r.at.scored || !before.at.scored || r.run.book != before.run.book {
		return ""
	}
	out := r.run.absorbed(before.at, r.at)
	if text := r.run.changedText(before.run); text != "" {
		out = append([]string{text}, out...)
	}
	return strings.Join(out, "；")
}

// source identifies what an outcome came from, in whatever run of the same member.
type source struct {
	class class
	item  string
	day   calendar.Day
	from  string // the entry or the activity
}

// sourceOf returns what an outcome came from.
func (r *run) sourceOf(o *outcome) source {
	s := source{class: o.class, day: o.day, item: r.itemOf(o)}
	switch o.class {
	case byHand:
		s.from = r.record.Entries[o.ref].ID
	case attended:
		s.from = r.record.Attendance[o.ref].Activity
	case automatic:
	}
	return s
}

// changedText says in Chinese which other entries count otherwise than before, because
// a limit that they share was left more or less, or because one took the place of another;
// "" where none does.
func (r *run) changedText(before *run) string {
	gave := make(map[source]domain.Points, len(before.outcomes))
	for i := range before.outcomes {
		o := &before.outcomes[i]
		gave[before.sourceOf(o)] = o.countedOn(before.day)
	}
	var first source
	var from, to, sum domain.Points
	n := 0
	for i := range r.outcomes {
		o := &r.outcomes[i]
		s := r.sourceOf(o)
		was, both := gave[s]
		now := o.countedOn(r.day)
		if !both || was == now {
			continue
		}
		if n++; n == 1 {
			first, from, to = s, was, now
		}
		sum += now - was
	}
	switch n {
	case 0:
		return ""
	case 1:
		return "“" + first.item + "”（" + first.day.String() + "）跟着由 " + from.Signed() + " 变为 " + to.Signed()
	default:
		return fmt.Sprintf("“%s”（%s）等 %d 笔跟着变了，合起来 %s", first.item, first.day, n, sum.Signed())
	}
}

// absorbed compares two valuations of one day, the blocks below first.
func (r *run) absorbed(was, now *valuation) (out []string) {
	if was.run.book != now.run.book || was.breakdowns == nil || now.breakdowns == nil {
		return nil
	}
	part := r.partRoot(now)
	switch {
	case now.waitSince != 0 && now.waitSince != was.waitSince:
		out = append(out, "红线起作用，"+now.waitSince.String()+" 起的加分暂停")
	case now.waitSince == 0 && was.waitSince != 0:
		out = append(out, "红线解除，暂停的加分再计")
	}
	for _, b := range now.run.book.Settle {
		block := &now.run.book.Blocks[b]
		if block.Under != part && (part >= 0 || block.Under != b) {
			continue
		}
		p, q := &was.breakdowns[b], &now.breakdowns[b]
		if block.Under == b && part < 0 { // settled by parts: the running one comes first
			if i, j := len(was.rolled[b])-1, len(now.rolled[b])-1; i >= 0 && i == j {
				out = append(out, now.run.absorbed(was.rolled[b][i], now.rolled[b][j])...)
			}
			if d := now.values[b] - was.values[b]; q.rolled != p.rolled {
				out = append(out, "“"+block.Name+"”分期"+takeText(block.Parts)+"，合起来 "+d.Signed())
			}
			continue
		}
		if d := q.formula - p.formula; d != 0 {
			out = append(out, "“"+block.Name+"”按公式折算，相差 "+d.Signed())
		}
		if d := q.clamp - p.clamp; d != 0 {
			out = append(out, clampText(block.Name, p, q, d))
		}
		switch {
		case q.redLine >= 0 && (q.redLine != p.redLine || q.red != p.red):
			out = append(out, "红线“"+now.run.book.RedLines[q.redLine].Name+"”把“"+block.Name+"”定为 "+now.values[b].String())
		case q.redLine < 0 && p.redLine >= 0:
			out = append(out, "红线“"+was.run.book.RedLines[p.redLine].Name+"”不再把“"+block.Name+"”定为 "+was.values[b].String())
		}
	}
	return out
}

// clampText describes the effect of a cap or a floor on the difference d.
func clampText(block string, was, now *breakdown, d domain.Points) string {
	switch {
	case d < 0 && now.clamp < 0:
		return "“" + block + "”上限 " + now.bound.String() + " 分，多出的 " + (-d).String() + " 分不计"
	case d > 0 && now.clamp > 0:
		return "“" + block + "”下限 " + now.bound.String() + " 分，再低的 " + d.String() + " 分不扣"
	case d > 0:
		return "“" + block + "”原来超出上限 " + was.bound.String() + " 分，先从超出的里扣 " + d.String() + " 分"
	default:
		return "“" + block + "”原来不到下限 " + was.bound.String() + " 分，先补上差的 " + (-d).String() + " 分"
	}
}
