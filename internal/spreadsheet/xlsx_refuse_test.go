package spreadsheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// part rewrites one part of a workbook.
func part(tb testing.TB, src []byte, name string, body func(string) string) []byte {
	tb.Helper()
	archive, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		if f.Name == name {
			text = []byte(body(string(text)))
		}
		w, err := out.Create(f.Name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// archive makes a zip file of names and bodies.
func archive(tb testing.TB, parts ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := out.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// sheetXML wraps rows, or whatever stands in their place.
func sheetXML(rows string) func(string) string {
	return func(string) string {
		return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows +
			`</sheetData></worksheet>`
	}
}

// macros puts the part of macros into a workbook.
func macros(tb testing.TB, src []byte) []byte {
	tb.Helper()
	return part(tb, src, "xl/_rels/workbook.xml.rels", func(s string) string {
		return strings.Replace(s, "</Relationships>", `<Relationship Id="rIdM" Type="x/vbaProject" Target="vbaProject.bin"/>`+
			`</Relationships>`, 1)
	})
}

func TestReadXLSXRefuses(t *testing.T) {
	t.Parallel()
	good := grid(t, "编号|姓名|支部\nP1|示例甲|一支部\nP2|示例乙|一支部")
	const first = "xl/worksheets/sheet1.xml"
	locked := func() []byte {
		f := excelize.NewFile()
		var b bytes.Buffer
		if err := f.Write(&b, excelize.Options{Password: "示例"}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct {
		name string
		src  []byte
		want []string
	}{
		{"nothing", nil, []string{"是空的"}},
		{"text", []byte("编号,姓名\nP1,示例甲\n"), []string{"不是 Excel 工作簿", "另存为", ".csv"}},
		{"a web page", []byte("\ufeff\r\n<html xmlns:x=\"\"><table><tr>"), []string{"其实是网页", "另存为"}},
		{"old format", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600) +
			"W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00"), []string{"旧格式（.xls、.et）", "另存为"}},
		{"a password", locked(), []string{"加了密码", "去掉打开密码"}},
		{"a document", archive(t, "[Content_Types].xml", "<Types/>", "_rels/.rels",
			`<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="word/document.xml"/></Relationships>`,
			"word/document.xml", "<document/>"), []string{"没有工作表"}},
		{"a binary workbook", archive(t, "_rels/.rels",
			`<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>`,
			"xl/workbook.bin", "x"), []string{"二进制工作簿（.xlsb）"}},
		{"any zip", archive(t, "a.txt", "a"), []string{"没有工作表"}},
		{"half a zip", good[:len(good)/2], []string{"已损坏"}},
		{"no sheet", part(t, good, "xl/workbook.xml", func(string) string { return "<workbook><sheets/></workbook>" }),
			[]string{"已损坏"}},
		{"half a sheet", part(t, good, first, func(s string) string { return s[:len(s)*2/3] }), []string{"已损坏"}},
		{"no XML", part(t, good, first, func(string) string { return "编号 & 姓名" }), []string{"已损坏"}},
		{"a wrong string", part(t, good, first, func(s string) string {
			return strings.Replace(s, "<v>3</v>", "<v>99</v>", 1)
		}), []string{"已损坏"}},
		{"no strings", part(t, good, "xl/sharedStrings.xml", func(string) string { return "<sst/>" }), []string{"已损坏"}},
		{"rows out of order", part(t, good, first, sheetXML(`<row r="2"/><row r="1"/>`)), []string{"已损坏"}},
		{"cells out of order", part(t, good, first, sheetXML(`<row r="1"><c r="B1"/><c r="A1"/></row>`)), []string{"已损坏"}},
		{"cells of another row", part(t, good, first, sheetXML(`<row r="1"><c r="B2"/></row>`)), []string{"已损坏"}},
		{"beyond the sheet", part(t, good, first, sheetXML(`<row r="1048577"/>`)), []string{"已损坏"}},
		{"deep", part(t, good, first, sheetXML(strings.Repeat("<a>", 100)+strings.Repeat("</a>", 100))), []string{"已损坏"}},
		{"nothing in it", grid(t, ""), []string{"都是空的"}},
		{"a long cell", grid(t, "编号|姓名\nP1|"+strings.Repeat("长", 2001)), []string{"第 2 行 B 列超过 2000 字"}},
		{"far to the right", grid(t, "编号|姓名"+strings.Repeat("|", 199)+"备注\nP1|示例甲"), []string{"第 1 行写到了 GS 列", "最多到 GR 列"}},
		{"no heading", grid(t, "编号|姓名|支部\nP1|示例甲|一支部\nP2|示例乙|一支部||随手记的\nP3|示例丙|一支部||也是"),
			[]string{"第 1 行的列名不对", "E 列没有列名，第 3 行却有内容", "列名"}},
		{"headings twice", grid(t, "编号|姓名|姓名|姓 名|编号"), []string{"C 列与 B 列都叫“姓名”", "E 列与 A 列都叫“编号”"}},
		{"two tables side by side", grid(t, "序号|姓名|电话|序号|姓名|电话\n1|示例甲|1|2|示例乙|2"), []string{"并排放着两张表：从 D 列起", "接到左边"}},
		{"a picture", []byte("\x89PNG\r\n\x1a\n"), []string{"其实是图片"}},
		{"macros under another name", macros(t, good), []string{"里有宏", "来路不明"}},
		{"invisible headings", grid(t, "\u200b|\u200b"), []string{"都是空的"}},
	} {
		table, err := spreadsheet.ReadXLSX("名册.xlsx", bytes.NewReader(c.src))
		if table != nil || fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, %v", c.name, table, err)
			continue
		}
		for _, want := range append(c.want, "名册.xlsx ") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: “%s” does not say “%s”", c.name, err, want)
			}
		}
	}
}

