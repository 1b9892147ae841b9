package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jifen/internal/app/accounts"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

// everybody lists the logins of the town.
func everybody() []string {
	return []string{"member", "secretary", "recorder", "leader", "community", "clerk", "officer", "auditor", "admin",
		"security"}
}

// filled is a town in which every page has something to show.
type filled struct {
	*town
	draft    domain.RuleDraftID
	returned domain.RequestID
	change   domain.ChangeID // of E2
	moved    string          // the slip of somebody who came
}

// fill opens a town and records something of every kind in it.
func fill(t *testing.T) *filled {
	t.Helper()
	w := &filled{town: openWith(t, testkit.NewInDistrict(t))}
	ctx, day := t.Context(), testkit.Day(t, "2026-05-10")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Activities.Record(ctx, w.Secretary, w.ActivityInput(t), "")
	must(err)
	_, err = w.Entries.Post(ctx, w.Clerk, entries.EntryInput{Member: "E2", Item: "好事", On: day}, "")
	must(err)
	claim, err := w.Entries.Post(ctx, w.Member, entries.EntryInput{Member: "E2", Item: "服务", On: day,
		Fields: map[string]string{"时长": "5"}}, "")
	must(err)
	w.returned = claim.Request
	_, err = w.Ledger.Requests.Decide(ctx, w.Secretary, []requests.Ruling{{Request: claim.Request}},
		requests.Answer{Reason: "写清楚是哪一次服务"}, "")
	must(err)
	_, err = w.Entries.Post(ctx, w.Secretary, testkit.Commendation(t, "E2"), "")
	must(err)
	_, err = w.Ledger.Requests.SaveDraft(ctx, w.Member, 0, map[string]string{"item": "好事", "day": "2026-05-20"})
	must(err)
	_, err = w.Ledger.ChangeFact(ctx, w.Secretary, members.FactChange{Member: "E2", Attribute: "人员类别", Value: "预备党员",
		From: day}, "")
	must(err)
	history, err := w.Members.History(ctx, w.Secretary, "E2")
	must(err)
	for _, item := range history.Items {
		if item.What == "人员类别" {
			w.change = item.ID
		}
	}
	_, err = w.Ledger.Move(ctx, w.Clerk, members.Move{Member: "W1", To: w.East.ID, From: day}, "")
	must(err)
	w.moved = "/members/W1/handover?from=" + day.String()
	text := strings.Replace(testkit.Rules, "施行: 2026-01-01", "施行: 2026-07-01", 1)
	w.draft, err = w.Enactment.Propose(ctx, w.Clerk, rules.Proposal{Org: w.Street.ID, Source: []byte(text)})
	must(err)
	office := accounts.Role{Role: domain.RoleSecretary, Org: w.East.ID}
	must(w.Accounts.Assign(ctx, w.Security, w.Member.Account, office, false))
	return w
}

// addresses returns addresses of a route: the route with what is there in the place of its
// parameters, and some that ask for more.
func (w *filled) addresses(route string) []string {
	east := string(w.East.ID)
	plain := strings.NewReplacer(
		"/branches/:id", "/branches/"+east, "/orgs/:id", "/orgs/"+string(w.East.Parent), "/members/:id", "/members/E2",
		"/rules/drafts/:id", "/rules/drafts/"+strconv.FormatInt(int64(w.draft), 10), ":record", "entry.1",
		":change", w.change.String(), "/accounts/:id", "/accounts/"+strconv.FormatInt(int64(w.Member.Account), 10),
		":id", "1",
	).Replace(route)
	more := map[string][]string{
		"/me": {"?open=1", "?asof=2026-05-20"}, "/members/:id": {"?open=1"},
		"/me/claims/new":        {"?item=表彰", "?follows=" + w.returned.String()},
		"/branches":             {"?community=" + string(w.East.Parent)},
		"/branches/:id/entries": {"?item=服务"},
		"/branches/:id/facts":   {"?attribute=人员类别"},
		"/entries/new":          {"?item=表彰&member=E2"},
		"/rules":                {"?on=2026-05-20"}, "/trail": {"?who=clerk"},
		"/accounts": {"?role=支部书记", "?role=党员"}, "/accounts/:id": {"?role=支部书记"},
		"/accounts/slips": {"?org=" + east},
	}
	out := []string{plain}
	if strings.HasSuffix(route, "/handover") {
		out = []string{w.moved}
	}
	for _, query := range more[route] {
		out = append(out, plain+query)
	}
	return out
}

// pages returns the addresses of every page that people look at, by the pattern of its route.
func (w *filled) pages() map[string][]string {
	out := map[string][]string{}
	for _, r := range w.rows {
		switch {
		case r.Method != http.MethodGet, strings.HasSuffix(r.Path, "/export"), // a file
			strings.HasSuffix(r.Path, "/file"):
		case slices.Contains([]string{"/", "/assets/*file", "/healthz", "/readyz"}, r.Path): // no page of their own
		case strings.HasPrefix(r.Path, "/login/provider"): // leads on
		default:
			out[r.Path] = w.addresses(r.Path)
		}
	}
	return out
}

// TestEveryPageIsMarkedInTheMenu: one word of the menu, the account in the head or the
// notice in the foot says where one is, on every page, whoever looks at it.
func TestEveryPageIsMarkedInTheMenu(t *testing.T) {
	t.Parallel()
	w := fill(t)
	outside := []string{"/login", "/activate"} // who is signed in has no business there
	shown := map[string]bool{}
	for _, login := range everybody() {
		v := w.visit(t, login)
		for route, addresses := range w.pages() {
			if slices.Contains(outside, route) {
				continue
			}
			for _, address := range addresses {
				status, body, _ := v.get(address)
				if status != http.StatusOK {
					continue
				}
				shown[route] = true
				if words := marked(t, body); len(words) != 1 {
					t.Errorf("%s as %s is marked in %q, want one place", address, login, words)
				}
			}
		}
	}
	for route := range w.pages() {
		if !shown[route] && !slices.Contains(outside, route) {
			t.Errorf("%s was shown to nobody: give it an address of something that is there", route)
		}
	}
	for address, want := range map[string]string{
		"/accounts/settings": "帐号", "/proposals": "职务待同意", "/accounts/1": "帐号", "/account/password": "security",
		"/privacy": "个人信息告知",
	} {
		_, body, _ := w.visit(t, "security").get(address)
		if words := marked(t, body); len(words) != 1 || !strings.Contains(words[0], want) {
			t.Errorf("%s is marked in %q, want %s", address, words, want)
		}
	}
}

// marked returns the words around the page that say where one is; those at the bottom of a
// phone, which stand above as well, are left out.
func marked(t *testing.T, body string) (words []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	attr := func(n *html.Node, key string) string {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	for n := range root.Descendants() {
		if attr(n, "aria-current") == "" {
			continue
		}
		around, text := false, ""
		for a := range n.Ancestors() {
			around = around || a.Data == "header" || a.Data == "footer"
		}
		for c := range n.Descendants() {
			if c.Type == html.TextNode {
				text += c.Data
			}
		}
		if around {
			words = append(words, text)
		}
	}
	return words
}
