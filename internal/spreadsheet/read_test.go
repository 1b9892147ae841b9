package spreadsheet_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// written returns a table as a person would type it: lines, with cells by "|".
func written(t *spreadsheet.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %s", t.Line, strings.Join(t.Header, "|"))
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "\n%d: %s", r.Line, strings.Join(r.Cells, "|"))
	}
	return b.String()
}

func TestReadCSVTakesWhatCannotBeMisread(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, want string }{
		{"plain", "编号,姓名\nP1,示例甲\n", "1: 编号|姓名\n2: P1|示例甲"},
		{"BOM and CRLF", "\ufeff编号,姓名\r\nP1,示例甲\r\n", "1: 编号|姓名\n2: P1|示例甲"},
		{"no last line end", "编号,姓名\nP1,示例甲", "1: 编号|姓名\n2: P1|示例甲"},
		{"CR alone", "编号,姓名\rP1,示例甲\rP2,示例乙", "1: 编号|姓名\n2: P1|示例甲\n3: P2|示例乙"},
		{"header alone", "编号,姓名\n", "1: 编号|姓名"},
		{"quoted", "编号,事由\nP1,\"帮邻居搬家,\"\"两趟\"\"\"\n", "1: 编号|事由\n2: P1|帮邻居搬家,\"两趟\""},
		{"lines within a cell", "编号,事由\nP1,\"一\r\n二\n三\"\nP2,四\n", "1: 编号|事由\n2: P1|一\n二\n三\n5: P2|四"},
		{"blanks", " 编号　,\t姓名 \n　P1 ,\u00a0示例甲\u00a0\n", "1: 编号|姓名\n2: P1|示例甲"},
		{"blanks within stay", "编号,姓名\nP1,示　例 甲\n", "1: 编号|姓名\n2: P1|示　例 甲"},
		{"short rows", "编号,姓名,支部\nP1\nP2,示例乙\n", "1: 编号|姓名|支部\n2: P1||\n3: P2|示例乙|"},
		{"empty rows", "\n , \n编号,姓名\n\n,\nP1,示例甲\n　,　\n\nP2,示例乙\n", "3: 编号|姓名\n6: P1|示例甲\n9: P2|示例乙"},
		{"empty columns at the right", "编号,姓名,, \nP1,示例甲,,\nP2,示例乙,,,,\n", "1: 编号|姓名\n2: P1|示例甲\n3: P2|示例乙"},
		{"tabs", "编号\t姓名\nP1\t示例甲,又名示例乙\n", "1: 编号|姓名\n2: P1|示例甲,又名示例乙"},
		{"semicolons", "编号;姓名\nP1;示例甲\n", "1: 编号|姓名\n2: P1|示例甲"},
		{"a comma wins", "编号,甲;乙\nP1,a;b\n", "1: 编号|甲;乙\n2: P1|a;b"},
		{"bars", "编号|姓名\nP1|示例甲\n", "1: 编号/姓名\n2: P1/示例甲"},
		{"a line that says the separator", "sep=;\r\n编号;姓名\r\nP1;示例甲,又名\r\n", "2: 编号|姓名\n3: P1|示例甲,又名"},
		{"a line that says another one", "\n\"sep=|\"\n编号|姓,名\nP1|示例甲\n", "3: 编号/姓,名\n4: P1/示例甲"},
		{"GBK", "\xb1\xe0\xba\xc5,\xd0\xd5\xc3\xfb\nP1,\xca\xbe\xc0\xfd\xbc\xd7\n", "1: 编号|姓名\n2: P1|示例甲"},
		{"GB 18030", "\xd0\xd5\xc3\xfb,\xd6\xa7\xb2\xbf\n\xcd\xf5\xfe\x9f,\xd2\xbb\xd6\xa7\xb2\xbf\n", "1: 姓名|支部\n2: 王䶮|一支部"},
		{"UTF-16", utf16le("\ufeff编号,姓名\nP1,示例甲\n"), "1: 编号|姓名\n2: P1|示例甲"},
		{"UTF-16 that does not say so", utf16le("编号,姓名\r\nP1,示例甲\r\n"), "1: 编号|姓名\n2: P1|示例甲"},
		{"UTF-16 the other way round", "\xfe\xff\x7f\x16\x00,\x00A", "1: 编|A"},
		{"one column", "编号\nP1\n", "1: 编号\n2: P1"},
		{"guards", "编号,事由\n'=1+1,'-5\n'+86,'好\n''@x,'＝1\n", "1: 编号|事由\n2: =1+1|'-5\n3: +86|'好\n4: '@x|＝1"},
		{"a long cell", "编号\n" + strings.Repeat("长", 2000) + "\n", "1: 编号\n2: " + strings.Repeat("长", 2000)},
		{"columns of a whole spreadsheet", "编号" + strings.Repeat(",", 16383) + "\nP1" + strings.Repeat(",", 16383),
			"1: 编号\n2: P1"},
	} {
		table, err := spreadsheet.ReadCSV("members.csv", strings.NewReader(c.src))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		want := strings.ReplaceAll(c.want, "/", "|")
		if got := written(table); got != want || table.Name != "members.csv" {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// utf16le writes a text as old programs save “Unicode text”.
func utf16le(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func TestReadCSVRefuses(t *testing.T) {
	t.Parallel()
	const saveAs = "另存为“CSV UTF-8（逗号分隔）”"
	head := func(n int) string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprint("列", i+1)
		}
		return strings.Join(names, ",")
	}
	for _, c := range []struct {
		name, src string
		want      []string // parts of the message
	}{
		{"nothing", "", []string{"members.csv 是空的", "第一行写列名"}},
		{"a BOM alone", "\ufeff\r\n", []string{"是空的"}},
		{"blanks alone", " \n　\n", []string{"是空的"}},
		{"commas alone", ",,\n,\n", []string{"没有列名"}},
		{"an empty heading", "编号,,支部\n", []string{"第 1 行", "第 2 列是空的"}},
		{"a heading twice", "\n编号,姓名,编号\n", []string{"第 2 行", "第 3 列与第 1 列都叫“编号”"}},
		{"all faults of a header at once", "编号,,编号,\"出生\n日期\"\n", []string{"第 2 列是空的", "第 3 列与第 1 列", "第 4 列的列名里有换行"}},
		{"full-width commas", "编号，姓名\nP1，示例甲\n", []string{"第 1 行用全角逗号分列", "半角逗号"}},
		{"rows too long", "编号,姓名\nP1,示例甲,多\nP2,示例乙\nP3,示例丙,,多\n", []string{"第 2、4 行的内容比列名多", "整格加半角引号"}},
		{"many rows too long", "编号\n" + strings.Repeat("P1,多\n", 12), []string{"第 2、3、4、5、6、7、8、9、10、11 行等 12 行的内容"}},
		{"content under an empty heading", "编号,\nP1,多\n", []string{"第 2 行的内容比列名多"}},
		{"two encodings", "编号,姓名\nP1,\xca\xbe\xc0\xfd\xbc\xd7\n", []string{"第 2 行", "GBK", saveAs}},
		{"half a character", "编号\n甲\xe4\xb8", []string{"第 2 行", "UTF-8"}},
		{"xlsx", "PK\x03\x04\x14\x00\x06\x00", []string{"Excel 工作簿", saveAs}},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", []string{"Excel 工作簿", saveAs}},
		{"half of UTF-16", "\xff\xfe\x16\x7f\x16", []string{"UTF-16", saveAs}},
		{"another encoding", "\xa9\x6d\xa6\x57,\xa4\xe4\xb3\xa1\n" +
			"\xb3\xaf\xa4\x6a\xa4\xe5,\xb2\xc4\xa4\x40\xa4\xe4\xb3\xa1\n", []string{"也不像 GBK", saveAs}},
		{"a picture", "\x89PNG\r\n\x1a\n", []string{"其实是图片"}},
		{"NUL", "编号\nP1\nP\x002\n", []string{"第 3 行有空字节", saveAs}},
		{"a quote within", "编号,姓名\n\nP1,示例\"甲\n", []string{"第 3 行的引号没有配对", "写成两个"}},
		{"text after a quote", "编号,姓名\nP1,\"示例\"甲\n", []string{"第 2 行的引号没有配对"}},
		{"a quote left open", "编号,姓名\nP1,\"示例甲\nP2,示例乙\n", []string{"第 2 行的引号没有配对"}},
		{"a quote left open in the header", "编号,\"姓名\nP2,示例乙\n", []string{"第 1 行的引号没有配对"}},
		{"a cell too long", "编号,姓名\nP1," + strings.Repeat("长", 2001) + "\n", []string{"第 2 行第 2 格超过 2000 字"}},
		{"a heading too long", strings.Repeat("长", 2001) + "\n", []string{"第 1 行第 1 格超过 2000 字"}},
		{"too many columns", head(201) + "\n", []string{"第 1 行的列太多", "最多 200 列"}},
		{"a row of commas", "编号\n" + strings.Repeat(",", 1<<20), []string{"第 2 行的列太多"}},
		{"a row of cells with line breaks", "编号\nP1\n" + strings.Repeat("\"\n\",", 1<<20), []string{"第 3 行的列太多"}},
		{"too many rows", "编号\n" + strings.Repeat("a\n", 1_000_001), []string{"超过 1000000 行"}},
		{"a small file that asks for much", head(200) + "\n" + strings.Repeat("a\n", 100_001),
			[]string{"第 100002 行已经超过 20000000 格"}},
	} {
		table, err := spreadsheet.ReadCSV("members.csv", strings.NewReader(c.src))
		if table != nil || fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, %v", c.name, table, err)
			continue
		}
		for _, part := range append(c.want, "members.csv ") {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: “%s” does not say “%s”", c.name, err, part)
			}
		}
	}
}

