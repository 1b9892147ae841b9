package members_test

import (
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/testkit"
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
		seen, err := town.Entries.Preview(ctx, town.Secretary, d)
		if err != nil || seen.After != c.after || seen.Granted != c.grants || seen.Note != c.note {
			t.Errorf("preview of %s %s: %+v, %v; want %s after %s: %s", c.item, c.points, seen, err, c.after, c.grants, c.note)
		}
		saved, err := town.Entries.Post(ctx, town.Secretary, d, "")
		if err != nil || saved.After != c.after || saved.Note != c.note {
			t.Errorf("saved %+v, %v; want %s: %s", saved, err, c.after, c.note)
		}
	}
}
