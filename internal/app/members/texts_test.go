package members_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

// secretWords stand in every free text that the tests write, each with a number.
const secretWords = "示例密语"

// written returns a town in which something is written in every free text that
// concerns E2.
func written(t *testing.T) *testkit.Town {
	t.Helper()
	town := testkit.New(t)
	text := strings.Replace(testkit.Rules, "板块: {", "属性: {特长: 文字}\n板块: {", 1)
	text = strings.Replace(text, "  好事: {板块: 贡献,", "  好事: {板块: 贡献, 记录: {事由: 文字},", 1)
	inForce(t, town, text)
	words := func(n int) string { return fmt.Sprintf("%s%d\"引\"", secretWords, n) }
	on := testkit.Day(t, "2026-05-20")
	post := func(n int) domain.EntryID {
		done, err := town.Entries.Post(ctx, town.Secretary, entries.EntryInput{
			Member: "E2", Item: "好事", On: on, Note: words(n), Fields: map[string]string{"事由": words(n + 1)},
		}, fmt.Sprint("k", n))
		if err != nil {
			t.Fatal(err)
		}
		return done.Entry
	}
	post(1)
	_, err := town.Entries.Reverse(ctx, town.Secretary, post(3), words(5), "k5")
	must(t, err)
	held, err := town.Activities.Record(ctx, town.Secretary, activities.ActivityInput{
		Org: town.East.ID, Kind: "党课", On: on, Title: words(6),
		Lines: []activities.Line{{Member: "E1", Status: domain.Present}, {Member: "E2", Status: domain.Present}},
	}, "k6")
	must(t, err)
	_, err = town.Activities.Correct(ctx, town.Secretary, activities.Correction{
		Activity: held.Activity, Member: "E2", Status: domain.Absent, Reason: words(7),
	}, "k7")
	must(t, err)
	_, err = town.Ledger.ChangeFact(ctx, town.Secretary,
		members.FactChange{Member: "E2", Attribute: "特长", Value: words(8), From: on}, "k8")
	must(t, err)
	return town
}

