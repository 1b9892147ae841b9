package spreadsheet_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/spreadsheet"
)

// reread writes a table and reads it back; lines are those of the table.
func reread(tb rapid.TB, table *spreadsheet.Table) string {
	tb.Helper()
	var b strings.Builder
	rows := make([][]string, len(table.Rows))
	for i, r := range table.Rows {
		rows[i] = r.Cells
	}
	if err := spreadsheet.WriteCSV(&b, table.Header, rows); err != nil {
		tb.Fatal(err)
	}
	back, err := spreadsheet.ReadCSV(table.Name, strings.NewReader(b.String()))
	if err != nil {
		tb.Fatalf("%q: %v", b.String(), err)
	}
	back.Line = table.Line
	for i := range min(len(back.Rows), len(table.Rows)) {
		back.Rows[i].Line = table.Rows[i].Line
	}
	return written(back)
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := spreadsheet.WriteCSV(&b, []string{"编号", "事由"}, [][]string{{"P1", "示例，\"甲\",乙"}, {"P2", "一\r\n二\n三"}, {"", ""}})
	want := "\ufeff编号,事由\r\nP1,\"示例，\"\"甲\"\",乙\"\r\nP2,\"一\r\n二\r\n三\"\r\n,\r\n"
	if err != nil || b.String() != want {
		t.Errorf("got %q, %v; want %q", b.String(), err, want)
	}
}

func TestWriteCSVGuardsFormulas(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1":                    "'=1+1",
		"+86 10":                  "'+86 10",
		"-cmd|' /C calc'!A0":      "'-cmd|' /C calc'!A0",
		"@SUM(A1)":                "'@SUM(A1)",
		"\tx":                     "'\tx",
		"\rx":                     "\"'\r\nx\"",
		"\nx":                     "\"'\r\nx\"",
		"＝1+1":                    "'＝1+1",
		"  =1":                    "'  =1",
		"'=1":                     "''=1",
		"-":                       "'-",
		"+5":                      "'+5",
		"-1-1":                    "'-1-1",
		"-.5":                     "'-.5",
		"-5.":                     "'-5.",
		"--5":                     "'--5",
		"-5":                      "-5",
		"-5.25":                   "-5.25",
		"12":                      "12",
		"a=1":                     "a=1",
		"'":                       "'",
		"'好":                      "'好",
		"2026-01-05":              "2026-01-05",
		"=HYPERLINK(\"x\",\"y\")": "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
	} {
		var b strings.Builder
		if err := spreadsheet.WriteCSV(&b, []string{"甲", "乙"}, [][]string{{cell, "z"}}); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimSuffix(strings.TrimPrefix(b.String(), "\ufeff甲,乙\r\n"), ",z\r\n")
		if got != want && got != "\""+want+"\"" { // cells with a leading blank are quoted
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
	}
	var b strings.Builder
	if err := spreadsheet.WriteCSV(&b, []string{"=甲"}, nil); err != nil || b.String() != "\ufeff'=甲\r\n" {
		t.Errorf("heading: %q, %v", b.String(), err)
	}
}

// TestWhatIsWrittenIsRead: whatever stands in the cells comes back, but for
// blanks around it and the form of its line breaks.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	cell := rapid.OneOf(
		rapid.StringMatching("['=+@＝－ \t\r\n　-]{0,5}[0-9.a好',;\"]{0,4}['= \t\n　]{0,3}"),
		rapid.StringMatching("-?[0-9]{1,4}(\\.[0-9]{1,3})?"),
		rapid.String().Filter(func(s string) bool { return !strings.Contains(s, "\x00") && len([]rune(s)) < 1000 }),
	)
	rapid.Check(t, func(t *rapid.T) {
		header := rapid.SliceOfNDistinct(rapid.StringMatching("[=@'-]?[甲乙丙丁a-z]{1,4}"), 2, 6, rapid.ID[string]).Draw(t,
			"header")
		rows := rapid.SliceOf(rapid.SliceOfN(cell, 0, len(header))).Draw(t, "rows")
		var b strings.Builder
		if err := spreadsheet.WriteCSV(&b, header, rows); err != nil {
			t.Fatal(err)
		}
		table, err := spreadsheet.ReadCSV("t.csv", strings.NewReader(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		var want [][]string
		for _, row := range rows {
			full := make([]string, len(header))
			for i, c := range row {
				full[i] = strings.ReplaceAll(strings.ReplaceAll(strings.Trim(c, " \t\n\v\f\r\u3000\u00a0"), "\r\n", "\n"), "\r",
					"\n")
			}
			if strings.Join(full, "") != "" {
				want = append(want, full)
			}
		}
		var got [][]string
		for _, r := range table.Rows {
			got = append(got, r.Cells)
		}
		if !slices.Equal(table.Header, header) || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Fatalf("got %q %q\nwant %q %q", table.Header, got, header, want)
		}
	})
}

// TestNoCellStartsAFormula: whatever is written, no field of the file begins
// with a sign that a spreadsheet runs, unless it is a plain number.
func TestNoCellStartsAFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching("['=+@ \t\r\n　-]{0,5}[0-9.a]{0,4}").Draw(t, "cell")
		var b strings.Builder
		if err := spreadsheet.WriteCSV(&b, []string{"甲"}, [][]string{{cell}}); err != nil {
			t.Fatal(err)
		}
		field := strings.Trim(strings.TrimPrefix(b.String(), "\ufeff甲\r\n"), "\" \r\n")
		if strings.IndexAny(field, "=+-@") == 0 && strings.Trim(field[1:], "0123456789.") != "" {
			t.Fatalf("%q is written as %q", cell, b.String())
		}
		if strings.HasPrefix(field, "\t") && strings.Trim(field, " \t\r\n　") != "" {
			t.Fatalf("%q is written as %q", cell, b.String())
		}
	})
}

// full fails after so many bytes.
type full struct{ left int }

var errFull = errors.New("no room")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteCSVReportsWhatItCouldNotWrite(t *testing.T) {
	t.Parallel()
	rows := slices.Repeat([][]string{{strings.Repeat("甲", 100)}}, 100)
	for _, room := range []int{0, 3, 100, 20_000} {
		if err := spreadsheet.WriteCSV(&full{left: room}, []string{"编号"}, rows); !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
}

func BenchmarkReadCSV(b *testing.B) {
	var src strings.Builder
	rows := slices.Repeat([][]string{{"H000123", "3月主题党日", "示例街第一党支部", "主题党日", "2026-03-05", "P0001", "到会"}}, 55_000)
	if err := spreadsheet.WriteCSV(&src, []string{"活动", "名称", "组织", "种类", "日期", "党员", "出勤"}, rows); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := spreadsheet.ReadCSV("attendance.csv", strings.NewReader(src.String())); err != nil {
			b.Fatal(err)
		}
	}
}
