package exports_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/exports"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// busyTown has entries, an activity, an exemption, a request, a transfer and one who left
// and came back.
func busyTown(t *testing.T) *testkit.Town {
	t.Helper()
	town := testkit.New(t)
	ctx := t.Context()
	post := func(id domain.MemberID, item, on string, fields map[string]string) {
		t.Helper()
		_, err := town.Entries.Post(ctx, town.Clerk, entries.EntryInput{Member: id, Item: item, On: testkit.Day(t, on),
			Fields: fields, Note: "补记"}, "")
		expect.NoError(t, item+" of "+string(id), err)
	}
	post("E2", "好事", "2026-03-02", nil)
	post("E2", "服务", "2026-05-20", map[string]string{"时长": "5"})
	post("W1", "好事", "2026-04-03", nil)
	post("W2", "好事", "2026-05-29", nil)
	_, err := town.Activities.Record(ctx, town.Clerk, town.ActivityInput(t), "")
	expect.NoError(t, "an activity", err)
	move := func(id domain.MemberID, to domain.OrgID, on string) {
		t.Helper()
		_, err := town.Ledger.Move(ctx, town.Clerk,
			members.Move{Member: id, To: to, From: testkit.Day(t, on), Reason: "组织关系"}, "")
		expect.NoError(t, "a move of "+string(id), err)
	}
	move("W1", town.East.ID, "2026-05-10")
	town.HandIn(t, domain.EntryRequest)
	return town
}

// fileOf returns a table as a file gives it back.
func fileOf(t *testing.T, town *testkit.Town, actor *access.Actor, kind exports.Kind, ask standings.ListQuery,
) *spreadsheet.Table {
	t.Helper()
	out, err := town.Exports.Export(t.Context(), actor, kind, ask)
	expect.NoError(t, string(kind), err)
	header := make([]string, len(out.Columns))
	for i := range out.Columns {
		header[i] = out.Columns[i].Name
	}
	var b strings.Builder
	expect.NoError(t, "the file", spreadsheet.WriteCSV(&b, header, out.Rows))
	table, err := spreadsheet.ReadCSV(string(kind)+".csv", strings.NewReader(b.String()))
	expect.NoError(t, "the file that is read", err)
	return table
}

// column returns a column of a table by the column of the numbers.
func column(t *testing.T, table *spreadsheet.Table, name string) map[string]string {
	t.Helper()
	out, id, at := map[string]string{}, slices.Index(table.Header, "编号"), slices.Index(table.Header, name)
	if id < 0 || at < 0 {
		t.Fatalf("no column %q in %q", name, table.Header)
	}
	for _, r := range table.Rows {
		out[r.Cells[id]] = r.Cells[at]
	}
	return out
}

// TestWhatIsGivenOutIsScoredTheSame: on any day, as known now and before, the three tables
// that are read by score give the totals of the table of points.
func TestWhatIsGivenOutIsScoredTheSame(t *testing.T) {
	t.Parallel()
	town := busyTown(t)
	book := ruleset.Load("办法", []byte(testkit.Rules)).Book
	before := town.Later(time.Minute)
	town.Later(time.Minute)
	_, err := town.Entries.Post(t.Context(), town.Clerk, entries.EntryInput{Member: "W2", Item: "好事",
		On: testkit.Day(t, "2026-05-30")}, "")
	expect.NoError(t, "an entry of later", err)
	seen := map[string]bool{}
	for _, when := range []standings.When{{}, {AsOf: testkit.Day(t, "2026-03-31")}, {AsOf: testkit.Day(t, "2026-05-10")},
		{AsKnownAt: before}} {
		ask := standings.ListQuery{Org: town.Street.ID, When: when}
		want := column(t, fileOf(t, town, town.Clerk, "points", ask), "总分")
		roll, problems := importer.Read(ruleversions.Of(book), fileOf(t, town, town.Clerk, "people", ask),
			fileOf(t, town, town.Clerk, "entries", ask), fileOf(t, town, town.Clerk, "attendance", ask))
		if roll == nil {
			t.Fatal(problems)
		}
		asOf := when.AsOf
		if asOf == 0 {
			asOf = calendar.FromTime(testkit.Now())
		}
		got := map[string]string{}
		for _, rec := range roll.Records {
			s := scoring.Member(roll.Texts(rec.Member.ID), rec, calendar.Year.Of(asOf), asOf).Standing
			got[string(rec.Member.ID)] = s.Total.String()
		}
		expect.Equal(t, "the totals of "+asOf.String(), got, want)
		expect.Equal(t, "how many there are", len(got), 4)
		seen[want["E2"]+" "+want["W1"]+" "+want["W2"]] = true
	}
	expect.Equal(t, "how many different answers there were", len(seen), 4)
}

