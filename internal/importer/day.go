package importer

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// parseDay reads a day as people and spreadsheets write it: 2026-01-05,
// 2026-1-5, 2026/1/5, 2026.1.5 or 2026年1月5日. Anything else is fault.Invalid.
func parseDay(text string) (calendar.Day, error) {
	normal, ok := isoDay(text)
	if !ok {
		return 0, notADay(text)
	}
	d, err := calendar.Parse(normal)
	if err == nil {
		return d, nil
	}
	if year := normal[:4]; year < "1900" || year > "2200" { // calendar.MinYear and MaxYear as text
		return 0, fault.New(fault.Invalid, "“%s”的年份不对", fault.Quote(text)).WithHint("年份在 %d 至 %d 之间", calendar.MinYear,
			calendar.MaxYear)
	}
	return 0, fault.New(fault.Invalid, "日历上没有“%s”这一天", fault.Quote(text)).WithHint("查一查月份和日子")
}

func notADay(text string) error {
	e := fault.New(fault.Invalid, "“%s”不是日期", fault.Quote(text))
	if len(text) == 5 && allDigits(text) {
		return e.WithHint("这是表格软件内部的数，先把这一列的格式设成日期，再另存")
	}
	return e.WithHint("写成 2026-03-05 这样的年-月-日")
}

// isoDay rewrites a day as YYYY-MM-DD; whether there is such a day is not asked.
func isoDay(text string) (string, bool) {
	for _, form := range [...]struct{ year, month, day string }{{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""},
		{"年", "月", "日"}} {
		y, rest, ok := strings.Cut(text, form.year)
		if !ok {
			continue
		}
		m, d, ok1 := strings.Cut(rest, form.month)
		d, ok2 := strings.CutSuffix(d, form.day)
		if !ok1 || !ok2 || len(y) != 4 || !allDigits(y+m+d) || !short(m) || !short(d) {
			return "", false
		}
		if len(m) == 2 && len(d) == 2 && form.year == "-" {
			return text, true
		}
		return y + "-" + padded(m) + "-" + padded(d), true
	}
	return "", false
}

func short(s string) bool { return len(s) == 1 || len(s) == 2 }

func padded(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
