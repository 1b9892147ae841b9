package access_test

import (
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// TestOneWorksInOneOfficeAtATime: nothing of another office is lent to the one worked in,
// and what is one's own as a member is seen in each.
func TestOneWorksInOneOfficeAtATime(t *testing.T) {
	t.Parallel()
	secretary := access.Grant{Role: domain.RoleSecretary, Path: "1.3.12.", Org: "东支部"}
	other := access.Grant{Role: domain.RoleSecretary, Path: "1.3.13."}
	officer := access.Grant{Role: domain.RoleRules, Path: "1.", Level: domain.Street}
	all := actor(access.Grant{Role: domain.RoleMember}, secretary, other, officer)
	if _, one := all.Office(); one || all.Roles() != "member,secretary,rules" {
		t.Errorf("who was not told to work in one works in %q", all.Roles())
	}
	for _, c := range []struct {
		key, roles, covers, not string
		enacts                  bool
	}{
		{"", "member,secretary", "1.3.12.", "1.3.13.", false},
		{"secretary:13", "member,secretary", "1.3.13.", "1.3.12.", false},
		{"rules:1", "member,rules", "", "1.3.12.", true},
		{"secretary:99", "member,secretary", "1.3.12.", "1.3.13.", false}, // ended since
		{"member:", "member,secretary", "1.3.12.", "1.3.13.", false},      // is no office
	} {
		a := all.Working("rules:1").Working(c.key)
		scope := a.Scope(access.Record)
		if a.Roles() != c.roles || c.covers != "" && !scope.Covers(c.covers) || scope.Covers(c.not) ||
			a.May(access.EnactRules) != c.enacts || !a.May(access.SeeOwn) {
			t.Errorf("in %q: roles %s, scope %+v", c.key, a.Roles(), scope)
		}
		if n := len(a.Offices()); n != 3 {
			t.Errorf("in %q: %d offices to choose from", c.key, n)
		}
	}
	if w := secretary.Words(); w != "支部书记（东支部）" {
		t.Errorf("the office is told as %q", w)
	}
	if a := all.Working("secretary:13").Within(domain.TokenScope{Role: domain.RoleRules}); len(a.Offices()) > 1 {
		t.Errorf("a token in one role chooses among %d offices", len(a.Offices()))
	}
	var nobody *access.Actor
	if nobody.Working("secretary:12") != nil || nobody.Offices() != nil {
		t.Error("nobody works in an office")
	}
}

// TestADecisionIsOfTheOfficeWorkedIn: who decides as the secretary does not while he works
// as somebody else.
func TestADecisionIsOfTheOfficeWorkedIn(t *testing.T) {
	t.Parallel()
	secretary := access.Grant{Role: domain.RoleSecretary, Path: "1.3.12."}
	recorder := access.Grant{Role: domain.RoleRecorder, Path: "1.3.12."}
	p := access.Pending{Member: "m9", Home: "1.3.12.", By: domain.Person{Account: 9},
		Waits: []domain.Organ{"支部委员会"}}
	a := actor(secretary, recorder)
	stage := p.Stage([]access.Holder{{Account: a.Account, Role: domain.RoleSecretary, Path: "1.3.12."}})
	if !stage.Decides(a.Working("secretary:12")) || stage.Decides(a.Working("recorder:12")) {
		t.Errorf("%+v", stage)
	}
}