// TestATransferIsInTheTable: the row of its day names the branch, and what is known of the
// branch's community comes along.
func TestATransferIsInTheTable(t *testing.T) {
	t.Parallel()
	town := busyTown(t)
	table := fileOf(t, town, town.Clerk, "people", standings.ListQuery{Org: town.Street.ID})
	var rows []string
	for _, r := range table.Rows {
		if r.Cells[0] == "W1" {
			rows = append(rows, r.Cells[2]+" "+r.Cells[8])
		}
	}
	expect.Equal(t, "the rows of who moved", strings.Join(rows, "; "),
		town.West.Name+" ; "+town.East.Name+" 2026-05-10")
	of := fileOf(t, town, town.Clerk, "entries", standings.ListQuery{Org: town.Street.ID})
	var entry []string
	for _, r := range of.Rows {
		if r.Cells[1] == "W1" {
			entry = append(entry, r.Cells[3], r.Cells[4], r.Cells[5])
		}
	}
	expect.Equal(t, "his entry, with the branch of its day", strings.Join(entry, " "), town.West.Name+" 好事 2026-04-03")
}

// TestEveryTable: each has its columns and what is in the town, says until when, and leaves
// one line in the trail with the number of its rows.
func TestEveryTable(t *testing.T) {
	t.Parallel()
	town := busyTown(t)
	var details []string
	for _, k := range exports.Choices() {
		out, err := town.Exports.Export(t.Context(), town.Clerk, k.Kind, standings.ListQuery{Org: town.Street.ID})
		expect.NoError(t, k.Words, err)
		if k.Kind != "alerts" && len(out.Rows) == 0 {
			t.Errorf("%s is empty", k.Words)
		}
		for _, row := range out.Rows {
			if len(row) != len(out.Columns) {
				t.Fatalf("%s: a row of %d cells under %d columns: %q", k.Words, len(row), len(out.Columns), row)
			}
		}
		if k.Kind != "register" && !strings.Contains(strings.Join(out.Footer, ""), "截至 2026-06-01") {
			t.Errorf("%s does not say until when: %q", k.Words, out.Footer)
		}
		if !strings.HasPrefix(out.Title, town.Street.Name) {
			t.Errorf("%s is called %q", k.Words, out.Title)
		}
		details = append(details, town.TrailDetails(t, "导出")[0])
	}
	for i, k := range exports.Choices() {
		if k.Kind != "ranking" && !strings.HasPrefix(details[i], strings.Fields(k.Words)[0]) {
			t.Errorf("%s left %q", k.Words, details[i])
		}
	}
}

// TestAStatementAddsUp: the line of the total is the total, and the lines of the blocks sum to it.
func TestAStatementAddsUp(t *testing.T) {
	t.Parallel()
	town := busyTown(t)
	ask := standings.ListQuery{Org: town.Street.ID}
	want := column(t, fileOf(t, town, town.Clerk, "points", ask), "总分")
	table := fileOf(t, town, town.Clerk, "statements", ask)
	depth, value := slices.Index(table.Header, "层"), slices.Index(table.Header, "计入")
	points := ruleset.Attribute{Name: "分", Type: ruleset.Decimal, Hi: 100_000}
	total, blocks := map[string]string{}, map[string]domain.Points{}
	for _, r := range table.Rows {
		switch r.Cells[depth] {
		case "0":
			total[r.Cells[0]] = r.Cells[value]
		case "1":
			v, err := points.Parse(r.Cells[value])
			expect.NoError(t, "points", err)
			blocks[r.Cells[0]] += domain.Points(v.Number)
		}
	}
	expect.Equal(t, "the totals", total, want)
	for id, sum := range blocks {
		expect.Equal(t, "the blocks of "+id, sum.String(), want[id])
	}
}