// TestLimitsThemselvesAreAllowed keeps the limits from being off by one.
func TestLimitsThemselvesAreAllowed(t *testing.T) {
	t.Parallel()
	table, err := spreadsheet.ReadCSV("a.csv", strings.NewReader("编号\n"+strings.Repeat("a\n", 1_000_000)))
	if err != nil || len(table.Rows) != 1_000_000 || table.Rows[999_999].Line != 1_000_001 {
		t.Errorf("a million rows: %v", err)
	}
	var head []string
	for i := range 200 {
		head = append(head, fmt.Sprint("列", i))
	}
	table, err = spreadsheet.ReadCSV("a.csv",
		strings.NewReader(strings.Join(head, ",")+"\n"+strings.Repeat("a\n", 100_000)))
	if err != nil || len(table.Header) != 200 || len(table.Rows) != 100_000 {
		t.Errorf("200 columns, 20 million cells: %v", err)
	}
}

// endless gives lines for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "a\n"[i%2]
	}
	return len(p), nil
}

func TestReadCSVStopsReading(t *testing.T) {
	t.Parallel()
	_, err := spreadsheet.ReadCSV("a.csv", endless{})
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "超过 64 MB") {
		t.Errorf("got %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAFailingSourceIsNoMistakeOfTheWriter(t *testing.T) {
	t.Parallel()
	_, err := spreadsheet.ReadCSV("a.csv", broken{})
	if fault.CodeOf(err) != fault.Unavailable || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{
		"编号,姓名\nP1,示例甲\n", "\ufeff编号\t姓名\r\n'=1\t\"a\r\nb\"\r\n", "a;b\n1;2;\n", "a\n''''=\n", "a,\n\"\"\"\",\n",
		"PK\x03\x04", "a\rb", "a\n'\t",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		table, err := spreadsheet.ReadCSV("f.csv", strings.NewReader(string(src)))
		if err != nil {
			if table != nil || fault.CodeOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), "f.csv ") {
				t.Fatalf("got %v, %v", table, err)
			}
			return
		}
		last := table.Line
		for i, h := range table.Header {
			if h == "" || slices.Contains(table.Header[:i], h) {
				t.Fatalf("heading %d: %q", i, table.Header)
			}
		}
		for _, r := range table.Rows {
			if r.Line <= last || len(r.Cells) != len(table.Header) || strings.Join(r.Cells, "") == "" {
				t.Fatalf("after line %d: %+v", last, r)
			}
			last = r.Line
			for _, c := range r.Cells {
				if c != strings.TrimSpace(c) || len([]rune(c)) > 2000 || strings.Contains(c, "\r") {
					t.Fatalf("cell %q", c)
				}
			}
		}
		if len(table.Header) == 1 && strings.ContainsAny(table.Header[0], ";|") ||
			strings.HasPrefix(strings.ToLower(table.Header[0]), "sep=") {
			return // written alone, such a heading reads as two, or as none
		}
		if got := reread(t, table); got != written(table) {
			t.Fatalf("got\n%q\nwant\n%q", got, written(table))
		}
	})
}
