package importer_test

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
)

// readBack writes tables as files and reads them.
func readBack(tb testing.TB, files *ruleversions.Versions, laid importer.Tables) *importer.Roll {
	tb.Helper()
	roll, problems := importer.Read(files, throughCSV(tb, "members.csv", laid.Members),
		throughCSV(tb, "entries.csv", laid.Entries), throughCSV(tb, "attendance.csv", laid.Attendance))
	for _, p := range problems {
		tb.Error(p)
	}
	if roll == nil {
		tb.Fatal("no roll")
	}
	return roll
}

// TestTheExampleStreetIsLaidOut: a street that was read, laid out and read again is the same.
func TestTheExampleStreetIsLaidOut(t *testing.T) {
	t.Parallel()
	s, book := street(t, 150), weizhou(t)
	m, e, a := tables(t, s)
	files := ruleversions.Of(book)
	before, problems := importer.Read(files, m, e, a)
	if before == nil {
		t.Fatal(problems)
	}
	people := make([]importer.MemberRecord, len(before.Records))
	for i, rec := range before.Records {
		people[i] = importer.MemberRecord{MemberHistory: *rec, Text: func(calendar.Day) *ruleset.RuleSet { return book }}
	}
	held := map[string]importer.Held{}
	for i := range s.Activities {
		held[s.Activities[i].ID] = importer.Held{Title: s.Activities[i].Title(), Org: string(s.Activities[i].Org)}
	}
	laid := importer.Layout(people, held)
	if laid.Strange != 0 {
		t.Errorf("%d rows that nobody knows", laid.Strange)
	}
	after := readBack(t, files, laid)
	if len(after.Records) != len(before.Records) || len(before.Records) != 150 {
		t.Fatalf("%d members, want %d", len(after.Records), len(before.Records))
	}
	entries := 0
	for i := range before.Records {
		got, want := settled(*after.Records[i]), settled(*before.Records[i])
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		entries += len(got.Entries)
	}
	if entries == 0 || len(laid.Entries) != entries+1 {
		t.Errorf("%d entries in %d rows", entries, len(laid.Entries))
	}
}

// drawRecord draws a member who moves, leaves and comes back, with facts and entries.
func drawRecord(t *rapid.T, files *ruleversions.Versions, id string) importer.MemberRecord {
	on := func(label string, least calendar.Day) calendar.Day {
		return least + calendar.Day(rapid.IntRange(1, 60).Draw(t, label))
	}
	homes := map[string][domain.Levels]domain.OrgID{
		"东支部": {"东支部", "东社区", "示例街道"}, "西支部": {"西支部", "西社区", "示例街道"},
	}
	at := rapid.SampledFrom([]string{"东支部", "西支部"})
	first := at.Draw(t, "home")
	p := importer.MemberRecord{Homes: []ruleversions.Residence{{From: 1, Home: homes[first], Kind: "社区"}}}
	p.Member = domain.Membership{ID: domain.MemberID(id), Name: "示例" + id, Home: homes[first], Kind: "社区"}
	if rapid.Bool().Draw(t, "came") {
		p.Member.Joined = on("joined", day("2025-11-01"))
	}
	last := max(p.Member.Joined, day("2025-12-01"))
	for range rapid.IntRange(0, 2).Draw(t, "returns") {
		gone := on("gone", last)
		back := on("back", gone)
		p.Member.Away, last = append(p.Member.Away, domain.Absence{From: gone, Back: back}), back
	}
	if rapid.Bool().Draw(t, "left") {
		p.Member.Left = on("left on", last)
	}
	moved := day("2026-01-10")
	for range rapid.IntRange(0, 2).Draw(t, "moves") {
		moved = on("moved", moved)
		p.Homes = append(p.Homes, ruleversions.Residence{From: moved, Home: homes[at.Draw(t, "to")], Kind: "社区"})
	}
	since := day("2025-12-20")
	for range rapid.IntRange(0, 3).Draw(t, "facts") {
		since = on("since", since)
		p.Facts = append(p.Facts, domain.Fact{Attribute: "流动", From: since,
			Value: domain.Value{Number: int64(rapid.IntRange(0, 1).Draw(t, "yes"))}})
	}
	texts := files.Texts(p.Homes)
	p.Text = func(d calendar.Day) *ruleset.RuleSet {
		if book, ok := texts.On(d); ok {
			return book
		}
		return nil
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "entries") {
		e := domain.Entry{ID: id + "." + string(rune('a'+i)), Item: "好事", On: on("entry", day("2026-03-05"))}
		if book := p.Text(e.On); book.Item("清理楼道") >= 0 {
			e.Item, e.Fields = "清理楼道", []domain.Field{{Name: "时长", Value: domain.Value{
				Number: int64(rapid.IntRange(0, 900).Draw(t, "hours"))}}}
		} else if book.Item("护河") >= 0 {
			e.Item = "护河"
		}
		if rapid.Bool().Draw(t, "late") {
			e.Recorded = on("recorded", e.On)
		}
		p.Entries = append(p.Entries, e)
	}
	return p
}