// TestAWrongChecksumIsNoticed: the last rows of a damaged file must not be
// missing in silence.
func TestAWrongChecksumIsNoticed(t *testing.T) {
	t.Parallel()
	src := part(t, grid(t, "编号|姓名\nP1|示例甲"), "xl/worksheets/sheet1.xml",
		sheetXML(`<row><c><v>1</v></c><c><v>2</v></c></row>`))
	r, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	var stored bytes.Buffer // the same parts uncompressed, so that one digit can be changed
	w := zip.NewWriter(&stored)
	for _, f := range r.File {
		rc, err1 := f.Open()
		out, err2 := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(out, rc); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := spreadsheet.ReadXLSX("a.xlsx", bytes.NewReader(stored.Bytes())); err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Replace(stored.Bytes(), []byte("<v>2</v>"), []byte("<v>3</v>"), 1)
	if _, err := spreadsheet.ReadXLSX("a.xlsx", bytes.NewReader(damaged)); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "已损坏") {
		t.Errorf("got %v", err)
	}
}

// TestBombs: a small file cannot ask for much memory.
func TestBombs(t *testing.T) {
	good := grid(t, "编号|姓名")
	const first = "xl/worksheets/sheet1.xml"
	var far, merged strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&far, `<row><c r="XFD%d"/></row>`, i+1)
	}
	for range 100_001 {
		merged.WriteString(`<mergeCell ref="A1:XFD1048576"/>`)
	}
	for _, c := range []struct {
		name string
		src  []byte
		want string
	}{
		{"a part that is large", saying(t, good, first, 65<<20), "解开后超过 64 MB"},
		{"parts that are large together", saying(t,
			part(t, good, "xl/sharedStrings.xml", func(s string) string { return s + strings.Repeat(" ", 15<<20) }), first,
			50<<20), "解开后超过 64 MB"},
		{"merges without end", part(t, good, first,
			func(string) string { return "<worksheet>" + merged.String() + "</worksheet>" }), "已损坏"},
		{"deep", part(t, good, first, sheetXML(strings.Repeat("<a>", 4<<20))), "已损坏"},
		{"more than it says", saying(t, part(t, good, first, sheetXML(strings.Repeat(" ", 1<<20))), first, 1000), "已损坏"},
		{"cells far to the right", part(t, good, first, sheetXML(far.String())), "都是空的"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := spreadsheet.ReadXLSX("a.xlsx", bytes.NewReader(c.src))
		runtime.ReadMemStats(&after)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 100 {
			t.Errorf("%s: %d bytes took %d MB", c.name, len(c.src), used)
		}
	}
}

// saying makes one part of a workbook say that it unpacks to so many bytes.
func saying(tb testing.TB, src []byte, name string, size uint32) []byte {
	tb.Helper()
	out := bytes.Clone(src)
	at := bytes.LastIndex(out, []byte(name)) - 46 // where its entry of the directory begins
	if at < 0 || !bytes.HasPrefix(out[at:], []byte("PK\x01\x02")) {
		tb.Fatalf("no entry for %s", name)
	}
	binary.LittleEndian.PutUint32(out[at+24:], size)
	return out
}

func FuzzReadXLSX(f *testing.F) {
	good := grid(f, "编号|姓名")
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c t="s"><v>1</v></c></row><row><c ` +
		`s="1"><v>46027</v></c><c t="b"><v>1</v></c></row>`)
	f.Add(`<row><c><v>1e400</v></c><c t="e"/></row><mergeCell ref="A1:A9"/><row r="5"><c r="XFD5"><f>1</f></c></row>`)
	f.Add(`<row><c t="d"><v>2026-03-05T00:00:00</v></c></row></sheetData><mergeCells><mergeCell ` +
		`ref="B2:A1"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, rows string) {
		table, err := spreadsheet.ReadXLSX("f.xlsx",
			bytes.NewReader(part(t, good, "xl/worksheets/sheet1.xml", sheetXML(rows))))
		if err != nil {
			if table != nil || fault.CodeOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), "f.xlsx ") {
				t.Fatalf("got %v, %v", table, err)
			}
			return
		}
		last := table.Line
		for _, r := range table.Rows {
			if r.Line <= last || len(r.Cells) != len(table.Header) {
				t.Fatalf("after line %d: %+v", last, r)
			}
			last = r.Line
			for _, c := range r.Cells {
				if c != strings.TrimSpace(c) || len([]rune(c)) > 2000 || strings.Contains(c, "\r") {
					t.Fatalf("cell %q", c)
				}
			}
		}
	})
}

func FuzzReadXLSXFile(f *testing.F) {
	f.Add(grid(f, "编号|姓名\nP1|示例甲"))
	f.Add(archive(f, "a", "b"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, src []byte) {
		table, err := spreadsheet.ReadXLSX("f.xlsx", bytes.NewReader(src))
		if (table == nil) == (err == nil) || err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Fatalf("got %v, %v", table, err)
		}
	})
}
