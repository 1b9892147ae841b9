package rules_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// awards returns the town's rules with an award that counts for five years, outside
// the year's blocks.
func awards(t *testing.T) string {
	t.Helper()
	return strings.NewReplacer(
		"贡献: {上限: 20, 限额: {月: 3分}}}", "贡献: {上限: 20, 限额: {月: 3分}}, 荣誉: {上限: 50}}",
		"  凭证:", "  国家表彰: {板块: 荣誉, 分值: 10, 有效: 5年}\n  凭证:",
	).Replace(testkit.Rules)
}

// TestANewTextKeepsWhatStillHolds: a text that begins with the new year takes
// nothing away from what was given for five years, and does not value it anew; one
// that has no place for it is refused with the block's name.
func TestANewTextKeepsWhatStillHolds(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	enact := func(from, source string) error {
		t.Helper()
		id, err := town.Enactment.Propose(ctx, town.Clerk,
			rules.Proposal{Org: town.Street.ID, Source: []byte(source), From: testkit.Day(t, from)})
		if err != nil {
			return err
		}
		return town.Enactment.Confirm(ctx, town.Second, id, "", false)
	}
	if err := enact("2026-01-01", awards(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "国家表彰", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	next := strings.NewReplacer("施行: 2026-01-01", "施行: 2027-01-01", "起点: 80", "起点: 70", "荣誉, 分值: 10",
		"荣誉, 分值: 4").Replace(awards(t))
	without := strings.NewReplacer(", 荣誉: {上限: 50}", "", "荣誉, 分值: 4", "贡献, 分值: 4").Replace(next)
	if err := enact("2027-01-01", without); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "荣誉") {
		t.Errorf("a text without the award's block: %v", err)
	}
	r, err := town.Enactment.Rehearse(ctx, town.Clerk, rules.Proposal{Org: town.Street.ID, Source: []byte(next)})
	if err != nil || r.Rehearsal.AsOf != testkit.Day(t, "2027-01-01") || len(r.Rehearsal.Past) != 0 ||
		len(r.Rehearsal.Moved) != 4 {
		t.Fatalf("%+v, %v", r, err)
	}
	if words := r.Rehearsal.Moved[1].Words(); !strings.HasPrefix(words, "90 → 80 分") {
		t.Errorf("rehearsed as it will be: %s", words)
	}
	if err := enact("2027-01-01", next); err != nil {
		t.Fatal(err)
	}
	town.Later(250 * 24 * time.Hour) // February of 2027
	for _, c := range []struct{ asOf, want string }{
		{"2026-05-31", "90"}, {"2026-12-31", "90"}, {"2027-01-01", "80"}, {"2027-02-01", "80"}, {"2031-04-30", "80"},
		{"2031-05-01", "70"},
	} {
		if got := total(t, town, "E2", c.asOf, ""); got != c.want {
			t.Errorf("as of %s: %s, want %s", c.asOf, got, c.want)
		}
	}
}

// TestARevisionValuesWhatComesAfterIt: from its day on a text values what happens;
// what happened before keeps what it got, and is recorded by the text of its day.
func TestARevisionValuesWhatComesAfterIt(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	post := func(on string) {
		t.Helper()
		if _, err := town.Entries.Post(ctx, town.Secretary,
			entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, on)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	post("2026-04-01")
	p := proposal(t, town, "2026-06-01", "好事: {板块: 贡献, 分值: 2}", "好事: {板块: 贡献, 分值: 3}")
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
		t.Fatal(err)
	}
	post("2026-05-20")
	post("2026-06-01")
	for _, c := range []struct{ asOf, want string }{{"2026-04-30", "82"}, {"2026-05-31", "84"}, {"2026-06-01", "87"}} {
		if got := total(t, town, "E2", c.asOf, ""); got != c.want {
			t.Errorf("as of %s: %s, want %s", c.asOf, got, c.want)
		}
	}
}

// TestWhatACapHidesIsNotLostUnseen: an item with entries may not vanish, also where
// a cap hides what it gave.
func TestWhatACapHidesIsNotLostUnseen(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	p := proposal(t, town, "2026-01-01", "贡献: {上限: 20, 限额: {月: 3分}}", "贡献: {上限: 0}")
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	p = proposal(t, town, "2026-05-01", "贡献: {上限: 20, 限额: {月: 3分}}", "贡献: {上限: 0}")
	p.Source = []byte(strings.Replace(string(p.Source), "  好事: {板块: 贡献, 分值: 2}\n", "", 1))
	expect.Fault(t, town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false), fault.Invalid, "没有了：好事")
}
