package ruleset

import (
	"regexp"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// warnHole warns of a hole of a ladder that is closed by 其余.
func (s *scope) warnHole(d *ladder, h *hole) {
	name := s.numberName(h.slot)
	line := h.line(d)
	switch {
	case d.graded && h.into >= 0 && h.into != d.elseLine():
		s.l.warn(d.lines[h.into].at,
			d.what+"分越高反而越低："+h.sinceText()+"总分 "+h.rangeText()+"评“"+d.lines[h.into].name+"”，分低一些的却评“"+d.lines[h.below].name+"”",
			"各等从好到差写，分数也从高到低；看看“"+d.lines[h.into].name+"”和“"+d.lines[h.below].name+"”的条件")
	case h.end:
		s.l.warn(line.at, d.what+"“"+line.name+"”漏了上面一段："+h.sinceText()+"总分 "+h.rangeText()+"落到“"+d.lines[h.into].name+"”",
			s.closedLine(d, h))
	default:
		rest := "“" + d.lines[h.into].name + "”"
		if !d.graded {
			rest = "其余"
		}
		between := d.what + "“" + d.lines[h.below].name + "”和“" + d.lines[h.above].name + "”中间有缺口："
		s.l.warn(line.at, between+h.sinceText()+name+" "+h.rangeText()+"落到"+rest, s.closedLine(d, h))
	}
}

// line returns the line that mends a hole: the one below, and of negative
// numbers, which grow away from 0, the one above.
func (h *hole) line(d *ladder) *row {
	if h.upwards() {
		return &d.lines[h.below]
	}
	return &d.lines[h.above]
}

func (h *hole) upwards() bool { return h.end || h.above < 0 || h.to >= 0 }

// sinceText says from which day on a hole is there.
func (h *hole) sinceText() string {
	if h.day == 0 {
		return ""
	}
	return h.day.String() + " 起、"
}

// rangeText prints the numbers that fall into a hole: 89.01 至 89.99（例如 89.5）.
func (h *hole) rangeText() string {
	from, to := domain.Points(h.from), domain.Points(h.to)
	switch {
	case h.end:
		return from.String() + " 以上 "
	case from == to:
		return from.String() + " "
	}
	middle := (h.from + h.to) / 2
	middle -= (middle - h.from) % h.step
	// 89.5 is what a person would think of
	if half := h.to - h.to%50; half > h.from && half < h.to && (half-h.from)%h.step == 0 {
		middle = half
	}
	return from.String() + " 至 " + to.String() + "（例如 " + domain.Points(middle).String() + "）"
}

// closedLine writes the line anew so that the hole is gone.
func (s *scope) closedLine(d *ladder, h *hole) string {
	line, old, text := h.line(d), h.lower, ""
	if !h.upwards() {
		old = h.upper
	}
	names := s.numberPattern(h.slot)
	switch {
	case h.end:
		text = withoutUpper(old, names)
	case h.upwards():
		text = adjoiningCondition(old, h.upper, names, h, true)
	default:
		text = adjoiningCondition(old, h.lower, names, h, false)
	}
	if text == "" {
		return "改“" + line.name + "”这一行的条件，让它和旁边的一行接上"
	}
	if d.graded && line.when.v.face == plain {
		return "写成：" + line.name + ": " + text
	}
	if old != line.name {
		return "把“" + old + "”写成：" + text
	}
	return "写成：" + text
}

// bound is a comparison of a number with a constant, as it is written.
type bound struct {
	at, end int // in the text
	number  int64
	open    bool // < or >: the number itself is not meant
	turned  bool // the constant stands in front
}

// bounds finds the upper or the lower bounds that a condition writes.
func bounds(text, names string, upper bool) (out []bound) {
	behind, before := "(<=|<)", "(>=|>)"
	if !upper {
		behind, before = before, behind
	}
	const number = `(-?[0-9]+(?:\.[0-9]+)?)`
	for i, pattern := range []string{`(?:` + names + `)\s*` + behind + `\s*` + number,
		number + `\s*` + before + `\s*(?:` + names + `)`} {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatchIndex(text, -1) {
			sign, digits := text[m[2]:m[3]], text[m[4]:m[5]]
			b := bound{at: m[0], end: m[1], turned: i == 1}
			if b.turned {
				sign, digits = digits, sign
			} else if m[0] > 0 && (text[m[0]-1] == '.' || text[m[0]-1] >= 0x80) {
				continue // a longer name ends like this one
			}
			if n, ok := domain.ParseHundredths(digits); ok {
				b.number, b.open = n, len(sign) == 1
				out = append(out, b)
			}
		}
	}
	return out
}

// adjoiningCondition moves the bound of one line to where its neighbour begins: the upper
// bound of the lower line, or else the lower bound of the upper one.
func adjoiningCondition(text, neighbour, names string, h *hole, upwards bool) string {
	own, other := h.from, h.to
	if !upwards {
		own, other = h.to, h.from
	}
	mine, ok1 := nearest(bounds(text, names, upwards), own)
	theirs, ok2 := nearest(bounds(neighbour, names, !upwards), other)
	if !ok1 || !ok2 {
		return ""
	}
	sign := map[bool]string{true: "<", false: ">"}[upwards != mine.turned]
	if theirs.open {
		sign += "="
	}
	piece := text[mine.at:mine.end]
	at := strings.IndexAny(piece, "<>")
	end := at + 1
	if end < len(piece) && piece[end] == '=' {
		end++
	}
	left, right := piece[:at], strings.TrimLeft(piece[end:], " ")
	n := domain.Points(theirs.number).String()
	if mine.turned {
		return text[:mine.at] + n + " " + sign + " " + right + text[mine.end:]
	}
	return text[:mine.at] + left + sign + " " + n + text[mine.end:]
}

// nearest returns the bound that stands within 1 of a number.
func nearest(list []bound, number int64) (bound, bool) {
	for _, b := range list {
		if d := b.number - number; -100 <= d && d <= 100 {
			return b, true
		}
	}
	return bound{}, false
}

// withoutUpper takes the upper bound out of 90 <= 总分 <= 100.
func withoutUpper(text, names string) string {
	m := regexp.MustCompile(`^(-?[0-9.]+)\s*(<=|<)\s*(` + names + `)\s*(?:<=|<)\s*-?[0-9.]+$`).FindStringSubmatch(text)
	if m != nil {
		return m[3] + " " + strings.Replace(m[2], "<", ">", 1) + " " + m[1]
	}
	m = regexp.MustCompile(`^((?:` + names + `)\s*(?:>=|>)\s*-?[0-9.]+)\s+and\s+(?:` + names +
		`)\s*(?:<=|<)\s*-?[0-9.]+$`).FindStringSubmatch(text)
	if m != nil {
		return m[1]
	}
	return ""
}

// numberName returns what a message calls a number.
func (s *scope) numberName(slot int) string {
	kind, i := Slot(slot)
	return s.slotName(kind, i)
}

// numberPattern returns the pattern by which conditions write a number.
func (s *scope) numberPattern(slot int) string {
	kind, i := Slot(slot)
	if kind != SlotCounter {
		return regexp.QuoteMeta(s.slotName(kind, i))
	}
	c := s.l.book.Counters[i]
	word := "本" + c.Unit.String()
	if c.Unit == calendar.Life {
		word = "累计"
	}
	if c.Field >= 0 {
		return word + `合计\(["']` + regexp.QuoteMeta(s.l.items[c.Item]) + `(?:\.[^"']*)?["']\)`
	}
	return word + `次数\(["']` + regexp.QuoteMeta(s.l.items[c.Item]) + `["']\)`
}
