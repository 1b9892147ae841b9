package members_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// street invents a register of some members with every attribute of the sample rules.
func street(n int) *spreadsheet.Table {
	of := func(i int, words ...string) string { return words[i%len(words)] }
	t := &spreadsheet.Table{Name: "名册.csv", Header: strings.Split(
		"党员编号,姓名,所在党支部,人员类别,处分,豁免,出生日期,转正日期,照顾,流动,职务,就业,党小组,党员中心户", ",")}
	for i := range n {
		confirmed := fmt.Sprintf("%d-07-01", 1980+i%40)
		kind := "正式党员"
		if i%50 == 7 {
			confirmed, kind = "", "预备党员"
		}
		t.Rows = append(t.Rows, spreadsheet.Row{Line: i + 2, Cells: []string{
			fmt.Sprintf("P%04d", i+1), "示例" + fmt.Sprintf("%04d", i), fmt.Sprintf("第%d支部", i%40+1), kind,
			of(i, "无", "无", "无", "警告", "无", "严重警告", "无"), of(i, "无", "无", "不参加积分", "无", "暂离", "无", "无", "无", "无"),
			fmt.Sprintf("%d-%02d-%02d", 1940+i%60, i%12+1, i%28+1), confirmed, of(i, "否", "否", "是"),
			of(i, "否", "是", "否", "否", "否"), of(i, "无", "支部委员", "支部书记", "社区委员", "社区书记"),
			of(i, "在职", "两新", "离退休", "灵活就业", "无业", "离退休"), of(i, "第一小组", "", "第二小组"),
			of(i, "", "1号楼中心户", "", "2号楼中心户", "11号楼中心户"),
		}})
	}
	return t
}

// taken plans a register under the rules in force, and does it.
func taken(t *testing.T, town *testkit.Town, table *spreadsheet.Table) *members.RosterPlan {
	t.Helper()
	own := terms(t, town)
	own.Understand, own.Today, own.Changes = nil, testkit.Day(t, "2026-06-01"), testkit.Day(t, "2026-06-01")
	_, preview, plan, err := town.Ledger.PlanRoster(t.Context(), town.Clerk,
		func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
			return importer.ReadRoster(table, nil, asked), nil
		}, func(*store.Snapshot) (*members.RosterTerms, error) { return own, nil })
	expect.NoError(t, "the plan", err)
	for _, p := range slices.Concat(preview.Problems, plan.Problems) {
		if !p.Warning {
			t.Fatalf("%s", p)
		}
	}
	expect.NoError(t, "taking it in", town.Ledger.ApplyRoster(t.Context(), town.Clerk, own, plan))
	return plan
}

// TestARegisterOfAllAttributesComesOutAsItWentIn: 1,485 invented members with every attribute of
// the sample rules, taken in and given out again, are the same cell by cell; taken in once
// more, they change nothing.
func TestARegisterOfAllAttributesComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	const many = 1485
	text, err := os.ReadFile("../../../rules/weizhou.yaml")
	expect.NoError(t, "the sample rules", err)
	town := testkit.New(t)
	town.Follow(t, string(text))
	in := street(many)
	for i := range in.Rows { // the numbers are the program's to give
		in.Rows[i].Cells[0] = ""
	}
	plan := taken(t, town, in)
	expect.Equal(t, "how many are taken in", len(plan.Steps), many)

	out, err := town.Members.Register(t.Context(), town.Clerk, town.Street.ID)
	expect.NoError(t, "the register", err)
	want := street(many)
	expect.Equal(t, "the columns", strings.Join(out.Columns, " "), strings.Join(want.Header, " "))
	at := map[string][]string{}
	for _, row := range out.Rows {
		at[row[1]] = row
	}
	for i := range want.Rows {
		row := want.Rows[i].Cells
		if got := at[row[1]]; !slices.Equal(got, row) {
			t.Fatalf("of %s: got %q; want %q", row[1], got, row)
		}
	}
	expect.Equal(t, "how many come out", len(out.Rows)-4, many) // the town's four are there too

	back := &spreadsheet.Table{Name: "名册.xlsx", Header: out.Columns}
	for i, row := range out.Rows {
		back.Rows = append(back.Rows, spreadsheet.Row{Line: i + 2, Cells: row})
	}
	back.Rows = slices.DeleteFunc(back.Rows, func(r spreadsheet.Row) bool { return !strings.HasPrefix(r.Cells[0], "P") })
	plan = taken(t, town, back)
	idle := 0
	for i := range plan.Steps {
		if plan.Steps[i].Idle() {
			idle++
		} else {
			t.Errorf("%s changes: %v", plan.Steps[i].Member, plan.Steps[i].Words)
		}
	}
	expect.Equal(t, "how many stay as they are", idle, many)

	empty := testkit.New(t)
	empty.Follow(t, string(text))
	for i := range back.Rows { // another database gives its own numbers, in the order of the rows
		back.Rows[i].Cells = slices.Clone(back.Rows[i].Cells)
		back.Rows[i].Cells[0] = ""
	}
	taken(t, empty, back)
	again, err := empty.Members.Register(t.Context(), empty.Clerk, empty.Street.ID)
	expect.NoError(t, "the register of the other database", err)
	var one, other bytes.Buffer
	expect.NoError(t, "the one", spreadsheet.WriteCSV(&one, out.Columns, out.Rows))
	expect.NoError(t, "the other", spreadsheet.WriteCSV(&other, again.Columns, again.Rows))
	expect.True(t, bytes.Equal(one.Bytes(), other.Bytes()), "the exports of both are the same, byte by byte", other.Len())
}

