package orgs_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestALikeNameIsAskedBack: nobody founds a renamed branch a second time by mistake.
func TestALikeNameIsAskedBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	rename := domain.OrgChange{Org: town.East.ID, Kind: domain.OrgRenamed, Name: "东关社区前进党支部",
		From: testkit.Day(t, "2026-03-01")}
	if _, err := town.Orgs.Change(t.Context(), town.Clerk, rename); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"东支部": "以前的名称", "东 党支部": "以前的名称", "东关社区前进支部": "名称差不多",
		"中共东关社区前进支部委员会": "名称差不多", "街道东关社区前进党支部": "名称差不多"} {
		n := orgs.Creation{Parent: town.East.Parent, Name: name}
		_, err := town.Orgs.Create(t.Context(), town.Clerk, n)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) ||
			fault.From(err).Fields["sure"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := town.Orgs.Create(t.Context(), town.Clerk,
		orgs.Creation{Parent: town.East.Parent, Name: "东关社区第二党支部"}); err != nil {
		t.Errorf("of an own name: %v", err)
	}
	if _, err := town.Orgs.Create(t.Context(), town.Clerk,
		orgs.Creation{Parent: town.East.Parent, Name: "东支部", Sure: true}); err != nil {
		t.Errorf("of whom it is said that it is another one: %v", err)
	}
	earlier := rename
	earlier.Name, earlier.From = "别的名称党支部", testkit.Day(t, "2026-02-28")
	if _, err := town.Orgs.Change(t.Context(), town.Clerk, earlier); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "在它前面") {
		t.Errorf("before the last change: %v", err)
	}
}

// TestThePastShowsTheNameOfItsDay: a list as of a day and a transfer slip name a branch as it
// was called then.
func TestThePastShowsTheNameOfItsDay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	move := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-03-10")}
	if _, err := town.Ledger.Move(t.Context(), town.Clerk, move, ""); err != nil {
		t.Fatal(err)
	}
	for id, name := range map[domain.OrgID]string{town.East.ID: "前进支部", town.West.ID: "向阳支部"} {
		if _, err := town.Orgs.Change(t.Context(), town.Clerk,
			domain.OrgChange{Org: id, Kind: domain.OrgRenamed, Name: name, From: testkit.Day(t, "2026-04-01")}); err != nil {
			t.Fatal(err)
		}
	}
	slip, err := town.Members.Handover(t.Context(), town.Clerk, "E2", move.From)
	if err != nil || slip.From != "东支部" || slip.To != "西支部" {
		t.Errorf("the slip says from %q to %q, %v", slip.From, slip.To, err)
	}
	for day, want := range map[string]string{"2026-03-31": "西支部", "2026-04-01": "向阳支部"} {
		p, err := town.Standings.Current(t.Context(), standings.Question{Scope: access.System("the test looks at all"),
			AsOf: testkit.Day(t, day)})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			if r.Member.ID == "W1" && r.Member.Home.Name != want {
				t.Errorf("on %s W1 is at %q, want %q", day, r.Member.Home.Name, want)
			}
		}
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		names, err := v.KnownBy(testkit.Now().Add(-1)).NamesOn(testkit.Day(t, "2026-05-01"))
		if names[town.East.ID] != "东支部" {
			t.Errorf("before it was known: %v", names)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestABranchWithGuestsIsNotClosed: who takes part there is told off first.
func TestABranchWithGuestsIsNotClosed(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	made, err := town.Orgs.Create(t.Context(), town.Clerk,
		orgs.Creation{Parent: town.East.Parent, Name: "楼宇支部", Kind: "功能型"})
	if err != nil {
		t.Fatal(err)
	}
	guest := members.SecondaryInput{Member: "E2", Org: made.ID, From: testkit.Day(t, "2026-05-01")}
	if _, err := town.Ledger.RecordSecondary(t.Context(), town.Clerk, guest, ""); err != nil {
		t.Fatal(err)
	}
	shut := domain.OrgChange{Org: made.ID, Kind: domain.OrgClosed, From: testkit.Day(t, "2026-05-20")}
	if _, err := town.Orgs.Change(t.Context(), town.Clerk, shut); fault.CodeOf(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "1 名在这里参加活动的") {
		t.Errorf("with a guest: %v", err)
	}
	guest.Ended, guest.From = true, testkit.Day(t, "2026-05-20")
	if _, err := town.Ledger.RecordSecondary(t.Context(), town.Clerk, guest, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Orgs.Change(t.Context(), town.Clerk, shut); err != nil {
		t.Errorf("without guests: %v", err)
	}
}
