package spreadsheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// sheets makes a workbook of sheets, each given as its name and its rows.
func sheets(tb testing.TB, list ...string) []byte {
	tb.Helper()
	return book(tb, func(f *excelize.File) error {
		for i := 0; i < len(list); i += 2 {
			if _, err := f.NewSheet(list[i]); err != nil {
				return err
			}
			for y, row := range strings.Split(list[i+1], "\n") {
				cells := strings.Split(row, "|")
				if err := f.SetSheetRow(list[i], fmt.Sprintf("A%d", y+1), &cells); err != nil {
					return err
				}
			}
		}
		return f.DeleteSheet("Sheet1")
	})
}

// TestNoSheetIsLeftOutInSilence: one sheet is read where one alone may be meant; the others are
// named, and where more may be meant, a person is asked.
func TestNoSheetIsLeftOutInSilence(t *testing.T) {
	t.Parallel()
	src := sheets(t, "说明", "填表说明\n不要改表头", "甲", "姓名|支部\n示例甲|一支部", "乙", "姓名|支部\n示例乙|二支部\n示例丙|二支部",
		"空表", "姓名|支部")
	b, err := spreadsheet.Read("名册.xlsx", bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	people := func(header []string) bool { return strings.Contains(strings.Join(header, " "), "姓名") }
	if _, err := b.Table("", people); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "有 2 张工作表都像是：甲（1 行）、乙（2 行）") {
		t.Errorf("two may be meant: got %v", err)
	}
	table, err := b.Table("乙", people)
	if err != nil || len(table.Rows) != 2 || table.Sheet != "乙" ||
		!strings.Contains(strings.Join(table.Notes, "\n"), "读的是工作表“乙”；没有读：说明（1 行）、甲（1 行）、空表（0 行）") {
		t.Errorf("by name: got %+v, %v", table, err)
	}
	if _, err := b.Table("丙", people); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "有的是：说明") {
		t.Errorf("a name that none has: got %v", err)
	}
	b, err = spreadsheet.Read("名册.xlsx", bytes.NewReader(sheets(t, "说明", "填表说明\n不要改表头", "名册", "姓名|支部\n示例甲|一支部")))
	if err != nil {
		t.Fatal(err)
	}
	if table, err = b.Table("", people); err != nil || table.Sheet != "名册" || len(table.Notes) != 1 {
		t.Errorf("notes first: got %+v, %v", table, err)
	}
	if _, err := b.Table("", func([]string) bool { return false }); err == nil || !strings.Contains(err.Error(), "都不像") {
		t.Errorf("none is meant: got %v", err)
	}
}

// TestRowsThatMayNotBeMeant: what nobody sees, or what is struck out, is asked, never taken.
func TestRowsThatMayNotBeMeant(t *testing.T) {
	t.Parallel()
	table := readXLSX(t, book(t, func(f *excelize.File) error {
		struck, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Strike: true}})
		return errors.Join(err, f.SetSheetRow("Sheet1", "A1", &[]string{"编号", "姓名", "备注"}),
			f.SetSheetRow("Sheet1", "A2", &[]string{"P1", "示例甲"}), f.SetSheetRow("Sheet1", "A3", &[]string{"P2", "示例乙"}),
			f.SetSheetRow("Sheet1", "A4", &[]string{"P3", "示例丙"}), f.SetSheetRow("Sheet1", "A5", &[]string{"P4", "示例丁", "改过"}),
			f.SetRowVisible("Sheet1", 3, false), f.SetCellStyle("Sheet1", "A4", "B4", struck),
			f.SetCellStyle("Sheet1", "C5", "C5", struck), f.SetColVisible("Sheet1", "C", false))
	}))
	var got []string
	for _, d := range table.Doubts {
		got = append(got, fmt.Sprintf("%d%s %s", d.Line, d.Column, d.Message))
	}
	want := "3 这一行在表里是隐藏的（或者筛选掉了），不知道要不要；4 这一行划了删除线，不知道要不要"
	if strings.Join(got, "；") != want || len(table.Notes) != 1 || table.Notes[0] != "表里隐藏的列也读了：备注" {
		t.Errorf("got %s %s", got, table.Notes)
	}
}

