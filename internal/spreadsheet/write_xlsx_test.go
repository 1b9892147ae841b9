package spreadsheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

func writeXLSX(tb rapid.TB, title string, columns []spreadsheet.Column, rows [][]string, footer ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := spreadsheet.WriteXLSX(&b, title, columns, rows, footer); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// reopen opens a workbook with another program's code.
func reopen(tb rapid.TB, src []byte) *excelize.File {
	tb.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(src))
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func ranking() ([]spreadsheet.Column, [][]string) {
	return []spreadsheet.Column{{Name: "名次", Numeric: true}, {Name: "姓名"}, {Name: "身份证号"}, {Name: "总分", Numeric: true},
			{Name: "事由"}},
		[][]string{
			{"1", "示例甲", "370799199001011230", "84.5", "=1+1"},
			{"2", "示例乙", "007", "-0.25", "+86"},
			{"并列", "", "2026-03-05", "1234567890.123456", "帮邻居搬家，两趟，前后一共花了整整一个周末的时间才全部搬完\n又送了一趟"},
			{"", "@SUM(A1)", "-5", "1e5", ""},
		}
}

// TestTheSheetAsAnotherProgramSeesIt looks at everything that a committee
// would otherwise set up by hand.
func TestTheSheetAsAnotherProgramSeesIt(t *testing.T) {
	t.Parallel()
	columns, rows := ranking()
	f := reopen(t, writeXLSX(t, "示例街道[2026]积分/排名", columns, rows, "说明：截至 2026-03-31。", "制表：张示例"))
	const name = "示例街道2026积分排名"
	if got := f.GetSheetList(); len(got) != 1 || got[0] != name {
		t.Fatalf("sheets %q", got)
	}
	for ref, want := range map[string]string{
		"A1": "s示例街道[2026]积分/排名", "A2": "s名次", "E2": "s事由", "A3": "n1", "C3": "s370799199001011230", "D3": "n84.5",
		"E3": "s=1+1",
		"C4": "s007", "D4": "n-0.25", "E4": "s+86", "A5": "s并列", "C5": "s2026-03-05", "D5": "s1234567890.123456", "A6": "n",
		"B6": "s@SUM(A1)", "C6": "s-5", "D6": "s1e5",
		"A7": "s说明：截至 2026-03-31。", "A8": "s制表：张示例",
	} {
		kind, err1 := f.GetCellType(name, ref)
		value, err2 := f.GetCellValue(name, ref, excelize.Options{RawCellValue: true})
		formula, err3 := f.GetCellFormula(name, ref)
		got := "s" + value
		if kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber {
			got = "n" + value
		}
		if err := errors.Join(err1, err2, err3); err != nil || got != want || formula != "" {
			t.Errorf("%s: got %q (%v), formula %q, %v; want %q", ref, got, kind, formula, err, want)
		}
	}
	merged, err := f.GetMergeCells(name, true)
	if err != nil || fmt.Sprint(merged) != "[[A1:E1 ] [A7:E7 ] [A8:E8 ]]" {
		t.Errorf("merged %v, %v", merged, err)
	}
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 2 || panes.XSplit != 0 || panes.TopLeftCell != "A3" {
		t.Errorf("panes %+v, %v", panes, err)
	}
	page, err1 := f.GetPageLayout(name)
	props, err2 := f.GetSheetProps(name)
	if err := errors.Join(err1, err2); err != nil || *page.Size != 9 || *page.Orientation != "landscape" ||
		*page.FitToWidth != 1 || *page.FitToHeight != 0 || !*props.FitToPage {
		t.Errorf("page %+v, %v", page, err)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm.Print_Titles" || names[0].RefersTo != "'"+name+"'!$2:$2" ||
		names[0].Scope != name {
		t.Errorf("names %+v", names)
	}
	looks(t, f, name)
}

// looks checks widths and styles.
func looks(t *testing.T, f *excelize.File, name string) {
	t.Helper()
	for col, want := range map[string]float64{"A": 6, "B": 10, "C": 20, "D": 19, "E": 50} {
		if got, err := f.GetColWidth(name, col); err != nil || got != want {
			t.Errorf("column %s is %v wide, want %v (%v)", col, got, want, err)
		}
	}
	for ref, want := range map[string]string{"A1": "bold @ 0", "A2": "bold @ 4", "C3": "plain @ 4",
		"A3": "plain General 4", "C6": "plain @ 4", "A7": "plain @ 0"} {
		id, err1 := f.GetCellStyle(name, ref)
		style, err2 := f.GetStyle(id)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		weight, format := "plain", "General"
		if style.Font != nil && style.Font.Bold {
			weight = "bold"
		}
		if style.NumFmt == 49 {
			format = "@"
		}
		if got := fmt.Sprintf("%s %s %d", weight, format, len(style.Border)); got != want || !style.Alignment.WrapText {
			t.Errorf("%s looks %s, want %s", ref, got, want)
		}
	}
}

func TestWithoutTitleAndFooter(t *testing.T) {
	t.Parallel()
	src := writeXLSX(t, "", []spreadsheet.Column{{Name: "编号"}, {Name: "姓名"}}, [][]string{{"P1"}})
	if got, want := written(readXLSX(t, src)), "1: 编号|姓名\n2: P1|"; got != want {
		t.Errorf("got %s", got)
	}
	f := reopen(t, src)
	panes, err := f.GetPanes("表")
	if names := f.GetDefinedName(); err != nil || panes.YSplit != 1 || names[0].RefersTo != "'表'!$1:$1" {
		t.Errorf("%+v, %+v, %v", panes, names, err)
	}
}

func TestEqualContentGivesEqualBytes(t *testing.T) {
	t.Parallel()
	columns, rows := ranking()
	first := writeXLSX(t, "排名", columns, rows, "说明")
	for range 10 {
		if !bytes.Equal(first, writeXLSX(t, "排名", columns, rows, "说明")) {
			t.Fatal("the same table was written differently")
		}
	}
}

// TestAWorkbookThatIsWrittenIsRead: whatever stands in the cells comes back,
// but for blanks around it and signs that XML has not.
func TestAWorkbookThatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	cell := rapid.OneOf(
		rapid.StringMatching("['=+@＝－ \t\r\n　-]{0,3}[0-9.a好',;\"<&]{0,4}(_x[0-9A-F]{4}_)?[' \t\n　]{0,3}"),
		rapid.StringMatching("-?[0-9]{1,18}(\\.[0-9]{1,3})?"),
		rapid.StringMatching("[\u4e00-\u9fff]{1,6}"),
	)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching("[=@'-]?[甲乙丙丁a-z]{1,4}"), 2, 6, rapid.ID[string]).Draw(t,
			"header")
		columns := make([]spreadsheet.Column, len(names))
		for i, n := range names {
			columns[i] = spreadsheet.Column{Name: n, Numeric: rapid.Bool().Draw(t, "numeric")}
		}
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 0, len(names)), 0, 20).Draw(t, "rows")
		src := writeXLSX(t, rapid.StringMatching("[甲乙]{0,40}").Draw(t, "title"), columns, rows,
			rapid.SliceOfN(rapid.StringMatching("[甲乙：\n]{1,40}"), 0, 3).Draw(t, "footer")...)
		table, err := spreadsheet.ReadXLSX("t.xlsx", bytes.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, row := range rows {
			full := make([]string, len(names))
			for i, c := range row {
				full[i] = plainer(strings.Trim(strings.ReplaceAll(strings.ReplaceAll(c, "\r\n", "\n"), "\r", "\n"),
					" \t\n\v\f\r\u3000\u00a0"), columns[i].Numeric)
			}
			if strings.Join(full, "") != "" {
				want = append(want, strings.Join(full, "|"))
			}
		}
		for _, r := range table.Rows {
			got = append(got, strings.Join(r.Cells, "|"))
		}
		if strings.Join(table.Header, "|") != strings.Join(names, "|") ||
			fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) || len(table.Doubts) > 0 {
			t.Fatalf("got %q %q %v\nwant %q %q", table.Header, got, table.Doubts, names, want)
		}
	})
}

