package importer

import (
	"strings"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/spreadsheet"
)

func TestTooManyMembers(t *testing.T) {
	t.Parallel()
	table, err := spreadsheet.ReadCSV("members.csv", strings.NewReader("编号,姓名,支部\nP1,示例甲,一支部\nP2,示例乙,一支部\nP3,示例丙,一支部\n"))
	if err != nil {
		t.Fatal(err)
	}
	if roll, problems := read(ruleversions.Of(&ruleset.RuleSet{}), table, nil, nil, 3); roll == nil ||
		len(roll.Records) != 3 {
		t.Errorf("three of three: %v", problems)
	}
	roll, problems := read(ruleversions.Of(&ruleset.RuleSet{}), table, nil, nil, 2)
	if roll != nil || len(problems) != 1 || problems[0].String() != "members.csv：党员超过 2 名。改法：分成几个文件，一次算一个。" {
		t.Errorf("three of two: %v", problems)
	}
}

// TestRowsShorterThanTheHeader: a table that was not read from a file may break
// its own promise; that must not end in a panic.
func TestRowsShorterThanTheHeader(t *testing.T) {
	t.Parallel()
	table := &spreadsheet.Table{Name: "members.csv", Header: []string{"编号", "姓名", "支部"},
		Rows: []spreadsheet.Row{{Line: 2, Cells: []string{"P1"}}, {Line: 3}}}
	_, problems := Read(ruleversions.Of(&ruleset.RuleSet{}), table, table, table)
	if len(problems) == 0 || problems[0].String() != "members.csv 第 2 行“姓名”列：“姓名”没有填。改法：这一格不能空。" {
		t.Errorf("got %v", problems)
	}
}
