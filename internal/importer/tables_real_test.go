package importer_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/spreadsheet"
)

// update writes what is read as what should be: look at every line that changed.
var update = flag.Bool("update", false, "write the files of what should come") //nolint:gochecknoglobals // a flag

// TestTablesOfRealLayouts: every file of testdata/tables, laid out as some program or office
// lays its tables out, gives what the .want beside it says: rows, problems (! refuses, ? reminds)
// and notes. The name of a file says what is special about it.
func TestTablesOfRealLayouts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/tables/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if filepath.Ext(path) == ".want" {
			continue
		}
		got := readReal(t, path)
		if *update {
			if err := os.WriteFile(path+".want", []byte(got), 0o644); err != nil { //nolint:gosec // no secret
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path + ".want")
		if err != nil || got != string(want) {
			t.Errorf("%s: %v, got\n%swant\n%s", filepath.Base(path), err, got, want)
		}
	}
}

// readReal reads a file by the reader that its name stands for.
func readReal(tb testing.TB, path string) string {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	name := filepath.Base(path)
	b, err := spreadsheet.Read(name, f)
	if err != nil {
		return err.Error() + "\n"
	}
	var lines []string
	switch first, _, _ := strings.Cut(name, "-"); first {
	case "paper", "percent", "money", "number":
		lines, err = realEntries(tb, b)
	case "attendance":
		lines, err = realAttendance(tb, b)
	case "score":
		lines, err = realScore(tb, b)
	default:
		if strings.HasPrefix(name, "formula-never-calculated-entries") {
			lines, err = realEntries(tb, b)
			break
		}
		lines, err = realRoster(b)
	}
	if err != nil {
		return err.Error() + "\n"
	}
	return strings.Join(lines, "\n") + "\n"
}

func realRoster(b *spreadsheet.Book) ([]string, error) {
	table, err := b.Table("", func(header []string) bool { return importer.RosterHeader(header, nil) })
	if err != nil {
		return nil, err
	}
	return append(strings.Split(previewText(importer.ReadRoster(table, nil, nil)), "\n"), table.Notes...), nil
}

// realPeople are those whom the files from paper name.
func realPeople() *importer.People {
	people := importer.NewPeople()
	for i, name := range []string{"孟庆林", "孟庆林", "孟福", "王䶮", "㛃玉", "𠮷田和", "张伟", "Maria Lopez", "古丽·买买提", "葛亮", "李文"} {
		people.Add(domain.MemberID(fmt.Sprintf("P%04d", i+1)), name)
	}
	return people
}

func realEntries(tb testing.TB, b *spreadsheet.Book) ([]string, error) {
	tb.Helper()
	table, err := b.Table("", importer.EntryHeader)
	if err != nil {
		return nil, err
	}
	read, err := importer.ReadPaperEntries(table, realPeople(), []*ruleset.RuleSet{weizhou(tb)})
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, e := range read.Entries {
		lines = append(lines, fmt.Sprint(e.Line, e.Member, " ", e.Item, " ", e.On, " ", e.Points, e.Fields, e.Note))
	}
	return append(append(lines, problemLines(read.Problems)...), read.Notes...), nil
}

func realAttendance(tb testing.TB, b *spreadsheet.Book) ([]string, error) {
	tb.Helper()
	table, err := b.Table("", importer.AttendanceHeader)
	if err != nil {
		return nil, err
	}
	by := &importer.Occasions{People: realPeople(), Names: []string{"梧桐里第一党支部", "梧桐里第二党支部"},
		Org: func(name string) (domain.OrgID, error) {
			if domain.PlainOrgName(name) == "梧桐里第一支部" {
				return "一", nil
			}
			return "", fault.New(fault.NotFound, "没有“%s”这个组织", name)
		}}
	for _, g := range weizhou(tb).Groups {
		by.Kinds = append(by.Kinds, g.Kinds...)
	}
	read, err := importer.ReadPaperAttendance(table, by)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, a := range read.Activities {
		lines = append(lines, strings.TrimSpace(fmt.Sprint(a.Org, " ", a.On, " ", a.Kind, " ", a.Title)))
		for _, l := range a.Lines {
			lines = append(lines, strings.TrimSpace(fmt.Sprint("  ", l.Line, " ", l.Member, " ", l.Status, " ", l.MadeUp)))
		}
	}
	return append(append(lines, problemLines(read.Problems)...), read.Notes...), nil
}

// realScore reads a table of score, with members of its own where it is none of them.
func realScore(tb testing.TB, b *spreadsheet.Book) ([]string, error) {
	tb.Helper()
	table, err := b.Table("", nil)
	if err != nil {
		return nil, err
	}
	members := rosterTable(tb, "编号,姓名,支部\nP1,孟福,梧桐里第一党支部\n")
	members.Name = "members.csv"
	var tables [3]*spreadsheet.Table
	switch {
	case importer.MemberHeader(table.Header):
		tables[0] = table
	case importer.EntryHeader(table.Header):
		tables[0], tables[1] = members, table
	default:
		tables[0], tables[2] = members, table
	}
	roll, problems := importer.Read(ruleversions.Of(weizhou(tb)), tables[0], tables[1], tables[2])
	lines := problemLines(problems)
	if roll == nil {
		return lines, nil
	}
	for _, r := range roll.Records {
		lines = append(lines, fmt.Sprint(r.Member.ID, " ", r.Member.Name, " ", len(r.Entries), " ", len(r.Attendance)))
	}
	return lines, nil
}

func problemLines(problems []importer.Problem) []string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = fmt.Sprintf("! %d %s：%s。%s", p.Row, p.Column, p.Message, p.Advice)
	}
	return lines
}
