package rules_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestPointsOfDaysPastTakeTheConsentOfBoth: whichever way the day was given, what
// moves points that were given already is refused until both have agreed.
func TestPointsOfDaysPastTakeTheConsentOfBoth(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]string{"the cycle's first day": "2026-01-01", "by the file": "",
		"in mid-cycle": "2026-03-01"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			p := rules.Proposal{Org: town.Street.ID, Name: "t.yaml",
				Source: []byte(strings.Replace(testkit.Rules, "起点: 80", "起点: 90", 1))}
			if from != "" {
				p.From = testkit.Day(t, from)
			}
			_, err := town.Enactment.Propose(ctx, town.Clerk, p)
			if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "4 人，例如东支部的示例东1，截至 2026-05-31，80 → 90 分") {
				t.Fatalf("without the author's consent: %v", err)
			}
			r, err := town.Enactment.Rehearse(ctx, town.Clerk, p)
			if err != nil || len(r.Rehearsal.Past) != 4 || len(r.Rehearsal.Moved) != 4 {
				t.Fatalf("rehearsed: %+v, %v", r, err)
			}
			p.Retroactive = true
			id := propose(t, town, p)
			if err := town.Enactment.Confirm(ctx, town.Second, id, "", false); fault.CodeOf(err) != fault.Invalid ||
				!strings.Contains(err.Error(), "4 人") {
				t.Fatalf("without the second person's: %v", err)
			}
			if got := total(t, town, "E1", "2026-05-31", ""); got != "80" {
				t.Errorf("before it is confirmed: %s", got)
			}
			if err := town.Enactment.Confirm(ctx, town.Second, id, "", true); err != nil {
				t.Fatal(err)
			}
			if got := total(t, town, "E1", "2026-05-31", ""); got != "90" {
				t.Errorf("after: %s", got)
			}
			if got := total(t, town, "E1", "2026-06-01", ""); got != "90" {
				t.Errorf("today: %s", got)
			}
			if err := town.DB.Exclusive(ctx, func(tx *store.Tx) error {
				list, err := tx.Enactments(access.System("test"), 1)
				if err != nil || !list[0].Retroactive {
					t.Errorf("%+v, %v", list, err)
				}
				broken, err := tx.Verify()
				expect.Empty(t, "broken", broken)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			traces, err := town.Trail(domain.AuditFilter{Action: string(audit.Enacted)}, 10)
			if err != nil || len(traces) != 1 || !strings.Contains(traces[0].Detail, "两人同意改以前的分 4 人") {
				t.Errorf("the trail: %+v, %v", traces, err)
			}
		})
	}
}

// TestConsentOfOneIsNone: who confirms cannot agree for who handed it in.
func TestConsentOfOneIsNone(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	// Handed in when it moved nobody: the good deed of May was recorded afterwards.
	id := propose(t, town, proposal(t, town, "2026-05-01", "好事: {板块: 贡献, 分值: 2}", "好事: {板块: 贡献, 分值: 3}"))
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	expect.Fault(t, town.Enactment.Confirm(ctx, town.Second, id, "", true), fault.Invalid, "82 → 83 分")
}

