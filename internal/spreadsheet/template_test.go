package spreadsheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// form returns a committee's template: a title, a header, the row, a sum, a note.
func form(tb testing.TB) []byte {
	tb.Helper()
	return book(tb, func(f *excelize.File) error {
		red, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Color: "FF0000"}})
		if err != nil {
			return err
		}
		number, err := f.NewStyle(&excelize.Style{NumFmt: 2})
		if err != nil {
			return err
		}
		return errors.Join(
			f.SetCellStr("Sheet1", "A1", "{{组织}}{{ 期间 }}积分榜"), f.MergeCell("Sheet1", "A1", "E1"),
			f.SetSheetRow("Sheet1", "A2", &[]string{"名次", "姓名", "", "总分", "备注"}), f.MergeCell("Sheet1", "B2", "C2"),
			f.SetSheetRow("Sheet1", "A3", &[]string{"{{名次}}", "｛｛姓名｝｝", "", "{{总分}}", "{{期间}}第{{名次}}名"}),
			f.MergeCell("Sheet1", "B3", "C3"),
			f.SetCellStyle("Sheet1", "A3", "C3", red), f.SetCellStyle("Sheet1", "D3", "D3", number),
			f.SetRowHeight("Sheet1", 3, 33),
			f.SetCellStr("Sheet1", "A5", "合计"), f.SetCellFormula("Sheet1", "D5", "SUM(D3:D4)"),
			f.SetCellStr("Sheet1", "A6", "制表：{{制表人}}"), f.MergeCell("Sheet1", "A6", "E6"),
			f.SetHeaderFooter("Sheet1", &excelize.HeaderFooterOptions{OddFooter: "&C{{组织}}"}),
		)
	})
}

func marks() map[string]string {
	return map[string]string{"组织": "示例街道 A&B", "期间": "2026年第一季度", "制表人": "张{{期间}}示例"}
}

func columns() []spreadsheet.Column {
	return []spreadsheet.Column{{Name: "名次", Numeric: true}, {Name: "姓名"}, {Name: "总分", Numeric: true}, {Name: "支部"}}
}

func fillTemplate(tb testing.TB, template []byte, rows [][]string) *excelize.File {
	tb.Helper()
	var b bytes.Buffer
	if err := spreadsheet.FillTemplate(&b, template, marks(), columns(), rows); err != nil {
		tb.Fatal(err)
	}
	return reopen(tb, b.Bytes())
}

func TestFillTemplate(t *testing.T) {
	t.Parallel()
	f := fillTemplate(t, form(t), [][]string{{"1", "示例甲", "84.5", "一支部"}, {"2", "{{期间}}", "=1+1", ""},
		{"3", "_x0041_", "007"}, {"4"}})
	for ref, want := range map[string]string{
		"A1": "示例街道 A&B2026年第一季度积分榜", "A2": "名次",
		"A3": "1", "B3": "示例甲", "D3": "84.5", "E3": "2026年第一季度第1名",
		"A4": "2", "B4": "{{期间}}", "D4": "=1+1", "E4": "2026年第一季度第2名",
		"A5": "3", "D5": "007", "A6": "4", "B6": "", "D6": "", "E6": "2026年第一季度第4名",
		"A8": "合计", "A9": "制表：张{{期间}}示例",
	} {
		if got, err := f.GetCellValue("Sheet1", ref, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s: got %q, want %q (%v)", ref, got, want, err)
		}
	}
	for ref, want := range map[string]excelize.CellType{
		"A3": excelize.CellTypeUnset, "D3": excelize.CellTypeUnset, "B4": excelize.CellTypeSharedString,
		"D4": excelize.CellTypeSharedString, "E3": excelize.CellTypeSharedString,
	} {
		if got, err := f.GetCellType("Sheet1", ref); err != nil || got != want {
			t.Errorf("%s is of type %v, want %v (%v)", ref, got, want, err)
		}
	}
	if formula, err := f.GetCellFormula("Sheet1", "D8"); err != nil || formula != "SUM(D3:D7)" {
		t.Errorf("the sum is %q, %v", formula, err)
	}
	merged, err := f.GetMergeCells("Sheet1", true)
	if got := fmt.Sprint(merged); err != nil || got != "[[A1:E1 ] [B2:C2 ] [B3:C3 ] [A9:E9 ] [B4:C4 ] [B5:C5 ] [B6:C6 ]]" {
		t.Errorf("merged %s, %v", got, err)
	}
	for _, row := range []int{4, 5, 6} {
		for _, col := range []string{"A", "B", "C", "D"} {
			first, err1 := f.GetCellStyle("Sheet1", col+"3")
			got, err2 := f.GetCellStyle("Sheet1", fmt.Sprint(col, row))
			if err := errors.Join(err1, err2); err != nil || first == 0 || got != first {
				t.Errorf("%s%d has style %d, want %d (%v)", col, row, got, first, err)
			}
		}
		if height, err := f.GetRowHeight("Sheet1", row); err != nil || height != 33 {
			t.Errorf("row %d is %v high (%v)", row, height, err)
		}
	}
	if height, err := f.GetRowHeight("Sheet1", 7); err != nil || height == 33 {
		t.Errorf("the row below is %v high (%v)", height, err)
	}
	if opts, err := f.GetHeaderFooter("Sheet1"); err != nil || opts.OddFooter != "&C示例街道 A&&B" {
		t.Errorf("footer %+v, %v", opts, err)
	}
}

