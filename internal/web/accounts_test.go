package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// parsed reads a page.
func parsed(t *testing.T, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// attribute returns an attribute of an element, "" where it has none.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// inputs lists the inputs of a page by name, with what may be chosen where it is a
// choice.
func inputs(t *testing.T, page string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for n := range parsed(t, page).Descendants() {
		name := attribute(n, "name")
		if n.Type != html.ElementNode || name == "" || n.Data != "input" && n.Data != "select" && n.Data != "textarea" {
			continue
		}
		out[name] = append(out[name], options(n)...)
	}
	return out
}

// options lists what a select offers; "" is no choice.
func options(n *html.Node) (out []string) {
	for o := range n.Descendants() {
		if o.Type == html.ElementNode && o.Data == "option" && attribute(o, "value") != "" {
			out = append(out, attribute(o, "value"))
		}
	}
	return out
}

// wrongAt returns what a page says is wrong at an input, "" for nothing.
func wrongAt(t *testing.T, page, input string) string {
	t.Helper()
	root := parsed(t, page)
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || attribute(n, "name") != input || attribute(n, "aria-invalid") != "true" {
			continue
		}
		for w := range root.Descendants() {
			if w.Type == html.ElementNode && attribute(w, "id") == attribute(n, "aria-describedby") && w.FirstChild != nil {
				return w.FirstChild.Data
			}
		}
	}
	return ""
}

// TestEveryRoleIsOpenedThroughTheForm fills the form as it is shown for each role,
// with each organisation that it offers.
func TestEveryRoleIsOpenedThroughTheForm(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.divide(t, "E2", "第二小组").visit(t, "security")
	_, page, _ := v.get("/accounts")
	roles := inputs(t, page)["role"]
	if len(roles) != len(domain.Roles()) {
		t.Errorf("the form offers %v", roles)
	}
	n := 0
	for _, role := range roles {
		_, page, _ := v.get("/accounts?role=" + url.QueryEscape(role))
		in := inputs(t, page)
		level, over := domain.ParseRole(role).Level()
		if over != (len(in["org"]) > 0) || over && !strings.Contains(page, "管哪个"+level.String()) {
			t.Errorf("for %s the form offers the organisations %v", role, in["org"])
		}
		if _, asked := in["member"]; asked == domain.ParseRole(role).Alone() {
			t.Errorf("for %s the form asks for a member number: %v", role, asked)
		}
		choices := in["org"]
		if !domain.ParseRole(role).OverOrg() {
			choices = append(choices, "")
		}
		for _, org := range choices {
			n++
			form := url.Values{"login": {"xin" + strconv.Itoa(n)}, "name": {"示例新"}, "role": {role}, "org": {org}}
			nameGroup(t, role, in, form)
			if role == "党员" {
				form.Set("member", "w1")
			} else if access.OverPoints(domain.ParseRole(role)) {
				form.Set("none", "1")
			}
			status, body, _ := v.post("/accounts", form)
			if status != http.StatusOK || !strings.Contains(body, "激活码") || !strings.Contains(body, form.Get("login")) {
				t.Errorf("%s over %q: %d %s", role, org, status, wrongAt(t, body, "org"))
			}
			_, list, _ := v.get("/accounts?find=" + form.Get("login"))
			waits := strings.Contains(list, `<span class="under">`+role) && strings.Contains(list, "（待同意）")
			if domain.ParseRole(role).NeedsSecond() != waits || !waits && !strings.Contains(list, "<td>"+role) {
				t.Errorf("%s over %q is not in the list", role, org)
			}
		}
	}
	if n != 4+3*1+2+2*2+1 { // without organisation, over the street, communities, branches; over the one with a group
		t.Errorf("%d accounts were opened", n)
	}
}

