package calendar

import (
	"strconv"

	"jifen/internal/fault"
)

// Unit is a calendar unit: the length of a cycle (周期) or of a limit's window.
type Unit uint8

// The units. Single and Life are windows only: one entry, and a whole life.
const (
	NoUnit  Unit = iota
	Single       // 单笔
	OneDay       // 日
	Month        // 月
	Quarter      // 季
	Half         // 半年
	Year         // 年
	Life         // 终身
	Week         // 周, Monday to Sunday: a window only, for it may lie in two months
)

// String returns the unit's word as rule files write it.
func (u Unit) String() string {
	return [...]string{"", "单笔", "日", "月", "季", "半年", "年", "终身", "周"}[u]
}

// Count prints so many windows of a unit, from a week to a year: 3 个月.
func (u Unit) Count(n int) string {
	word := u.String()
	switch u {
	case Month:
		word = "个月"
	case Quarter:
		word = "个季度"
	case Half:
		word = "个半年"
	default:
	}
	return strconv.Itoa(n) + " " + word
}

// UnitOf returns the unit a word names, NoUnit for any other word.
func UnitOf(word string) Unit {
	for u := Single; u <= Week; u++ {
		if u.String() == word {
			return u
		}
	}
	return NoUnit
}

// Months returns how many months a unit from Month to Year has; of a week how
// many it touches at most.
func (u Unit) Months() int {
	switch u {
	case Month:
		return 1
	case Week:
		return 2
	case Quarter:
		return 3
	case Half:
		return 6
	default:
		return 12
	}
}

// Ordinal numbers the units of one kind along the calendar: two days share a
// window exactly if their ordinals are equal. Single is the caller's affair
// and, like Life, always 0.
func (u Unit) Ordinal(d Day) int { return u.OrdinalIn(d.Months(), d) }

// OrdinalIn is Ordinal for who has the day's Months at hand already.
func (u Unit) OrdinalIn(months int, d Day) int {
	switch u {
	case OneDay:
		return int(d)
	case Week:
		return week(d)
	case Month:
		return months
	case Quarter, Half, Year:
		return months / u.Months()
	default:
		return 0
	}
}

// Months counts the calendar months up to a day.
func (d Day) Months() int {
	y, m, _ := d.Civil()
	return y*12 + m - 1
}

// Of returns the period of this unit (Month to Year, or Week) that holds d.
func (u Unit) Of(d Day) Period {
	if u == Week {
		first := Day(week(d)*daysOfWeek + 1) //nolint:gosec // weeks are fewer than days
		return Period{Unit: Week, First: first, Last: first + daysOfWeek - 1}
	}
	n := u.Months()
	y, m, dd := d.Civil()
	start := (m-1)/n*n + 1
	first := d - Day(dd-1+daysBefore(y, m)-daysBefore(y, start))
	last := first + Day(daysBefore(y, start+n)-daysBefore(y, start)) - 1
	return Period{Unit: u, First: first, Last: last}
}

// daysBefore returns how many days of a year lie before a month (1–13).
func daysBefore(y, m int) int {
	n := int([...]int16{0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}[m])
	if m > 2 && daysIn(y, 2) == 29 {
		n++
	}
	return n
}

// Period is one calendar year, half-year, quarter or month: a cycle of the
// points scheme, or a window in one, which may also be a week. Both ends are
// included.
type Period struct {
	Unit        Unit
	First, Last Day
}

// Contains reports whether d lies in the period.
func (p Period) Contains(d Day) bool { return p.First <= d && d <= p.Last }

// Next returns the period after p.
func (p Period) Next() Period { return p.Unit.Of(p.Last + 1) }

// Prev returns the period before p.
func (p Period) Prev() Period { return p.Unit.Of(p.First - 1) }

