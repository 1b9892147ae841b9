package ruleset

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/yamldoc"
)

// Anchor (于) is a day within a calendar window: its last day, a day of the
// month (25日), of the year (12月10日) or of the week (周五).
type Anchor struct {
	Last  bool
	Month int // 0 = the window's first month
	Day   int // of the month; of a week from Monday = 1
}

// In returns the anchor's day in a window.
func (a Anchor) In(w calendar.Period) calendar.Day {
	switch {
	case a.Last:
		return w.Last
	case w.Unit == calendar.Week:
		return w.First + calendar.Day(a.Day) - 1 //nolint:gosec // one of seven
	}
	y, m, _ := w.First.Civil()
	if a.Month > 0 {
		m = a.Month
	}
	return calendar.Of(y, m, a.Day)
}

func weekdays() []string {
	return []string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"}
}

// anchor reads 首日, 末日, 25日 or 12月10日, and of a week 周一 to 周日.
func (l *loader) anchor(n *yamldoc.Node, every calendar.Unit) Anchor {
	text := n.Text
	switch text {
	case "首日":
		return Anchor{Day: 1}
	case "末日":
		return Anchor{Last: true}
	}
	if every == calendar.Week {
		if i := slices.Index(weekdays(), n.Text); i >= 0 && n.Kind == yamldoc.Scalar {
			return Anchor{Day: i + 1}
		}
		l.fail(n, "“"+n.Text+"”不是一周里的日子", "写 首日（周一）、末日（周日）或 周五 这样")
		return Anchor{}
	}
	a := Anchor{}
	month, rest, hasMonth := strings.Cut(text, "月")
	if hasMonth {
		text = rest
		a.Month, _ = strconv.Atoi(month)
	}
	day, ok := strings.CutSuffix(text, "日")
	a.Day, _ = strconv.Atoi(day)
	switch {
	case n.Kind != yamldoc.Scalar || !ok || a.Day < 1 || a.Day > 31 || (hasMonth && (a.Month < 1 || a.Month > 12)):
		l.fail(n, "“"+n.Text+"”不是日子", "写 首日、末日、25日 或 12月10日；每: 周 的写 周五 这样")
	case hasMonth && every != calendar.Year:
		l.fail(n, "每"+every.String()+"的日子不写月份", "写 25日；要写月份就用 每: 年")
	case !hasMonth && every != calendar.Month:
		l.fail(n, "每"+every.String()+"的日子要写清是哪一天", "写 首日、末日；每年可写 12月10日")
	case !hasMonth && a.Day > 28:
		l.fail(n, "不是每个月都有"+strconv.Itoa(a.Day)+"日", "写 末日，或 28 日以前的日子")
	case hasMonth && a.Day > [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[a.Month-1]:
		l.fail(n, "没有"+n.Text, "")
	}
	return a
}
