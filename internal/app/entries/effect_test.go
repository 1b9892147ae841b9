package entries_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestAnEntryShowsItsEffectBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	d := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	for same, step := range []entries.Effect{
		{ShowsTotals: true, Before: 8000, After: 8200, Granted: 200, Wanted: 200, GradeBefore: "好", GradeAfter: "好"},
		{ShowsTotals: true, Before: 8200, After: 8300, Granted: 100, Wanted: 200, GradeBefore: "好", GradeAfter: "好",
			Note: "限额每月 3分 只余 +1，原应 +2"},
		{ShowsTotals: true, Before: 8300, After: 8300, Granted: 0, Wanted: 200, GradeBefore: "好", GradeAfter: "好",
			Note: "限额每月 3分 已用完，原应 +2"},
	} {
		seen, err := town.Entries.Preview(t.Context(), town.Secretary, d)
		step.Same, step.Name = same, "示例东2"
		expect.NoError(t, "the preview", err)
		expect.Equal(t, "the preview", seen.Effect, step)
		saved, err := town.Entries.Post(t.Context(), town.Secretary, d, "")
		expect.NoError(t, "saving", err)
		expect.True(t, saved.Entry != 0, "the receipt names the entry", saved.Entry)
		saved.Entry = 0
		expect.Equal(t, "the receipt", saved, step)
	}
	town.WantTotals(t, "80", "83", "80")
}

func TestEntriesForOneselfAndOutsidersWait(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	own, err := town.Entries.Post(t.Context(), town.Secretary,
		entries.EntryInput{Member: "E1", Item: "好事", On: testkit.Day(t, "2026-05-01")}, "")
	expect.NoError(t, "an entry for oneself", err)
	expect.Equal(t, "an entry for oneself waits", own.Waiting, true)
	expect.Equal(t, "the total before it", own.Before, 8000)
	// A stranger is hidden; who is a guest here is known, and his points are not.
	entry := entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	_, stranger := town.Entries.Post(t.Context(), town.Secretary, entry, "")
	entry.Member = "W9"
	_, absent := town.Entries.Post(t.Context(), town.Secretary, entry, "")
	if fault.CodeOf(stranger) != fault.NotFound || stranger.Error() != absent.Error() {
		t.Errorf("a stranger: %v; nobody: %v", stranger, absent)
	}
	town.Host(t, "W1")
	entry.Member = "W1"
	guest, err := town.Entries.Post(t.Context(), town.Secretary, entry, "")
	expect.NoError(t, "an entry for a guest", err)
	expect.Equal(t, "an entry for a guest waits", guest.Waiting, true)
	expect.Equal(t, "another branch's totals are shown", guest.ShowsTotals, false)
	expect.Equal(t, "another branch's total before", guest.Before, 0)
	expect.Equal(t, "another branch's total after", guest.After, 0)
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "W1", Kind: "host", Org: town.East.ID, From: entry.On,
			Ended: true}, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(t.Context(), town.Secretary, entry, ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("who is a guest no more: %v", err)
	}
	town.WantTotals(t, "80", "80", "80")
	claim := town.Queue(t, town.Community)[0]
	if err := town.Decide(town.Community, &claim, true, ""); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "82", "80", "80")
	if err := town.Decide(town.Community, &claim, false, "又想了想"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := town.Entries.Reverse(t.Context(), town.Secretary, own.Entry, "不该记",
		""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("his own reversal: %v", err)
	}
	if _, err := town.Entries.Reverse(t.Context(), town.Clerk, own.Entry, "不该记", ""); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "80", "80")
}

// TestWhatTheBranchAgreesToItselfCountsAtOnce: who records has agreed at his own
// level and below; the rule's organs above him are asked.
func TestWhatTheBranchAgreesToItselfCountsAtOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	small := testkit.Commendation(t, "E2")
	small.Fields = map[string]string{"级别": "街道"}
	e, err := town.Entries.Post(t.Context(), town.Secretary, small, "")
	expect.NoError(t, "what the branch agrees to alone", err)
	expect.Equal(t, "what the branch agrees to alone waits", e.Waiting, false)
	for _, c := range []struct {
		what  string
		by    *access.Actor
		entry entries.EntryInput
		asked string
	}{
		{"the branch records", town.Secretary, testkit.Commendation(t, "E2"), "社区党委 街道党工委"},
		{"the community records", town.Community, testkit.Commendation(t, "E2"), "街道党工委"},
		{"below those who enter", town.Secretary, testkit.EntryInput(t, "E2", "上级记"), "社区党委"},
		{"above those who enter", town.Clerk, testkit.EntryInput(t, "E2", "上级记"), ""},
	} {
		e, err := town.Entries.Post(t.Context(), c.by, c.entry, "")
		expect.NoError(t, c.what, err)
		expect.Equal(t, c.what+": who is asked", strings.Join(e.Asked, " "), c.asked)
		expect.Equal(t, c.what+": it waits", e.Waiting, c.asked != "")
	}
}

func TestEntriesThatTheRulesDoNotAllowAreRefusedByField(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for field, d := range map[string]entries.EntryInput{
		"项目": {Member: "E2", Item: "坏事"}, "分值": {Member: "E2", Item: "酌情", Points: "9"}, "时长": {Member: "E2", Item: "服务"},
		"级别": {Member: "E2", Item: "好事", Fields: map[string]string{"级别": "省"}},
	} {
		d.On = testkit.Day(t, "2026-05-01")
		_, err := town.Entries.Post(t.Context(), town.Secretary, d, "")
		f, ok := err.(*fault.Error) //nolint:errorlint // not wrapped: that is part of what is tested
		if !ok || f.Code != fault.Invalid || f.Fields[field] == "" {
			t.Errorf("%s: the error is no refusal at this field: %v", field, err)
		}
	}
	town.WantTotals(t, "80", "80", "80")
}

