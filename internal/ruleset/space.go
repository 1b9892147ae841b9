package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// Limits on going through a space. The points of one table are few in any real
// scheme; the effort is for the whole file, so that a hostile one stays cheap.
const (
	maxPoints = 20_000
	maxAxes   = 15         // more, of two probes each, are over maxPoints anyway
	maxDays   = 64         // on which the conditions of one table change
	maxEffort = 24_000_000 // bytes of conditions judged, over the whole file
	// making a probe takes about as long as judging so many bytes
	probeEffort = 64
)

// space is a finite set of situations that stands for all situations there are:
// every number that conditions compare with cuts the space in two, so one probe
// on each cut and one on either side of it meet every truth that the conditions
// ever have together. What may be missing has one probe more: unknown. Slots
// are taken as if each moved by itself, so the space holds every situation and
// perhaps some that cannot be: what holds of all its points is proven.
//
// A space is the Env of the point that is being looked at.
type space struct {
	days []calendar.Day
	day  int
	axes []axis
	at   []int // which probe of each axis
}

// axis holds the values that one slot may have.
type axis struct {
	slot    int
	name    string
	numeric bool
	probes  []probe
}

// probe is one value of a slot.
type probe struct {
	unknown bool
	number  formula.Number
	option  int
	flag    formula.Tri
	text    string
}

// reading holds the slots that conditions read.
type reading struct {
	slots   []int
	cuts    map[int][]formula.Number
	days    []calendar.Day
	tangled bool // a condition compares more than names with constants
	wide    bool // more slots or days than can be gone through
}

func (r *reading) condition(c *formula.Condition) {
	if c == nil {
		return
	}
	r.tangled = r.tangled || c.Tangled
	for _, slot := range c.Reads {
		if slices.Contains(r.slots, slot) {
			continue
		}
		if len(r.slots) == maxAxes {
			r.wide = true
			return
		}
		r.slots = append(r.slots, slot)
	}
	for _, cut := range c.Cuts {
		if r.cuts == nil {
			r.cuts = map[int][]formula.Number{}
		}
		r.cuts[cut.Slot] = append(r.cuts[cut.Slot], cut.At)
	}
}

func (r *reading) from(day calendar.Day) {
	if slices.Contains(r.days, day) {
		return
	}
	if len(r.days) == maxDays {
		r.wide = true
		return
	}
	r.days = append(r.days, day)
}

// read notes what the choice among the faces of a value looks at.
func (v *Value[T]) read(r *reading) {
	for i := range v.dated {
		r.from(v.dated[i].from)
		v.dated[i].value.read(r)
	}
	for i := range v.cases {
		r.condition(v.cases[i].when)
		v.cases[i].value.read(r)
	}
}

// read notes what a condition looks at.
func (c *Cond) read(r *reading) {
	c.v.read(r)
	c.v.Leaves(r.condition)
}

// cost is about how many bytes of conditions are judged to judge c once.
func (c *Cond) cost() int {
	n := c.v.cost()
	c.v.Leaves(func(c *formula.Condition) {
		if c != nil {
			n += 16 + len(c.Source)
		}
	})
	return n
}

func (v *Value[T]) cost() int {
	n := 8
	for i := range v.dated {
		n += v.dated[i].value.cost()
	}
	for i := range v.cases {
		if v.cases[i].when != nil {
			n += 16 + len(v.cases[i].when.Source)
		}
		n += v.cases[i].value.cost()
	}
	return n
}

// space returns the space of what was read; nil where it has more than most
// points.
func (s *scope) space(r *reading, most int) *space {
	if r.wide || !s.sound(r) {
		return nil
	}
	out := &space{days: []calendar.Day{s.l.book.Since}}
	for _, d := range r.days {
		if d > s.l.book.Since {
			out.days = append(out.days, d)
		}
	}
	slices.Sort(out.days)
	size := len(out.days)
	for _, slot := range r.slots {
		a := s.axis(slot, r.cuts[slot])
		s.l.effort += probeEffort * len(a.probes)
		if size *= len(a.probes); size > most || size == 0 {
			return nil
		}
		out.axes = append(out.axes, a)
	}
	out.at = make([]int, len(out.axes))
	return out
}

// each calls f at every point, until f returns false.
func (p *space) each(f func() bool) {
	clear(p.at)
	for p.day = 0; p.day < len(p.days); p.day++ {
		for more := true; more; more = p.next() {
			if !f() {
				return
			}
		}
	}
}

// next moves to the next point of a day; false behind the last, at the first.
func (p *space) next() bool {
	for i := len(p.at) - 1; i >= 0; i-- {
		if p.at[i]++; p.at[i] < len(p.axes[i].probes) {
			return true
		}
		p.at[i] = 0
	}
	return false
}

