package spreadsheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// book makes a workbook with another program's code.
func book(tb testing.TB, fill func(f *excelize.File) error) []byte {
	tb.Helper()
	f := excelize.NewFile()
	if err := fill(f); err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// grid makes a workbook of text; "" leaves a cell out, and words such as
// "A1:C1" after the rows merge cells.
func grid(tb testing.TB, rows string, merges ...string) []byte {
	tb.Helper()
	return book(tb, func(f *excelize.File) error {
		for y, row := range strings.Split(strings.Trim(rows, "\n"), "\n") {
			for x, text := range strings.Split(row, "|") {
				if text == "" {
					continue
				}
				ref, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if err := f.SetCellStr("Sheet1", ref, strings.ReplaceAll(text, "¶", "\n")); err != nil {
					return err
				}
			}
		}
		for _, m := range merges {
			from, to, _ := strings.Cut(m, ":")
			if err := f.MergeCell("Sheet1", from, to); err != nil {
				return err
			}
		}
		return nil
	})
}

func readXLSX(tb testing.TB, src []byte) *spreadsheet.Table {
	tb.Helper()
	table, err := spreadsheet.ReadXLSX("名册.xlsx", bytes.NewReader(src))
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

func TestReadXLSXFindsTheTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, src string
		merges    []string
		want      string
	}{
		{"plain", "编号|姓名|支部\nP1|示例甲|一支部", nil, "1: 编号|姓名|支部\n2: P1|示例甲|一支部"},
		{"header alone", "编号|姓名|支部", nil, "1: 编号|姓名|支部"},
		{"one column", "编号\nP1\nP2", nil, "1: 编号\n2: P1\n3: P2"},
		{"a title", "党员名册\n编号|姓名|支部\nP1|示例甲|一支部", []string{"A1:C1"}, "2: 编号|姓名|支部\n3: P1|示例甲|一支部"},
		{"a title over two columns", "党员名册\n编号|姓名\nP1|示例甲", []string{"A1:B1"}, "2: 编号|姓名\n3: P1|示例甲"},
		{"lines for the clerk", "党员名册\n填报单位：示例支部||填报人：张示例|日期：2026年3月\n\n编号|姓名|支部|社区\nP1|示例甲|一支部|甲社区", []string{"A1:D1"},
			"4: 编号|姓名|支部|社区\n5: P1|示例甲|一支部|甲社区"},
		{"beside the margin", " \n|编号|姓名\n|P1|示例甲", nil, "2: 编号|姓名\n3: P1|示例甲"},
		{"rows without content", "编号|姓名\n\n　| \nP1|示例甲\n\n", nil, "1: 编号|姓名\n4: P1|示例甲"},
		{"an empty column", "编号||姓名\nP1||示例甲", nil, "1: 编号|姓名\n2: P1|示例甲"},
		{"sparse rows", "编号|姓名|支部|社区\nP1\n||一支部\nP3|示例丙|二支部|甲社区", nil,
			"1: 编号|姓名|支部|社区\n2: P1|||\n3: ||一支部|\n4: P3|示例丙|二支部|甲社区"},
		{"blanks", " 编号　|\u00a0姓名¶|支部\nP1 |　示例甲|一　支 部", nil, "1: 编号|姓名|支部\n2: P1|示例甲|一　支 部"},
		{"lines within a heading", "编¶号|姓\u200b名|支部\nP1|示例¶甲|一", nil, "1: 编号|姓名|支部\n2: P1|示例\n甲|一"},
		{
			"two rows of headings", "编号|姓名|联系方式||支部\n||手机|固话|\nP1|示例甲|1|2|一支部\nP2|示例乙|3|4|一支部",
			[]string{"A1:A2", "B1:B2", "C1:D1", "E1:E2"},
			"2: 编号|姓名|手机|固话|支部\n3: P1|示例甲|1|2|一支部\n4: P2|示例乙|3|4|一支部",
		},
		{
			"groups above the headings", "基本情况||||党籍|\n姓名|性别|民族|学历|入党|转正\n示例甲|男|汉族|大学|a|b", []string{"A1:D1", "E1:F1"},
			"2: 姓名|性别|民族|学历|入党|转正\n3: 示例甲|男|汉族|大学|a|b",
		},
		{
			"a branch for several rows", "支部|编号|姓名\n一支部|P1|示例甲\n|P2|示例乙\n|P3|示例丙\n|P4|示例丁", []string{"A2:A4"},
			"1: 支部|编号|姓名\n2: 一支部|P1|示例甲\n3: 一支部|P2|示例乙\n4: 一支部|P3|示例丙\n5: |P4|示例丁",
		},
		{"merged downwards over nothing", "支部|编号|姓名\n一支部|P1|示例甲", []string{"A2:A9"}, "1: 支部|编号|姓名\n2: 一支部|P1|示例甲"},
		{
			"remarks", "编号|姓名|支部\n第一组\nP1|示例甲|一支部\n注：本表一式两份", []string{"A2:C2", "A4:C4"},
			"1: 编号|姓名|支部\n3: P1|示例甲|一支部",
		},
		{"what is not merged is no remark", "编号|姓名|支部\nP1|示例甲|一支部\n合计：1", nil, "1: 编号|姓名|支部\n2: P1|示例甲|一支部\n3: 合计：1||"},
		{"formulas as text", "编号|事由\n=1+1|'-5\n+86|@x", nil, "1: 编号|事由\n2: =1+1|'-5\n3: +86|@x"},
	} {
		table, err := spreadsheet.ReadXLSX("名册.xlsx", bytes.NewReader(grid(t, c.src, c.merges...)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := written(table); got != c.want || table.Name != "名册.xlsx" || len(table.Doubts) > 0 {
			t.Errorf("%s: got\n%s %v\nwant\n%s", c.name, got, table.Doubts, c.want)
		}
	}
}

// TestCellsThatAreNoText: what a person sees is what is read.
func TestCellsThatAreNoText(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value  any
		format string // code, or the number of a built-in one
		want   string
	}{
		{12, "", "12"},
		{-0.5, "", "-0.5"},
		{0.1 + 0.2, "", "0.3"},
		{1e-7, "", "0.0000001"},
		{-1e-20, "", "-1e-20"},
		{0.0, "", "0"},
		{123456789012345, "", "123456789012345"},
		{13800000000, "", "13800000000"},
		{1234.5678, "0.00", "1234.5678"},
		{0.85, "0%", "85%"},
		{0.925, "0%", "92.5%"},
		{0.0, "10", "0%"},
		{-0.005, "0.0%", "-0.5%"},
		{0.07, "9", "7%"},
		{12345.0, "#,##0", "12345"},
		{true, "", "是"},
		{false, "", "否"},
		{day, "14", "2026-03-05"},
		{day, "31", "2026-03-05"},
		{day, "58", "2026-03-05"},
		{day, "57", "2026-03-05"}, // month only, but not on the first: somebody typed the day
		{day, "yyyy-mm-dd", "2026-03-05"},
		{day, `yyyy"年"m"月"d"日";@`, "2026-03-05"},
		{day, `[$-804]yyyy\年m\月d\日`, "2026-03-05"},
		{day, `[DBNum1][$-804]yyyy"年"m"月"d"日"`, "2026-03-05"},
		{day, "m/d", "2026-03-05"},
		{day, "aaaa d", "2026-03-05"},
		{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), "yyyy-mm-dd", "2026-03-01"},
		{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), "17", "2026-03"},
		{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), `yyyy"年"m"月"`, "2026-03"},
		{time.Date(1996, 2, 29, 0, 0, 0, 0, time.UTC), "14", "1996-02-29"},
		{time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC), "14", "1900-03-01"},
		{59.0, "14", "1900-02-28"},
		{1.0, "14", "1900-01-01"},
		{60.0, "14", "60"}, // a day that never was
		{-1.0, "14", "-1"},
		{20260305.0, "14", "20260305"}, // no date: a spreadsheet shows ####
		{day.Add(14*time.Hour + 30*time.Minute), "22", "2026-03-05 14:30"},
		{day.Add(14*time.Hour + 30*time.Minute + 5*time.Second), "yyyy-mm-dd hh:mm:ss", "2026-03-05 14:30:05"},
		{day, "22", "2026-03-05"},
		{day.Add(14 * time.Hour), "yyyy-mm-dd", "2026-03-05"},
		{day.Add(24*time.Hour - time.Millisecond), "22", "2026-03-06"},
		{0.5, "h:mm", "12:00"},
		{0.75, "20", "18:00"},
		{1.25, "[h]:mm", "30:00"},
		{1.5, "[h]:mm", "36:00"},
		{1.25, "46", "30:00"},
		{0.1041666666666667, "46", "2:30"},
		{7.0, `0"月"`, "7"},
		{7.0, `"日"0`, "7"},
		{7.0, `0.0E+00`, "7"},
		{7.0, "G/通用格式", "7"},
		{7.0, "General", "7"},
		{7.0, `"没有写完的`, "7"},
		{7.0, "[没有写完的", "7"},
		{7.0, "", "7"},
	} {
		table := readXLSX(t, book(t, func(f *excelize.File) error {
			style, err := f.NewStyle(numberStyle(c.format))
			return errors.Join(err,
				f.SetSheetRow("Sheet1", "A1", &[]string{"编号", "值"}), f.SetCellValue("Sheet1", "A2", "P1"),
				f.SetCellValue("Sheet1", "B2", c.value), f.SetCellStyle("Sheet1", "B2", "B2", style))
		}))
		if got := table.Rows[0].Cells[1]; got != c.want || len(table.Doubts) > 0 {
			t.Errorf("%v as %s: got %q %v, want %q", c.value, c.format, got, table.Doubts, c.want)
		}
	}
}