// inForce puts a text in force in the town without asking anybody.
func inForce(t *testing.T, town *testkit.Town, text string) {
	t.Helper()
	loaded := ruleset.Load("t.yaml", []byte(text))
	if loaded.Book == nil {
		t.Fatalf("the rules do not load: %v", loaded.Problems)
	}
	b := loaded.Book
	must(t, town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertEnactment(domain.RuleVersion{
			Org: town.Street.ID, Code: b.Code, From: b.From, Hash: b.Hash, Source: text,
		}, town.Clerk.Account)
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// texts lists what the clerk is shown of E2's, with the words that are still there.
func texts(t *testing.T, town *testkit.Town) []members.WrittenText {
	t.Helper()
	out, err := town.Members.Texts(ctx, town.Clerk, "E2")
	must(t, err)
	return out.Texts
}

// TestEveryFreeTextAboutAMemberIsListedAndErased: notes, fields, reasons, titles and
// facts of kind 文字. What was recorded, its points and the chains hold on; where a text
// stood, the reason and the day are shown; nothing of it is left in the file.
func TestEveryFreeTextAboutAMemberIsListedAndErased(t *testing.T) {
	t.Parallel()
	town := written(t)
	before := town.Totals(t)
	var where []string
	var ids []domain.TextID
	for _, x := range texts(t, town) {
		where = append(where, x.Where)
		ids = append(ids, x.ID)
		expect.Contains(t, x.Body, secretWords)
	}
	slices.Sort(where)
	expect.Equal(t, "where they stand", strings.Join(where, "\n"), strings.Join([]string{
		"出勤 党课 缺席，2026-05-20：理由", "情况 特长，2026-05-20 起：内容", "撤销 好事，2026-05-20：理由", "活动 党课，2026-05-20：标题",
		"记录 好事，2026-05-20：内容", "记录 好事，2026-05-20：内容", "记录 好事，2026-05-20：说明", "记录 好事，2026-05-20：说明",
	}, "\n"))

	e := members.TextErasure{Member: "E2", Texts: ids, Reason: " 本人\n要求 "}
	for range 2 { // the same form sent again is answered alike
		_, err := town.Ledger.EraseTexts(ctx, town.Clerk, e, "again")
		must(t, err)
	}
	for _, x := range texts(t, town) {
		expect.Equal(t, x.Where, x.Body, "已按“本人 要求”删除（2026-06-01）")
		expect.Equal(t, x.Where+" is erased", x.Erased, true)
	}
	expect.Equal(t, "totals after the erasure", fmt.Sprint(town.Totals(t)), fmt.Sprint(before))
	town.WantChains(t)
	if lines := town.TrailDetails(t, "删除文字"); len(lines) != len(ids) ||
		strings.Contains(strings.Join(lines, " "), secretWords) {
		t.Errorf("%d texts erased, the trail says %q", len(ids), lines)
	}
	detail, err := town.Members.Chain(ctx, town.Clerk, "E2")
	must(t, err)
	expect.Equal(t, "entries of the chain that do not hold", detail.Broken, 0)
	if pgtest.OnServer() {
		t.Log("a server has no file to look through for what was erased; the test of the file does")
		return
	}
	expect.Lacks(t, enginetest.Dump(t, strings.TrimPrefix(town.DB.String(), "sqlite ")), secretWords)
}

// TestWhoErasesWhichTexts refuses everybody but the street's committee, what is the
// actor's own, of another or erased before, and reasons that are none.
func TestWhoErasesWhichTexts(t *testing.T) {
	t.Parallel()
	town := written(t)
	first := texts(t, town)[0].ID
	self := *town.Clerk
	self.Member = "E2"
	for name, c := range map[string]struct {
		actor  *access.Actor
		member domain.MemberID
		texts  []domain.TextID
		reason string
		code   fault.Code
		words  string
	}{
		"nobody":                    {nil, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "没有这个权限"},
		"the member":                {town.Member, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "没有这个权限"},
		"the secretary":             {town.Secretary, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "没有这个权限"},
		"the community":             {town.Community, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "没有这个权限"},
		"the auditor":               {town.Auditor, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "没有这个权限"},
		"the keeper of the machine": {town.Admin, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "没有这个权限"},
		"a clerk his own":           {&self, "E2", []domain.TextID{first}, "本人要求", fault.Forbidden, "由别人删除"},
		"no member":                 {town.Clerk, "E9", []domain.TextID{first}, "本人要求", fault.NotFound, "没有这名党员"},
		"a text of another":         {town.Clerk, "W1", []domain.TextID{first}, "本人要求", fault.NotFound, "没有这一段文字"},
		"no text":                   {town.Clerk, "E2", nil, "本人要求", fault.Invalid, "没有说删哪一段"},
		"the same twice":            {town.Clerk, "E2", []domain.TextID{first, first}, "本人要求", fault.Conflict, "已经删除"},
		"no reason":                 {town.Clerk, "E2", []domain.TextID{first}, " ", fault.Invalid, "要写删除的理由"},
		"a long reason": {town.Clerk, "E2", []domain.TextID{first}, strings.Repeat("长", 51), fault.Invalid,
			"理由太长"},
		"the text as the reason": {
			town.Clerk, "E2", []domain.TextID{first}, "写了" + secretWords + "8\"引\"", fault.Invalid, "理由里写着要删的话",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := town.Ledger.EraseTexts(ctx, c.actor, members.TextErasure{
				Member: c.member, Texts: c.texts, Reason: c.reason,
			}, "")
			expect.Fault(t, err, c.code, c.words)
		})
	}
	for _, x := range texts(t, town) {
		expect.Equal(t, x.Where+" is erased", x.Erased, false)
	}
	for name, actor := range map[string]*access.Actor{"nobody": nil, "the secretary": town.Secretary,
		"the auditor": town.Auditor} {
		_, err := town.Members.Texts(ctx, actor, "E2")
		expect.Fault(t, err, fault.Forbidden, "没有这个权限")
		if err == nil {
			t.Errorf("%s was shown the texts", name)
		}
	}
}
