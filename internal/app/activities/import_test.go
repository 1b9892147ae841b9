package activities_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// listed is a meeting of the east as an attendance list has it: E2 was there, E1
// was not, and W1 came from the west.
func listed(t *testing.T, town *testkit.Town) activities.ActivityInput {
	t.Helper()
	return activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-01-05"), Title: "学习条例",
		Lines: []activities.Line{{Member: "E1", Status: "缺席"}, {Member: "E2", Status: "到会"}, {Member: "W1", Status: "到会"}}}
}

// refused lists the reasons for which an import was refused: 0.1 编号 X ….
func refused(r activities.ImportReceipt) (out []string) {
	for _, f := range r.Refused {
		out = append(out, fmt.Sprintf("%d.%d %s", f.Activity, f.Line, f.Why))
	}
	return out
}

// TestAttendanceListsComeFromPaper: previewed, then written and marked; everybody
// on the list counts at once, also who belongs to another branch, and the trail says
// so once.
func TestAttendanceListsComeFromPaper(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	second := listed(t, town)
	second.On, second.Title = testkit.Day(t, "2026-02-05"), ""
	second.Lines = []activities.Line{{Member: "W1", Status: "补课", MadeUpOn: testkit.Day(t, "2026-02-09")}}
	meetings := []activities.ActivityInput{listed(t, town), second}
	r, err := town.Activities.Import(t.Context(), town.Clerk, " 2026年初签到册 ", meetings, true)
	expect.NoError(t, "a try", err)
	expect.Equal(t, "the activities of a try", r.Activities, 2)
	expect.Equal(t, "the people of a try", r.People, 4)
	expect.Empty(t, "what a try refuses", r.Refused)
	town.WantTotals(t, "80", "80", "80")
	expect.Empty(t, "the activities that a try wrote", town.ActivitiesBelow(t, &town.East))
	expect.Empty(t, "what the trail says of a try", town.TrailDetails(t, "导入名单"))
	r, err = town.Activities.Import(t.Context(), town.Clerk, " 2026年初签到册 ", meetings, false)
	expect.NoError(t, "the import", err)
	expect.Equal(t, "the activities of the import", r.Activities, 2)
	expect.Equal(t, "the people of the import", r.People, 4)
	town.WantTotals(t, "75", "80.5", "80.5")
	there := town.ActivitiesBelow(t, &town.East)
	expect.Len(t, "there", there, 2)
	expect.Equal(t, "there[0].On", there[0].On, second.On)
	expect.Equal(t, "there[1].Title", there[1].Title, "学习条例")
	for i := range there {
		expect.Equal(t, "there[i].Paper", there[i].Paper, "2026年初签到册")
		expect.Equal(t, "there[i].ByName", there[i].ByName, "clerk")
	}
	expect.Equal(t, "the trail", town.TrailDetails(t, "导入名单"), []string{"2 次活动 4 人次"})
	for _, actor := range []*access.Actor{town.Secretary, town.Community, town.Clerk} {
		expect.Empty(t, "what "+actor.Name+" has to agree to", town.Queue(t, actor))
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		broken, err := v.Verify()
		expect.Empty(t, "broken", broken)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAnActivityFromPaperIsTakenOnce: not again from the same list, nor from another
// one, nor what was recorded as it happened; what was taken back may come again.
func TestAnActivityFromPaperIsTakenOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	other := listed(t, town)
	other.On = testkit.Day(t, "2026-02-05")
	take := func(paper string, meetings ...activities.ActivityInput) []string {
		t.Helper()
		r, err := town.Activities.Import(t.Context(), town.Clerk, paper, meetings, false)
		if err != nil {
			t.Fatal(err)
		}
		return refused(r)
	}
	expect.Empty(t, "take", take("一册", listed(t, town)))
	town.WantTotals(t, "75", "80.5", "80.5")
	for _, paper := range []string{"一册", "二册"} {
		if said := take(paper, other, listed(t, town)); len(said) != 1 ||
			!strings.HasPrefix(said[0], "1.-1 “东支部”2026-01-05 的“党课”已经记过了，里面有示例东1（") {
			t.Errorf("%s: %q", paper, said)
		}
	}
	town.WantTotals(t, "75", "80.5", "80.5")
	if _, err := town.Activities.Record(t.Context(), town.Secretary, other, ""); err != nil {
		t.Fatal(err)
	}
	if said := take("一册", other); len(said) != 1 || !strings.Contains(said[0], "已经记过了") {
		t.Errorf("recorded as it happened: %q", said)
	}
	there := town.ActivitiesBelow(t, &town.East)
	if _, err := town.Activities.Reverse(t.Context(), town.Clerk, there[len(there)-1].ID, "录错了", ""); err != nil {
		t.Fatal(err)
	}
	if said := take("一册", listed(t, town)); len(said) != 0 {
		t.Errorf("after it was taken back: %q", said)
	}
}

// TestListsThatTheRulesDoNotAllow are refused whole, and every meeting and line
// that is wrong is told of, as where meetings are recorded.
func TestListsThatTheRulesDoNotAllow(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Ledger.Move(t.Context(), town.Clerk, members.Move{Member: "E2", From: testkit.Day(t, "2026-03-01")},
		""); err != nil {
		t.Fatal(err)
	}
	town.LockYear(t, town.West.ID)
	meeting := func(change func(m *activities.ActivityInput)) activities.ActivityInput {
		m := listed(t, town)
		m.Lines = m.Lines[:1]
		change(&m)
		return m
	}
	lines := meeting(func(m *activities.ActivityInput) {
		m.On = testkit.Day(t, "2026-03-05")
		m.Lines = []activities.Line{{Member: "E1", Status: "睡觉"}, {Member: "E2", Status: "到会"}, {Member: "W1", Status: "到会"},
			{Member: "W1", Status: "到会"},
			{Member: "X", Status: "到会"}, {Member: "W2", Status: "补课", MadeUpOn: testkit.Day(t, "2026-03-04")}}
	})
	guest := listed(t, town)
	guest.On, guest.Lines = testkit.Day(t, "2026-03-09"), guest.Lines[2:]
	crowd := make([]activities.Line, 2001)
	for i := range crowd {
		crowd[i] = activities.Line{Member: domain.MemberID(fmt.Sprint("E", i)), Status: "到会"}
	}
	r, err := town.Activities.Import(t.Context(), town.Clerk, "册", []activities.ActivityInput{
		meeting(func(*activities.ActivityInput) {}), lines,
		meeting(func(m *activities.ActivityInput) { m.On = testkit.Day(t, "2026-06-02") }),
		meeting(func(m *activities.ActivityInput) { m.On = testkit.Day(t, "2025-12-31") }),
		meeting(func(m *activities.ActivityInput) { m.Kind = "庙会" }),
		meeting(func(m *activities.ActivityInput) { m.Org = town.West.ID }),
		meeting(func(m *activities.ActivityInput) { m.Org = town.East.Parent }),
		meeting(func(m *activities.ActivityInput) { m.Org = "x" }),
		meeting(func(m *activities.ActivityInput) { m.Title = strings.Repeat("长", 501) }),
		meeting(func(m *activities.ActivityInput) { m.Lines = crowd }),
		meeting(func(m *activities.ActivityInput) { m.Lines = nil }),
		guest,
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	said := refused(r)
	for i, begins := range []string{
		"1.0 没有“睡觉”这种出勤（写 到会", "1.1 示例东2 自 2026-03-01 起已经转出", "1.3 编号 W1 的党员记了两次", "1.4 没有编号 X 的党员",
		"1.5 补课在 2026-03-04，比活动的 2026-03-05 还早",
		"2.-1 2026-06-02 还没有到", "3.-1 办法自 2026-01-01 起施行", "4.-1 办法里没有“庙会”这种活动（可写：党课、主题党日）", "5.-1 “西支部”的2026年已经锁定",
		"6.-1 活动记在支部名下，“东社区”不是支部（写支部的全名）", "7.-1 没有这个支部", "8.-1 名称太长", "9.-1 一次活动最多 2000 人", "10.-1 一个人也没有",
		"11.0 他所在的“西支部”的2026年已经锁定",
	} {
		if i >= len(said) || !strings.HasPrefix(said[i], begins) {
			t.Errorf("%s: %q", begins, said)
			break
		}
	}
	if len(said) != 15 || r.Activities != 1 {
		t.Errorf("%d refusals, %d meetings", len(said), r.Activities)
	}
	expect.Empty(t, "what was written nevertheless", town.ActivitiesBelow(t, &town.Street))
}

// TestWhoMayImportLists: the street, of everybody but who imports.
func TestWhoMayImportLists(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for _, actor := range []*access.Actor{town.Secretary, town.Community, town.Member, town.Auditor, town.Admin} {
		if _, err := town.Activities.Import(t.Context(), actor, "册", []activities.ActivityInput{listed(t, town)},
			true); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", actor.Name, err)
		}
	}
	own := *town.Clerk
	own.Member = "W1"
	r, err := town.Activities.Import(t.Context(), &own, "册", []activities.ActivityInput{listed(t, town)}, false)
	if said := refused(r); err != nil || !slices.Equal(said, []string{"0.2 自己的不能自己导入（整份请街道党工委的另一个人来导入）"}) {
		t.Errorf("his own line: %q, %v", said, err)
	}
	town.WantTotals(t, "80", "80", "80")
	r, err = town.Activities.Import(t.Context(), town.Second, "册", []activities.ActivityInput{listed(t, town)}, false)
	expect.NoError(t, "the import by another one", err)
	expect.Equal(t, "the people whom another one imports", r.People, 3)
	town.WantTotals(t, "75", "80.5", "80.5")
	forged := listed(t, town)
	forged.Title, forged.Paper = "另一场", "假签到册"
	if _, err := town.Activities.Record(t.Context(), town.Secretary, forged, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a secretary says that it is from paper: %v", err)
	}
}

// TestRecordsThatAreNone: without a name, with too long a one, empty, too much.
func TestRecordsThatAreNone(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	much := make([]activities.ActivityInput, 6)
	for i := range much {
		much[i] = listed(t, town)
		much[i].Lines = slices.Repeat(much[i].Lines, 600)
	}
	some := []activities.ActivityInput{listed(t, town)}
	for name, c := range map[string]struct {
		paper    string
		meetings []activities.ActivityInput
		code     fault.Code
		want     string
	}{
		"no name":      {"  ", some, fault.Invalid, "哪一份纸质记录"},
		"a long name":  {strings.Repeat("册", 51), some, fault.Invalid, "最多 50 字"},
		"no meeting":   {"册", nil, fault.Invalid, "一行也没有"},
		"nobody":       {"册", []activities.ActivityInput{{}}, fault.Invalid, "一行也没有"},
		"too many":     {"册", much, fault.TooMany, "一次最多 10000 行"},
		"just as long": {strings.Repeat("册", 50), some, "", ""},
	} {
		_, err := town.Activities.Import(t.Context(), town.Clerk, c.paper, c.meetings, false)
		if fault.CodeOf(err) != c.code || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
