package accounts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// orgs lists every organisation of the town, and "" for none.
func orgs(t *testing.T, town *testkit.Town) []domain.OrgID {
	t.Helper()
	out := []domain.OrgID{""}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		all, err := v.Orgs(access.System("test"), "")
		for _, o := range all {
			out = append(out, o.ID)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// offered reports whether a role is among choices.
func offered(choices []accounts.Choice, r accounts.Role) bool {
	return slices.ContainsFunc(choices, func(c accounts.Choice) bool {
		if c.Role != r.Role {
			return false
		}
		return r.Org == "" && c.Whole ||
			slices.ContainsFunc(c.Orgs, func(o domain.Org) bool { return o.ID == r.Org })
	})
}

// TestWhatIsOfferedIsWhatIsAccepted tries every role over every organisation, and
// over none, on a new account and on accounts of every kind.
func TestWhatIsOfferedIsWhatIsAccepted(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertFact("E2", domain.Fact{Attribute: domain.Group, From: calendar.Of(2026, 5, 1),
			Value: domain.Value{Text: "第二小组"}}, 0); err != nil {
			return err
		}
		_, err := tx.ChangeOrg(town.West, domain.OrgChange{Org: town.West.ID, Kind: domain.OrgClosed, Name: town.West.Name,
			From: calendar.Of(2026, 5, 1)}, 0)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := town.Accounts.Close(t.Context(), town.Security, town.Second.Account, true); err != nil {
		t.Fatal(err)
	}
	all := orgs(t, town)
	for name, id := range map[string]domain.AccountID{
		"new": 0, "clerk": town.Clerk.Account, "secretary": town.Secretary.Account, "member": town.Member.Account,
		"auditor": town.Auditor.Account, "administrator": town.Admin.Account, "closed": town.Second.Account,
	} {
		choices := choicesOf(t, town, id)
		for i, role := range append(domain.Roles(), "书记") {
			for k, org := range all {
				r := accounts.Role{Role: role, Org: org}
				if role == domain.RoleLeader {
					r.Group = "第二小组"
				}
				if accepted := try(t, town, id, r, fmt.Sprintf("x%d-%d", i, k)); accepted != offered(choices, r) {
					t.Errorf("%s: %s over %q: offered %v, accepted %v", name, role, org, offered(choices, r), accepted)
				}
			}
		}
		if name == "new" && len(choices) != len(domain.Roles()) {
			t.Errorf("a new account is offered %d of %d roles", len(choices), len(domain.Roles()))
		}
	}
	if d, err := town.Accounts.Directory(t.Context(), town.Clerk); fault.CodeOf(err) != fault.Forbidden ||
		len(d.Choices) != 0 {
		t.Errorf("who manages no accounts is offered %v, %v", d.Choices, err)
	}
}

// choicesOf returns what the administrator may give to an account, 0 for a new one.
func choicesOf(t *testing.T, town *testkit.Town, id domain.AccountID) []accounts.Choice {
	t.Helper()
	if id == 0 {
		d, err := town.Accounts.Directory(t.Context(), town.Security)
		if err != nil {
			t.Fatal(err)
		}
		return d.Choices
	}
	d, err := town.Accounts.Detail(t.Context(), town.Security, id)
	if err != nil {
		t.Fatal(err)
	}
	return d.Choices
}

// try gives a role to an account, or opens one for it, and takes it back.
func try(t *testing.T, town *testkit.Town, id domain.AccountID, r accounts.Role, login string) bool {
	t.Helper()
	var err error
	if id != 0 {
		if err = town.Give(t.Context(), id, r); err == nil {
			if err := town.Accounts.Assign(t.Context(), town.Security, id, r, true); err != nil {
				t.Fatal(err)
			}
		}
	} else {
		o := accounts.Opening{Login: login, Name: "示例", Roles: []accounts.Role{r}}
		if r.Role == domain.RoleMember {
			o.Member = "W1"
		}
		o.None = access.OverPoints(r.Role)
		_, _, err = town.Accounts.Open(t.Context(), town.Security, o)
	}
	if code := fault.CodeOf(err); code != "" && code != fault.Invalid && code != fault.Conflict &&
		code != fault.Forbidden {
		t.Errorf("%s over %q: %s %v", r.Role, r.Org, code, err)
	}
	return err == nil
}

// TestOpeningTellsWhatIsWrongWhereItIs opens accounts that cannot be.
func TestOpeningTellsWhatIsWrongWhereItIs(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertMember("w9", "示例小", "slx"); err != nil {
			return err
		}
		if err := tx.InsertMember("W9", "示例大", "sld"); err != nil {
			return err
		}
		return tx.InsertAffiliation(domain.Affiliation{Member: "W2", Kind: "home", From: calendar.Of(2026, 5, 1)}, 0)
	}); err != nil {
		t.Fatal(err)
	}
	member, auditor := accounts.Role{Role: domain.RoleMember}, accounts.Role{Role: domain.RoleAuditor}
	secretary := accounts.Role{Role: domain.RoleSecretary, Org: town.East.ID}
	for _, c := range []struct {
		login, name string
		number      domain.MemberID
		role        accounts.Role
		field, want string
	}{
		{"xin", "示例新", "P99999", member, "member", "没有编号“P99999”的党员"},
		{"xin", "示例新", "", member, "member", "要写党员编号"},
		{"xin", "示例新", "E2", member, "member", "已经有帐号“member”"},
		{"xin", "示例新", "e2", member, "member", "已经有帐号“member”"},
		{"xin", "示例新", "W2", member, "member", "自 2026-05-01 起已经转出"},
		{"xin", "示例新", "Ｗ９", member, "member", "只差大小写"},
		{"xin", "示例新", "W1", auditor, "member", "审计员的帐号不写党员编号"},
		{"xin", "示例新", "P99999", secretary, "member", "没有编号“P99999”的党员"},
		{"xin", "示例新", "", accounts.Role{Role: domain.RoleSecretary}, "org", "要选管哪一个支部"},
		{"xin", "示例新", "", accounts.Role{Role: domain.RoleSecretary, Org: "99"}, "org", "没有这个组织"},
		{"xin", "示例新", "", accounts.Role{Role: domain.RoleSecretary, Org: "x"}, "org", "没有这个组织"},
		{"xin", "示例新", "", accounts.Role{Role: domain.RoleSecretary, Org: town.Street.ID}, "org", "是街道，支部书记要管一个支部"},
		{"xin", "示例新", "", accounts.Role{}, "role", "要选一个角色"},
		{"xin", "示例新", "", accounts.Role{Role: "书记"}, "role", "没有“书记”这个角色"},
		{"", "示例新", "", auditor, "login", "1 到 40"},
		{strings.Repeat("长", 41), "示例新", "", auditor, "login", "1 到 40"},
		{"member", "示例新", "", auditor, "login", "帐号“member”已经有了"},
		{"MEMBER", "示例新", "", auditor, "login", "只差大小写"},
		{"ｍember", "示例新", "", auditor, "login", "帐号“member”已经有了"},
		{"mem\u200bber", "示例新", "", auditor, "login", "不能用的字"},
		{"mеmber", "示例新", "", auditor, "login", "不能用的字"}, // a Cyrillic е
		{"a b", "示例新", "", auditor, "login", "不能用的字"},
		{"xin", " ", "", auditor, "name", "1 到 50"},
		{"xin", strings.Repeat("长", 51), "", auditor, "name", "1 到 50"},
		{"xin", "示\u202e例", "", auditor, "name", "看不见的符号"},
	} {
		_, _, err := town.Accounts.Open(t.Context(), town.Security, accounts.OpeningFor(c.login, c.name, c.number, c.role))
		told := fieldsOf(err)
		if fault.CodeOf(err) != fault.Invalid || len(told) != 1 || !strings.Contains(told[c.field], c.want) &&
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %q %q %v: %v at %v, want %q at %s", c.login, c.name, c.number, c.role, err, told, c.want, c.field)
		}
	}
	_, _, err := town.Accounts.Open(t.Context(), town.Security,
		accounts.OpeningFor("MEMBER", "", "P99999", accounts.Role{Role: domain.RoleSecretary}))
	if told := fieldsOf(err); len(told) != 4 {
		t.Errorf("four mistakes are told as %v", told)
	}
	if _, _, err := town.Accounts.Open(t.Context(), town.Clerk,
		accounts.OpeningFor("xin", "示例新", "", auditor)); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("the clerk opens an account: %v", err)
	}
}

// TestAnOfficeHolderWhoIsAMemberSeesHisOwnPoints opens an account by a number in
// small letters, as it is typed.
func TestAnOfficeHolderWhoIsAMemberSeesHisOwnPoints(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	a, code, err := town.Accounts.Open(t.Context(), town.Security,
		accounts.OpeningFor(" ｘin ", " 示例新 ", " w1", accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID}))
	if err != nil || a.Login != "xin" || a.Name != "示例新" || a.Member != "W1" {
		t.Fatalf("%+v %v", a, err)
	}
	activate(t, town, "xin", code)
	if actor := signIn(t, town, "xin", chosen); actor.May(access.Record) {
		t.Error("an office to which nobody has agreed gives something")
	}
	if err := town.AgreeTo(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	actor := signIn(t, town, "xin", chosen)
	if actor.Member != "W1" || !actor.May(access.SeeOwn) || !actor.May(access.Record) ||
		!actor.Scope(access.Record).Covers(town.West.Path) {
		t.Errorf("%+v", actor)
	}
}
