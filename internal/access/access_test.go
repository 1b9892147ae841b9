package access_test

import (
	"slices"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
)

func actor(grants ...access.Grant) *access.Actor {
	return &access.Actor{Account: 7, Member: "m7", Grants: grants}
}

// inBothTrees runs a test with the street at the top of the tree, and with the
// street below a district; top is the street's path.
func inBothTrees(t *testing.T, test func(t *testing.T, top string)) {
	t.Helper()
	for name, top := range map[string]string{"street at the top": "1.", "below a district": "1.2."} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, top)
		})
	}
}

// beside returns the path of the street that stands beside another one.
func beside(top string) string { return top[:len(top)-2] + "9." }

func TestNobodyAndUnknownRolesMayNothing(t *testing.T) {
	t.Parallel()
	for _, a := range []*access.Actor{{}, {Grants: []access.Grant{{Role: "书记", Path: "1."}}},
		{Grants: []access.Grant{{Role: domain.RoleSecretary}}}} {
		for _, p := range access.Permissions() {
			if a.May(p) {
				t.Errorf("%+v may %s", a, p)
			}
			if s := a.Scope(p); s.Covers("1.") || s.Sees("m7", "1.2.") || s.Sees("", "") || s.All() {
				t.Errorf("%+v sees by %s: %+v", a, p, s)
			}
		}
	}
	if !actor().May(access.SignedIn) || actor().May("fly") {
		t.Error("signed in is all that an account alone gives")
	}
}

func TestNobodyIsNotTheProgram(t *testing.T) {
	t.Parallel()
	var nobody *access.Actor
	if access.Program("") != nil {
		t.Error("the program acts for a reason only")
	}
	if s := nobody.Scope(access.SeeMembers); nobody.May(access.SignedIn) || s.All() || s.Covers("1.") ||
		nobody.Recording("m1", "1.2.") != access.Refused || nobody.Has(domain.RoleStreet) || nobody.ID() != 0 ||
		nobody.Reason() != "" {
		t.Error("nobody may do something")
	}
	program := access.Program("设库")
	if !program.May(access.ManageOrgs) || !program.Scope(access.Import).All() || program.ID() != 0 ||
		program.Reason() != "设库" {
		t.Errorf("the program may not do everything: %+v", program)
	}
	if got := program.Recording("m1", "1.2."); got != access.Posts {
		t.Errorf("what the program records counts at once: %v", got)
	}
	if chain := program.Chain("m1", "1.2.3.", nil, []domain.Organ{"街道党工委"}); len(chain) != 0 {
		t.Errorf("what the program records waits for %v", chain)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testScopes)
}

func testScopes(t *testing.T, top string) {
	secretary := actor(access.Grant{Role: domain.RoleSecretary, Path: top + "3.12."},
		access.Grant{Role: domain.RoleMember})
	s := secretary.Scope(access.SeeMembers)
	for path, want := range map[string]bool{top + "3.12.": true, top + "3.12.5.": true, top + "3.": false,
		top + "3.1.": false, top + "3.120.": false, "": false} {
		if s.Covers(path) != want {
			t.Errorf("%q: %v", path, !want)
		}
	}
	if own := secretary.Scope(access.SeeOwn); !own.Sees("m7", top+"9.") || own.Sees("m8", top+"3.12.") ||
		own.Covers(top+"3.12.") {
		t.Errorf("own: %+v", own)
	}
	if all := actor(access.Grant{Role: domain.RoleAuditor}).Scope(access.SeeMembers); !all.Covers(top+"9.") ||
		all.Covers("") {
		t.Errorf("auditor: %+v", all)
	}
	local := actor(access.Grant{Role: domain.RoleAuditor, Path: top, Level: domain.Street}).Scope(access.SeeTrail)
	if local.All() || !local.Covers(top+"3.") || local.Covers(beside(top)) {
		t.Errorf("the auditor of a street: %+v", local)
	}
	street := actor(access.Grant{Role: domain.RoleStreet, Path: top, Level: domain.Street})
	for path, want := range map[string]bool{top: true, top + "3.12.": true, beside(top): false,
		beside(top) + "3.": false} {
		if street.Scope(access.SeeMembers).Covers(path) != want {
			t.Errorf("the street %s covers %q: %v", top, path, !want)
		}
	}
	if above := top[:len(top)-2]; above != "" && street.Scope(access.SeeMembers).Covers(above) {
		t.Errorf("a street sees the district above it")
	}
	if !street.Above(access.Decide, top+"3.12.") || secretary.Above(access.Decide, top+"3.12.") ||
		street.Above(access.Decide, beside(top)+"3.12.") {
		t.Error("a street stands above its own branches, a secretary above none")
	}
	if !access.System("recount").All() || access.System("").All() {
		t.Error("a system scope needs a reason")
	}
}

