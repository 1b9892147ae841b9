package entries_test

import (
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestThePreviewSaysWhichCapTookTheRest: what an entry is granted and what the
// total gets are two things where a block or the total is capped.
func TestThePreviewSaysWhichCapTookTheRest(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	rules := strings.Replace(testkit.Rules, "贡献: {上限: 20, 限额: {月: 3分}}}", "贡献: {上限: 3}}\n总分: {上限: 82}", 1)
	if rules == testkit.Rules {
		t.Fatal("the town's rules have no such block any more")
	}
	town.Follow(t, rules)
	for _, c := range []struct {
		points        string
		item          string
		after, grants domain.Points
		note          string
	}{
		{"", "好事", 8200, 200, ""},
		{"", "好事", 8200, 200, "“贡献”上限 3 分，多出的 1 分不计；“总分”上限 82 分，多出的 1 分不计"},
		{"-2", "酌情", 8100, -200, "“总分”原来超出上限 82 分，先从超出的里扣 1 分"},
	} {
		d := entries.EntryInput{Member: "E2", Item: c.item, On: testkit.Day(t, "2026-05-01"), Points: c.points}
		seen, err := town.Entries.Preview(t.Context(), town.Secretary, d)
		if err != nil {
			t.Fatal(err)
		}
		expect.Equal(t, "the total after "+c.item, seen.After, c.after)
		expect.Equal(t, "what "+c.item+" grants", seen.Granted, c.grants)
		expect.Equal(t, "the note of "+c.item, seen.Note, c.note)
		saved, err := town.Entries.Post(t.Context(), town.Secretary, d, "")
		if err != nil {
			t.Fatal(err)
		}
		expect.Equal(t, "the total once "+c.item+" is saved", saved.After, c.after)
		expect.Equal(t, "the note of "+c.item+" once it is saved", saved.Note, c.note)
	}
}