// What a person chooses is held to the range of its option wherever it comes
// in: shown, recorded, claimed, or taken from paper.
func TestChosenPointsAreHeldToTheRangeOfTheirOption(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	d := entries.EntryInput{Member: "E2", Item: "处理", On: testkit.Day(t, "2026-05-01"), Points: "-3",
		Fields: map[string]string{"程度": "重"}}
	paper := d
	paper.Paper = "卷一"
	_, err1 := town.Entries.Preview(t.Context(), town.Secretary, d)
	_, err2 := town.Entries.Post(t.Context(), town.Secretary, d, "")
	_, err3 := town.Entries.Post(t.Context(), town.Member, d, "")
	_, err4 := town.Entries.Post(t.Context(), town.Clerk, paper, "")
	for i, err := range []error{err1, err2, err3, err4} {
		if err == nil || !strings.Contains(err.Error(), "“处理”填了 -3 分，超出范围（“重”在 -12 至 -9 之间填一个数）") {
			t.Errorf("door %d: %v", i+1, err)
		}
	}
	d.Points = "-12"
	if _, err := town.Entries.Post(t.Context(), town.Secretary, d, ""); err != nil {
		t.Error(err)
	}
	town.WantTotals(t, "80", "68", "80") // 80 − 12
}

// TestAReplayAfterARestart: the same key gives the first answer also from a
// program that was started again; with another body it is refused.
func TestAReplayAfterARestart(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	entry := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}
	first, err := town.Entries.Post(t.Context(), town.Secretary, entry, "k")
	if err != nil {
		t.Fatal(err)
	}
	town.Reopen(t)
	again, err := town.Entries.Post(t.Context(), town.Secretary, entry, "k")
	expect.NoError(t, "the same once more", err)
	expect.Equal(t, "the same once more is a replay", again.Replay, true)
	expect.Equal(t, "the entry of the replay", again.Entry, first.Entry)
	expect.Equal(t, "the total of the replay", again.After, first.After)
	entry.Member = "W1"
	if _, err := town.Entries.Post(t.Context(), town.Secretary, entry, "k"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another body under the key: %v", err)
	}
	town.WantTotals(t, "80", "82", "80")
}

// TestAMonthToRecordLate ends on the same day of the next month.
func TestAMonthToRecordLate(t *testing.T) {
	t.Parallel()
	town := testkit.NewWithOrgans(t) // 1 June, noon
	d := testkit.EntryInput(t, "E2", "评议")
	d.On = testkit.Day(t, "2026-05-01")
	if _, err := town.Entries.Post(t.Context(), town.Secretary, d, ""); err != nil {
		t.Errorf("31 days on, on 1 June: %v", err)
	}
	town.Later(24 * time.Hour)
	if _, err := town.Entries.Post(t.Context(), town.Secretary, d, ""); fault.CodeOf(err) != fault.Forbidden ||
		!strings.Contains(err.Error(), "只许在 1个月以内补录") {
		t.Errorf("on 2 June: %v", err)
	}
}

// TestEntriesThatComeTooLateOrOfTheExempt are refused in the rule's own words.
func TestEntriesThatComeTooLateOrOfTheExempt(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertMember("E9", "示例新", "slx"); err != nil {
			return err
		}
		return errors.Join(tx.InsertAffiliation(domain.Affiliation{Member: "E9", Kind: "home", Org: town.East.ID,
			From: testkit.Day(t, "2026-05-01")}, 0),
			tx.InsertFact("E9", domain.Fact{Attribute: "豁免", From: testkit.Day(t, "2026-05-10"),
				Value: domain.Value{Text: "不计"}}, 0),
			tx.InsertFact("E9", domain.Fact{Attribute: "豁免", From: testkit.Day(t, "2026-05-20"),
				Value: domain.Value{Text: "无"}}, 0))
	}); err != nil {
		t.Fatal(err)
	}
	late := testkit.Commendation(t, "E2")
	late.On = testkit.Day(t, "2026-04-01")
	unsaid := late
	unsaid.Note = ""
	of := func(member domain.MemberID, day string) entries.EntryInput {
		return entries.EntryInput{Member: member, Item: "好事", On: testkit.Day(t, day)}
	}
	for name, c := range map[string]struct {
		by    *access.Actor
		entry entries.EntryInput
		code  fault.Code
		want  string
	}{
		"late, from the branch":            {town.Secretary, late, fault.Forbidden, "“表彰”只许在 30天以内补录"},
		"late, from the member":            {town.Member, late, fault.Forbidden, "61 天以前"},
		"late, from above, without a word": {town.Community, unsaid, fault.Invalid, "为什么晚了"},
		"late, from above":                 {town.Community, late, "", ""},
		"a day to come":                    {town.Clerk, of("E2", "2026-06-02"), fault.Invalid, "还没有到"},
		"before joining":                   {town.Secretary, of("E9", "2026-04-30"), fault.Invalid, "2026-05-01 起才在这里"},
		"while exempt":                     {town.Secretary, of("E9", "2026-05-15"), fault.Invalid, "豁免“不计”"},
		"after the exemption":              {town.Secretary, of("E9", "2026-05-20"), "", ""},
		"without the proof that is asked": {town.Secretary,
			entries.EntryInput{Member: "E2", Item: "凭证", On: testkit.Day(t, "2026-05-20")}, fault.Invalid, "证明材料"},
		"what follows from attendance only": {town.Secretary,
			entries.EntryInput{Member: "E2", Item: "到会", On: testkit.Day(t, "2026-05-20")}, fault.Invalid, "不单独记"},
	} {
		_, err := town.Entries.Post(t.Context(), c.by, c.entry, "")
		if (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code || err != nil &&
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