// TestAnAttributeOfTheRulesIsAColumn: whatever the rules call one; a cell that is none of its
// options is refused with those that may be written, and an empty one says nothing.
func TestAnAttributeOfTheRulesIsAColumn(t *testing.T) {
	t.Parallel()
	rules := ruleset.Load("办法", []byte(testkit.Rules)).Book
	asked := append(slices.Clone(rules.Attributes),
		ruleset.Attribute{Name: "工作单位", Type: ruleset.Options, Options: []string{"无", "社区", "企业"}},
		ruleset.Attribute{Name: "学时", Type: ruleset.Decimal, Hi: 10000},
		ruleset.Attribute{Name: "党龄", Type: ruleset.Service},
		ruleset.Attribute{Name: "退伍日期", Type: ruleset.DayFact})
	p := importer.ReadRoster(rosterTable(t, "姓名,工作单位,学时,党龄,退伍日期\n"+
		"示例甲,无,3.5,12,2001年7月1日\n示例乙,社去,,,\n示例丙,-,101,,2001-13-01\n"), nil, asked)
	var got []string
	for _, row := range p.Rows {
		got = append(got, fmt.Sprint(row.Name, row.Values))
	}
	for _, b := range p.Problems[2:] { // those of the columns are before
		got = append(got, fmt.Sprintf("%d %s：%s。%s", b.Row, b.Column, b.Message, b.Advice))
	}
	expect.Equal(t, "what is read", strings.Join(got, "\n"),
		"示例甲[{工作单位 无 false} {学时 3.5 false} {退伍日期 2001-07-01 false}]\n"+
			"3 工作单位：“工作单位”没有“社去”这个选项。是不是“社区”？可写：无、社区、企业\n"+
			"4 学时：“学时”写了 101，超出范围。可写 0 至 100\n4 退伍日期：日历上没有“2001-13-01”这一天。查一查年份、月份和日子")
	expect.Equal(t, "a column that follows from another", p.Columns[3].How, importer.Derived)
}

// TestARegisterIsGivenOutWhereOneMayExport: to those of the scope, with a line in the trail.
func TestARegisterIsGivenOutWhereOneMayExport(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ask := func(actor *access.Actor) (int, error) {
		out, err := town.Members.Register(context.Background(), actor, town.East.ID)
		return len(out.Rows), err
	}
	n, err := ask(town.Secretary)
	expect.NoError(t, "the secretary asks", err)
	expect.Equal(t, "members of his branch", n, 2)
	if n, err := ask(nil); n != 0 || fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("nobody is given %d rows, %v", n, err)
	}
	if _, err := town.Members.Register(t.Context(), town.Secretary, town.West.ID); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("another branch: %v", err)
	}
}