// TestASupplementOfDaysPast: what a branch adds may begin in the past as long as
// nobody's points change, and a later text of it may not change them unasked.
func TestASupplementOfDaysPast(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	granted := proposal(t, town, "2026-01-01", "预警:", "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}}\n预警:")
	added := func(from, worth string) rules.Proposal {
		return rules.Proposal{Org: town.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: " + from + "\n项目: {清理楼道: " + worth +
			"}\n")}
	}
	for _, p := range []rules.Proposal{granted, added("2026-05-01", "1")} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := town.Entries.Post(ctx, town.Community,
		entries.EntryInput{Member: "E2", Item: "清理楼道", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Enactment.Propose(ctx, town.Clerk, added("2026-05-01", "2")); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "1 人，例如东支部的示例东2") {
		t.Errorf("the past of a branch changes: %v", err)
	}
	if _, err := town.Enactment.Propose(ctx, town.Clerk, added("2026-06-01", "2")); err != nil {
		t.Errorf("from today on: %v", err)
	}
}

// TestASchemeThatIsForNobody says so, with the branches and how many belong there.
func TestASchemeThatIsForNobody(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	p := proposal(t, town, "2027-01-01", "周期:", "适用: [农村]\n周期:")
	r, err := town.Enactment.Rehearse(ctx, town.Clerk, p)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(r.Rehearsal.Fits, "\n")
	for _, want := range []string{"适用 写的是农村", "“东支部”（社区，2 人）、“西支部”（社区，2 人），共 4 人", "启用以后没有办法了"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %q", want, said)
		}
	}
	// Another 编号 is beside the one in force: those who have it keep it.
	p.Source = []byte(strings.Replace(string(p.Source), "编号: t", "编号: cun", 1))
	if r, err = town.Enactment.Rehearse(ctx, town.Clerk, p); err != nil || len(r.Rehearsal.Fits) != 1 {
		t.Errorf("%+v, %v", r.Rehearsal.Fits, err)
	}
	// An office branch, which the scheme for all has scored, is left out.
	var office domain.Org
	if err := town.DB.Write(ctx, func(tx *store.Tx) (err error) {
		office, err = tx.InsertOrg(domain.Org{Parent: town.East.Parent, Level: domain.Branch, Kind: "机关", Name: "机关支部"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk,
		members.Move{Member: "E2", To: office.ID, From: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	p = proposal(t, town, "2027-01-01", "周期:", "适用: [社区]\n周期:")
	if r, err = town.Enactment.Rehearse(ctx, town.Clerk, p); err != nil || len(r.Rehearsal.Fits) != 1 ||
		!strings.Contains(r.Rehearsal.Fits[0], "启用以后没有办法了（适用 里没有它们的类型）：“机关支部”（机关，1 人）") {
		t.Errorf("%+v, %v", r.Rehearsal.Fits, err)
	}
}

// TestWhatRehearsalSays: no empty side, and why somebody is scored no more.
func TestWhatRehearsalSays(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]rules.Moved{
		"77 → 76 分，三星 → 二星": {WasScored: true, Scored: true, Before: 77_00, After: 76_00, GradeBefore: "三星",
			GradeAfter: "二星"},
		"三星 → 不评，类别 A → 正式":        {WasScored: true, Scored: true, GradeBefore: "三星", CategoryWas: "A", CategoryIs: "正式"},
		"不计分 → 80 分":               {Scored: true, After: 80_00, GradeAfter: "好", CategoryIs: "A"},
		"77 分 → 不再计分（本办法不适用于机关支部）": {WasScored: true, Before: 77_00, Unscored: "本办法不适用于机关支部", GradeBefore: "好"},
	} {
		if got := m.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestAParallelSchemeIsNamedSo: who leaves out 并行, or adds it, is told by which
// word; a supplement stands where its scheme stands.
func TestAParallelSchemeIsNamedSo(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	source := strings.NewReplacer("编号: t", "编号: cun", "预警:",
		"授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}\n预警:").Replace(testkit.Rules)
	beside := rules.Proposal{Org: town.Street.ID, Beside: true, Source: []byte(source)}
	r, err := town.Enactment.Rehearse(ctx, town.Clerk, beside)
	if err != nil || !r.Rehearsal.First || r.Rehearsal.Members != 4 || len(r.Rehearsal.Past) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, beside), "", false); err != nil {
		t.Fatal(err)
	}
	beside.Beside, beside.From = false, testkit.Day(t, "2027-01-01")
	expect.Fault(t, expect.Err(town.Enactment.Propose(ctx, town.Clerk, beside)), fault.Invalid, "--beside")
	added := rules.Proposal{Org: town.East.ID, Source: []byte("补充: cun\n支部: 东支部\n施行: 2026-06-01\n项目: {清理楼道: 1}\n")}
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, added), "", false); err != nil {
		t.Error(err)
	}
	if _, err := town.Entries.Post(ctx, town.Community,
		entries.EntryInput{Member: "E2", Item: "清理楼道", On: testkit.Day(t, "2026-06-01")}, ""); err != nil {
		t.Error(err)
	}
}
