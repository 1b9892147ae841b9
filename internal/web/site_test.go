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
	"os"
	"strings"
	"testing"

	"jifen/internal/app/accounts"
	"jifen/internal/app/ledger"
	"jifen/internal/server"
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
}

func open(t *testing.T) *town {
	t.Helper()
	return openWith(t, testkit.New(t))
}

func openWith(t *testing.T, kit *testkit.Town, changes ...func(*web.Options)) *town {
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
	var s *web.Site
	w.srv = server.New(server.Options{
		Accounts: w.Accounts, Sessions: accounts.NewSessions(w.DB, testkit.Now), Random: rand.Reader, Now: testkit.Now, Log: log,
		Refuse: func(c *server.Context, err error) { s.Refuse(c, err) },
	})
	o := web.Options{
		DB: w.DB, Accounts: w.Accounts, Ledger: w.Ledger, Enactment: w.Enactment, Standings: w.Standings, Pages: pages, Session: w.srv,
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
	v := &visitor{t, w, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if login != "" {
		if status, _, to := v.post("/login", url.Values{"login": {login}, "password": {testkit.Password}}); status != http.StatusSeeOther || to != "/" {
			t.Fatalf("%s could not sign in: %d %s", login, status, to)
		}
	}
	return v
}

func (v *visitor) do(req *http.Request) (status int, body, to string) {
	v.t.Helper()
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

// TestMatrix walks every route as every role against testdata/matrix.csv,
// written by hand: whom a route answers at all. Refused is 403 (or 303 to the
// sign-in for nobody); anything else is an answer.
func TestMatrix(t *testing.T) {
	t.Parallel()
	w := open(t)
	src, err := os.ReadFile("testdata/matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(src)), "\n")
	who := strings.Split(lines[0], ",")[2:]
	want := map[string][]string{}
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		want[cells[0]+" "+cells[1]] = cells[2:]
	}
	if len(want) != len(w.rows) {
		t.Errorf("%d routes, %d lines in the matrix", len(w.rows), len(want))
	}
	for k, login := range who {
		name := login
		if login == "nobody" {
			name = ""
		}
		for _, r := range w.rows {
			cells, ok := want[r.Method+" "+r.Path]
			if !ok {
				t.Errorf("%s %s is not in the matrix", r.Method, r.Path)
				continue
			}
			v := w.visit(t, name) // anew, because one of the routes signs out
			path := strings.NewReplacer(":id", "1", ":token", "1", ":kind", "entry", "*file", "none.css").Replace(r.Path)
			var status int
			var to string
			if r.Method == http.MethodGet {
				status, _, to = v.get(path)
			} else {
				status, _, to = v.post(path, url.Values{})
			}
			// Whoever signs out is led to the sign-in, as is whoever was not in.
			sentAway := status == http.StatusSeeOther && strings.HasPrefix(to, "/login") && r.Path != "/logout"
			if answered := status != http.StatusForbidden && !sentAway; answered != (cells[k] == "yes") {
				t.Errorf("%s %s as %s: %d %s, the matrix says %s", r.Method, r.Path, login, status, to, cells[k])
			}
		}
	}
}

func TestEveryPageOfEverybodyIsWhole(t *testing.T) {
	t.Parallel()
	w := open(t)
	pages := map[string][]string{
		"":          {"/login", "/login?next=/me"},
		"secretary": {"/branches/" + string(w.East.ID), "/branches/" + string(w.East.ID) + "/meeting", "/entries/new", "/entries/new?item=服务&member=E2", "/claims", "/ranking", "/members/E2", "/members/E2/links"},
		"member":    {"/me", "/me?open=1", "/me?period=2026"},
		"clerk":     {"/branches", "/branches?community=" + string(w.East.Parent), "/ranking?category=党员", "/members/W1", "/claims"},
		"auditor":   {"/branches", "/trail", "/members/E1", "/members/E1/links", "/ranking"},
		"admin":     {"/accounts", "/accounts/1", "/health"},
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
	if _, _, to := v.get("/"); to != "/branches/"+string(w.East.ID) {
		t.Errorf("home leads to %s", to)
	}
	sheet := url.Values{"key": {"k1"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E1": {"到会"}, "status.E2": {"缺席"}}
	status, _, to := v.post("/branches/"+string(w.East.ID)+"/meeting", sheet)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/activities/") {
		t.Fatalf("%d %s", status, to)
	}
	if _, body, _ := v.get(to); !strings.Contains(body, "<strong>2 人，-5 分，其中 1 人待确认</strong>") || !strings.Contains(body, "待确认</span>") || strings.Contains(body, "已经记过") {
		t.Errorf("%s", body)
	}
	// Sent twice, it is told and not done twice.
	if _, _, again := v.post("/branches/"+string(w.East.ID)+"/meeting", sheet); again != to {
		t.Errorf("again leads to %s", again)
	}
	if _, body, _ := v.get(to); !strings.Contains(body, "这张表刚才已经记过") {
		t.Errorf("%s", body)
	}
	if _, body, _ := v.get("/members/E2"); !strings.Contains(body, total("75")) || !strings.Contains(body, "缺席") {
		t.Errorf("%s", body)
	}
	// A deed: preview, then save.
	deed := url.Values{"key": {"k2"}, "branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"好事"}, "day": {"2026-05-21"}, "do": {"preview"}}
	if status, body, _ := v.post("/entries", deed); status != http.StatusOK || !strings.Contains(body, "75 → 77") {
		t.Errorf("%d %s", status, body)
	}
	deed.Set("do", "save")
	if status, _, to := v.post("/entries", deed); status != http.StatusSeeOther {
		t.Errorf("%d %s", status, to)
	}
	if _, body, _ := v.get("/entries/new"); !strings.Contains(body, "示例东2的“好事”记下了") || !strings.Contains(body, `action="/entries/undo?`) {
		t.Errorf("no undo on the bar: %s", body)
	}
	if _, body, _ := v.get("/members/E2"); !strings.Contains(body, "/entries/1/reverse") {
		t.Errorf("%s", body)
	}
	if status, body, _ := v.get("/entries/1/reverse"); status != http.StatusOK || !strings.Contains(body, "撤销后总分 <strong>75</strong>") {
		t.Errorf("%d %s", status, body)
	}
	if status, body, _ := v.post("/entries/1/reverse", url.Values{"key": {"k3"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "要写撤销的理由") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, to := v.post("/entries/1/reverse", url.Values{"key": {"k3"}, "reason": {"重复录入"}}); status != http.StatusSeeOther || to != "/members/E2" {
		t.Errorf("%d %s", status, to)
	}
	// What is typed wrong is told at its input, and kept.
	deed.Set("key", "k4")
	deed.Set("item", "酌情")
	deed.Set("points", "9")
	if status, body, _ := v.post("/entries", deed); status != http.StatusUnprocessableEntity || !strings.Contains(body, "超出范围") || !strings.Contains(body, `value="9"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _, to := v.post("/logout", nil); status != http.StatusSeeOther || to != "/login" {
		t.Errorf("%d %s", status, to)
	}
	if status, _, to := v.get("/branches/" + string(w.East.ID)); status != http.StatusSeeOther || !strings.HasPrefix(to, "/login?next=") {
		t.Errorf("signed out, and yet %d %s", status, to)
	}
}

func TestWhatIsNotYoursIsNotThere(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.Ledger.Post(t.Context(), w.Clerk, ledger.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	v := w.visit(t, "secretary")
	hidden := map[string]string{"/members/W1": "/members/none", "/members/W1/links": "/members/none/links", "/branches/" + string(w.West.ID): "/branches/99", "/entries/1/reverse": "/entries/99/reverse", "/activities/5": "/activities/6"}
	for there, absent := range hidden {
		status, body, _ := v.get(there)
		statusAbsent, bodyAbsent, _ := v.get(absent)
		if status != http.StatusNotFound || statusAbsent != status || strings.ReplaceAll(body, there, "") != strings.ReplaceAll(bodyAbsent, absent, "") {
			t.Errorf("%s answers %d, %s %d:\n%s\n%s", there, status, absent, statusAbsent, body, bodyAbsent)
		}
	}
	if status, body, _ := w.visit(t, "clerk").get("/members/W1"); status != http.StatusOK || !strings.Contains(body, total("82")) {
		t.Errorf("the clerk sees %d", status)
	}
}

func TestSignInLocksAfterFiveWrongPasswords(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "")
	for i := range 5 {
		status, body, _ := v.post("/login", url.Values{"login": {"member"}, "password": {"wrong"}})
		want := http.StatusUnprocessableEntity
		if i == 4 {
			want = http.StatusTooManyRequests
		}
		if status != want || strings.Contains(body, "已锁定") != (i == 4) {
			t.Errorf("try %d: %d %s", i+1, status, body)
		}
	}
	if status, body, _ := v.post("/login", url.Values{"login": {"member"}, "password": {testkit.Password}}); status != http.StatusTooManyRequests || !strings.Contains(body, "已锁定") {
		t.Errorf("the right password opened a locked account: %d", status)
	}
	if status, body, _ := v.post("/login", url.Values{"login": {"nobody"}, "password": {"wrong"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "帐号或密码不对") {
		t.Errorf("%d %s", status, body)
	}
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
		if _, _, to := v.post("/login", url.Values{"login": {"member"}, "password": {testkit.Password}, "next": {next}}); to != "/" {
			t.Errorf("%s leads to %s", next, to)
		}
	}
}

func TestAdministratorKeepsAccounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "admin")
	if status, body, _ := v.post("/accounts", url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"支部书记"}, "org": {string(w.West.ID)}}); status != http.StatusOK || !strings.Contains(body, "xin") {
		t.Errorf("%d %s", status, body)
	}
	if status, body, _ := v.post("/accounts", url.Values{"login": {"xin"}, "name": {"示例新"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "已经有了") {
		t.Errorf("%d %s", status, body)
	}
	member := "/accounts/3" // clerk, secretary, member
	if status, body, _ := v.post(member+"/roles", url.Values{"role": {"审计员"}, "do": {"give"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "不能兼任") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, to := v.post(member+"/roles", url.Values{"role": {"支部书记"}, "org": {string(w.East.ID)}, "do": {"give"}}); status != http.StatusSeeOther || to != member {
		t.Errorf("%d %s", status, to)
	}
	m := w.visit(t, "member")
	if status, _, _ := m.get("/branches/" + string(w.East.ID)); status != http.StatusOK {
		t.Errorf("the role was given, and yet %d", status)
	}
	if status, body, _ := v.post(member+"/password", nil); status != http.StatusOK || !strings.Contains(body, "密码") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, to := m.get("/me"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
		t.Errorf("another password, and yet %d %s", status, to)
	}
	if status, _, _ := v.post(member+"/close", url.Values{"do": {"close"}}); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	if status, _, to := m.get("/me"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
		t.Errorf("closed, and yet %d %s", status, to)
	}
	if status, _, _ := v.post("/accounts/5/close", url.Values{"do": {"close"}}); status != http.StatusForbidden { // its own
		t.Errorf("%d", status)
	}
}

// TestASheetOfOneItem fills a sheet with a wrong row, mends it, and takes it back.
func TestASheetOfOneItem(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	at := "/branches/" + string(w.East.ID) + "/sheet"
	if _, body, _ := clerk.get(at + "?item=" + url.QueryEscape("服务")); !strings.Contains(body, "cell.0.E2") {
		t.Fatal(body)
	}
	form := url.Values{"item": {"服务"}, "day": {"2026-05-01"}, "cell.0.E1": {"20"}, "cell.0.E2": {"很久"}, "key": {"k"}}
	if status, body, _ := clerk.post(at, form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "整张表没有记") || !strings.Contains(body, "不是数") || !strings.Contains(body, `value="很久"`) {
		t.Errorf("%d %s", status, body)
	}
	form.Set("cell.0.E2", "30")
	if status, _, to := clerk.post(at, form); status != http.StatusSeeOther || to != at {
		t.Errorf("%d %s", status, to)
	}
	_, body, _ := clerk.get(at)
	_, undo, ok := strings.Cut(body, `action="/entries/undo?`)
	if !strings.Contains(body, "“服务”记了 2 人") || !ok {
		t.Fatal(body)
	}
	undo, _, _ = strings.Cut(undo, `"`)
	if status, _, to := clerk.post("/entries/undo?"+strings.ReplaceAll(undo, "&amp;", "&"), nil); status != http.StatusSeeOther || to != at {
		t.Errorf("%d %s", status, to)
	}
	if _, body, _ := clerk.get(at); !strings.Contains(body, "2 笔撤销了") {
		t.Errorf("%s", body)
	}
	// An item that asks for nothing is ticked.
	if _, body, _ := clerk.get(at + "?item=" + url.QueryEscape("好事")); !strings.Contains(body, `name="tick" value="E2"`) {
		t.Errorf("%s", body)
	}
	if status, _, _ := clerk.post(at, url.Values{"item": {"好事"}, "day": {"2026-05-01"}, "tick": {"E2"}}); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	if _, body, _ := clerk.get(at); !strings.Contains(body, "“好事”记了 1 人") {
		t.Errorf("%s", body)
	}
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
	if status, body, _ := hand(strings.Replace(testkit.Rules, "起点: 80", "起点: 八十", 1)); status != http.StatusUnprocessableEntity || !strings.Contains(body, "新办法.yaml:8:15") {
		t.Errorf("a draft with a mistake: %d %s", status, body)
	}
	status, body, draft := hand(strings.Replace(testkit.Rules, "起点: 80", "起点: 70", 1))
	if status != http.StatusSeeOther || !strings.HasPrefix(draft, "/rules/drafts/") {
		t.Fatal(status, body, draft)
	}
	if _, body, _ := clerk.get(draft); !strings.Contains(body, "由另一名街道工作人员登录确认") || !strings.Contains(body, "板块.基础.起点：80 改为 70") || !strings.Contains(body, "80 → 70 分") {
		t.Errorf("the drafter sees %s", body)
	}
	if status, body, _ := clerk.post(draft, url.Values{"do": {"confirm"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "由另一个人确认") {
		t.Errorf("the drafter confirms: %d %s", status, body)
	}
	second := w.visit(t, "second")
	if status, _, to := second.post(draft, url.Values{"do": {"confirm"}}); status != http.StatusSeeOther || to != "/rules/drafts" {
		t.Errorf("%d %s", status, to)
	}
	if _, body, _ := second.get("/rules/drafts"); !strings.Contains(body, "启用了") || !strings.Contains(body, "已启用") {
		t.Errorf("%s", body)
	}
	member := w.visit(t, "member")
	if _, body, _ := member.get("/rules?on=2026-12-31"); !strings.Contains(body, "<td>80</td>") {
		t.Errorf("this year: %s", body)
	}
	if _, body, _ := member.get("/rules?on=2027-01-01"); !strings.Contains(body, "<td>70</td>") {
		t.Errorf("next year: %s", body)
	}
}

func TestExportOpensAgain(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.Ledger.Post(t.Context(), w.Clerk, ledger.EntryInput{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
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