func TestRecordingAndDeciding(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testRecordingAndDeciding)
}

func testRecordingAndDeciding(t *testing.T, top string) {
	secretary := actor(access.Grant{Role: domain.RoleSecretary, Path: top + "3.12."},
		access.Grant{Role: domain.RoleMember})
	for _, c := range []struct {
		member, home string
		want         access.Verdict
	}{
		{"m8", top + "3.12.", access.Posts}, {"m7", top + "3.12.", access.Waits}, {"m9", top + "3.13.", access.Waits},
		{"m9", "", access.Waits}, {"", top + "3.12.", access.Refused},
	} {
		if got := secretary.Recording(domain.MemberID(c.member), c.home); got != c.want {
			t.Errorf("%s of %s: %d, want %d", c.member, c.home, got, c.want)
		}
	}
	member := actor(access.Grant{Role: domain.RoleMember})
	if member.Recording("m8", top+"3.12.") != access.Refused || member.Recording("m7", top+"3.12.") != access.Waits {
		t.Error("a member claims for himself and records of nobody")
	}
}

func TestKeepersOfTheMachineKeepNothingElse(t *testing.T) {
	t.Parallel()
	for want, roles := range map[bool][][]domain.Role{
		true: {{domain.RoleSecretary, domain.RoleMember}, {domain.RoleAdministrator}, {domain.RoleAuditor},
			{domain.RoleSecurity}, {domain.RoleRecorder, domain.RoleMember}, {domain.RoleRules, domain.RoleStreet}, {}},
		false: {{domain.RoleAdministrator, domain.RoleMember}, {domain.RoleSecurity, domain.RoleAdministrator},
			{domain.RoleSecurity, domain.RoleStreet}, {domain.RoleAuditor, domain.RoleAdministrator}, {"书记"}},
	} {
		for _, r := range roles {
			if access.Compatible(r) != want {
				t.Errorf("%v: %v", r, !want)
			}
		}
	}
}

// TestNewOfficesMayNoMoreThanTheyAreFor asks every permission of the offices that are
// narrow.
func TestNewOfficesMayNoMoreThanTheyAreFor(t *testing.T) {
	t.Parallel()
	for role, may := range map[domain.Role][]access.Permission{
		domain.RoleRecorder:      {access.SignedIn, access.SeeMembers, access.Record},
		domain.RoleLeader:        {access.SignedIn, access.SeeMembers},
		domain.RoleRules:         {access.SignedIn, access.EnactRules},
		domain.RoleSecurity:      {access.SignedIn, access.ManageAccounts, access.AgreeToRoles},
		domain.RoleAdministrator: {access.SignedIn, access.ManageStreets, access.ManageMachine, access.AgreeToRoles},
	} {
		a := actor(access.Grant{Role: role, Path: "1.3."})
		for _, p := range access.Permissions() {
			if want := slices.Contains(may, p); a.May(p) != want {
				t.Errorf("%s may %s: %v", role, p, !want)
			}
		}
	}
}

// TestStreetScope: what everybody of a street may know, whatever the office.
func TestStreetScope(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testStreetScope)
}

func testStreetScope(t *testing.T, top string) {
	for _, c := range []struct {
		name       string
		actor      *access.Actor
		home       string
		here, away bool // whether it covers the street of the test and another
	}{
		{"a secretary", actor(access.Grant{Role: domain.RoleSecretary, Path: top + "3.12.", Level: domain.Branch}), "", true,
			false},
		{"a community", actor(access.Grant{Role: domain.RoleCommunity, Path: top + "3.", Level: domain.Community}), "", true,
			false},
		{"a street", actor(access.Grant{Role: domain.RoleStreet, Path: top, Level: domain.Street}), "", true, false},
		{"a member", actor(access.Grant{Role: domain.RoleMember}), top + "3.12.", true, false},
		{"who belongs nowhere", actor(access.Grant{Role: domain.RoleMember}), "", false, false},
		{"an auditor", actor(access.Grant{Role: domain.RoleAuditor}), "", true, true},
		{"the program", access.Program("演示"), "", true, true},
		{"nobody", nil, "", false, false},
	} {
		scope := c.actor.StreetScope(c.home)
		if scope.Covers(top) != c.here || scope.Covers(top+"7.1.") != c.here || scope.Covers(beside(top)) != c.away {
			t.Errorf("%s: %+v", c.name, scope)
		}
	}
}