func (p *space) today() calendar.Day { return p.days[p.day] }

// String tells the point as a person reads it: 年龄＝75、流动＝是.
func (p *space) String() string {
	const most = 8
	if len(p.axes) == 0 && len(p.days) == 1 {
		return "任何情况"
	}
	var out []string
	if len(p.days) > 1 {
		out = append(out, p.today().String()+" 起")
	}
	for i := range p.axes {
		a := &p.axes[i]
		if i == most {
			return strings.Join(out, "、") + "等"
		}
		out = append(out, a.name+"＝"+a.probes[p.at[i]].text)
	}
	return strings.Join(out, "、")
}

func (p *space) probe(slot int) *probe {
	for i := range p.axes {
		if p.axes[i].slot == slot {
			return &p.axes[i].probes[p.at[i]]
		}
	}
	return &probe{unknown: true, flag: formula.Unknown}
}

// Number implements formula.Env.
func (p *space) Number(slot int) (formula.Number, bool) {
	at := p.probe(slot)
	return at.number, !at.unknown
}

// Choice implements formula.Env.
func (p *space) Choice(slot int) (int, bool) {
	at := p.probe(slot)
	return at.option, !at.unknown
}

// Flag implements formula.Env.
func (p *space) Flag(slot int) formula.Tri { return p.probe(slot).flag }

// Unknown implements Env.
func (p *space) Unknown([]int) {}

// slotName returns what the file calls a slot.
func (s *scope) slotName(kind, i int) string {
	b := s.l.book
	switch kind {
	case SlotAttribute:
		return b.Attributes[i].Name
	case SlotField:
		return s.fields[i].Name
	case SlotCategory:
		return "类别"
	case SlotBlock:
		return b.Blocks[i].Name
	case SlotCounter:
		return s.l.counterText(b.Counters[i])
	case SlotHas:
		return "有" + b.Items[i].Name
	case SlotRedLine:
		return s.l.reds[i]
	case SlotAdded:
		return "加分次数"
	case SlotDeducted:
		return "扣分次数"
	case SlotGrade:
		return "等次"
	case SlotPrevBlock:
		return "上期." + b.Blocks[i].Name
	case SlotPrevGrade:
		return "上期.等次"
	case SlotPoints:
		return "分值"
	case SlotLate:
		return LateWord
	case SlotAlert:
		c := b.AlertCounters[i]
		return c.word() + s.l.alertNames[c.Alert]
	case SlotDate:
		return dateWords()[i]
	}
	return placeWords()[i]
}

func (l *loader) counterText(c Counter) string {
	word := "本" + c.Unit.String()
	if c.Unit == calendar.Life {
		word = "累计"
	}
	if c.Field >= 0 {
		return word + "合计" + l.items[c.Item]
	}
	return word + "次数" + l.items[c.Item]
}

// clampRange returns between what bounds 下限 and 上限 keep a block, and what red
// lines set it to; in hundredths.
func (l *loader) clampRange(i int) (lo, hi int64) {
	b := &l.book.Blocks[i]
	lo, hi = -unbounded, unbounded
	if b.Under >= 0 {
		return lo, hi // of parts, which are combined unclamped
	}
	if alwaysSet(l, &b.Floor) {
		lo = unbounded
		b.Floor.Leaves(func(p domain.Points) { lo = min(lo, int64(p)) })
	}
	if alwaysSet(l, &b.Cap) {
		hi = -unbounded
		b.Cap.Leaves(func(p domain.Points) { hi = max(hi, int64(p)) })
	}
	for k := range l.book.RedLines {
		for _, set := range l.book.RedLines[k].Sets {
			if set.Block == i {
				lo, hi = min(lo, int64(set.To)), max(hi, int64(set.To))
			}
		}
	}
	return lo, hi
}

// alwaysSet reports whether it is plain from a value's form that it is there on
// every day and for everybody.
func alwaysSet[T any](l *loader, v *Value[T]) bool {
	switch v.face {
	case plain:
		return true
	case byDate:
		if len(v.dated) == 0 || v.dated[0].from > l.book.Since {
			return false
		}
		for i := range v.dated {
			if !alwaysSet(l, &v.dated[i].value) {
				return false
			}
		}
		return true
	case byCase:
		for i := range v.cases {
			if !alwaysSet(l, &v.cases[i].value) {
				return false
			}
		}
		last := len(v.cases) - 1
		return last >= 0 && (v.cases[last].when == nil || slices.Equal(v.cases[last].when.Reads, []int{SlotCategory}))
	default:
		return false
	}
}