func numberStyle(format string) *excelize.Style {
	s := &excelize.Style{}
	if _, err := fmt.Sscanf(format, "%d", &s.NumFmt); err != nil || len(format) > 2 || s.NumFmt < 9 {
		s.NumFmt, s.CustomNumFmt = 0, &format
	}
	if format == "" {
		s.CustomNumFmt = nil
	}
	return s
}

func TestDatesOfOldMacs(t *testing.T) {
	t.Parallel()
	table := readXLSX(t, book(t, func(f *excelize.File) error {
		old := true
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		return errors.Join(err, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &old}),
			f.SetSheetRow("Sheet1", "A1", &[]string{"编号", "日期"}), f.SetSheetRow("Sheet1", "A2", &[]any{"P1", 44624}),
			f.SetSheetRow("Sheet1", "A3", &[]any{"P2", 0}),
			f.SetCellStyle("Sheet1", "B2", "B3", style))
	}))
	if got, want := written(table), "1: 编号|日期\n2: P1|2026-03-05\n3: P2|1904-01-01"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	table := readXLSX(t, part(t, grid(t, "姓名|身份证号|积分"), "xl/worksheets/sheet1.xml", func(string) string {
		return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
			<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>身份证号</t></is></c>
			<c t="inlineStr"><is><t>积分</t></is></c></row>
			<row r="3"><c t="inlineStr"><is><t>示例甲</t></is></c><c><v>3.70799199001011E+17</v></c><c><f>1+1</f><v>2</v></c></row>
			<row><c t="inlineStr"><is><t>示例乙</t></is></c><c><v>370799900101123</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>
			<row><c t="inlineStr"><is><t>示例丙</t></is></c><c t="str"><f>"37"</f><v>37</v></c><c><f>A1</f></c></row>
			<row><c t="inlineStr"><is><t>示例丁</t></is></c><c><v>-1234567890123456</v></c><c t="str"><f>""</f><v></v></c></row>
			</sheetData></worksheet>`
	}))
	want := "1: 姓名|身份证号|积分\n3: 示例甲|370799199001011000|2\n4: 示例乙|370799900101123|#DIV/0!\n5: 示例丙|37|\n" +
		"6: 示例丁|-1234567890123460|"
	if got := written(table); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var got []string
	for _, d := range table.Doubts {
		got = append(got, fmt.Sprintf("%d %s：%s。%s", d.Line, d.Column, d.Message, d.Advice))
	}
	wants := []string{
		"3 身份证号：这一格的长号码（如身份证号）在表里存成了数字，末几位已经丢失。把这一列设为文本，再照证件重新填",
		"4 积分：这一格的公式出错（#DIV/0!）。改好公式，或直接填上内容",
		"5 积分：这一格的公式还没有算出结果。用表格软件打开这个文件，保存一次再用",
		"6 身份证号：这一格的长号码（如身份证号）在表里存成了数字，末几位已经丢失。把这一列设为文本，再照证件重新填",
	}
	if !slices.Equal(got, wants) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestWhichSheetAndWhichRows(t *testing.T) {
	t.Parallel()
	table := readXLSX(t, book(t, func(f *excelize.File) error {
		_, err1 := f.NewSheet("字典")
		_, err2 := f.NewSheet("名册")
		_, err3 := f.NewSheet("说明")
		return errors.Join(err1, err2, err3, f.SetCellStr("Sheet1", "A1", "  "),
			f.SetSheetRow("字典", "A1", &[]string{"民族", "学历"}), f.SetSheetVisible("字典", false),
			f.SetSheetRow("名册", "A1", &[]string{"编号", "姓名"}), f.SetSheetRow("名册", "A2", &[]string{"P1", "示例甲"}),
			f.SetSheetRow("名册", "A3", &[]string{"P2", "示例乙"}),
			f.SetRowVisible("名册", 2, false), f.SetColVisible("名册", "B", false),
			f.SetSheetRow("说明", "A1", &[]string{"不要", "读这里"}))
	}))
	if got, want := written(table), "1: 编号|姓名\n2: P1|示例甲\n3: P2|示例乙"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	table = readXLSX(t, book(t, func(f *excelize.File) error {
		_, err := f.NewSheet("字典")
		return errors.Join(err, f.SetSheetRow("字典", "A1", &[]string{"编号", "姓名"}), f.SetSheetVisible("字典", false))
	}))
	if got, want := written(table), "1: 编号|姓名"; got != want {
		t.Errorf("only a hidden sheet has content: got %s, want %s", got, want)
	}
}

func TestRichTextAndPhonetics(t *testing.T) {
	t.Parallel()
	src := book(t, func(f *excelize.File) error {
		return errors.Join(f.SetSheetRow("Sheet1", "A1", &[]string{"编号", "姓名"}), f.SetCellStr("Sheet1", "A2", "P1"),
			f.SetCellRichText("Sheet1", "B2", []excelize.RichTextRun{{Text: "示例", Font: &excelize.Font{Bold: true}},
				{Text: "甲 "}, {Text: "又名乙"}}))
	})
	if got := readXLSX(t, src).Rows[0].Cells[1]; got != "示例甲 又名乙" {
		t.Errorf("got %q", got)
	}
	src = part(t, src, "xl/sharedStrings.xml", func(string) string {
		return `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>编号</t></si>` +
			`<si><t>姓名</t><rPh sb="0" eb="1"><t>xing</t></rPh></si><si><t>P_x0031__x000D_
</t></si><si><r><t>示</t></r><r><t>例</t></r><phoneticPr fontId="1"/></si></sst>`
	})
	if got, want := written(readXLSX(t, src)), "1: 编号|姓名\n2: P1|示例"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAFailingSourceOfAWorkbook(t *testing.T) {
	t.Parallel()
	if _, err := spreadsheet.ReadXLSX("a.xlsx", broken{}); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
	if _, err := spreadsheet.ReadXLSX("a.xlsx", endless{}); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "超过 64 MB") {
		t.Errorf("got %v", err)
	}
}