// TestWhoIsGivenATable: those who may export, of their own.
func TestWhoIsGivenATable(t *testing.T) {
	t.Parallel()
	town := busyTown(t)
	for _, k := range exports.Choices() {
		for name, actor := range map[string]*access.Actor{"nobody": nil, "a member": town.Member,
			"the auditor": town.Auditor, "the administrator": town.Admin} {
			_, err := town.Exports.Export(t.Context(), actor, k.Kind, standings.ListQuery{Org: town.East.ID})
			if fault.CodeOf(err) != fault.Forbidden {
				t.Errorf("%s is given %s: %v", name, k.Words, err)
			}
		}
		_, err := town.Exports.Export(t.Context(), town.Secretary, k.Kind, standings.ListQuery{Org: town.West.ID})
		if fault.CodeOf(err) != fault.NotFound {
			t.Errorf("the secretary is given %s of another branch: %v", k.Words, err)
		}
		out, err := town.Exports.Export(t.Context(), town.Secretary, k.Kind, standings.ListQuery{Org: town.East.ID})
		expect.NoError(t, k.Words+" of his own", err)
		for _, row := range out.Rows {
			if slices.Contains(row, "W2") {
				t.Errorf("the secretary reads of W2 in %s: %q", k.Words, row)
			}
		}
	}
	_, err := town.Exports.Export(t.Context(), town.Clerk, "nothing", standings.ListQuery{Org: town.East.ID})
	if fault.CodeOf(err) != fault.NotFound || !strings.Contains(fault.From(err).Hint, "statements（得分明细）") {
		t.Errorf("a table that is none: %v", err)
	}
}

// TestTheSuperiorsOwnForm: rows in the order of the places, what each block was made of, and
// once what is said once; a name that is none is told with its cell, and nothing is given.
func TestTheSuperiorsOwnForm(t *testing.T) {
	t.Parallel()
	town := busyTown(t)
	form := func(names ...string) *bytes.Buffer {
		columns := make([]spreadsheet.Column, len(names))
		for i := range names {
			columns[i].Name = "列" + strconv.Itoa(i)
		}
		var b bytes.Buffer
		expect.NoError(t, "a form", spreadsheet.WriteXLSX(&b, "{单位}积分（{考核期}，截至 {截至}，{制表人}）", columns,
			[][]string{names}, nil))
		return &b
	}
	ask := standings.ListQuery{Org: town.Street.ID}
	out, err := town.Exports.Fill(t.Context(), town.Clerk, "季度表.xlsx",
		form("{名次}", "{姓名}", "{支部}", "{总分}", "{板块.贡献}", "{加分.贡献}", "{扣分.贡献}", "{事由.贡献}"), ask)
	expect.NoError(t, "filling", err)
	expect.Equal(t, "the line in the trail", town.TrailDetails(t, "导出")[0], "表样 4 人")
	expect.Equal(t, "how many rows", out.Rows, 4)
	expect.Equal(t, "its name", out.Name, town.Street.Name+"季度表（2026年）")
	table, err := spreadsheet.ReadXLSX("a.xlsx", bytes.NewReader(out.File))
	expect.NoError(t, "reading it", err)
	points := fileOf(t, town, town.Clerk, "points", ask)
	total, place := column(t, points, "总分"), column(t, points, "街道名次")
	var e2 []string
	for i, r := range table.Rows {
		for id, name := range column(t, points, "姓名") {
			if name == r.Cells[1] {
				expect.Equal(t, "the total of "+id, r.Cells[3], total[id])
				expect.Equal(t, "the place of "+id, r.Cells[0], place[id])
				if id == "E2" {
					e2 = table.Rows[i].Cells
				}
			}
		}
	}
	expect.Equal(t, "what one did", strings.Join(e2[4:], "|"), "2.5|2.5|0|3月2日好事 +2、5月20日服务 +0.5")
	_, err = town.Exports.Fill(t.Context(), town.Clerk, "季度表.xlsx", form("{姓名}", "{板块.没有}"), ask)
	expect.Fault(t, err, fault.Invalid, "不认得 {板块.没有}")
	_, err = town.Exports.Fill(t.Context(), town.Member, "季度表.xlsx", form("{姓名}"), ask)
	expect.Fault(t, err, fault.Forbidden)
	_, err = town.Exports.Fill(t.Context(), town.Secretary, "季度表.xlsx", form("{姓名}"),
		standings.ListQuery{Org: town.West.ID})
	expect.Fault(t, err, fault.NotFound)
}
