package spreadsheet_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// drawn draws up a form: a title over all columns, a heading, the row that is repeated with a
// merged area, a formula and a style, a line of sums below it, and a note.
func drawn(tb testing.TB, change func(f *excelize.File)) []byte {
	tb.Helper()
	f := excelize.NewFile()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	const s = "Sheet1"
	for cell, text := range map[string]string{
		"A1": "{单位}党员积分表（{考核期}）", "A2": "姓名", "B2": "支部", "D2": "基础", "E2": "贡献", "F2": "合计", "G2": "说明",
		"A3": "{姓名}", "B3": "{支部}", "D3": "{板块.基础}", "E3": "{ 板块.贡献 }", "G3": "共 {总分} 分", "A4": "合计", "A6": "制表人：{制表人}",
	} {
		check(f.SetCellStr(s, cell, text))
	}
	check(f.MergeCell(s, "A1", "G1"))
	check(f.MergeCell(s, "B3", "C3"))
	check(f.SetCellFormula(s, "F3", "D3+E3"))
	check(f.SetCellFormula(s, "F4", "SUM(F3:F3)"))
	check(f.SetCellFormula(s, "D4", "SUM(D$3:D$3)"))
	style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	check(err)
	check(f.SetCellStyle(s, "A3", "G3", style))
	check(f.SetRowHeight(s, 3, 33))
	check(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: "Sheet1!$A$1:$G$6", Scope: s}))
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	check(f.Write(&b))
	return b.Bytes()
}

func formValues(n int) *spreadsheet.FormValues {
	v := &spreadsheet.FormValues{Names: []string{"姓名", "支部", "总分", "板块.基础", "板块.贡献"},
		Once: map[string]string{"单位": "示例街道", "考核期": "2026年", "制表人": "示例干事"}}
	for i := range n {
		v.Rows = append(v.Rows, map[string]string{"姓名": "示例" + strconv.Itoa(i), "支部": "=1+1", "总分": "90.5",
			"板块.基础": "80", "板块.贡献": strconv.Itoa(i) + ".5"})
	}
	return v
}

func filled(tb testing.TB, raw []byte, values *spreadsheet.FormValues) *excelize.File {
	tb.Helper()
	form, err := spreadsheet.ReadForm("表样.xlsx", bytes.NewReader(raw), values)
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	if err := form.Fill(&b, values); err != nil {
		tb.Fatal(err)
	}
	return reopen(tb, b.Bytes())
}

// TestAFormIsFilled: the row of a list is there for each of it, with its style, height, merged
// area and formula; sums below it sum all of it; what stood below moved down.
func TestAFormIsFilled(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3} {
		f := filled(t, drawn(t, nil), formValues(n))
		last := max(1, n) + 2
		at := func(column string, line int) string { return column + strconv.Itoa(line) }
		want := map[string]string{"A1": "示例街道党员积分表（2026年）", at("A", last+1): "合计", at("A", last+3): "制表人：示例干事"}
		formulas := map[string]string{at("F", last+1): "SUM(F3:F" + strconv.Itoa(last) + ")",
			at("D", last+1): "SUM(D$3:D$" + strconv.Itoa(last) + ")"}
		for i := range max(1, n) {
			line := i + 3
			formulas[at("F", line)] = fmt.Sprintf("D%d+E%d", line, line)
			if n > 0 {
				want[at("A", line)], want[at("B", line)] = "示例"+strconv.Itoa(i), "=1+1"
				want[at("D", line)], want[at("E", line)], want[at("G", line)] = "80", strconv.Itoa(i)+".5", "共 90.5 分"
			} else {
				want[at("A", line)], want[at("D", line)], want[at("G", line)] = "", "", "共  分"
			}
			height, err := f.GetRowHeight("Sheet1", line)
			if err != nil || height != 33 {
				t.Errorf("%d rows: row %d is %v high, %v", n, line, height, err)
			}
			id, err := f.GetCellStyle("Sheet1", at("G", line))
			style, err2 := f.GetStyle(id)
			if err != nil || err2 != nil || style.Font == nil || !style.Font.Bold {
				t.Errorf("%d rows: row %d has lost its style", n, line)
			}
		}
		for cell, text := range want {
			if got, err := f.GetCellValue("Sheet1", cell, excelize.Options{RawCellValue: true}); err != nil || got != text {
				t.Errorf("%d rows: %s is %q (%v), want %q", n, cell, got, err, text)
			}
		}
		for cell, text := range formulas {
			if got, err := f.GetCellFormula("Sheet1", cell); err != nil || got != text {
				t.Errorf("%d rows: the formula of %s is %q (%v), want %q", n, cell, got, err, text)
			}
		}
		var areas []string
		merged, err := f.GetMergeCells("Sheet1", true)
		for _, m := range merged {
			areas = append(areas, m.GetStartAxis()+":"+m.GetEndAxis())
		}
		if err != nil || len(areas) != 1+max(1, n) || areas[0] != "A1:G1" {
			t.Errorf("%d rows: merged %q, %v", n, areas, err)
		}
		if got := f.GetDefinedName()[0].RefersTo; !strings.HasSuffix(got, "$A$1:$G$"+strconv.Itoa(last+3)) {
			t.Errorf("%d rows: the print area is %s", n, got)
		}
	}
}

// TestWhatIsFilledInIsTextOrANumber: a number alone in its cell is one; nothing runs as a formula.
func TestWhatIsFilledInIsTextOrANumber(t *testing.T) {
	t.Parallel()
	f := filled(t, drawn(t, nil), formValues(2))
	for cell, want := range map[string]excelize.CellType{"D3": excelize.CellTypeUnset, "E4": excelize.CellTypeUnset,
		"B3": excelize.CellTypeSharedString, "G4": excelize.CellTypeSharedString} {
		if got, err := f.GetCellType("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s is of type %d (%v), want %d", cell, got, err, want)
		}
		if cell == "B3" {
			if formula, err := f.GetCellFormula("Sheet1", cell); formula != "" || err != nil {
				t.Errorf("a name became the formula %q", formula)
			}
		}
	}
}

// TestAFormThatIsNone: a name that nobody knows, names of a list in two rows, none at all, a
// sheet that claims too much, and what is no workbook.
func TestAFormThatIsNone(t *testing.T) {
	t.Parallel()
	set := func(cell, text string) func(*excelize.File) {
		return func(f *excelize.File) {
			if err := f.SetCellStr("Sheet1", cell, text); err != nil {
				t.Error(err)
			}
		}
	}
	for want, raw := range map[string][]byte{
		"“Sheet1”的 B6：不认得 {姓各}":                drawn(t, set("B6", "{姓各}")),
		"“Sheet1”的 B6：{姓名} 每人一行，第 3 行已经有这样的名称": drawn(t, set("B6", "｛姓名｝")),
		"没有要填的地方":                              writeXLSX(t, "空", []spreadsheet.Column{{Name: "姓名"}}, [][]string{{"示例"}}),
		"太大，表样最多":                              drawn(t, set("A2001", "远")),
		"不是 Excel 工作簿":                         []byte("姓名,{总分}\n"),
	} {
		_, err := spreadsheet.ReadForm("表样.xlsx", bytes.NewReader(raw), formValues(1))
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	_, err := spreadsheet.ReadForm("表样.xlsx", bytes.NewReader(drawn(t, set("B6", "{姓各}"))), formValues(1))
	if hint := fault.From(err).Hint; !strings.Contains(hint, "姓名、支部、总分") || !strings.Contains(hint, "单位") {
		t.Errorf("what may be written is told as %q", hint)
	}
}