// TestWhatIsLaidOutScoresTheSame: transfers, absences, facts of any day and entries of two
// branches' own items, written, read and scored.
func TestWhatIsLaidOutScoresTheSame(t *testing.T) {
	t.Parallel()
	files := twoBranches(t)
	rapid.Check(t, func(t *rapid.T) {
		people := []importer.MemberRecord{drawRecord(t, files, "P1"), drawRecord(t, files, "P2")}
		roll, problems := importer.Read(files, tableOf(t, importer.Layout(people, nil).Members),
			tableOf(t, importer.Layout(people, nil).Entries), nil)
		if roll == nil {
			t.Fatal(problems)
		}
		asOf := day("2026-12-31")
		for i := range people {
			p, got := &people[i], roll.Records[i]
			if w, g := order(p.Entries), order(got.Entries); !reflect.DeepEqual(w, g) {
				t.Fatalf("entries %+v, want %+v", g, w)
			}
			want := scoring.Member(files.Texts(p.Homes), &p.MemberHistory, calendar.Year.Of(asOf), asOf).Standing
			have := scoring.Member(roll.Texts(got.Member.ID), got, calendar.Year.Of(asOf), asOf).Standing
			if !reflect.DeepEqual(want, have) {
				t.Fatalf("got  %+v\nwant %+v\nof %q", have, want, importer.Layout(people, nil).Members)
			}
		}
	})
}

func order(list []domain.Entry) []domain.Entry {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b domain.Entry) int { return cmp.Compare(a.ID, b.ID) })
	return slices.Clip(out)
}

// TestWhatNoTextKnowsIsCounted: an entry and a fact of another scheme are not laid out, and
// not forgotten.
func TestWhatNoTextKnowsIsCounted(t *testing.T) {
	t.Parallel()
	files := twoBranches(t)
	p := importer.MemberRecord{Text: func(calendar.Day) *ruleset.RuleSet { return files.Book(day("2026-05-01")) }}
	p.Member = domain.Membership{ID: "P1", Name: "示例甲", Home: [domain.Levels]domain.OrgID{"东支部"}}
	p.Facts = []domain.Fact{{Attribute: "没有的属性", From: day("2026-01-01")}}
	p.Entries = []domain.Entry{{ID: "1", Item: "没有的项目", On: day("2026-05-01")},
		{ID: "2", Item: "好事", On: day("2026-05-01")}}
	p.Attendance = []domain.Attendance{{Activity: "7", Kind: "党课", On: day("2026-05-01"), Status: domain.Present}}
	laid := importer.Layout([]importer.MemberRecord{p}, nil)
	if laid.Strange != 3 || len(laid.Entries) != 2 || len(laid.Attendance) != 1 || len(laid.Members) != 2 {
		t.Errorf("%d strange in %q %q %q", laid.Strange, laid.Members, laid.Entries, laid.Attendance)
	}
}

// tableOf makes a table of rows as a file would give it.
func tableOf(t *rapid.T, rows [][]string) *spreadsheet.Table {
	var b strings.Builder
	if err := spreadsheet.WriteCSV(&b, rows[0], rows[1:]); err != nil {
		t.Fatal(err)
	}
	out, err := spreadsheet.ReadCSV("t.csv", strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