// TestWhatAnAccountIsOfferedIsGiven gives each account what its page offers.
func TestWhatAnAccountIsOfferedIsGiven(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "security")
	for id, want := range map[string]string{
		"1": "社区党委 支部书记 支部记录员 办法管理员",          // a clerk
		"2": "街道党工委 社区党委 支部书记 支部记录员 党员 办法管理员", // a secretary who is a member
		"3": "街道党工委 社区党委 支部书记 支部记录员 办法管理员",    // a member
		"4": "", "5": "", "8": "",             // the auditor, the administrator, the security administrator himself
	} {
		at := "/accounts/" + id
		_, page, _ := v.get(at)
		roles := inputs(t, page)["role"]
		roles = slices.Compact(slices.DeleteFunc(roles, func(r string) bool { return r == "" }))
		if strings.Join(roles, " ") != want {
			t.Errorf("account %s is offered %v, want %s", id, roles, want)
		}
		for _, role := range roles {
			_, page, _ := v.get(at + "?role=" + url.QueryEscape(role))
			form := url.Values{"role": {role}, "do": {"give"}}
			if orgs := inputs(t, page)["org"]; len(orgs) > 0 {
				form.Set("org", orgs[len(orgs)-1])
			}
			if status, body, to := v.post(at+"/roles", form); status != http.StatusSeeOther || to != at {
				t.Errorf("account %s was offered %s and is refused it: %d %s", id, role, status, body)
			}
		}
	}
	if _, page, _ := v.get("/accounts/8"); !strings.Contains(page, "由别的安全管理员来改") || strings.Contains(page, "停用</button>") {
		t.Error("the administrator may change his own account")
	}
}

// TestAFormThatIsRefusedKeepsWhatWasTyped opens an account for a number that
// nobody has.
func TestAFormThatIsRefusedKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "security")
	form := url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"支部书记"}, "org": {string(w.West.ID)},
		"member": {"P99999"}}
	status, body, _ := v.post("/accounts", form)
	if status != http.StatusUnprocessableEntity || !strings.Contains(wrongAt(t, body, "member"), "没有编号“P99999”的党员") {
		t.Errorf("%d, at the number: %s", status, wrongAt(t, body, "member"))
	}
	for _, kept := range []string{`value="xin"`, `value="示例新"`, `value="P99999"`, `<option value="支部书记" selected>`,
		`<option value="` + string(w.West.ID) + `" selected>`} {
		if !strings.Contains(body, kept) {
			t.Errorf("lost: %s", kept)
		}
	}
	// Without a script an organisation may stand there still from a role chosen before.
	form = url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"系统管理员"}, "org": {string(w.West.ID)}}
	if status, body, _ := v.post("/accounts", form); status != http.StatusOK {
		t.Errorf("%d %s", status, wrongAt(t, body, "org"))
	}
	form.Set("role", "审计员")
	if status, body, _ := v.post("/accounts", form); status != http.StatusUnprocessableEntity ||
		!strings.Contains(wrongAt(t, body, "org"), "要管一个街道") {
		t.Errorf("an auditor of a branch: %d %s", status, wrongAt(t, body, "org"))
	}
}

// TestEverybodyReachesTheOwnAccountFromEveryPage looks for the way there.
func TestEverybodyReachesTheOwnAccountFromEveryPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	for login, page := range map[string]string{
		"member": "/me", "secretary": "/claims", "community": "/ranking", "clerk": "/branches", "auditor": "/trail",
		"security": "/accounts",
	} {
		v := w.visit(t, login)
		for _, at := range []string{page, "/account", "/none"} {
			if _, body, _ := v.get(at); !strings.Contains(body, `<a href="/account"`) {
				t.Errorf("%s as %s does not lead to the own account", at, login)
			}
		}
		status, body, _ := v.get("/account")
		if in := inputs(t, body); status != http.StatusOK || in["old"] != nil || !strings.Contains(body, "至少 10 个字") ||
			!strings.Contains(body, "name=\"again\"") {
			t.Errorf("the own account of %s: %d", login, status)
		}
	}
	if _, body, _ := w.visit(t, "").get("/login"); strings.Contains(body, `<a href="/account"`) {
		t.Error("who is not signed in is led to an account")
	}
}

