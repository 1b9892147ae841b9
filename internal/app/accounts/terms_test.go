package accounts_test

import (
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestARoleBeginsAndEndsByItsDay gives a role for some days, and asks on each of them who
// the account is, for a session, a token and the list of who decides.
func TestARoleBeginsAndEndsByItsDay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx, id := t.Context(), town.Member.Account
	role := accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID, From: testkit.Day(t, "2026-06-03"),
		Until: testkit.Day(t, "2026-06-04")}
	if err := town.Give(ctx, id, role); err != nil {
		t.Fatal(err)
	}
	expect.Fault(t, town.Accounts.Assign(ctx, town.Security, id, role, false), fault.Conflict)
	token, err := town.TokenOf(ctx, "member", "考勤机", 30*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range []bool{false, false, true, true, false} {
		if day > 0 {
			town.Later(24 * time.Hour)
		}
		var holds bool
		err := town.DB.Read(ctx, func(v *store.Snapshot) error {
			who, err := v.Actor(id)
			if err != nil {
				return err
			}
			holders, err := v.Holders(access.System("the test looks at all"))
			holds = who.Has(domain.RoleSecretary)
			for _, h := range holders {
				if h.Account == id && !holds {
					t.Errorf("day %d: one of those who decide, and no secretary", day)
				}
			}
			return err
		})
		if err != nil || holds != want {
			t.Errorf("day %d: the account holds the office: %t, want %t: %v", day, holds, want, err)
		}
		bearer, err := town.Accounts.Bearer(ctx, token, town.Later(0))
		if err != nil || bearer.Has(domain.RoleSecretary) != want {
			t.Errorf("day %d: the token holds the office: want %t: %v", day, want, err)
		}
	}
	d, err := town.Accounts.Detail(ctx, town.Security, id)
	if err != nil || len(d.Roles) != 1 {
		t.Errorf("what is over is still shown: %+v, %v", d.Roles, err)
	}
}

// TestDaysOnWhichARoleNeverIsAreRefused: over before it begins, or over by now.
func TestDaysOnWhichARoleNeverIsAreRefused(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for _, days := range [][2]string{{"2026-07-02", "2026-07-01"}, {"2026-05-01", "2026-05-31"}} {
		role := accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID, From: testkit.Day(t, days[0]),
			Until: testkit.Day(t, days[1])}
		expect.Fault(t, town.Accounts.Assign(t.Context(), town.Security, town.Member.Account, role, false), fault.Invalid)
		_, _, err := town.Accounts.Open(t.Context(), town.Security, accounts.OpeningFor("xin", "示例新", "", role))
		expect.Fault(t, err, fault.Invalid)
	}
}

// TestARoleThatHasNotBegunIsEnded: it is listed with its days, and ended.
func TestARoleThatHasNotBegunIsEnded(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id, role := town.Member.Account, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID,
		From: testkit.Day(t, "2026-07-01")}
	if err := town.Give(t.Context(), id, role); err != nil {
		t.Fatal(err)
	}
	d, err := town.Accounts.Detail(t.Context(), town.Security, id)
	if err != nil || len(d.Roles) != 2 || d.Roles[1].From != role.From || d.Roles[1].Org.Name != "西支部" {
		t.Errorf("%+v, %v", d.Roles, err)
	}
	if err := town.Accounts.Assign(t.Context(), town.Security, id, role, true); err != nil {
		t.Error(err)
	}
	town.Later(60 * 24 * time.Hour)
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		who, err := v.Actor(id)
		if err == nil && who.Has(domain.RoleSecretary) {
			t.Error("an office that was ended begins")
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
