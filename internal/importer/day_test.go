package importer

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

func TestDaysInEveryForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := calendar.Day(rapid.IntRange(int(calendar.Of(1900, 1, 1)), int(calendar.Of(2200, 12, 31))).Draw(t, "day"))
		y, m, d := want.Civil()
		for _, form := range []string{"%d-%02d-%02d", "%d-%d-%d", "%d/%d/%d", "%d/%02d/%02d", "%d.%d.%d", "%d年%d月%d日",
			"%d年%02d月%02d日"} {
			text := fmt.Sprintf(form, y, m, d)
			if got, err := parseDay(text); err != nil || got != want {
				t.Fatalf("%s: got %s, %v", text, got, err)
			}
		}
	})
}

func TestNoDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-02-30":              "日历上没有“2026-02-30”这一天",
		"2026/13/1":               "日历上没有",
		"2026年0月1日":               "日历上没有",
		"1899-12-31":              "“1899-12-31”的年份不对（年份在 1900 至 2200 之间）",
		"2201/1/1":                "年份不对",
		"46027":                   "表格软件内部的数",
		"3月5日":                    "“3月5日”不是日期（写成 2026-03-05",
		"2026-3":                  "不是日期",
		"26-03-05":                "不是日期",
		"2026-03-05 0":            "不是日期",
		"2026/3.5":                "不是日期",
		"2026年3月5":                "不是日期",
		"2026-003-5":              "不是日期",
		"2026--5":                 "不是日期",
		"-2026-3-5":               "不是日期",
		"2026-+3-5":               "不是日期",
		"２０２６-3-5":                "不是日期",
		"去年":                      "不是日期",
		"":                        "不是日期",
		strings.Repeat("长", 2000): "长…”不是日期",
	} {
		d, err := parseDay(text)
		if d != 0 || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v; want %s", text, d, err, want)
		}
	}
}