// TestAChangeOfPasswordEndsTheOtherSessions changes it in one of two browsers.
func TestAChangeOfPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	w := open(t)
	here, there := w.visit(t, "member"), w.visit(t, "member")
	status, body, _ := here.post("/account/password",
		url.Values{"old": {"wrong"}, "new": {"another password"}, "again": {"another password"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(wrongAt(t, body, "old"), "现在的密码不对") ||
		strings.Contains(body, "another password") {
		t.Errorf("%d, at the old one: %s", status, wrongAt(t, body, "old"))
	}
	status, body, _ = here.post("/account/password",
		url.Values{"old": {testkit.Password}, "new": {"short"}, "again": {"shorter"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(wrongAt(t, body, "new"), "太短") ||
		!strings.Contains(wrongAt(t, body, "again"), "不一样") {
		t.Errorf("%d, at the new one: %s, again: %s", status, wrongAt(t, body, "new"), wrongAt(t, body, "again"))
	}
	if status, _, _ := there.get("/me"); status != http.StatusOK {
		t.Fatalf("%d", status)
	}
	form := url.Values{"old": {testkit.Password}, "new": {"another password"}, "again": {"another password"}}
	if status, _, to := here.post("/account/password", form); status != http.StatusSeeOther || to != "/account" {
		t.Fatalf("%d %s", status, to)
	}
	if status, body, _ := here.get("/account"); status != http.StatusOK || !strings.Contains(body, "密码改了") {
		t.Errorf("who changed it is out: %d", status)
	}
	if status, _, to := there.get("/me"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
		t.Errorf("the other browser goes on: %d", status)
	}
	if status, _, _ := w.visit(t, "").post("/login",
		url.Values{"login": {"member"}, "password": {"another password"}}); status != http.StatusSeeOther {
		t.Errorf("the new password opens nothing: %d", status)
	}
}

// TestTokensAreRevokedOnAPage revokes one's own and somebody else's.
func TestTokensAreRevokedOnAPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	var tokens []string
	for range 2 {
		token, err := w.TokenOf(t.Context(), "member", "考勤机", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	member, admin := w.visit(t, "member"), w.visit(t, "security")
	for at, v := range map[string]*visitor{"/account": member, "/accounts/3": admin} {
		_, body, _ := v.get(at)
		if strings.Count(body, "考勤机") != 2 || strings.Contains(body, tokens[0]) ||
			!strings.Contains(body, tokens[0][len(tokens[0])-4:]) {
			t.Errorf("%s shows %s", at, body)
		}
	}
	if status, _, to := member.post("/account/tokens/1/revoke", nil); status != http.StatusSeeOther || to != "/account" {
		t.Errorf("%d %s", status, to)
	}
	if status, _, to := admin.post("/accounts/3/tokens/2/revoke", nil); status != http.StatusSeeOther ||
		to != "/accounts/3" {
		t.Errorf("%d %s", status, to)
	}
	for _, token := range tokens {
		if _, err := w.Accounts.Bearer(t.Context(), token, testkit.Now()); err == nil {
			t.Error("a revoked token opens something")
		}
	}
	if _, body, _ := member.get("/account"); !strings.Contains(body, "作废（member）") ||
		!strings.Contains(body, "作废（security）") || strings.Contains(body, "/revoke") {
		t.Errorf("%s", body)
	}
	if status, _, _ := member.post("/account/tokens/1/revoke", nil); status != http.StatusUnprocessableEntity {
		t.Errorf("twice: %d", status)
	}
	for _, token := range []string{"99", "x"} {
		if status, _, _ := member.post("/account/tokens/"+token+"/revoke", nil); status != http.StatusNotFound {
			t.Errorf("none: %d", status)
		}
		if status, _, _ := admin.post("/accounts/3/tokens/"+token+"/revoke", nil); status != http.StatusNotFound {
			t.Errorf("none of the account: %d", status)
		}
	}
}

// TestATokenIsMadeOnOnesOwnPage: for a role that one has, to the end of a day, with the
// password, and shown once.
func TestATokenIsMadeOnOnesOwnPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	secretary := w.visit(t, "secretary")
	form := func(change ...string) url.Values {
		out := url.Values{"name": {"大屏"}, "role": {"支部书记"}, "read-only": {"true"}, "until": {"2026-06-30"},
			"password": {testkit.Password}}
		for i := 0; i+1 < len(change); i += 2 {
			out.Set(change[i], change[i+1])
		}
		return out
	}
	_, body, _ := secretary.get("/account")
	expect.Equal(t, "the form is folded before anything is typed", strings.Contains(body, "<details>\n<summary>发一个凭证"),
		true)
	for _, c := range []struct{ field, value, words string }{
		{"name", " ", "用途要写"}, {"role", "审计员", "没有“审计员”这个角色"}, {"until", "", "要写用到哪一天"},
		{"until", "2026-05-31", "已经过去"}, {"until", "2027-06-03", "太晚"}, {"until", "明天", "不是日期"},
		{"password", "", "要写现在的密码"}, {"password", "wrong password", "密码不对"},
	} {
		status, body, _ := secretary.post("/account/tokens", form(c.field, c.value))
		expect.Equal(t, c.field+" "+c.value+": the status", status, http.StatusUnprocessableEntity)
		expect.Contains(t, body, c.words)
		expect.Equal(t, c.field+" "+c.value+": the form stays open",
			strings.Contains(body, "<details open>\n<summary>发一个凭证"), true)
		expect.Equal(t, c.field+" "+c.value+": a password is not shown again", strings.Contains(body, "wrong password"),
			false)
	}
	status, body, _ := secretary.post("/account/tokens", form())
	expect.Equal(t, "the status of the page with the token", status, http.StatusOK)
	token := regexp.MustCompile("jf_[a-z2-7]{52}").FindString(body)
	expect.Contains(t, body, "只显示这一次")
	actor, err := w.Accounts.Bearer(t.Context(), token, testkit.Now())
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "the token only reads", actor.ReadOnly(), true)
	_, body, _ = secretary.get("/account")
	expect.Equal(t, "the page of the account shows the token", strings.Contains(body, token), false)
	for _, words := range []string{"大屏", "支部书记，只看", "2026-07-01 00:00", token[len(token)-4:]} {
		expect.Contains(t, body, words)
	}
	_, err = w.Accounts.Bearer(t.Context(), token, testkit.Now().Add(31*24*time.Hour))
	expect.Equal(t, "after its day", fault.CodeOf(err), fault.Unauthenticated)
}

// OwnAccount is the part of the matrix of ownaccount.go.
func (matrix) OwnAccount() string {
	return `
GET /account: signed-in
GET /account/password: signed-in
POST /account/password: signed-in
POST /account/office: signed-in
POST /account/proof: signed-in
POST /account/sessions/end: signed-in
POST /account/sessions/:session/end: signed-in
GET /accounts/settings: security
POST /accounts/settings: security
POST /account/tokens: signed-in
POST /account/tokens/:token/revoke: signed-in
`
}

// Accounts is the part of the matrix of accounts.go.
func (matrix) Accounts() string {
	return `
GET /accounts: security
POST /accounts: security
GET /accounts/:id: security
POST /accounts/:id/roles: security
POST /accounts/:id/password: security
POST /accounts/:id/close: security
POST /accounts/:id/unlock: security
POST /accounts/:id/holder: security
POST /accounts/:id/identity: security
POST /accounts/:id/tokens/:token/revoke: security
`
}

// Slips is the part of the matrix of slips.go.
func (matrix) Slips() string {
	return `
GET /activate: everybody
POST /activate: everybody
GET /accounts/slips: security
POST /accounts/slips: security
GET /members/:id/slip: secretary
POST /members/:id/slip: secretary
`
}
