package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// lintReach warns of items that never touch anybody: 适用 and 自动 hold for
// nobody, or only for categories that are not scored or that nobody comes to.
func (l *loader) lintReach(root *yamldoc.Node) {
	idle := l.idleCategories()
	for i, p := range pairsOf(root.Get("项目")) {
		if i >= len(l.book.Items) {
			return
		}
		it := &l.book.Items[i]
		s := &scope{l: l, path: "项目." + it.Name, fields: it.Fields, of: it}
		if n := p.Value.Get("适用"); n != nil && it.Applies.Set() && it.Amount.Set() {
			s.lintNeverApplies(n, &it.Applies, idle, "项目“"+it.Name+"”永远记不到人", "适用")
		}
		if it.Auto != nil && it.Auto.When.Set() {
			if n := p.Value.Get("自动").Get("当"); n != nil {
				s.lintNeverApplies(n, &it.Auto.When, idle, "自动项目“"+it.Name+"”永远不会产生", "条件")
			}
		}
	}
}

// idleCategories returns which categories nobody is in, or are not scored.
func (l *loader) idleCategories() []bool {
	idle := make([]bool, len(l.book.Categories))
	rows := make([]row, len(idle))
	for i := range l.book.Categories {
		c := &l.book.Categories[i]
		idle[i] = !c.Scored
		rows[i] = row{name: c.Code, when: c.When}
	}
	for _, d := range (&scope{l: l}).cover(rows).dead {
		idle[d.row] = true
	}
	return idle
}

// lintNeverApplies warns of a condition under which an item never comes to anybody.
func (s *scope) lintNeverApplies(n *yamldoc.Node, when *Cond, idle []bool, message, what string) {
	var r reading
	when.read(&r)
	if r.tangled || !s.sound(&r) {
		return
	}
	p := s.space(&r, maxPoints)
	if p == nil {
		return
	}
	at := slices.IndexFunc(p.axes, func(a axis) bool { return a.slot == SlotCategory })
	holds, effort := false, when.cost()
	var only []string
	p.each(func() bool {
		if when.Holds(p.today(), p) {
			if at < 0 || !idle[p.axes[at].probes[p.at[at]].option] {
				holds = true
			} else if name := p.axes[at].probes[p.at[at]].text; !slices.Contains(only, name) {
				only = append(only, name)
			}
		}
		s.l.effort += effort
		return !holds && s.l.effort <= maxEffort
	})
	switch {
	case holds || s.l.effort > maxEffort:
	case len(only) > 0:
		s.l.warn(n, message+"：只"+what+"于类别 "+strings.Join(only, "、")+"，这些人不计分，或者没有人归这一类",
			"改"+what+"，或在类别里写 计分: 是；确实不要就删去这个项目")
	default:
		s.l.warn(n, message+"：没有人能符合它的"+what, "检查条件里的数和选项；确实不要就删去这个项目")
	}
}

// lintGravity warns of choices in order of gravity of which a graver one has less
// effect than a lighter one: of 处分, whose order is known, and of attributes
// that red lines read so that the effect goes up and down along the list.
func (l *loader) lintGravity(root *yamldoc.Node) {
	for i := range l.book.Attributes {
		a := &l.book.Attributes[i]
		if a.Type != Options || len(a.Options) < 3 {
			continue
		}
		effects, first := l.effectsOf(i)
		if first < 0 {
			continue
		}
		if i != Discipline && fallsOff(effects) && !fallsOff(reversed(effects)) {
			continue // the gravest stands first
		}
		var less, mend []string
		worst, by := 0, ""
		for k, e := range effects {
			if e >= worst {
				worst, by = e, a.Options[k]
				continue
			}
			less = append(less, "“"+a.Options[k]+"”")
			mend = append(mend, "“"+a.Options[k]+"”写进管“"+by+"”的红线")
		}
		if len(less) == 0 {
			continue
		}
		key := keyOf(root.Get("红线"), l.book.RedLines[first].Name)
		advice := "把" + strings.Join(mend, "，") + "，写成 " + a.Name + " in [\"" + by + "\", …] 这样，或各写一条更重的"
		if i == Discipline && slices.Contains(less, "“开除党籍”") {
			advice += "；开除党籍的，还要登记转出"
		}
		l.warn(key, a.Name+"越重后果反而越轻："+strings.Join(less, "、")+"后果比前面的轻，或者没有后果", advice)
	}
}

func reversed(list []int) []int {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// fallsOff reports whether a list goes down anywhere.
func fallsOff(list []int) bool {
	for i := 1; i < len(list); i++ {
		if list[i] < list[i-1] {
			return true
		}
	}
	return false
}

// effectsOf returns how grave the red lines are that each option of an
// attribute brings about, and the gravest such line; −1 for none.
func (l *loader) effectsOf(attribute int) (effects []int, first int) {
	slot := SlotAttribute | attribute
	effects, first = make([]int, len(l.book.Attributes[attribute].Options)), -1
	worst := 0
	for i := range l.book.RedLines {
		line := &l.book.RedLines[i]
		var r reading
		line.When.read(&r)
		s := &scope{l: l, path: "红线." + line.Name}
		if !slices.Contains(r.slots, slot) || !s.sound(&r) {
			continue
		}
		p := s.space(&r, maxPoints)
		if p == nil {
			continue
		}
		k := slices.IndexFunc(p.axes, func(a axis) bool { return a.slot == slot })
		grave, effort := line.gravity(), line.When.cost()
		p.each(func() bool {
			if p.at[k] != 0 {
				return true
			}
			held := make([]bool, len(effects))
			for o := range effects {
				p.at[k] = o
				held[o] = line.When.Judge(p.today(), p) == formula.True
			}
			p.at[k] = 0
			if slices.Contains(held, false) { // it is the option that decides
				for o := range effects {
					if held[o] {
						effects[o] = max(effects[o], grave)
					}
				}
			}
			l.effort += effort * len(effects)
			return l.effort <= maxEffort
		})
		if grave > worst && slices.Contains(effects, grave) {
			worst, first = grave, i
		}
	}
	return effects, first
}

// gravity makes the effects of red lines comparable: whether 总分 is set comes
// before a grade, a grade before the best grade, that before additions.
func (r *RedLine) gravity() int {
	g := 1 + int(r.Bonus)
	if r.MaxGrade >= 0 {
		g = max(g, 100+r.MaxGrade)
	}
	if r.Grade >= 0 {
		g = max(g, 200+r.Grade)
	}
	if len(r.Sets) > 0 {
		g = max(g, 300)
	}
	return g
}

// keyOf returns the key of a table under which a name stands, else the table.
func keyOf(n *yamldoc.Node, name string) *yamldoc.Node {
	for _, p := range pairsOf(n) {
		if p.Key.Text == name {
			return p.Key
		}
	}
	return n
}

// lintSupplement makes the checks of the items that a supplement adds.
func (l *loader) lintSupplement(items *yamldoc.Node, first int) {
	l.lintBannedFields(items)
	if countErrors(l.problems) > 0 {
		return
	}
	l.lintItemLimits(items, first)
	for _, check := range l.later {
		check()
	}
}

// lintAll makes the checks that need the whole file and are no mistakes of form.
func (l *loader) lintAll(root *yamldoc.Node) {
	l.lintBannedFields(root.Get("项目"))
	l.lintBannedActivities(root.Get("活动"))
	l.lintDisposals(root)
	l.later = append(l.later, func() {
		if countErrors(l.problems) > 0 {
			return // what is broken is not measured
		}
		l.lintStarts(root)
		l.lintLimits(root)
		l.lintReach(root)
		l.lintGravity(root)
	})
}
