package importer

import (
	"strconv"
	"strings"
	"unicode"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// Date is a day as far as a cell gives it.
type Date struct {
	Day         calendar.Day // 0 where the cell does not say it
	Year, Month int          // known without a day too; Month is 0 where nobody can tell it
	months      [2]int       // the months that may be meant where there are two
}

// fits reports whether a day may be the one of which a cell gives year and month.
func (d Date) fits(day calendar.Day) bool {
	y, m, _ := day.Civil()
	switch {
	case d.Day != 0:
		return d.Day == day
	case d.Year == 0:
		return true
	case d.Year != y:
		return false
	case d.months[0] != 0:
		return m == d.months[0] || m == d.months[1]
	}
	return d.Month == 0 || d.Month == m
}

// String returns as much as is known: 1995-07-01, 1995-07 or 1995.
func (d Date) String() string {
	switch {
	case d.Day != 0:
		return d.Day.String()
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return strconv.Itoa(d.Year)
	}
	return strconv.Itoa(d.Year) + "-" + padded(strconv.Itoa(d.Month))
}

// ParseDay reads a day as people and programs write it: year, month and day parted by - / .
// or 年月日, in any width, in Chinese digits, or eight digits; a time of day after it is passed
// over. One that is none, or is not told to the day, is fault.Invalid.
func ParseDay(text string) (calendar.Day, error) {
	d, err := parseDate(text)
	switch {
	case err != nil:
		return 0, err
	case d.Day != 0:
		return d.Day, nil
	case d.months[0] != 0:
		return 0, fault.New(fault.Invalid, "“%s”可能是 1 月，也可能是 10 月，也没有写到日", fault.Quote(text)).
			WithHint("写到日，如 2026-03-05")
	}
	return 0, fault.New(fault.Invalid, "“%s”没有写到日", fault.Quote(text)).WithHint("写到日，如 2026-03-05")
}

// parseDate is ParseDay for what may be known to the month or the year only.
func parseDate(text string) (Date, error) {
	plain, zone, ok := withoutClock(plainSigns(unprotected(text)))
	if !ok {
		return Date{}, notADay(text, "写成 2026-03-05 这样的年-月-日")
	}
	if zone {
		return Date{}, fault.New(fault.Invalid, "“%s”带着时区，看不出是哪一天", fault.Quote(text)).
			WithHint("用表格软件打开，把这一列的格式设成日期，另存再用")
	}
	parts, marks, ok := dateParts(arabic(plain))
	switch {
	case !ok || len(parts) > 3:
		return Date{}, notADay(text, "写成 2026-03-05 这样的年-月-日")
	case len(parts[0]) == 5:
		return Date{}, notADay(text, "这是表格软件内部的数，先把这一列的格式设成日期，再另存")
	case len(parts) == 1 && len(parts[0]) == 8:
		parts = []string{plain[:4], plain[4:6], plain[6:8]}
	case len(parts) == 3 && len(parts[2]) == 4:
		return Date{}, notADay(text, "写成 2026-03-05 这样的年-月-日，年写在最前面")
	case len(parts) == 3 && len(parts[0]) == 2:
		return Date{}, notADay(text, "写成 2026-03-05 这样的年-月-日，年份写四位")
	case len(parts) == 2 && len(parts[0]) <= 2:
		return Date{}, notADay(text, "写成 2026-03-05 这样的年-月-日，年份也要写")
	}
	for i, p := range parts {
		if i == 0 && len(p) != 4 || i > 0 && len(p) > 2 {
			return Date{}, notADay(text, "写成 2026-03-05 这样的年-月-日")
		}
	}
	return settleDate(text, parts, marks)
}

// settleDate makes a Date of year, month and day, as far as they are given.
func settleDate(text string, parts []string, marks string) (Date, error) {
	var d Date
	d.Year, _ = strconv.Atoi(parts[0])
	if d.Year < calendar.MinYear || d.Year > calendar.MaxYear {
		return Date{}, fault.New(fault.Invalid, "“%s”的年份不对", fault.Quote(text)).WithHint("年份在 %d 至 %d 之间", calendar.MinYear,
			calendar.MaxYear)
	}
	if len(parts) == 1 {
		return d, nil
	}
	d.Month, _ = strconv.Atoi(parts[1])
	none := fault.New(fault.Invalid, "日历上没有“%s”这一天", fault.Quote(text)).WithHint("查一查年份、月份和日子")
	if d.Month < 1 || d.Month > 12 {
		return Date{}, none
	}
	if len(parts) == 2 {
		if parts[1] == "1" && marks == "." { // a number that lost its last nought
			d.Month, d.months = 0, [2]int{1, 10}
		}
		return d, nil
	}
	day, err := calendar.Parse(parts[0] + "-" + padded(parts[1]) + "-" + padded(parts[2]))
	if err != nil {
		return Date{}, none
	}
	d.Day = day
	return d, nil
}

func notADay(text, hint string) error {
	return fault.New(fault.Invalid, "“%s”不是日期", fault.Quote(text)).WithHint("%s", hint)
}

// dateParts parts the digits of a date from the one mark behind each of them.
func dateParts(text string) (parts []string, marks string, ok bool) {
	runes := []rune(text)
	for i := 0; i < len(runes); {
		start := i
		for i < len(runes) && runes[i] >= '0' && runes[i] <= '9' {
			i++
		}
		if i == start {
			return nil, "", false
		}
		parts = append(parts, string(runes[start:i]))
		if i == len(runes) {
			return parts, marks, true
		}
		mark := runes[i]
		i++
		switch {
		case !strings.ContainsRune("-/.年月日号", mark):
			return nil, "", false
		case i == len(runes):
			return parts, marks, strings.ContainsRune(".年月日号", mark)
		}
		marks += string(mark)
	}
	return nil, "", false
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
	}, strings.TrimSpace(text))
}

