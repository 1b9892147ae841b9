package web_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/machine"
	"jifen/internal/domain"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/testkit"
	"jifen/internal/web"
	"jifen/internal/web/ui"
	assets "jifen/web"
)

// web is the town with its web site.
type town struct {
	*testkit.Town
	site *httptest.Server
	srv  *server.Server
	rows []server.Route
	// later holds the lines of the trail that are written off the way of the answer.
	later *audit.Later
}

func open(t *testing.T) *town {
	t.Helper()
	return openWith(t, testkit.New(t))
}

func openWith(t *testing.T, kit *testkit.Town, changes ...func(*web.Options)) *town {
	t.Helper()
	return openAt(t, kit, testkit.Now, changes...)
}

// openAt is openWith of a server that goes by a clock.
func openAt(t *testing.T, kit *testkit.Town, now func() time.Time, changes ...func(*web.Options)) *town {
	t.Helper()
	w := &town{Town: kit}
	manifest, err := assets.ReadManifest(assets.Assets())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := ui.New(assets.Templates(), manifest)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(testWriter{t}, nil))
	w.later = audit.NewLater(w.DB, log)
	var s *web.Site
	w.srv = server.New(server.Options{
		Accounts: w.Accounts, Sessions: accounts.NewSessions(w.DB, now), Random: rand.Reader, Now: now,
		Log: log, Fresh: testkit.Fresh,
		Kept:   bind.Kept,
		Ask:    func(c *server.Context, q server.Question) { s.Ask(c, q) },
		Refuse: func(c *server.Context, err error) { s.Refuse(c, err) },
		Answered: func(a *access.Actor, r *server.Route, status int, member domain.MemberID) {
			w.later.Answered(a, r.Permission, r.Method, status, member)
		},
	})
	o := web.Options{
		Machine: machine.New(w.DB, testkit.Zone()), Accounts: w.Accounts, Ledger: w.Ledger, Members: w.Members,
		Enactment: w.Enactment, Orgs: w.Orgs, Locks: w.Locks, Standings: w.Standings, Exports: w.Exports, Pages: pages,
		Session:    w.srv,
		Activities: w.Activities, Entries: w.Entries,
		Random: rand.Reader, Now: testkit.Now, Zone: testkit.Zone(), Log: log, Version: "test", Since: testkit.Now(),
	}
	for _, change := range changes {
		change(&o)
	}
	s = web.New(o)
	w.rows = s.Routes(assets.Assets())
	if err := w.srv.Mount(w.rows); err != nil {
		t.Fatal(err)
	}
	w.site = httptest.NewServer(w.srv)
	t.Cleanup(w.site.Close)
	return w
}

// testWriter sends the log to the test.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

// visitor is somebody with a browser.
type visitor struct {
	t      *testing.T
	town   *town
	client *http.Client
}

// visit signs somebody in; "" for nobody.
func (w *town) visit(t *testing.T, login string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t, w, &http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if login != "" {
		v.signsIn(login)
	}
	return v
}

// signsIn signs a visitor in, anew after a while in which he was idle.
func (v *visitor) signsIn(login string) {
	v.t.Helper()
	v.sends("/login", url.Values{"login": {login}, "password": {testkit.Password}}).LeadsTo("/").Must()
}