// TestInstants: a day in a zone is taken where it is one everywhere, and asked elsewhere.
func TestInstants(t *testing.T) {
	t.Parallel()
	src := part(t, grid(t, "姓名|出生日期"), "xl/worksheets/sheet1.xml",
		sheetXML(`<row><c t="str"><v>姓名</v></c><c t="str"><v>出生日期</v></c></row>
		<row><c t="str"><v>甲</v></c><c t="d"><v>1966-05-03T00:00:00.000Z</v></c></row>
		<row><c t="str"><v>乙</v></c><c t="d"><v>1966-05-02T16:00:00.000Z</v></c></row>
		<row><c t="str"><v>丙</v></c><c t="d"><v>1966-05-03T08:30:00</v></c></row>
		<row><c t="str"><v>丁</v></c><c><f>DATE(2026,3,5)</f><v></v></c></row>`))
	table := readXLSX(t, src)
	if got, want := written(table), "1: 姓名|出生日期\n2: 甲|1966-05-03\n3: 乙|1966-05-02T16:00:00.000Z\n"+
		"4: 丙|1966-05-03 08:30:00\n5: 丁|"; got != want {
		t.Errorf("got %s", got)
	}
	if len(table.Doubts) != 2 || !strings.Contains(table.Doubts[0].Message, "带着时区") ||
		!strings.Contains(table.Doubts[1].Message, "公式还没有算出结果") {
		t.Errorf("got %+v", table.Doubts)
	}
}

// TestYearsThatNobodySees: a day that shows no year is read, and the year is named.
func TestYearsThatNobodySees(t *testing.T) {
	t.Parallel()
	table := readXLSX(t, book(t, func(f *excelize.File) error {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 58})
		return errors.Join(err, f.SetSheetRow("Sheet1", "A1", &[]string{"编号", "日期"}),
			f.SetSheetRow("Sheet1", "A2", &[]any{"P1", 46086}), f.SetSheetRow("Sheet1", "A3", &[]any{"P2", 46087}),
			f.SetCellStyle("Sheet1", "B2", "B3", style))
	}))
	want := "“日期”列有日期在表里只显示月日，年份是表格软件记下的，核对一下：第 2 行是 2026-03-05"
	if len(table.Notes) != 1 || table.Notes[0] != want {
		t.Errorf("got %s", table.Notes)
	}
}

func TestMacrosAreNotRun(t *testing.T) {
	t.Parallel()
	b, err := spreadsheet.Read("名册.xlsm", bytes.NewReader(macros(t, grid(t, "编号|姓名\nP1|示例甲"))))
	if err != nil {
		t.Fatal(err)
	}
	table, err := b.Table("", nil)
	if err != nil || len(table.Rows) != 1 || !strings.Contains(strings.Join(table.Notes, ""), "有宏，没有运行") {
		t.Errorf("got %+v, %v", table, err)
	}
}

// ods makes an OpenDocument spreadsheet of the rows of one sheet.
func ods(tb testing.TB, rows string, more ...string) []byte {
	tb.Helper()
	return archive(tb, append([]string{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml",
		`<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s"><office:automatic-styles>` +
			`<style:style style:name="ce1"><style:text-properties style:text-line-through-style="solid"/></style:style>` +
			`<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>` +
			`</office:automatic-styles>` +
			`<office:body><office:spreadsheet><table:table table:name="名册">` + rows + `</table:table></office:spreadsheet>` +
			`</office:body></office:document-content>`}, more...)...)
}