// plainer returns a number as it is read again: without zeros that say nothing.
func plainer(text string, numeric bool) string {
	digits := strings.TrimPrefix(text, "-")
	whole, decimals, dot := strings.Cut(digits, ".")
	switch {
	case !numeric || whole == "" || dot && decimals == "" || strings.Trim(whole+decimals, "0123456789") != "":
		return text // no number
	case len(whole+decimals) > 15 || len(whole) > 1 && whole[0] == '0':
		return text
	case dot:
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

func TestWriteXLSXRefuses(t *testing.T) {
	t.Parallel()
	one := []spreadsheet.Column{{Name: "事由"}}
	for _, c := range []struct {
		name    string
		columns []spreadsheet.Column
		rows    [][]string
		footer  string
		code    fault.Code
		want    string
	}{
		{"a long cell", one, [][]string{{""}, {strings.Repeat("长", 32768)}}, "", fault.Invalid, "第 2 行的“事由”太长"},
		{"a long cell in UTF-16", one, [][]string{{strings.Repeat("𬭳", 16384)}}, "", fault.Invalid, "太长"},
		{"a long footer", one, nil, strings.Repeat("长", 32768), fault.Invalid, "太长"},
		{"too many rows", one, make([][]string, 1<<20), "", fault.TooMany, "放不下"},
		{"too many columns", make([]spreadsheet.Column, 1<<14+1), nil, "", fault.TooMany, "放不下"},
		{"no column", nil, nil, "", fault.Internal, "没有列"},
		{"a row too long", one, [][]string{{"a", "b"}}, "", fault.Internal, "第 1 行有 2 格"},
	} {
		var b bytes.Buffer
		err := spreadsheet.WriteXLSX(&b, "题", c.columns, c.rows, []string{c.footer})
		if fault.CodeOf(err) != c.code || !strings.Contains(fmt.Sprint(err), c.want) || b.Len() > 0 {
			t.Errorf("%s: got %v and %d bytes", c.name, err, b.Len())
		}
	}
	if got := readXLSX(t, writeXLSX(t, "", []spreadsheet.Column{{Name: "甲"}, {Name: "乙"}},
		[][]string{{"b", strings.Repeat("a", 2000)}})).Rows[0].Cells[1]; len(got) != 2000 {
		t.Errorf("2000 characters came back as %d", len(got))
	}
}

func TestWriteXLSXReportsWhatItCouldNotWrite(t *testing.T) {
	t.Parallel()
	columns, rows := ranking()
	for _, room := range []int{0, 100, 3000} {
		if err := spreadsheet.WriteXLSX(&full{left: room}, "题", columns, rows, nil); !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
}
