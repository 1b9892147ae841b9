package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/formula"
)

// Call resolves counters and 有( ).
func (s *scope) Call(function, argument string) (formula.Symbol, error) {
	if function == "有" {
		if s.may&mayHas == 0 {
			return formula.Symbol{}, refuse("“有( )”不能用在这里", "有( ) 只用在 红线、等次、标杆 和 预警 里")
		}
		i, err := s.item(argument)
		if err == nil {
			s.l.book.Items[i].Counted = true
		}
		return formula.Symbol{Type: formula.Flag, Slot: SlotHas | max(i, 0)}, err
	}
	unit, sums, ok := counterName(function)
	if i := slices.Index(s.l.alertNames, argument); i >= 0 &&
		(function == runsOf || ok && !slices.Contains(s.l.items, argument)) {
		return s.alertCounter(function, i, unit, sums)
	}
	if function == runsOf {
		return formula.Symbol{}, s.noSuchAlert(argument)
	}
	if !ok {
		return formula.Symbol{}, refuse("没有“"+function+"( )”这种写法",
			"可写 本周次数、本月次数、本季次数、本半年次数、本年次数、累计次数，以及把“次数”换成“合计”，还有预警的 连续次数")
	}
	if s.may&(mayCounters|mayAutomatic) == 0 {
		return formula.Symbol{}, refuse("计次不能用在这里", "计次只用在 项目的分值、倍数、适用，以及 自动、红线、等次、标杆 和 预警 里")
	}
	name, field, hasField := strings.Cut(argument, ".")
	i, err := s.item(name)
	if err != nil {
		return formula.Symbol{}, err
	}
	k := -1
	if sums {
		if k, err = s.summedField(i, field, hasField); err != nil {
			return formula.Symbol{}, err
		}
	} else if hasField {
		return formula.Symbol{}, refuse("次数只数项目，不写字段", "写 "+function+"(\""+name+"\")")
	}
	s.l.book.Items[i].Counted = true
	return s.l.counter(Counter{Unit: unit, Item: i, Field: k}), nil
}

func (s *scope) item(name string) (int, error) {
	i := slices.Index(s.l.items, name)
	if i < 0 && s.l.file.Lost(name) {
		return -1, formula.ErrReported
	}
	if i < 0 {
		advice := "引号里写项目的全名"
		if near := formula.Nearest(name, s.l.items); near != "" {
			advice = "是不是“" + near + "”？"
		}
		return -1, refuse("没有“"+name+"”这个项目", advice)
	}
	if s.may&mayAutomatic == 0 && s.may&mayCounters != 0 && s.l.book.Items[i].Auto != nil {
		return -1, refuse("这里不能数自动产生的项目", "只数人记的和随出勤产生的项目")
	}
	return i, nil
}

// summedField finds the number field that 合计 adds up.
func (s *scope) summedField(item int, field string, given bool) (int, error) {
	fields := s.l.book.Items[item].Fields
	found := -1
	for k := range fields {
		if fields[k].Type != Decimal || (given && fields[k].Name != field) {
			continue
		}
		if found >= 0 {
			return -1, refuse("“"+s.l.items[item]+"”记了几个数，不知道加哪一个", "写成 合计(\""+s.l.items[item]+"."+fields[k].Name+"\") 这样")
		}
		found = k
	}
	if found < 0 && s.l.hurt["项目."+s.l.items[item]+".记录"] {
		return -1, formula.ErrReported
	}
	if found < 0 {
		return -1, refuse("“"+s.l.items[item]+"”没有记这个数，不能合计", "合计只加 记录 里写成“数”的字段")
	}
	return found, nil
}

func counterName(function string) (unit calendar.Unit, sums, ok bool) {
	for _, u := range [...]struct {
		prefix string
		unit   calendar.Unit
	}{{"本周", calendar.Week}, {"本月", calendar.Month}, {"本季", calendar.Quarter}, {"本半年", calendar.Half},
		{"本年", calendar.Year}, {"累计", calendar.Life}} {
		switch function {
		case u.prefix + "次数":
			return u.unit, false, true
		case u.prefix + "合计":
			return u.unit, true, true
		}
	}
	return 0, false, false
}

func (l *loader) counter(c Counter) formula.Symbol {
	i, ok := l.counters[c]
	if !ok {
		i = len(l.book.Counters)
		l.counters[c] = i
		l.book.Counters = append(l.book.Counters, c)
	}
	return formula.Symbol{Type: formula.Numeric, Slot: SlotCounter | i, Bounds: l.counterBounds(&c)}
}