func TestOpenDocuments(t *testing.T) {
	t.Parallel()
	row := func(cells ...string) string {
		return "<table:table-row>" + strings.Join(cells, "") + "</table:table-row>"
	}
	cell := func(attrs, text string) string {
		return "<table:table-cell " + attrs + "><text:p>" + text + "</text:p></table:table-cell>"
	}
	src := ods(t, row(cell("", "姓名"), cell("", "日期"), cell("", "数"), cell("", "否"))+
		row(cell("", "甲<text:s/>乙"), cell(`office:value-type="date" office:date-value="2026-03-05"`, "26/3/5"),
			cell(`office:value-type="percentage" office:value="0.85"`, "85%"),
			cell(`office:value-type="boolean" office:boolean-value="true"`, "TRUE"))+
		`<table:table-row table:number-rows-repeated="3"><table:table-cell `+
		`table:number-columns-repeated="1024"/></table:table-row>`+
		row(cell(`table:style-name="ce1"`, "丙"), cell(`office:value-type="time" office:time-value="PT36H00M00S"`, "36:00"),
			cell(`office:value-type="float" office:value="2.5"`, "3"), `<table:table-cell table:formula="of:=1"/>`)+
		`<table:table-row table:visibility="filter">`+cell(`table:number-columns-repeated="2"`, "丁")+`</table:table-row>`+
		row(`<table:table-cell><office:annotation><text:p>批注</text:p></office:annotation><text:p>戊</text:p><text:p>`+
			`己</text:p></table:table-cell>`))
	b, err := spreadsheet.Read("名册.ods", bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	table, err := b.Table("", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "1: 姓名|日期|数|否\n2: 甲 乙|2026-03-05|85%|是\n6: 丙|36:00|2.5|\n7: 丁|丁||\n8: 戊\n己|||"
	if got := written(table); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(table.Doubts) != 2 || table.Doubts[0].Column != "否" || table.Doubts[1].Line != 7 {
		t.Errorf("got %+v", table.Doubts)
	}
	locked := ods(t, "", "META-INF/manifest.xml", `<m xmlns:manifest="m"><manifest:encryption-data/></m>`)
	if _, err := spreadsheet.Read("名册.ods", bytes.NewReader(locked)); err == nil ||
		!strings.Contains(err.Error(), "加了密码") {
		t.Errorf("a password: got %v", err)
	}
	many := ods(t, `<table:table-row table:number-rows-repeated="1000000">`+cell(`table:number-columns-repeated="1000"`,
		"x")+`</table:table-row>`)
	if _, err := spreadsheet.Read("名册.ods", bytes.NewReader(many)); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a bomb: got %v", err)
	}
}

// large makes a workbook of so many rows of so many columns.
func large(tb testing.TB, rows, columns int) []byte {
	tb.Helper()
	var b strings.Builder
	for y := range rows + 1 {
		b.WriteString("<row>")
		for x := range columns {
			fmt.Fprintf(&b, `<c t="inlineStr"><is><t>第%d行第%d列</t></is></c>`, y, x)
		}
		b.WriteString("</row>")
	}
	return part(tb, grid(tb, "编号|姓名"), "xl/worksheets/sheet1.xml", sheetXML(b.String()))
}

// TestTooManyCells: what is beyond all measure is refused before it has taken time or memory.
func TestTooManyCells(t *testing.T) {
	if table := readXLSX(t, large(t, 3000, 40)); len(table.Rows) != 3000 || len(table.Header) != 40 {
		t.Errorf("3,000 rows of 40: got %d rows", len(table.Rows))
	}
	full := part(t, grid(t, "编号|姓名"), "xl/worksheets/sheet1.xml",
		sheetXML(strings.Repeat("<row>"+strings.Repeat("<c><v>1</v></c>", 200)+"</row>", 15_000)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := spreadsheet.Read("a.xlsx", bytes.NewReader(full))
	runtime.ReadMemStats(&after)
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "有内容的格子超过") {
		t.Errorf("three million cells: got %v", err)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 10 {
		t.Errorf("three million cells took %d MB, as if they had been read", used)
	}
}

// BenchmarkReadXLSX reads 3,000 rows of 40 columns; the ratio is to the same parts unpacked and
// parsed and nothing more.
func BenchmarkReadXLSX(b *testing.B) {
	src := large(b, 3000, 40)
	begun := time.Now()
	archive, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		for dec := xml.NewDecoder(r); err == nil; {
			_, err = dec.Token()
		}
	}
	simple := time.Since(begun)
	b.ReportAllocs()
	for b.Loop() {
		readXLSX(b, src)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(simple), "ratio")
}

func FuzzReadBook(f *testing.F) {
	f.Add("f.ods", []byte("<table-row><table-cell><p>a</p></table-cell></table-row>"))
	f.Add("f.ods", []byte(`<table-row number-rows-repeated="9"><table-cell `+
		`number-columns-repeated="9"><p>a</p></table-cell></table-row>`))
	f.Add("f.csv", []byte("sep=;\na;b\n"))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		if name == "f.ods" {
			src = archive(t, "content.xml", "<d><table name=\"a\">"+string(src)+"</table></d>")
		}
		b, err := spreadsheet.Read(name, bytes.NewReader(src))
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		for _, s := range b.Sheets {
			if table, err := b.Table(s.Name, nil); err == nil && len(table.Rows) > 0 &&
				len(table.Rows[0].Cells) != len(table.Header) {
				t.Fatalf("%+v", table)
			}
		}
	})
}
