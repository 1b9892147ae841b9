// Package calendar knows civil days, calendar periods and spans of time.
//
// A Day has no time and no zone: it is the day in the organisation's zone.
// Instants (when something was recorded) are time.Time in UTC and live
// elsewhere.
package calendar

import (
	"time"

	"jifen/internal/fault"
)

// Day is a civil date, counted from 0001-01-01 = 1. The zero Day is "no day".
// Days compare and subtract as numbers.
type Day int32

// Bounds of what the program accepts as a day. They keep arithmetic far from
// overflow and refuse typing slips such as 20226-01-01.
const (
	MinYear = 1900
	MaxYear = 2200
	// Forever is later than every acceptable day: "no end".
	Forever Day = 1 << 30
)

// Of returns the day of a civil date. Month and day of month may overflow as
// in time.Date (month 13 is January of the next year).
func Of(year, month, day int) Day {
	m := month - 1
	year += floorDiv(m, 12)
	m -= floorDiv(m, 12) * 12
	// Counted from 1 March, so that the leap day is the last of its year.
	y, mp := year, m-2
	if mp < 0 {
		y, mp = y-1, mp+12
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*mp+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return Day(era*146097 + doe - 305)
}

// FromTime returns the civil day that t has in its own location.
func FromTime(t time.Time) Day {
	y, m, d := t.Date()
	return Of(y, int(m), d)
}

// Civil returns year, month (1–12) and day of month.
func (d Day) Civil() (year, month, day int) {
	z := uint32(d + 305) //nolint:gosec // days are positive; unsigned division is faster
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	year, month, day = int(yoe+era*400), int(mp+3), int(doy-(153*mp+2)/5+1)
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// Parse reads YYYY-MM-DD. Any other form, a date that is none (2026-02-30) or
// a year outside 1900–2200 is fault.Invalid.
func Parse(s string) (Day, error) {
	bad := func() (Day, error) {
		return 0, fault.New(fault.Invalid, "“%s”不是日期", fault.Quote(s)).WithHint("写成 2026-03-05 这样的年-月-日")
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return bad()
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:])
	if !ok1 || !ok2 || !ok3 || y < MinYear || y > MaxYear || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return bad()
	}
	return Of(y, m, d), nil
}

// String returns YYYY-MM-DD, "" for no day and 长期 for Forever.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	if d >= Forever {
		return "长期"
	}
	y, m, dd := d.Civil()
	return string(appendDay(make([]byte, 0, 10), y, m, dd))
}

// MonthDay returns month and day without leading zeros: 3月5日.
func (d Day) MonthDay() string {
	_, m, dd := d.Civil()
	return itoa(m) + "月" + itoa(dd) + "日"
}

// AddMonths returns the same day n months later, or the month's last day where
// that month has no such day.
func (d Day) AddMonths(n int) Day {
	y, m, dd := d.Civil()
	m += n - 1
	y, m = y+floorDiv(m, 12), m-floorDiv(m, 12)*12+1
	return Of(y, m, min(dd, daysIn(y, m)))
}

// YearsSince returns the whole years from birth to d, as an age in full years
// (周岁) is counted: a year is full on the birthday itself, for one born on 29
// February on 1 March of other years.
func (d Day) YearsSince(birth Day) int {
	y, m, dd := d.Civil()
	by, bm, bd := birth.Civil()
	n := y - by
	if m < bm || (m == bm && dd < bd) {
		n--
	}
	return n
}

// Anniversary returns the first day on which YearsSince(birth) is n.
func Anniversary(birth Day, n int) Day {
	y, m, d := birth.Civil()
	return Of(y+n, m, d) // 29 February overflows to 1 March, as YearsSince counts
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func appendDay(b []byte, y, m, d int) []byte {
	return append(b, byte('0'+y/1000%10), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+d/10), byte('0'+d%10))
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return string(rune('0'+n/10)) + string(rune('0'+n%10))
}
