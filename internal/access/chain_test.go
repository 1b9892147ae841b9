package access_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/party"
)

func TestChainAsksWhomTheRulesName(t *testing.T) {
	t.Parallel()
	branch, community := access.Grant{Role: access.Secretary, Path: "1.3.12."}, access.Grant{Role: access.Community, Path: "1.3."}
	street, member := access.Grant{Role: access.StreetClerk, Path: "1."}, access.Grant{Role: access.Member}
	for _, c := range []struct {
		name           string
		actor          *access.Actor
		of, home       string
		enter, approve string
		want           string
	}{
		{"what the branch agrees to itself", actor(branch), "m8", "1.3.12.", "支部书记", "支部委员会 支部党员大会", ""},
		{"what the community has to agree to", actor(branch), "m8", "1.3.12.", "支部书记", "支部委员会 社区党委 街道党工委", "社区党委 街道党工委"},
		{"from the community", actor(community), "m8", "1.3.12.", "支部书记", "支部委员会 社区党委 街道党工委", "街道党工委"},
		{"from the street", actor(street), "m8", "1.3.12.", "支部书记", "支部委员会 社区党委 街道党工委", ""},
		{"from below those who enter", actor(branch), "m8", "1.3.12.", "社区党委 街道党工委", "", "社区党委"},
		{"who enters also agrees", actor(branch), "m8", "1.3.12.", "街道党工委", "支部委员会 街道党工委", "街道党工委"},
		{"one's own", actor(branch, member), "m7", "1.3.12.", "支部书记", "本人申请 支部委员会 社区党委", "支部委员会 社区党委"},
		{"a member's own", actor(member), "m7", "1.3.12.", "支部书记", "", "支部委员会"},
		{"a guest's", actor(branch), "m8", "1.3.13.", "支部书记", "支部委员会", "支部委员会"},
	} {
		got := strings.Join(c.actor.Chain(party.MemberID(c.of), c.home, strings.Fields(c.enter), strings.Fields(c.approve)), " ")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestStageMovesUpWhereNobodyElseIs(t *testing.T) {
	t.Parallel()
	secretary := access.Holder{Account: 1, Member: "m1", Role: access.Secretary, Path: "1.3.12."}
	deputy := access.Holder{Account: 2, Member: "m2", Role: access.Secretary, Path: "1.3.12."}
	other := access.Holder{Account: 3, Member: "m3", Role: access.Secretary, Path: "1.3.13."}
	community := access.Holder{Account: 4, Role: access.Community, Path: "1.3."}
	street := access.Holder{Account: 5, Role: access.StreetClerk, Path: "1."}
	auditor := access.Holder{Account: 6, Role: access.Auditor, Path: "1.3.12."}
	for _, c := range []struct {
		name    string
		pending access.Pending
		holders []access.Holder
		who     []access.AccountID
		organs  string
		raised  bool
		vacant  bool
	}{
		{"the branch's", access.Pending{Member: "m9", By: 9, Waits: []string{"支部委员会", "社区党委"}}, []access.Holder{secretary, other, community, street}, []access.AccountID{1}, "支部委员会", false, false},
		{"two bodies of the branch", access.Pending{Member: "m9", By: 9, Waits: []string{"支部委员会", "支部党员大会", "社区党委"}}, []access.Holder{secretary, community}, []access.AccountID{1}, "支部委员会 支部党员大会", false, false},
		{"the secretary's own", access.Pending{Member: "m1", By: 1, Waits: []string{"支部委员会", "社区党委", "街道党工委"}}, []access.Holder{secretary, community, street}, []access.AccountID{4}, "支部委员会 社区党委", true, false},
		{"the secretary's own, with a deputy", access.Pending{Member: "m1", By: 1, Waits: []string{"支部委员会"}}, []access.Holder{secretary, deputy, community}, []access.AccountID{2}, "支部委员会", false, false},
		{"what the secretary handed in of a guest of his own branch", access.Pending{Member: "m9", By: 1, Waits: []string{"支部委员会"}}, []access.Holder{secretary, street}, []access.AccountID{5}, "支部委员会", true, false},
		{"a branch without a secretary", access.Pending{Member: "m9", By: 9, Waits: []string{"支部委员会"}}, []access.Holder{other, auditor, community}, []access.AccountID{4}, "支部委员会", true, false},
		{"who took a step takes no other", access.Pending{Member: "m9", By: 9, Waits: []string{"社区党委"}, Took: []access.AccountID{4}}, []access.Holder{community, street}, []access.AccountID{5}, "社区党委", true, false},
		{"nobody at all", access.Pending{Member: "m9", By: 5, Waits: []string{"街道党工委"}}, []access.Holder{secretary, community, street}, nil, "街道党工委", false, true},
		{"nothing to ask", access.Pending{Member: "m9", By: 9}, []access.Holder{secretary}, nil, "", false, false},
	} {
		c.pending.Home = "1.3.12."
		got := c.pending.Stage(c.holders)
		var who []access.AccountID
		for _, h := range got.Who {
			who = append(who, h.Account)
		}
		if !slices.Equal(who, c.who) || strings.Join(got.Organs, " ") != c.organs || got.Raised != c.raised || got.Vacant != c.vacant {
			t.Errorf("%s: %+v", c.name, got)
		}
		for _, h := range c.holders {
			if got.Decides(&access.Actor{Account: h.Account}) != slices.Contains(c.who, h.Account) {
				t.Errorf("%s: account %d", c.name, h.Account)
			}
		}
	}
}
