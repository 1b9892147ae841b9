package testkit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/orgs"
	"jifen/internal/app/recording"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/testkit"
)

// names lists every input that is a name, by which two must not look alike. Pages, API and
// command line hand them to these. The names in a roster lose what nobody sees instead,
// for a spreadsheet brings it along.
func names() map[string]func(t *testing.T, town *testkit.Town, name string) error {
	open := func(t *testing.T, town *testkit.Town, o accounts.Opening) error {
		t.Helper()
		o.Roles = []accounts.Role{{Role: domain.RoleAuditor}}
		_, _, err := town.Accounts.Open(t.Context(), town.Security, o)
		return err
	}
	return map[string]func(t *testing.T, town *testkit.Town, name string) error{
		"a login": func(t *testing.T, town *testkit.Town, name string) error {
			return open(t, town, accounts.Opening{Login: name, Name: "示例甲", None: true})
		},
		"the name of who holds an account": func(t *testing.T, town *testkit.Town, name string) error {
			return open(t, town, accounts.Opening{Login: "shili", Name: name, None: true})
		},
		"an organisation": func(t *testing.T, town *testkit.Town, name string) error {
			_, err := town.Orgs.Create(t.Context(), town.Clerk, orgs.Creation{Parent: town.East.Parent, Name: name})
			return err
		},
		"a token": func(t *testing.T, town *testkit.Town, name string) error {
			_, err := town.Accounts.MakeToken(t.Context(), town.Security, town.Clerk.Account, name, time.Hour,
				domain.TokenScope{})
			return err
		},
		"the title of an activity": func(t *testing.T, town *testkit.Town, name string) error {
			_, err := town.Activities.Record(t.Context(), town.Secretary, activities.ActivityInput{Org: town.East.ID, Kind: "党课",
				On: testkit.Day(t, "2026-05-20"), Title: name,
				Lines: []activities.Line{{Member: "E2", Status: domain.Present}}}, "")
			return err
		},
		"a paper record": func(_ *testing.T, town *testkit.Town, name string) error {
			_, err := recording.PaperName(town.Clerk, name, 1)
			return err
		},
		"an item of a rule file": func(_ *testing.T, _ *testkit.Town, name string) error {
			loaded := ruleset.Load("t.yaml", []byte(strings.Replace(testkit.Rules, "  好事:", "  "+name+":", 1)))
			if loaded.Errors() == 0 {
				return nil
			}
			return fault.New(fault.Invalid, "%s", loaded.Format())
		},
		"the title of a rule file": func(_ *testing.T, _ *testkit.Town, name string) error {
			loaded := ruleset.Load("t.yaml", []byte(strings.Replace(testkit.Rules, "办法: 试验", "办法: "+name, 1)))
			if loaded.Errors() == 0 {
				return nil
			}
			return fault.New(fault.Invalid, "%s", loaded.Format())
		},
	}
}

// TestNoNameHasWhatNobodySees: each input refuses what turns the order of letters round,
// what has no width, and what isolates, with a sentence; and nothing comes of it.
func TestNoNameHasWhatNobodySees(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for what, try := range names() {
		for _, r := range []rune{0x202E, 0x200B, 0x2066} {
			err := try(t, town, fmt.Sprintf("示例%c甲", r))
			told := err != nil && (strings.Contains(err.Error(), "看不见的") || strings.Contains(err.Error(), "不能用的字"))
			if fault.CodeOf(err) != fault.Invalid || !told {
				t.Errorf("%s with U+%04X: %v", what, r, err)
			}
		}
		if err := try(t, town, "示例甲"); fault.CodeOf(err) == fault.Invalid && strings.Contains(err.Error(), "看不见") {
			t.Errorf("%s without: %v", what, err)
		}
	}
}