// withoutClock cuts off 00:00:00 and the like, and the blanks within a date. zone is true where
// a time of day stands in a zone, so that the day is another one elsewhere.
func withoutClock(text string) (date string, zone, ok bool) {
	i := strings.LastIndexAny(text, " T日")
	if i >= 0 && strings.Contains(text[i:], ":") {
		mark := " "
		if strings.HasPrefix(text[i:], "日") {
			mark = "日"
		}
		clock, zoned, ok := cutZone(text[i+len(mark):])
		if !ok {
			return "", false, false
		}
		zone = zoned && strings.Trim(clock, "0:.") != ""
		text = text[:i] + strings.TrimSpace(mark)
	}
	return strings.ReplaceAll(text, " ", ""), zone, true
}

// cutZone parts a time of day from the zone behind it.
func cutZone(text string) (clock string, zoned, ok bool) {
	clock = text
	if rest, utc := strings.CutSuffix(text, "Z"); utc {
		clock, zoned = rest, true
	} else if i := strings.LastIndexAny(text, "+-"); i > 0 {
		if !allDigits(strings.ReplaceAll(text[i+1:], ":", "")) {
			return "", false, false
		}
		clock, zoned = text[:i], true
	}
	return clock, zoned, strings.Contains(clock, ":") && allDigits(strings.NewReplacer(":", "", ".", "").Replace(clock))
}

// arabic rewrites a date in Chinese digits, 一九九五年七月一日; any other text stays.
func arabic(text string) string {
	const digits = "零一二三四五六七八九"
	year, rest, ok := strings.Cut(text, "年")
	if !ok || !strings.ContainsAny(text, "〇○零一二三四五六七八九十") {
		return text
	}
	figure := func(r rune) string {
		if r == '〇' || r == '○' {
			r = '零'
		}
		if i := strings.IndexRune(digits, r); i >= 0 {
			return strconv.Itoa(i / len("零"))
		}
		return string(r)
	}
	var b strings.Builder
	for _, r := range year {
		b.WriteString(figure(r))
	}
	b.WriteString("年")
	runes := []rune(rest)
	isFigure := func(i int) bool { return i >= 0 && i < len(runes) && strings.ContainsRune(digits, runes[i]) }
	for i, r := range runes {
		switch {
		case r != '十':
			b.WriteString(figure(r))
		case isFigure(i-1) && isFigure(i+1): // 二十一
		case isFigure(i - 1): // 二十
			b.WriteString("0")
		case isFigure(i + 1): // 十一
			b.WriteString("1")
		default:
			b.WriteString("10")
		}
	}
	return b.String()
}

func padded(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
