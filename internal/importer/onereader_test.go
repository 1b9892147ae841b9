package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/spreadsheet"
)

// TestOneReader: what a cell says is one value, or one sentence, whichever table it stands in: a
// register, the tables of score, a ledger and an attendance list from paper.
func TestOneReader(t *testing.T) {
	t.Parallel()
	b := weizhou(t)
	sheet := func(header string, cells ...string) *spreadsheet.Table {
		return &spreadsheet.Table{Name: "表", Line: 1, Header: strings.Split(header, ","),
			Rows: []spreadsheet.Row{{Line: 2, Cells: cells}}}
	}
	first := func(problems []importer.Problem, value string) string {
		for _, p := range problems {
			if !p.Warning {
				return p.Message + "（" + p.Advice + "）"
			}
		}
		return value
	}
	paper := func(value func(importer.PaperEntry) string, header string, cells ...string) string {
		read, err := importer.ReadPaperEntries(sheet(header, cells...), realPeople(), []*ruleset.RuleSet{b})
		if err != nil || len(read.Entries) == 0 {
			return first(read.Problems, "")
		}
		return first(read.Problems, value(read.Entries[0]))
	}
	score := func(i int, header string, cells ...string) (*importer.Roll, []importer.Problem) {
		tables := [3]*spreadsheet.Table{sheet("编号,姓名,支部", "P0003", "孟福", "一支部")}
		tables[i] = sheet(header, cells...)
		return importer.Read(ruleversions.Of(b), tables[0], tables[1], tables[2])
	}
	for _, text := range []string{"2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "20260305", "２０２６－３－５", `="2026-3-5"`,
		"二〇二六年三月五日", "2026-03-05T00:00:00Z", "2026-03-05T16:00:00Z", "46086", "3月5日", "2026-02-29", "3/5/26", "昨天"} {
		roster := importer.ReadRoster(sheet("姓名,转正日期", "孟福", text), nil, nil)
		got := map[string]string{"register": first(roster.Problems, "")}
		if len(roster.Rows) > 0 {
			got["register"] = first(roster.Problems, roster.Rows[0].Confirmed.String())
		}
		roll, problems := score(0, "编号,姓名,支部,加入", "P0003", "孟福", "一支部", text)
		if got["members"] = first(problems, ""); roll != nil {
			got["members"] = roll.Records[0].Member.Joined.String()
		}
		roll, problems = score(1, "党员,项目,日期", "P0003", "承担工作", text)
		if got["entries"] = first(problems, ""); roll != nil {
			got["entries"] = roll.Records[0].Entries[0].On.String()
		}
		roll, problems = score(2, "活动,种类,日期,党员,出勤", "H1", "党课", text, "孟福", "√")
		if got["attendance"] = first(problems, ""); roll != nil {
			got["attendance"] = roll.Records[0].Attendance[0].On.String()
		}
		got["paper"] = paper(func(e importer.PaperEntry) string { return e.On.String() }, "党员,项目,日期", "P0003", "承担工作", text)
		agree(t, text, got)
	}
	for _, text := range []string{"3", "3分", "+3", "－2", "３", "扣2", "50%", "2:30", `="3"`} {
		roll, problems := score(1, "党员,项目,日期,分值,事由", "P0003", "其他事项", "2026-03-05", text, "x")
		got := map[string]string{"entries": first(problems, "")}
		if roll != nil {
			got["entries"] = roll.Records[0].Entries[0].Points.String()
		}
		got["paper"] = paper(func(e importer.PaperEntry) string { return e.Points }, "党员,项目,日期,分值,事由", "P0003", "其他事项",
			"2026-03-05", text, "x")
		agree(t, text, got)
	}
	for _, text := range []string{"孟　福", "古丽．买买提", "李\u2f42", "p0003", "maria lopez"} {
		who, err := realPeople().Find(text)
		got := map[string]string{"people": fmt.Sprint(who, err)}
		read := paper(func(e importer.PaperEntry) string { return string(e.Member) + "<nil>" }, "党员,项目,日期", text, "承担工作",
			"2026-03-05")
		got["paper"] = read
		got["people"] = strings.ReplaceAll(got["people"], " ", "")
		agree(t, text, got)
	}
}

// agree holds what every reader makes of a text against the others.
func agree(t *testing.T, text string, got map[string]string) {
	t.Helper()
	want := got["paper"]
	for reader, value := range got {
		if value != want || value == "" {
			t.Errorf("%q: %s reads %s, paper reads %s", text, reader, value, want)
		}
	}
}
