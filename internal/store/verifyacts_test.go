package store

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/domain"
)

// TestWhoRecordsHoldsTheOfficeThen: a row is told whose account had no role that records it
// when it was recorded, or was closed, and one that goes back in time in its chain.
func TestWhoRecordsHoldsTheOfficeThen(t *testing.T) {
	t.Parallel()
	const entry = "DROP TRIGGER entries_stay; UPDATE entries SET "
	for name, c := range map[string]struct{ change, want string }{
		"as it was":         {"", ""},
		"before the one":    {entry + "recorded_at = '2026-03-05T11:50:00.000Z'", "链上它前面的却记于"},
		"within a minute":   {entry + "recorded_at = '2026-03-05T11:59:30.000Z'", ""},
		"no role":           {"DROP TRIGGER assignments_kept; DELETE FROM assignments", "那时他没有记这个的职务"},
		"another's account": {entry + "recorded_by = 99", "那时没有这个帐号"},
		"a role that waits": {"DROP TRIGGER assignments_stay; UPDATE assignments SET waits = 1", "那时他没有记这个的职务"},
		"a role that reads": {"DROP TRIGGER assignments_stay; UPDATE assignments SET role = 'auditor'", "那时他没有记这个的职务"},
		"a role of yesterday": {
			"DROP TRIGGER assignments_stay; UPDATE assignments SET until_on = '2026-03-04'", "那时他没有记这个的职务"},
		"a role until today": {"DROP TRIGGER assignments_stay; UPDATE assignments SET until_on = '2026-03-05'", ""},
		"a role from tomorrow": {"DROP TRIGGER assignments_stay; UPDATE assignments SET from_on = '2026-03-06'",
			"那时他没有记这个的职务"},
		"a member": {
			"DROP TRIGGER assignments_stay; UPDATE assignments SET role = 'member', org_id = NULL", "那时他没有记这个的职务"},
		"an account that was closed": {"DROP TRIGGER account_changes_stay; UPDATE account_changes SET closed = 1", "停用着"},
		"the program":                {entry + "recorded_by = NULL", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := temporary(t)
			s := settle(t, db)
			write(t, db, func(tx *Tx) error {
				if err := tx.InsertAssignment(s.clerk, domain.RoleSecretary, s.east.ID, false, 0); err != nil {
					return err
				}
				m, err := tx.Member(everybody, "P1")
				if err != nil {
					return err
				}
				_, err = tx.InsertEntry(&m, domain.NewEntry{Entry: domain.Entry{Item: "表彰", On: on("2026-03-05")}}, s.clerk)
				return err
			})
			if strings.Contains(c.change, "recorded_by = NULL") {
				c.change = "PRAGMA ignore_check_constraints = ON; " + strings.Replace(c.change, "NULL", "0", 1)
			}
			if c.change != "" {
				raw(t, db, "PRAGMA foreign_keys = OFF; "+c.change)
			}
			var found []string
			read(t, db, func(v *Snapshot) error {
				list, err := v.VerifyActs()
				for _, b := range list {
					found = append(found, fmt.Sprintf("%s %d %s", b.Kind, b.Row, b.Why))
				}
				return err
			})
			if got := strings.Join(found, "; "); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

// TestEveryKindHasAnOffice: a kind of row is recorded by some office, or by whoever has an
// account, which is said here.
func TestEveryKindHasAnOffice(t *testing.T) {
	t.Parallel()
	anybody := map[kind]string{
		kindOrg: "has nobody beside it: what was set up says it", kindAccount: "one's own, or who keeps accounts",
		kindToken: "one's own", kindRevocation: "one's own", kindSlipEnd: "who uses it",
	}
	for i := range newChains(nil).list {
		k := &newChains(nil).list[i]
		_, asked := offices()[k.kind]
		if _, said := anybody[k.kind]; asked == said {
			t.Errorf("%s: an office records it: %v; anybody may: %v", k.kind, asked, said)
		}
	}
}