func TestATemplateThatIsFilledIsRead(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"1", "示例甲", "84.5"}, {"2", "_x0041_=1", "-0.25"}}
	var b bytes.Buffer
	if err := spreadsheet.FillTemplate(&b, grid(t, "{{期间}}\n名次|姓名|总分\n{{名次}}|{{姓名}}|{{总分}}", "A1:C1"), marks(), columns(),
		rows); err != nil {
		t.Fatal(err)
	}
	if got, want := written(readXLSX(t, b.Bytes())), "2: 名次|姓名|总分\n3: 1|示例甲|84.5\n4: 2|_x0041_=1|-0.25"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestATemplateForNobodyAndForOne(t *testing.T) {
	t.Parallel()
	f := fillTemplate(t, form(t), nil)
	for ref, want := range map[string]string{"A3": "", "B3": "", "E3": "2026年第一季度第名", "A5": "合计"} {
		if got, err := f.GetCellValue("Sheet1", ref); err != nil || got != want {
			t.Errorf("nobody: %s is %q, want %q (%v)", ref, got, want, err)
		}
	}
	f = fillTemplate(t, form(t), [][]string{{"1", "示例甲"}})
	for ref, want := range map[string]string{"A3": "1", "B3": "示例甲", "D3": "", "A4": "", "A5": "合计"} {
		if got, err := f.GetCellValue("Sheet1", ref); err != nil || got != want {
			t.Errorf("one: %s is %q, want %q (%v)", ref, got, want, err)
		}
	}
}

func TestATemplateOfSeveralSheets(t *testing.T) {
	t.Parallel()
	f := fillTemplate(t, book(t, func(f *excelize.File) error {
		_, err := f.NewSheet("名单")
		return errors.Join(err, f.SetCellStr("Sheet1", "B2", "{{组织}}"),
			f.SetSheetRow("名单", "A1", &[]string{"{{姓名}}", "{{支部}}", "党员"}))
	}), [][]string{{"1", "示例甲", "", "一支部"}, {"2", "示例乙", "", "二支部"}})
	for at, want := range map[[2]string]string{{"Sheet1", "B2"}: "示例街道 A&B", {"名单", "A1"}: "示例甲", {"名单", "B2"}: "二支部",
		{"名单", "C2"}: "党员"} {
		if got, err := f.GetCellValue(at[0], at[1]); err != nil || got != want {
			t.Errorf("%v: got %q, want %q (%v)", at, got, want, err)
		}
	}
}

