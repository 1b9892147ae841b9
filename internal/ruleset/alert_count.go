package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// AlertCounter describes what a SlotAlert counts: the complete windows of an alert in
// which its condition held.
type AlertCounter struct {
	Alert int           // of Alerts
	Unit  calendar.Unit // those that end from the start of its window to the reading day; Life = 累计
	Run   bool          // 连续次数: those running up to the last complete one
}

// runsOf is the function that says for how many windows running an alert has
// held.
const runsOf = "连续次数"

func (c *AlertCounter) word() string {
	switch {
	case c.Run:
		return runsOf
	case c.Unit == calendar.Life:
		return "累计次数"
	}
	return "本" + c.Unit.String() + "次数"
}

// alertUse is one place that counts windows of an alert.
type alertUse struct {
	alert int
	path  string // of the place
	at    *yamldoc.Node
}

// alertCounter resolves 本年次数("季度偏低") and the like.
func (s *scope) alertCounter(function string, alert int, unit calendar.Unit, sums bool) (formula.Symbol, error) {
	l, name := s.l, s.l.alertNames[alert]
	c := AlertCounter{Alert: alert, Unit: unit, Run: function == runsOf}
	switch {
	case s.may&(mayCounters|mayAutomatic) == 0:
		return formula.Symbol{}, refuse("计次不能用在这里", "数预警的期数，用在 自动、红线、等次、标杆 和 预警 里")
	case sums:
		return formula.Symbol{}, refuse("预警没有记数，不能合计", "写成 "+strings.TrimSuffix(function, "合计")+"次数(\""+name+"\")")
	case c.Run:
		c.Unit = calendar.Life
	}
	if use := (alertUse{alert: alert, path: s.path, at: s.at}); !slices.Contains(l.counting, use) {
		l.counting = append(l.counting, use)
	}
	i := slices.Index(l.book.AlertCounters, c)
	if i < 0 {
		i = len(l.book.AlertCounters)
		l.book.AlertCounters = append(l.book.AlertCounters, c)
	}
	return formula.Symbol{Type: formula.Numeric, Slot: SlotAlert | i, Bounds: wholeNumber(0, MaxTimes)}, nil
}

// noSuchAlert returns the error of counting windows that run on: only alerts know what is
// a window.
func (s *scope) noSuchAlert(name string) error {
	l := s.l
	switch near := formula.Nearest(name, l.alertNames); {
	case l.file.Lost(name):
		return formula.ErrReported
	case slices.Contains(l.items, name):
		return refuse(runsOf+" 数的是预警，“"+name+"”是项目", "先写一条预警，例如 预警: {久未参加: {每: 月, 当: 本月次数(\""+name+"\") == 0, …}}，再数它")
	case near != "":
		return refuse("没有“"+name+"”这条预警", "是不是“"+near+"”？")
	}
	return refuse("没有“"+name+"”这条预警", runsOf+"(\"…\") 的引号里写一条预警的名称，数它连着成立了几期")
}

// alertUses refuses to count what would make a circle: an alert that needs what
// it is counted for.
func (l *loader) alertUses() {
	for _, use := range l.counting {
		if use.alert >= len(l.book.Alerts) || l.hurt["预警."+l.alertNames[use.alert]] {
			l.hush(use.at) // told about
			continue
		}
		a := &l.book.Alerts[use.alert]
		reads := l.alertReads(use.alert)
		section, rest, _ := strings.Cut(use.path, ".")
		name, _, _ := strings.Cut(rest, ".")
		switch own := slices.Index(l.alertNames, name); {
		case a.Every == calendar.Single:
			l.fail(use.at, "“"+a.Name+"”是随时看的预警，没有一期一期，数不出期数", "给它写 每: 月 这样的期间，或者数别的预警")
		case a.Rank != nil:
			l.fail(use.at, "“"+a.Name+"”要看名次或按比例定的等次，要和别人比过才知道，这里不能数", "数只看他自己的预警")
		case section == "预警" && own >= 0 && use.alert >= own:
			l.fail(use.at, "“"+name+"”只能数写在它前面的预警，“"+a.Name+"”不在前面", "把“"+a.Name+"”挪到“"+name+"”前面；数自己连着几期，用 连续: 3")
		case section == "红线" && reads(SlotBlock, SlotRedLine, SlotAdded, SlotDeducted, SlotGrade, SlotPrevBlock,
			SlotPrevGrade):
			l.fail(use.at, "红线不能看分数，“"+a.Name+"”却要看分数、等次或红线", "把这一条写进 等次，例如 不合格: 连续次数(\""+a.Name+"\") >= 2；红线里只数不看分数的预警")
		case section == "等次" && reads(SlotGrade):
			l.fail(use.at, "“"+a.Name+"”要看等次，等次又要数它，绕成了一圈", "让“"+a.Name+"”改看 总分")
		}
	}
}

// alertReads returns whether an alert, or one that it counts, reads a slot of
// any of these kinds.
func (l *loader) alertReads(alert int) func(kinds ...int) bool {
	var slots []int
	seen := map[int]bool{}
	var look func(i int)
	look = func(i int) {
		if i >= len(l.book.Alerts) || seen[i] {
			return
		}
		seen[i] = true
		a := &l.book.Alerts[i]
		var r reading
		a.When.read(&r)
		slots = append(slots, r.slots...)
		for _, slot := range r.slots {
			if kind, k := Slot(slot); kind == SlotAlert {
				look(l.book.AlertCounters[k].Alert)
			}
		}
	}
	look(alert)
	return func(kinds ...int) bool {
		return slices.ContainsFunc(slots, func(slot int) bool {
			kind, _ := Slot(slot)
			return slices.Contains(kinds, kind)
		})
	}
}
