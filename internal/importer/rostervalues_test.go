package importer

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

func TestDaysOfRostersInEveryForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := calendar.Day(rapid.IntRange(int(calendar.Of(1900, 1, 1)), int(calendar.Of(2200, 12, 31))).Draw(t, "day"))
		y, m, d := want.Civil()
		for _, form := range []string{
			"%d-%02d-%02d", "%d-%d-%d", "%d/%d/%d", "%d.%d.%d", "%d.%02d.%02d.", "%d年%d月%d日", "%d年%02d月%02d日", "%d年%d月%d",
			"%d%02d%02d",
			"%d-%02d-%02d 00:00:00", "%d/%d/%d 0:00", "%d-%02d-%02dT00:00:00", "%d年%d月%d日 9:30", "%d-%02d-%02d 00:00:00.0",
			"%d 年 %d 月 %d 日", "%d。%d。%d", "%d、%d、%d", "%d—%d—%d", "%d/%d-%d", "\u200b%d-%d-%d", "　%d-%d-%d",
		} {
			text := fmt.Sprintf(form, y, m, d)
			if got, err := ParseDay(text); err != nil || got != want {
				t.Fatalf("%s: got %s, %v", text, got, err)
			}
		}
		wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, fmt.Sprintf("%d.%d.%d", y, m, d))
		if got, err := ParseDay(wide); err != nil || got != want {
			t.Fatalf("%s: got %s, %v", wide, got, err)
		}
	})
}

func TestNoDaysOfRosters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-02-30": "日历上没有", "1899-12-31": "年份不对", "20261301": "日历上没有", "2026-0-1": "日历上没有",
		"2026-03": "没有写到日", "2026年3月": "没有写到日", "2026": "没有写到日", "2026.7": "没有写到日",
		"46027": "表格软件内部的数", "26-03-05": "不是日期", "05/03/2026": "不是日期", "3月5日": "不是日期", "2026-003-5": "不是日期",
		"2026-3-5-1": "不是日期",
		"去年":         "不是日期", "": "不是日期", "2026-03-05 上午": "不是日期", "2026-03-05 0": "不是日期",
		"2026x03-05": "不是日期", "12:30": "不是日期",
		"202603":                  "不是日期",
		strings.Repeat("长", 2000): "长…”不是日期",
	} {
		d, err := ParseDay(text)
		if d != 0 || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) ||
			!strings.Contains(err.Error(), "（") {
			t.Errorf("%q: got %v, %v; want %s", text, d, err, want)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		parse func(string) (any, error)
		good  map[string]any
		bad   map[string]string
	}{
		{of(genders), map[string]any{"男": Male, "女性": Female, "1": Male, "2": Female, "9": Gender("")},
			map[string]string{"男女": "填男或女", "x": "填男或女"}},
		{
			of(membership),
			map[string]any{"正式党员": Full, "预备": Probationary, "中共预备党员": Probationary, "正式 党员（1）": Full},
			map[string]string{"群众": "还不是党员", "发展对象": "还不是党员", "党员": "填正式党员或预备党员"},
		},
		{of(whether), map[string]any{"是": true, "否": false, "√": true, "n": false}, map[string]string{"也许": "填是或否"}},
		{of(suspended), map[string]any{"正常": false, "停止党籍": true, "恢复党籍": false},
			map[string]string{"开除党籍": "已经不是党员", "x": "填正常或停止党籍"}},
		{
			of(phone),
			map[string]any{"13800000000": "13800000000", " 138-0000 0000": "13800000000", "+86 13800000000": "13800000000",
				"１３８００００００００": "13800000000", "(0536)8000000": "05368000000", "8600000": "8600000",
				"0086 13800000000": "13800000000", "86-13800000000": "13800000000"},
			map[string]string{"1380000000": "位数或写法", "138000000000": "位数或写法", "13800000000、13900000000": "不止一个",
				"13800000000 示例甲": "不止一个", "无号码": "写法不对", "123456": "位数", "0536800000000": "位数"},
		},
		{of(months), map[string]any{"12": 12, "-6个月": -6, "0": 0, "＋3月": 3},
			map[string]string{"一年": "写月数", "1201": "写月数", "1.5": "写月数"}},
		{of(nation), map[string]any{"汉族": "汉族", "汉": "汉族", "03": "回族", "56": "基诺族", "其他": "其他", "97": "其他",
			"58": "外国血统中国籍人士", "维吾尔": "维吾尔族"}, map[string]string{"汗族": "没有“汗族”这个民族", "0": "没有", "59": "没有"}},
		{of(education), map[string]any{"21": "大学", "1a": "中央党校研究生", "大学本科毕业": "大学本科毕业", "大\n学": "大学"},
			map[string]string{strings.Repeat("长", 101): "最多 100 字"}},
	} {
		for text, want := range c.good {
			if got, err := c.parse(text); err != nil || got != want {
				t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
			}
		}
		for text, want := range c.bad {
			if got, err := c.parse(text); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) ||
				!strings.Contains(err.Error(), "（") {
				t.Errorf("%q: got %v, %v; want %s", text, got, err, want)
			}
		}
	}
}

func of[T any](parse func(string) (T, error)) func(string) (any, error) {
	return func(text string) (any, error) { return parse(text) }
}

func TestNations(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, n := range nations() {
		seen[n] = true
	}
	if len(seen) != 56 || len(nations()) != 56 {
		t.Errorf("there are %d", len(seen))
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"示例甲": "示例甲", "示　甲": "示甲", "示 例 甲": "示例甲", "阿依木尔•麦吉": "阿依木尔·麦吉", "阿依木尔．麦吉": "阿依木尔·麦吉", "示\u200b例\n甲": "示例甲",
		"Anna  Example": "Anna Example", "䶮㛃": "䶮㛃", "示例（大）": "示例（大）",
		"123": "", "-": "", "": "", "·": "", strings.Repeat("长", 51): "",
	} {
		p := oneCell(text)
		if want == "" {
			if len(p.Rows) != 0 || len(p.Problems) < 2 {
				t.Errorf("%q: got %+v %+v", text, p.Rows, p.Problems)
			}
			continue
		}
		if len(p.Rows) != 1 || p.Rows[0].Name != want {
			t.Errorf("%q: got %+v %+v", text, p.Rows, p.Problems)
		}
	}
}