func TestFillTemplateRefuses(t *testing.T) {
	t.Parallel()
	good := grid(t, "{{姓名}}|{{总分}}")
	for _, c := range []struct {
		name string
		src  []byte
		want []string
	}{
		{"no workbook", []byte("x"), []string{"模板 不是 Excel 工作簿"}},
		{"no marks", grid(t, "名次|姓名"), []string{"没有写 {{姓名}} 这样记号的一行", "{{名次}}、{{姓名}}、{{总分}}、{{支部}}"}},
		{"only other marks", grid(t, "{{期间}}"), []string{"没有写 {{姓名}}"}},
		{"two rows", grid(t, "{{姓名}}|{{总分}}\n合计\n{{姓名}}|{{名次}}"), []string{"第 1 行和第 3 行"}},
		{"unknown marks", grid(t, "{{年度}}\n{{姓名}}|{{总分}}|{{分数}}\n{{支部}}"),
			[]string{"A1 的 {{年度}} 没有内容可填", "C2 的 {{分数}}", "A3 的 {{支部}} 只能写在第 2 行", "{{制表人}}"}},
		{"merged downwards", grid(t, "{{姓名}}|{{总分}}\n|甲", "A1:A2"), []string{"第 1 行要重复", "上下合并"}},
		{"a formula", book(t, func(f *excelize.File) error {
			return errors.Join(f.SetSheetRow("Sheet1", "A1", &[]string{"{{姓名}}"}), f.SetCellFormula("Sheet1", "B1", "ROW()"))
		}), []string{"第 1 行要重复", "有公式"}},
		{"a margin", book(t, func(f *excelize.File) error {
			return errors.Join(f.SetSheetRow("Sheet1", "A1", &[]string{"{{姓名}}"}),
				f.SetHeaderFooter("Sheet1", &excelize.HeaderFooterOptions{OddHeader: "&L{{年度}}"}))
		}), []string{"“Sheet1”页眉或页脚的 {{年度}} 没有内容可填", "{{期间}}"}},
		{"macros", archive(t, "_rels/.rels", `<Relationships><Relationship Id="rId1" Type="x/officeDocument" `+
			`Target="xl/workbook.xml"/></Relationships>`,
			"xl/workbook.xml", `<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>`, "xl/_rels/workbook.xml.rels",
			`<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>`,
			"xl/s.xml", "<worksheet/>", "xl/vbaProject.bin", "x"), []string{"模板里有宏"}},
		{"far down", part(t, good, "xl/worksheets/sheet1.xml",
			sheetXML(`<row r="5001"><c t="inlineStr"><is><t>{{姓名}}</t></is></c></row>`)),
			[]string{"“Sheet1”太大", "第 5001 行、A 列"}},
		{"far to the right", part(t, good, "xl/worksheets/sheet1.xml",
			sheetXML(strings.Repeat(`<row><c/><c/></row>`, 2)+strings.Repeat(`<row>`+strings.Repeat("<c/>", 100)+`</row>`,
				1001))), []string{"太大"}},
		{"large", saying(t, good, "xl/theme/theme1.xml", 17<<20), []string{"模板解开后超过 16 MB"}},
	} {
		var b bytes.Buffer
		err := spreadsheet.FillTemplate(&b, c.src, marks(), columns(), nil)
		if fault.CodeOf(err) != fault.Invalid || b.Len() > 0 {
			t.Errorf("%s: got %v and %d bytes", c.name, err, b.Len())
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: “%s” does not say “%s”", c.name, err, want)
			}
		}
	}
	err := spreadsheet.FillTemplate(&bytes.Buffer{}, good, marks(), columns(), make([][]string, 20_001))
	if fault.CodeOf(err) != fault.TooMany {
		t.Errorf("too many rows: %v", err)
	}
	err = spreadsheet.FillTemplate(&bytes.Buffer{}, good, marks(), columns(),
		[][]string{{"", strings.Repeat("长", 40_000)}})
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "太长") {
		t.Errorf("a long cell: %v", err)
	}
	if err := spreadsheet.FillTemplate(&full{}, good, marks(), columns(), nil); !errors.Is(err, errFull) {
		t.Errorf("no room: %v", err)
	}
}

func FuzzFillTemplate(f *testing.F) {
	good := grid(f, "{{姓名}}|{{总分}}")
	f.Add(`<row r="2"><c r="B2" t="inlineStr"><is><t>{{姓名}}{{{{}}｛｛总分}}</t></is></c><c ` +
		`s="1"><v>46027</v></c></row></sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells><sheetData>`)
	f.Add(`<row><c t="inlineStr"><is><t>{{姓名}}</t></is></c></row><row r="5"><c r="C5"><f>SUM(A1:A2)</f></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		var b bytes.Buffer
		err := spreadsheet.FillTemplate(&b, part(t, good, "xl/worksheets/sheet1.xml", sheetXML(rows)), marks(), columns(),
			[][]string{{"1", "甲"}, {"2", "乙", "3"}})
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatalf("got %v", err)
			}
			return
		}
		if _, err := spreadsheet.ReadXLSX("f.xlsx", &b); err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Fatalf("what was filled cannot be read: %v", err)
		}
	})
}