// String returns the period's key: 2026, 2026H1, 2026Q3, 2026-09 or 2026W07.
func (p Period) String() string {
	y, m, _ := p.First.Civil()
	switch p.Unit {
	case Week:
		y, n := p.weekOfYear()
		return strconv.Itoa(y) + "W" + string(rune('0'+n/10)) + string(rune('0'+n%10))
	case Month:
		return p.First.String()[:7]
	case Quarter:
		return strconv.Itoa(y) + "Q" + itoa((m-1)/3+1)
	case Half:
		return strconv.Itoa(y) + "H" + itoa((m-1)/6+1)
	case Year:
		return strconv.Itoa(y)
	default:
		return ""
	}
}

// Label returns the period in Chinese: 2026年, 2026年上半年, 2026年第3季度, 2026年9月, 2026年第7周.
func (p Period) Label() string {
	y, m, _ := p.First.Civil()
	year := strconv.Itoa(y) + "年"
	switch p.Unit {
	case Week:
		y, n := p.weekOfYear()
		return strconv.Itoa(y) + "年第" + itoa(n) + "周"
	case Month:
		return year + itoa(m) + "月"
	case Quarter:
		return year + "第" + itoa((m-1)/3+1) + "季度"
	case Half:
		if m == 1 {
			return year + "上半年"
		}
		return year + "下半年"
	default:
		return year
	}
}

// ParsePeriod reads a period's key. Any other text is fault.Invalid.
func ParsePeriod(s string) (Period, error) {
	bad := func() (Period, error) {
		return Period{}, fault.New(fault.Invalid, "“%s”不是考核期", fault.Quote(s)).
			WithHint("年写 2026，半年写 2026H1，季写 2026Q3，月写 2026-09")
	}
	if len(s) < 4 {
		return bad()
	}
	y, ok := digits(s[:4])
	if !ok || y < MinYear || y > MaxYear {
		return bad()
	}
	rest := s[4:]
	switch {
	case rest == "":
		return Year.Of(Of(y, 1, 1)), nil
	case rest == "H1" || rest == "H2":
		return Half.Of(Of(y, int(rest[1]-'0')*6, 1)), nil
	case len(rest) == 2 && rest[0] == 'Q' && rest[1] >= '1' && rest[1] <= '4':
		return Quarter.Of(Of(y, int(rest[1]-'0')*3, 1)), nil
	case len(rest) == 3 && rest[0] == '-':
		if m, ok := digits(rest[1:]); ok && m >= 1 && m <= 12 {
			return Month.Of(Of(y, m, 1)), nil
		}
	}
	return bad()
}

// Span is a length of time as regulations state it: 30天, 12个月, 2年.
type Span struct {
	Days, Months int
}

// After returns the day the span ends when it starts on d: the same day n
// months or years later (the month's end where there is none), or d plus n
// days. That day itself is outside the span.
func (s Span) After(d Day) Day {
	if d >= Forever {
		return Forever
	}
	if s.Months != 0 {
		d = d.AddMonths(s.Months)
	}
	return d + Day(s.Days)
}

// String returns the span as rule files write it.
func (s Span) String() string {
	switch {
	case s.Days != 0:
		return strconv.Itoa(s.Days) + "天"
	case s.Months%12 == 0 && s.Months != 0:
		return strconv.Itoa(s.Months/12) + "年"
	default:
		return strconv.Itoa(s.Months) + "个月"
	}
}

// ParseSpan reads 30天, 12个月 or 2年 (1 to 100 years at most). ok is false for
// any other text.
func ParseSpan(s string) (span Span, ok bool) {
	for _, u := range []struct {
		suffix       string
		days, months int
		limit        int
	}{{"天", 1, 0, 36500}, {"日", 1, 0, 36500}, {"个月", 0, 1, 1200}, {"年", 0, 12, 100}} {
		if n := len(s) - len(u.suffix); n > 0 && n <= 5 && s[n:] == u.suffix {
			v, isNum := digits(s[:n])
			if !isNum || v < 1 || v > u.limit {
				return Span{}, false
			}
			return Span{Days: v * u.days, Months: v * u.months}, true
		}
	}
	return Span{}, false
}
