package testkit_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// busy makes all kinds of acts in a town in which every write must have its line in the trail:
// what one records, looks up and is refused.
func busy(t *testing.T) *testkit.Town {
	t.Helper()
	town := testkit.NewInDistrict(t)
	here, there := bothSides(t, town)
	town.Lined(t)
	town.Accounts = accounts.New(town.DB, rand.NewChaCha8([32]byte{7}),
		accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1}))
	for _, w := range writings() { // the neighbours have the first activity
		if w.what == "an activity" {
			if err := w.of(t, town, there); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, list := range [][]asked{recorded(), looked()} {
		for _, a := range list {
			if _, err := a.of(t, town); err != nil && !strings.Contains(err.Error(), "已经") {
				t.Errorf("%s: %v", a.what, err)
			}
		}
	}
	for _, s := range []*side{here, there} {
		for _, w := range writings() {
			if err := w.of(t, town, s); err != nil {
				t.Errorf("%s in %s: %v", w.what, s.street.Name, err)
			}
		}
	}
	return town
}

// TestEveryRowHasItsLine: whatever a street records leaves a line of the same instant by who did
// it; one that does not is refused, see store.Options.Unlined.
func TestEveryRowHasItsLine(t *testing.T) {
	t.Parallel()
	busy(t)
}

// TestLinesHoldNoNamesAndNoProse: after all kinds of acts no line says a member's name, number or
// phone, the login or name of an account, the name of an organisation, or what somebody wrote.
func TestLinesHoldNoNamesAndNoProse(t *testing.T) {
	t.Parallel()
	town := busy(t)
	all, err := town.Trail(domain.AuditFilter{}, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	names := wordsOf(t, town)
	if len(all) < 100 || len(names) < 40 {
		t.Fatalf("%d lines, %d words", len(all), len(names))
	}
	kinds := map[string]bool{}
	for i := range all {
		kinds[all[i].Action] = true
		for _, name := range names {
			if strings.Contains(all[i].Detail, name) {
				t.Errorf("%s says %q: %q", all[i].Action, name, all[i].Detail)
			}
		}
		if !regexp.MustCompile(`^[\w #>.,:=/（）：，、→\p{Han}-]*$`).MatchString(all[i].Detail) {
			t.Errorf("%s says %q", all[i].Action, all[i].Detail)
		}
	}
	if len(kinds) < 25 {
		t.Errorf("only %d kinds of acts: %v", len(kinds), kinds)
	}
}

// wordsOf lists who and what there is in a town, and what was written in busy.
func wordsOf(t *testing.T, town *testkit.Town) []string {
	t.Helper()
	out := []string{"值班", "抄录", "第一课", "补了课", "重复录入", "本人要求", "不要了", "补记", "台账", "证书", "已核", "书法",
		"示例", "phone", testkit.Password}
	err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		all := access.System("test")
		members, err := v.Members(all, "")
		for _, m := range members {
			out = append(out, m.Name)
			if len(m.ID) > 2 {
				out = append(out, string(m.ID))
			}
		}
		if err != nil {
			return err
		}
		list, err := v.Accounts(all)
		for _, a := range list {
			out = append(out, a.Login, a.Name)
		}
		if err != nil {
			return err
		}
		orgs, err := v.Orgs(all, "")
		for _, o := range orgs {
			out = append(out, o.Name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(out, func(word string) bool { return word == "" })
}
