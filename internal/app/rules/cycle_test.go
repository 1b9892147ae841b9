package rules_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestAnEarlierPeriodIsReadByItsOwnText: the year that is over can be looked at
// after a text with a first day of its own, or with another rhythm, follows.
func TestAnEarlierPeriodIsReadByItsOwnText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][]string{
		"the same scheme": {}, "by quarters": {"考核: 年", "考核: 季"},
		"another scheme by months": {"考核: 年", "考核: 月", "编号: t", "编号: u"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			next := strings.NewReplacer(append(c, "施行: 2026-01-01", "施行: 2027-01-01", "起点: 80",
				"起点: 70")...).Replace(testkit.Rules)
			p := rules.Proposal{Org: town.Street.ID, Source: []byte(next)}
			if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
				t.Fatal(err)
			}
			town.Later(300 * 24 * time.Hour)
			for _, asOf := range []string{"2027-01-01", "2027-03-01"} {
				if got := total(t, town, "E2", asOf, "2026"); got != "80" {
					t.Errorf("2026 as of %s: %s", asOf, got)
				}
				if got := total(t, town, "E2", asOf, ""); got != "70" {
					t.Errorf("as of %s: %s", asOf, got)
				}
			}
		})
	}
}

// TestASchemeEndsWithItsPeriod: a year is not cut in the middle by a scheme that
// reckons by quarters, nor is a lock of the year passed by.
func TestASchemeEndsWithItsPeriod(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	quarters := proposal(t, town, "2026-07-01", "考核: 年", "考核: 季")
	other := proposal(t, town, "2026-07-01", "考核: 年", "考核: 季")
	other.Source = []byte(strings.Replace(string(other.Source), "编号: t", "编号: u", 1))
	for _, c := range []struct {
		p    rules.Proposal
		want string
	}{
		{quarters, "考核 由年改为季，要从考核期第一天起（例如 2027-01-01；2026年还没有完）"},
		{other, "换一份办法要从考核期第一天起（例如 2027-01-01"},
	} {
		expect.Fault(t, expect.Err(town.Enactment.Propose(ctx, town.Clerk, c.p)), fault.Invalid, c.want)
	}
	other.From = testkit.Day(t, "2027-01-01")
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, other), "", false); err != nil {
		t.Fatal(err)
	}
	// The scheme of before is in force no more: it comes back as any other does.
	back := proposal(t, town, "2027-02-01", "起点: 80", "起点: 81")
	expect.Fault(t, expect.Err(town.Enactment.Propose(ctx, town.Clerk, back)), fault.Invalid, "例如 2028-01-01")
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.West.ID, "2026", true,
			0)
	}); err != nil {
		t.Fatal(err)
	}
	quarters.From, quarters.Retroactive = testkit.Day(t, "2026-01-01"), true
	if _, err := town.Enactment.Propose(ctx, town.Clerk, quarters); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("by quarters from the beginning of a locked year: %v", err)
	}
}

// TestASupplementGoesOnUnderTheNextText: what a branch added in a year is there in
// the next one, whose text has a first day of its own.
func TestASupplementGoesOnUnderTheNextText(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	granting := func(from string) rules.Proposal {
		p := proposal(t, town, from, "预警:", "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}}\n预警:")
		p.From, p.Source = 0, []byte(strings.Replace(string(p.Source), "施行: 2026-01-01", "施行: "+from, 1))
		return p
	}
	added := rules.Proposal{Org: town.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: 2026-05-01\n项目: {清理楼道: 1}\n")}
	for _, p := range []rules.Proposal{granting("2026-01-01"), added, granting("2027-01-01")} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
			t.Fatal(err)
		}
	}
	town.Later(250 * 24 * time.Hour)
	for _, on := range []string{"2027-01-01", "2027-02-01"} {
		if _, err := town.Entries.Post(ctx, town.Clerk,
			entries.EntryInput{Member: "E2", Item: "清理楼道", On: testkit.Day(t, on)}, ""); err != nil {
			t.Error(err)
		}
	}
	expect.Equal(t, "total", total(t, town, "E2", "2027-02-01", ""), "82")
}

// TestWhatNoLongerFitsIsSaid: a text that grants less ends what branches added, and
// what an organisation above adds may take a name; the rehearsal says whose.
func TestWhatNoLongerFitsIsSaid(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	grants := "授权: {社区: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [社区党委]}, 支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}}\n预警:"
	granting := proposal(t, town, "2026-01-01", "预警:", grants)
	branch := rules.Proposal{Org: town.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: 2026-05-01\n项目: {清理楼道: 1}\n")}
	for _, p := range []rules.Proposal{granting, branch} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, p), "", false); err != nil {
			t.Fatal(err)
		}
	}
	community := rules.Proposal{Org: town.East.Parent, Source: []byte("补充: t\n社区: 东社区\n施行: 2026-07-01\n项目: {清理楼道: 2}\n")}
	less := proposal(t, town, "2027-01-01", "预警:",
		strings.Replace(grants, "支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}", "", 1))
	less.Source = []byte(strings.Replace(string(less.Source), "]}, }", "]}}", 1))
	for want, p := range map[string]rules.Proposal{
		"“东支部”的补充（2026-05-01 起）启用以后不再有效：办法里已经有“清理楼道”这个项目": community,
		"“东支部”的补充（2026-05-01 起）启用以后不再有效：办法没有授权支部补充项目":     less,
	} {
		r, err := town.Enactment.Rehearse(ctx, town.Clerk, p)
		if err != nil || len(r.Rehearsal.Fits) != 1 || r.Rehearsal.Fits[0] != want {
			t.Errorf("%+v, %v, want %s", r.Rehearsal.Fits, err, want)
		}
	}
	if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, community), "", false); err != nil {
		t.Fatal(err)
	}
	branch.Source = []byte(strings.Replace(string(branch.Source), "2026-05-01", "2026-08-01", 1))
	expect.Fault(t, expect.Err(town.Enactment.Propose(ctx, town.Clerk, branch)), fault.Invalid,
		"和上级的补充合不到一起：办法里已经有“清理楼道”这个项目")
}

// TestWhatBelongsToTheYearBefore: what is held in January of the year before is
// recorded under the new year's text, which is not the first of its ledger.
func TestWhatBelongsToTheYearBefore(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	text := func(from string) rules.Proposal {
		p := proposal(t, town, from, "  好事:", "  评议: {板块: 贡献, 分值: 3, 归期: 上期, 于: [1月1日, 3月31日]}\n  好事:")
		p.Source = []byte(strings.Replace(string(p.Source), "施行: 2026-01-01", "施行: "+from, 1))
		return p
	}
	for _, from := range []string{"2026-01-01", "2027-01-01"} {
		if err := town.Enactment.Confirm(ctx, town.Second, propose(t, town, text(from)), "", false); err != nil {
			t.Fatal(err)
		}
	}
	town.Later(250 * 24 * time.Hour)
	e, err := town.Entries.Post(ctx, town.Clerk,
		entries.EntryInput{Member: "E2", Item: "评议", On: testkit.Day(t, "2027-01-20")}, "")
	if err != nil || e.Granted.String() != "3" {
		t.Errorf("%+v, %v", e, err)
	}
	for period, want := range map[string]string{"2026": "83", "": "80"} {
		if got := total(t, town, "E2", "2027-02-01", period); got != want {
			t.Errorf("%q: %s, want %s", period, got, want)
		}
	}
}
