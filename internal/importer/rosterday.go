package importer

import (
	"strings"
	"unicode"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// parseRosterDay reads a day as registers write it: year, month and day parted by
// - / . 。 or 年月日, or eight digits; a time of day after it is passed over. A
// day that is incomplete or none is fault.Invalid.
func parseRosterDay(text string) (calendar.Day, error) {
	date := withoutTime(plainSigns(text))
	parts := strings.FieldsFunc(date, func(r rune) bool { return strings.ContainsRune("-/.年月日", r) })
	if len(parts) == 1 && len(parts[0]) == 8 && allDigits(parts[0]) {
		parts = []string{date[:4], date[4:6], date[6:8]}
	}
	for _, p := range parts {
		if !allDigits(p) {
			return 0, notARosterDay(text)
		}
	}
	if len(parts) == 0 || len(parts) > 3 || len(parts[0]) != 4 {
		return 0, notARosterDay(text)
	}
	if len(parts) < 3 {
		return 0, fault.New(fault.Invalid, "“%s”没有写到日", fault.Quote(text)).WithHint("照入党志愿书等材料写到日，如 2026-03-05")
	}
	if len(parts[1]) > 2 || len(parts[2]) > 2 {
		return 0, notARosterDay(text)
	}
	d, err := calendar.Parse(parts[0] + "-" + padded(parts[1]) + "-" + padded(parts[2]))
	if err != nil {
		return 0, fault.New(fault.Invalid, "日历上没有“%s”这一天", fault.Quote(text)).WithHint("查一查年份、月份和日子")
	}
	return d, nil
}

func notARosterDay(text string) error {
	e := fault.New(fault.Invalid, "“%s”不是日期", fault.Quote(text))
	if len(text) == 5 && allDigits(text) {
		return e.WithHint("这是表格软件内部的数，把这一列的格式设成日期")
	}
	return e.WithHint("写成 2026-03-05 这样的年-月-日")
}

// plainSigns gives the signs of a date their one form.
func plainSigns(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '。', '、', '·', '•':
			return '.'
		case '—', '–', '‐', '−', '~':
			return '-'
		case '\u3000', '\u00a0':
			return ' '
		}
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return narrow(r)
	}, text)
}

// withoutTime cuts off 00:00:00 and the like, and the blanks within a date.
func withoutTime(text string) string {
	if i := strings.LastIndexAny(text, " T"); i >= 0 && clock(text[i+1:]) {
		text = text[:i]
	}
	return strings.ReplaceAll(text, " ", "")
}

func clock(text string) bool {
	return strings.Contains(text, ":") && allDigits(strings.NewReplacer(":", "", ".", "").Replace(text))
}
