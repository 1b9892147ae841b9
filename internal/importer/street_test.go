package importer_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/demo"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
)

// throughCSV writes a table of the example street and reads it back.
func throughCSV(tb testing.TB, name string, rows [][]string) *spreadsheet.Table {
	tb.Helper()
	var b strings.Builder
	if err := spreadsheet.WriteCSV(&b, rows[0], rows[1:]); err != nil {
		tb.Fatal(err)
	}
	return table(tb, name, b.String())
}

func tables(tb testing.TB, s *demo.Street) (members, entries, attendance *spreadsheet.Table) {
	tb.Helper()
	m, e, a := s.Tables()
	return throughCSV(tb, "members.csv", m), throughCSV(tb, "entries.csv", e), throughCSV(tb, "attendance.csv", a)
}

func street(tb testing.TB, members int) *demo.Street {
	tb.Helper()
	s, err := demo.New(demo.Options{Members: members, Seed: 1, Year: 2026})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// settled puts a record's facts into one order. In the street, From 0 is what
// held when the year began; a table's first row says it since ever.
func settled(rec domain.MemberHistory) domain.MemberHistory {
	rec.Facts = slices.Clone(rec.Facts)
	for i := range rec.Facts {
		rec.Facts[i].From = cmp.Or(rec.Facts[i].From, 1)
	}
	slices.SortFunc(rec.Facts, func(x, y domain.Fact) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.Attribute, y.Attribute))
	})
	return rec
}

func TestTheExampleStreetComesBack(t *testing.T) {
	t.Parallel()
	s, rb := street(t, 200), weizhou(t)
	m, e, a := tables(t, s)
	roll, problems := importer.Read(ruleversions.Of(rb), m, e, a)
	for _, p := range problems {
		t.Error(p)
	}
	if roll == nil {
		t.Fatal("no roll")
	}
	want := s.Records()
	if len(roll.Records) != len(want) {
		t.Fatalf("%d members, want %d", len(roll.Records), len(want))
	}
	year, asOf := calendar.Year.Of(day("2026-01-01")), day("2026-12-31")
	entries, lines := 0, 0
	for i := range want {
		got, told := settled(*roll.Records[i]), settled(want[i])
		entries, lines = entries+len(got.Entries), lines+len(got.Attendance)
		if !reflect.DeepEqual(got, told) {
			t.Fatalf("got  %+v\nwant %+v", got, told)
		}
		// The facts were compared as settled; the points do not care.
		x, y := scoring.Member(scoring.Under(rb), roll.Records[i], year, asOf),
			scoring.Member(scoring.Under(rb), &want[i], year, asOf)
		if !reflect.DeepEqual(x.Standing, y.Standing) || x.StableUntil != y.StableUntil {
			t.Errorf("got  %+v\nwant %+v", x.Standing, y.Standing)
		}
	}
	if entries != len(e.Rows) || lines != len(a.Rows) || entries < 1000 || lines < 1000 {
		t.Errorf("%d of %d entries, %d of %d lines of attendance", entries, len(e.Rows), lines, len(a.Rows))
	}
}

// BenchmarkRead reads the full street: 1485 members, some 40 000 entries and
// 55 000 lines of attendance.
func BenchmarkRead(b *testing.B) {
	rb := weizhou(b)
	m, e, a := tables(b, street(b, demo.FullSize))
	b.ReportAllocs()
	for b.Loop() {
		if roll, problems := importer.Read(ruleversions.Of(rb), m, e, a); roll == nil {
			b.Fatal(problems)
		}
	}
	b.ReportMetric(float64(len(m.Rows)+len(e.Rows)+len(a.Rows)), "rows")
}

// BenchmarkReadAllWrong is the same street under a book that has none of its
// words: mistakes must not be slower than what is right.
func BenchmarkReadAllWrong(b *testing.B) {
	rb := book(b, small)
	m, e, a := tables(b, street(b, demo.FullSize))
	for b.Loop() {
		if roll, problems := importer.Read(ruleversions.Of(rb), m, e, a); roll != nil {
			b.Fatal(problems)
		}
	}
}

// FuzzRead reads tables of cells that are right, wrong or nearly right.
func FuzzRead(f *testing.F) {
	rb := weizhou(f)
	for _, s := range [][3]string{
		{"编号,姓名,支部,自,照顾,出生日期\nP1,示例甲,一支部,,是,1950-1-1\nP1,,,2026-3-1,否,\n", "编号,党员,项目,日期,分值,时长\n,P1,志愿服务,2026-3-5,,2\n",
			"活动,种类,日期,党员,出勤\nH1,党课,2026-3-5,P1,到会\n"},
		{"编号,姓名,支部,支部类型,社区,街道,加入,离开,自\nP1,示例甲,一支部,社区,甲,乙,2026/1/1,2026年5月1日,2026.1.1\n", "党员,项目,日期\n示例甲,交纳党费,\n", "活动,种类\n"},
		{"编号\n", "a\n", "b\n"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, members, entries, attendance string) {
		var tables [3]*spreadsheet.Table
		for i, src := range [3]string{members, entries, attendance} {
			table, err := spreadsheet.ReadCSV(fmt.Sprint(i), strings.NewReader(src))
			if err == nil {
				tables[i] = table
			}
		}
		roll, problems := importer.Read(ruleversions.Of(rb), tables[0], tables[1], tables[2])
		if (roll == nil) != (len(problems) > 0) || len(problems) > 201 {
			t.Fatalf("%v, %d problems", roll, len(problems))
		}
		for _, p := range problems {
			if p.Message == "" || p.Row < 0 || strings.ContainsAny(p.String(), "\n\r") {
				t.Fatalf("problem %q", p)
			}
		}
		if roll == nil {
			return
		}
		for _, rec := range roll.Records {
			if m := &rec.Member; m.ID == "" || m.Name == "" || m.Home[domain.Branch] == "" || roll.Find(string(m.ID))[0] != rec {
				t.Fatalf("member %+v", m)
			}
			scoring.Member(scoring.Under(rb), rec, calendar.Year.Of(day("2026-01-01")), day("2026-12-31"))
		}
	})
}