func (v *visitor) do(req *http.Request) (status int, body, to string) {
	v.t.Helper()
	if req.Method == http.MethodPost && req.Header.Get("Origin") == "" && req.Header.Get("Sec-Fetch-Site") == "" {
		req.Header.Set("Origin", v.town.site.URL) // as browsers do
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header.Get("Location")
}

func (v *visitor) get(path string) (status int, body, to string) {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodGet, v.town.site.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(req)
}

func (v *visitor) post(path string, form url.Values) (status int, body, to string) {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodPost, v.town.site.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(req)
}

func TestEveryPageOfEverybodyIsWhole(t *testing.T) {
	t.Parallel()
	w := open(t)
	pages := map[string][]string{
		"": {"/login", "/login?next=/me"},
		"secretary": {"/branches/" + string(w.East.ID), "/branches/" + string(w.East.ID) + "/activity", "/entries/new",
			"/entries/new?item=服务&member=E2", "/claims", "/ranking", "/members/E2", "/members/E2/links"},
		"member": {"/me", "/me?open=1", "/me?period=2026"},
		"clerk": {"/branches", "/branches?community=" + string(w.East.Parent), "/ranking?category=党员", "/members/W1",
			"/claims"},
		"auditor":   {"/branches", "/trail", "/members/E1", "/members/E1/links", "/ranking"},
		"admin":     {"/health"},
		"security":  {"/accounts", "/accounts/1"},
		"recorder":  {"/branches/3"},
		"officer":   {"/rules/drafts"},
		"community": {"/branches", "/ranking"},
	}
	for login, paths := range pages {
		v := w.visit(t, login)
		for _, path := range paths {
			status, body, _ := v.get(path)
			if status != http.StatusOK || !strings.HasSuffix(strings.TrimSpace(body), "</html>") {
				t.Errorf("%s as %s: %d\n%s", path, login, status, body)
			}
		}
	}
}

func TestSecretarysEvening(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	v.opens("/").LeadsTo("/branches/" + string(w.East.ID))
	form := url.Values{"key": {"k1"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E1": {"到会"}, "status.E2": {"缺席"}}
	status, _, to := v.post("/branches/"+string(w.East.ID)+"/activity", form)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/activities/") {
		t.Fatalf("%d %s", status, to)
	}
	v.opens(to).OK().Has("strong", "2 人，-5 分，其中 1 人待确认").Has("span", "待确认").Lacks("已经记过")
	// Sent twice, it is told and not done twice.
	v.sends("/branches/"+string(w.East.ID)+"/activity", form).LeadsTo(to)
	v.opens(to).OK().Shows("这张表刚才已经记过")
	v.opens("/members/E2").OK().Shows("缺席").Has(".total-number", "75")
	// An entry: preview, then save.
	entry := url.Values{"key": {"k2"}, "branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"好事"},
		"day": {"2026-05-21"}, "do": {"preview"}}
	v.sends("/entries", entry).OK().Shows("75 → 77")
	entry.Set("do", "save")
	v.sends("/entries", entry).Status(http.StatusSeeOther)
	v.opens("/entries/new").OK().Shows("示例东2的“好事”记下了").Has(`[action^="/entries/undo?"]`)
	v.opens("/members/E2").OK().Has(`[href="/entries/1/reverse"]`)
	v.opens("/entries/1/reverse").OK().Shows("撤销后总分 75")
	v.sends("/entries/1/reverse", url.Values{"key": {"k3"}}).Refused().Shows("要写撤销的理由")
	v.sends("/entries/1/reverse", url.Values{"key": {"k3"}, "reason": {"重复录入"}}).LeadsTo("/members/E2")
	// What is typed wrong is told at its input, and kept.
	entry.Set("key", "k4")
	entry.Set("item", "酌情")
	entry.Set("points", "9")
	v.sends("/entries", entry).Refused().Shows("超出范围").Has(`[value="9"]`)
	v.sends("/logout", nil).LeadsTo("/login")
	if status, _, to := v.get("/branches/" + string(w.East.ID)); status != http.StatusSeeOther ||
		!strings.HasPrefix(to, "/login?next=") {
		t.Errorf("signed out, and yet %d %s", status, to)
	}
}

func TestWhatIsNotYoursIsNotThere(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	v := w.visit(t, "secretary")
	hidden := map[string]string{"/members/W1": "/members/none", "/members/W1/links": "/members/none/links",
		"/branches/" + string(w.West.ID): "/branches/99", "/entries/1/reverse": "/entries/99/reverse",
		"/activities/5": "/activities/6"}
	for there, absent := range hidden {
		status, body, _ := v.get(there)
		statusAbsent, bodyAbsent, _ := v.get(absent)
		if status != http.StatusNotFound || statusAbsent != status ||
			strings.ReplaceAll(body, there, "") != strings.ReplaceAll(bodyAbsent, absent, "") {
			t.Errorf("%s answers %d, %s %d:\n%s\n%s", there, status, absent, statusAbsent, body, bodyAbsent)
		}
	}
	w.visit(t, "clerk").opens("/members/W1").OK().Has(".total-number", "82")
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	req, err := http.NewRequest(http.MethodPost, w.site.URL+"/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, body, _ := v.do(req); status != http.StatusForbidden || !strings.Contains(body, "不是从本站交来的") {
		t.Errorf("%d %s", status, body)
	}
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"} {
		v.sends("/login", url.Values{"login": {"member"}, "password": {testkit.Password}, "next": {next}}).LeadsTo("/")
	}
}

func TestAdministratorKeepsAccounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "security")
	v.sends("/accounts", url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"支部书记"}, "org": {string(w.West.ID)},
		"none": {"1"}}).OK().Shows("xin")
	v.sends("/accounts", url.Values{"login": {"xin"}, "name": {"示例新"}}).Refused().Shows("已经有了")
	member := "/accounts/3" // clerk, secretary, member
	v.sends(member+"/roles", url.Values{"role": {"审计员"}, "do": {"give"}}).Refused().Shows("不能兼任")
	v.sends(member+"/roles", url.Values{"role": {"支部书记"}, "org": {string(w.East.ID)}, "do": {"give"}}).LeadsTo(member)
	m := w.visit(t, "member")
	m.opens("/branches/" + string(w.East.ID)).Status(http.StatusForbidden)
	v.opens("/accounts").OK().Shows("职务待同意", "支部书记 东支部（待同意）")
	if err := w.AgreeTo(t.Context(), w.Member.Account); err != nil {
		t.Fatal(err)
	}
	m.opens("/branches/" + string(w.East.ID)).OK()
	v.sends(member+"/password", nil).OK().Shows("密码")
	if status, _, to := m.get("/me"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
		t.Errorf("another password, and yet %d %s", status, to)
	}
	v.sends(member+"/close", url.Values{"do": {"close"}}).Status(http.StatusSeeOther)
	if status, _, to := m.get("/me"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
		t.Errorf("closed, and yet %d %s", status, to)
	}
	v.sends("/accounts/8/close", url.Values{"do": {"close"}}).Refused() // its own
}

