package access_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
)

func TestChainAsksWhomTheRulesName(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testChainAsksWhomTheRulesName)
}

func testChainAsksWhomTheRulesName(t *testing.T, top string) {
	branch := access.Grant{Role: domain.RoleSecretary, Path: top + "3.12."}
	community := access.Grant{Role: domain.RoleCommunity, Path: top + "3.", Level: domain.Community}
	street := access.Grant{Role: domain.RoleStreet, Path: top, Level: domain.Street}
	member := access.Grant{Role: domain.RoleMember}
	recorder := access.Grant{Role: domain.RoleRecorder, Path: top + "3.12."}
	for _, c := range []struct {
		name           string
		actor          *access.Actor
		of, home       string
		enter, approve string
		want           string
	}{
		{"what the branch agrees to itself", actor(branch), "m8", top + "3.12.", "支部书记", "支部委员会 支部党员大会", ""},
		{"what a recorder of the branch enters, the branch agrees to", actor(recorder), "m8", top + "3.12.", "支部书记",
			"支部委员会 社区党委", "支部委员会 社区党委"},
		{"what needs nobody's agreement", actor(recorder), "m8", top + "3.12.", "支部书记", "", ""},
		{"what the community has to agree to", actor(branch), "m8", top + "3.12.", "支部书记", "支部委员会 社区党委 街道党工委", "社区党委 街道党工委"},
		{"from the community", actor(community), "m8", top + "3.12.", "支部书记", "支部委员会 社区党委 街道党工委", "街道党工委"},
		{"from the street", actor(street), "m8", top + "3.12.", "支部书记", "支部委员会 社区党委 街道党工委", ""},
		{"from below those who enter", actor(branch), "m8", top + "3.12.", "社区党委 街道党工委", "", "社区党委"},
		{"who enters also agrees", actor(branch), "m8", top + "3.12.", "街道党工委", "支部委员会 街道党工委", "街道党工委"},
		{"one's own", actor(branch, member), "m7", top + "3.12.", "支部书记", "本人申请 支部委员会 社区党委", "支部委员会 社区党委"},
		{"a member's own", actor(member), "m7", top + "3.12.", "支部书记", "", "支部委员会"},
		{"an organ of the rules' own acts as its level", actor(branch), "m8", top + "3.12.", "支部书记", "支部委员会 机关党委@社区 镇党委@街道",
			"机关党委@社区 镇党委@街道"},
		{"and is nobody's to ask from its level on", actor(street), "m8", top + "3.12.", "镇党委@街道", "支部委员会 镇党委@街道", ""},
		{"from below an organ of the rules' own that enters", actor(branch), "m8", top + "3.12.", "镇党委@街道", "", "镇党委@街道"},
		{"an organ outside is always asked, of whom was asked last", actor(branch), "m8", top + "3.12.", "支部书记",
			"支部委员会 社区党委 县委组织部@外部 街道党工委", "社区党委 县委组织部@外部社区 街道党工委"},
		{"or of whom enters", actor(branch), "m8", top + "3.12.", "社区党委", "县委组织部@外部", "社区党委 县委组织部@外部社区"},
		{"or of the writer's own level", actor(street), "m8", top + "3.12.", "支部书记", "社区党委 县委组织部@外部", "县委组织部@外部街道"},
		{"of a member's own, of the branch", actor(member), "m7", top + "3.12.", "支部书记", "本人申请 群众会议@外部", "群众会议@外部支部"},
		{"a guest's", actor(branch), "m8", top + "3.13.", "支部书记", "支部委员会", "支部委员会"},
	} {
		got := rows(c.actor.Chain(domain.MemberID(c.of), c.home, organs(c.enter), organs(c.approve)))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func organs(words string) (out []domain.Organ) {
	for _, w := range strings.Fields(words) {
		out = append(out, domain.Organ(w))
	}
	return out
}

// rows returns a chain as rows keep it.
func rows(list []domain.Organ) string {
	var out []string
	for _, o := range list {
		out = append(out, string(o))
	}
	return strings.Join(out, " ")
}

func TestStageMovesUpWhereNobodyElseIs(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testStageMovesUpWhereNobodyElseIs)
}

func testStageMovesUpWhereNobodyElseIs(t *testing.T, top string) {
	secretary := access.Holder{Account: 1, Member: "m1", Role: domain.RoleSecretary, Path: top + "3.12."}
	deputy := access.Holder{Account: 2, Member: "m2", Role: domain.RoleSecretary, Path: top + "3.12."}
	other := access.Holder{Account: 3, Member: "m3", Role: domain.RoleSecretary, Path: top + "3.13."}
	community := access.Holder{Account: 4, Role: domain.RoleCommunity, Path: top + "3.", Level: domain.Community}
	street := access.Holder{Account: 5, Role: domain.RoleStreet, Path: top, Level: domain.Street}
	auditor := access.Holder{Account: 6, Role: domain.RoleAuditor, Path: top + "3.12."}
	for _, c := range []struct {
		name    string
		pending access.Pending
		holders []access.Holder
		who     []domain.AccountID
		organs  string
		raised  bool
		vacant  bool
	}{
		{"the branch's", access.Pending{Member: "m9", By: of(9), Waits: []domain.Organ{"支部委员会", "社区党委"}},
			[]access.Holder{secretary, other, community, street}, []domain.AccountID{1}, "支部委员会", false, false},
		{"two bodies of the branch", access.Pending{Member: "m9", By: of(9),
			Waits: []domain.Organ{"支部委员会", "支部党员大会", "社区党委"}},
			[]access.Holder{secretary, community}, []domain.AccountID{1}, "支部委员会 支部党员大会", false, false},
		{"the secretary's own", access.Pending{Member: "m1", By: of(1), Waits: []domain.Organ{"支部委员会", "社区党委", "街道党工委"}},
			[]access.Holder{secretary, community, street}, []domain.AccountID{4}, "支部委员会 社区党委", true, false},
		{"the secretary's own, with a deputy", access.Pending{Member: "m1", By: of(1), Waits: []domain.Organ{"支部委员会"}},
			[]access.Holder{secretary, deputy, community}, []domain.AccountID{2}, "支部委员会", false, false},
		{"what the secretary handed in of a guest of his own branch",
			access.Pending{Member: "m9", By: of(1), Waits: []domain.Organ{"支部委员会"}}, []access.Holder{secretary, street},
			[]domain.AccountID{5}, "支部委员会", true, false},
		{"a branch without a secretary", access.Pending{Member: "m9", By: of(9), Waits: []domain.Organ{"支部委员会"}},
			[]access.Holder{other, auditor, community}, []domain.AccountID{4}, "支部委员会", true, false},
		{"who took a step takes no other", access.Pending{Member: "m9", By: of(9), Waits: []domain.Organ{"社区党委"},
			Took: []domain.Person{of(4)}}, []access.Holder{community, street}, []domain.AccountID{5}, "社区党委", true, false},
		{"nobody at all", access.Pending{Member: "m9", By: of(5), Waits: []domain.Organ{"街道党工委"}},
			[]access.Holder{secretary, community, street}, nil, "街道党工委", false, true},
		{"an organ of the rules' own", access.Pending{Member: "m9", By: of(9), Waits: []domain.Organ{"支部委员会", "机关党委@社区"}},
			[]access.Holder{other, community}, []domain.AccountID{4}, "支部委员会 机关党委", true, false},
		{"a document is recorded by itself", access.Pending{Member: "m9", By: of(9),
			Waits: []domain.Organ{"支部委员会", "群众会议@外部支部", "社区党委"}}, []access.Holder{secretary, community}, []domain.AccountID{1},
			"支部委员会", false, false},
		{"and by who took a step, or handed it in",
			access.Pending{Member: "m9", By: of(1), Took: []domain.Person{of(1)}, Waits: []domain.Organ{"群众会议@外部支部", "支部委员会"}},
			[]access.Holder{secretary, community}, []domain.AccountID{1}, "群众会议", false, false},
		{"but not in one's own matter", access.Pending{Member: "m1", By: of(9), Waits: []domain.Organ{"群众会议@外部支部"}},
			[]access.Holder{secretary, community}, []domain.AccountID{4}, "群众会议", true, false},
		{"nothing to ask", access.Pending{Member: "m9", By: of(9)}, []access.Holder{secretary}, nil, "", false, false},
	} {
		c.pending.Home = top + "3.12."
		got := c.pending.Stage(c.holders)
		var who []domain.AccountID
		for _, h := range got.Who {
			who = append(who, h.Account)
		}
		if !slices.Equal(who, c.who) || strings.Join(got.Organs, " ") != c.organs || got.Raised != c.raised ||
			got.Vacant != c.vacant {
			t.Errorf("%s: %+v", c.name, got)
		}
		for _, h := range c.holders {
			if got.Decides(&access.Actor{Account: h.Account,
				Grants: []access.Grant{{Role: h.Role, Path: h.Path}}}) != slices.Contains(c.who, h.Account) {
				t.Errorf("%s: account %d", c.name, h.Account)
			}
		}
	}
}

// of returns who holds an account, and is no member as far as anybody has said.
func of(account domain.AccountID) domain.Person { return domain.Person{Account: account} }