// TestTwoClerksPutARegulationInForce hands a draft in as a file, looks at what a
// second person sees, and has it confirmed by that person.
func TestTwoClerksPutARegulationInForce(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	hand := func(rules string) (status int, body, to string) {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		file, err := form.CreateFormFile("rules", "新办法.yaml")
		if err == nil {
			_, err = io.WriteString(file, rules)
		}
		for name, value := range map[string]string{"org": string(w.Street.ID), "from": "2027-01-01"} {
			err = errors.Join(err, form.WriteField(name, value))
		}
		if err = errors.Join(err, form.Close()); err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(http.MethodPost, w.site.URL+"/rules/drafts", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", form.FormDataContentType())
		return clerk.do(req)
	}
	if status, body, _ := hand(strings.Replace(testkit.Rules, "起点: 80", "起点: 八十",
		1)); status != http.StatusUnprocessableEntity || !strings.Contains(body, "新办法.yaml:8:15") {
		t.Errorf("a draft with a mistake: %d %s", status, body)
	}
	status, body, draft := hand(strings.Replace(testkit.Rules, "起点: 80", "起点: 70", 1))
	if status != http.StatusSeeOther || !strings.HasPrefix(draft, "/rules/drafts/") {
		t.Fatal(status, body, draft)
	}
	clerk.opens(draft).OK().Shows("由另一名街道工作人员登录确认", "板块.基础.起点：80 改为 70", "80 → 70 分")
	clerk.sends(draft, url.Values{"do": {"confirm"}}).Refused().Shows("由另一个人确认")
	second := w.visit(t, "second")
	second.sends(draft, url.Values{"do": {"confirm"}}).LeadsTo("/rules/drafts")
	second.opens("/rules/drafts").OK().Shows("启用了", "已启用")
	member := w.visit(t, "member")
	member.opens("/rules?on=2026-12-31").OK().Has("td", "80")
	member.opens("/rules?on=2027-01-01").OK().Has("td", "70")
}

func TestExportOpensAgain(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	status, body, _ := w.visit(t, "clerk").get("/ranking/export?org=" + string(w.Street.ID))
	if status != http.StatusOK {
		t.Fatal(status, body)
	}
	table, err := spreadsheet.ReadXLSX("ranking.xlsx", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(table.Header, " "); got != "名次 编号 姓名 支部 类别 总分 基础 贡献 等次 备注" {
		t.Errorf("header %s", got)
	}
	if got := strings.Join(table.Rows[0].Cells, " "); got != "1 W2 示例西2 西支部 党员 82 80 2 好 " {
		t.Errorf("first row %q", got)
	}
	if got := strings.Join(table.Rows[1].Cells, " "); got != "2 E1 示例东1 东支部 党员 80 80 0 好 并列" {
		t.Errorf("second row %q", got)
	}
}

// Assets is the part of the matrix of routes.go.
func (matrix) Assets() string {
	return `
GET /assets/*file: everybody
`
}
