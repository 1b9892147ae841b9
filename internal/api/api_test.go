package api_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/api"
	"jifen/internal/app/accounts"
	"jifen/internal/app/machine"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// house is the town with its API.
type house struct {
	*testkit.Town
	srv  *server.Server
	rows []server.Route
	doc  *document
}

func open(t testing.TB) *house {
	t.Helper()
	return openWith(t, testkit.New(t))
}

func openWith(t testing.TB, town *testkit.Town) *house {
	t.Helper()
	h := &house{Town: town, doc: readDocument(t)}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h.srv = server.New(server.Options{
		Accounts: h.Accounts, Sessions: accounts.NewSessions(h.DB, testkit.Now), Random: rand.Reader, Now: testkit.Now,
		Log: log, Fresh: testkit.Fresh,
		Refuse: func(c *server.Context, err error) { problem.Problem(c, log, err) },
	})
	h.rows = api.New(api.Options{
		Activities: h.Activities, Entries: h.Entries,
		Accounts: h.Accounts, Ledger: h.Ledger, Members: h.Members, Orgs: h.Orgs, Standings: h.Standings, Actor: h.srv.Actor,
		Now: testkit.Now, Zone: testkit.Zone(), Log: log, Machine: machine.New(h.DB, testkit.Zone()),
	}).Routes()
	if err := h.srv.Mount(h.rows); err != nil {
		t.Fatal(err)
	}
	return h
}

// token makes somebody's bearer token, "" for nobody.
func (h *house) token(t testing.TB, login string) string {
	t.Helper()
	if login == "" {
		return ""
	}
	token, err := h.TokenOf(t.Context(), login, "test "+login, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// ask sends one request.
func (h *house) ask(method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.srv.ServeHTTP(w, req)
	return w
}

// answer asks, holds the answer to its schema, and returns it as text.
func (h *house) answer(t *testing.T, status int, method, path, token, body string, headers ...string) string {
	t.Helper()
	w := h.ask(method, path, token, body, headers...)
	if w.Code != status {
		t.Errorf("%s %s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	h.doc.check(t, method, path, w)
	return w.Body.String()
}

func TestSessionsSlowDownAfterFiveWrongPasswords(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, login := range []string{"clerk", "nobody"} {
		wrong, right := `{"login":"`+login+`","password":"wrong"}`, `{"login":"`+login+`","password":"`+testkit.Password+`"}`
		for range 5 {
			h.answer(t, http.StatusUnauthorized, "POST", "/session", "", wrong)
		}
		w := h.ask("POST", "/session", "", right)
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" ||
			!strings.Contains(w.Body.String(), "too_many") {
			t.Errorf("%s at once: %d, Retry-After %q, %s", login, w.Code, w.Header().Get("Retry-After"), w.Body)
		}
	}
	h.Later(time.Second)
	h.answer(t, http.StatusCreated, "POST", "/session", "", `{"login":"clerk","password":"`+testkit.Password+`"}`)
}

func TestEveryRouteAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	h := open(t)
	secretary, clerk, member := h.token(t, "secretary"), h.token(t, "clerk"), h.token(t, "member")
	has := func(body string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(body, w) {
				t.Errorf("no %s in %s", w, body)
			}
		}
	}
	has(h.answer(t, 200, "GET", "/openapi.yaml", "", ""), "openapi: 3.1.0")
	session := h.answer(t, 201, "POST", "/session", "", `{"login":"clerk","password":"`+testkit.Password+`"}`)
	var s struct{ Token, Expires, Name string }
	if err := json.Unmarshal([]byte(session), &s); err != nil || s.Expires != "2026-06-01T16:00:00Z" || s.Name != "clerk" {
		t.Fatalf("%s, %v", session, err)
	}
	has(h.answer(t, 200, "GET", "/me", s.Token, ""), `"role":"街道党工委"`, `"name":"示例街道"`)
	has(h.answer(t, 200, "GET", "/me", member, ""), `"member":"E2"`, `"role":"党员"`)
	has(h.answer(t, 401, "POST", "/session", "", `{"login":"clerk","password":"wrong"}`), "帐号或密码不对")

	first := h.answer(t, 200, "GET", "/members?limit=3", clerk, "")
	has(first, `"id":"E1"`, `"next":"W1"`)
	has(h.answer(t, 200, "GET", "/members?limit=3&after=W1", clerk, ""), `{"members":[{"id":"W2"`)
	has(h.answer(t, 200, "GET", "/members?org="+string(h.West.ID), clerk, ""), `{"members":[{"id":"W1"`)
	has(h.answer(t, 422, "GET", "/members?limit=0", clerk, ""), "1 至 500")
	has(h.answer(t, 200, "GET", "/members/E2", member, ""), "示例东2")

	has(h.answer(t, 201, "POST", "/activities", secretary,
		`{"org":"`+string(h.East.ID)+`","kind":"党课","on":"2026-05-06","title":"五月党课",
		"attendance":[{"member":"E1","status":"到会"},{"member":"E2","status":"缺席"},{"member":"W1","status":"到会"}]}`),
		`"posted":1`, `"waiting":2`, `"points":"-5"`)
	entry := h.answer(t, 201, "POST", "/entries", secretary,
		`{"member":"E2","item":"服务","on":"2026-05-07","fields":{"时长":"15"},"note":"清雪"}`, "Idempotency-Key", "k1")
	has(entry, `"granted":"1.5"`, `"before":"75"`, `"after":"76.5"`)
	has(h.answer(t, 404, "POST", "/entries", secretary, `{"member":"W1","item":"好事","on":"2026-05-07"}`), "没有这名党员")
	h.Host(t, "W1")
	claim := h.answer(t, 201, "POST", "/entries", secretary, `{"member":"W1","item":"好事","on":"2026-05-07"}`)
	if !strings.Contains(claim, `"waiting":true`) || strings.Contains(claim, "before") {
		t.Errorf("another branch's total is told: %s", claim)
	}
	has(h.answer(t, 201, "POST", "/entries", secretary, `{"member":"E2","item":"酌情","on":"2026-05-08","points":"-2.5"}`),
		`"granted":"-2.5"`)
	var e struct{ Entry string }
	if err := json.Unmarshal([]byte(entry), &e); err != nil {
		t.Fatal(err)
	}
	has(h.answer(t, 200, "GET", "/members/E2/standing?as_of=2026-05-31", member, ""), `"total":"74"`, `"kind":"entry"`,
		`"note":"时长 15"`)
	has(h.answer(t, 422, "GET", "/members/E2/standing?as_of=tomorrow", member, ""), `"as_of"`)
	has(h.answer(t, 201, "POST", "/entries/"+e.Entry+"/reversal", secretary, `{"reason":"重复录入"}`, "Idempotency-Key", "k2"),
		`"reversed":true`)
	if w := h.ask("POST", "/entries/"+e.Entry+"/reversal", secretary, `{"reason":"重复录入"}`, "Idempotency-Key",
		"k2"); w.Code != 201 || w.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("the replay of a reversal: %d %s", w.Code, w.Body)
	}
	has(h.answer(t, 409, "POST", "/entries/"+e.Entry+"/reversal", secretary, `{"reason":"重复录入"}`), "已经撤销")
	has(h.answer(t, 200, "GET", "/rankings", clerk, ""), `"place":{"place":1,"of":4,"tied":3}`, `"ties":`)
	has(h.answer(t, 200, "GET", "/rankings?org="+string(h.East.ID)+"&period=2026&category=党员", secretary, ""),
		`"total":"72.5"`)
	for range 5 {
		h.answer(t, 201, "POST", "/entries", secretary, `{"member":"E2","item":"酌情","on":"2026-05-08","points":"-5"}`)
	}
	has(h.answer(t, 200, "GET", "/alerts?org="+string(h.East.ID), secretary, ""), `"level":"红"`, `"suggest":"谈话"`)
}

func TestBadRequestsAreToldInChinese(t *testing.T) {
	t.Parallel()
	h := open(t)
	secretary := h.token(t, "secretary")
	for body, want := range map[string]string{
		`{"member":"E2","itm":"好事","on":"2026-05-07"}`:                        "没有“itm”这个字段",
		`{"member":"E2","item":5,"on":"2026-05-07"}`:                          "“item”的类型不对",
		`{"member":"E2","item":"好事"`:                                          "读不懂这段 JSON",
		`{"member":"E2","item":"好事","on":"2026-05-07"} {}`:                    "后面还有别的内容",
		`{"member":"E2","item":"好事","on":"2026-13-01"}`:                       "不是日期",
		`{"member":"E2","item":"好事","on":"2026-07-01"}`:                       "还没有到",
		`{"member":"E2","item":"好是","on":"2026-05-07"}`:                       "没有“好是”这个项目",
		`{"member":"E2","item":"酌情","on":"2026-05-07","points":"6"}`:          "超出范围",
		`{"member":"E2","item":"服务","on":"2026-05-07","fields":{"时长":"101"}}`: "超出范围",
		`{"member":"E2","item":"酌情","on":"2026-05-07","points":"1e2"}`:        `"points":"分值写了“1e2”，不是分值"`,
		`{"member":"E2","item":"酌情","on":"2026-05-07","points":"１"}`:          "写成 1，不写单位",

		`{"member":"","item":"好事","on":"明天"}`: `"fields":{"member":"没有写党员编号","on":"“明天”不是日期"}`,

		`{"member":"E2","item":"` + strings.Repeat("长", 101) + `","on":"2026-05-07"}`: "项目太长",
		`{"member":"X9","item":"好事","on":"2026-05-07"}`:                               "没有这名党员",
		`{"note":"` + strings.Repeat("长", 400_000) + `","member":"E2","item":"好事"}`:   "内容太大",
	} {
		got := h.answer(t, map[bool]int{true: 404, false: 422}[strings.Contains(body, "X9")], "POST", "/entries", secretary,
			body)
		if !strings.Contains(got, want) {
			t.Errorf("%.60s: %s, want %s", body, got, want)
		}
	}
	if w := h.ask("POST", "/entries", secretary, `{}`, "Content-Type", "text/plain"); w.Code != 422 ||
		!strings.Contains(w.Body.String(), "要是 JSON") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	h := open(t)
	src, err := os.ReadFile("testdata/matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(src)), "\n")
	who := strings.Split(lines[0], ",")[2:]
	if len(lines)-1 != len(h.rows) {
		t.Errorf("%d routes, %d lines", len(h.rows), len(lines)-1)
	}
	for k, login := range who {
		for _, line := range lines[1:] {
			token := ""
			if login != "nobody" {
				token = h.token(t, login) // anew, because one of the routes ends it
			}
			cells := strings.Split(line, ",")
			path := strings.TrimPrefix(strings.ReplaceAll(cells[1], ":id", "E2"), api.Prefix)
			body := ""
			if cells[0] == "POST" {
				body = "{}"
			}
			w := h.ask(cells[0], path, token, body)
			refused := w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized && cells[0]+path != "POST/session"
			if refused == (cells[2+k] == "yes") {
				t.Errorf("%s %s as %s: %d", cells[0], path, login, w.Code)
			}
		}
	}
}

func TestWhatIsHiddenIsAbsent(t *testing.T) {
	t.Parallel()
	testkit.InBothTrees(t, testWhatIsHiddenIsAbsent)
}

func testWhatIsHiddenIsAbsent(t *testing.T, town *testkit.Town) {
	h := openWith(t, town)
	for _, x := range []struct {
		login, path string
		status      int // 403 for who looks after nobody at all
	}{
		{"secretary", "/members/%s", 404}, {"community", "/members/%s/standing", 404},
		{"member", "/members/%s/standing", 403}, {"admin", "/members/%s", 403},
	} {
		login, token := x.login, h.token(t, x.login)
		hidden := h.ask("GET", fmt.Sprintf(x.path, "W1"), token, "")
		absent := h.ask("GET", fmt.Sprintf(x.path, "W9"), token, "")
		if hidden.Code != x.status || hidden.Code != absent.Code || hidden.Body.String() != absent.Body.String() {
			t.Errorf("%s: %d %s; %d %s", login, hidden.Code, hidden.Body, absent.Code, absent.Body)
		}
	}
	secretary := h.token(t, "secretary")
	hidden, absent := h.ask("GET", "/rankings?org="+string(h.West.ID), secretary, ""),
		h.ask("GET", "/rankings?org=999", secretary, "")
	if hidden.Code != 404 || hidden.Body.String() != absent.Body.String() {
		t.Errorf("%d %s; %d %s", hidden.Code, hidden.Body, absent.Code, absent.Body)
	}
}

func TestASessionOfTheSiteIsNotEnough(t *testing.T) {
	t.Parallel()
	h := open(t)
	if err := h.srv.Mount(append(h.rows, server.Route{Method: "GET", Path: "/in", Permission: server.Anyone,
		Handler: func(c *server.Context) {
			if err := h.srv.SignIn(c.Request.Context(), h.Secretary.Account); err != nil {
				t.Error(err)
			}
		}})); err != nil {
		t.Fatal(err)
	}
	in := httptest.NewRecorder()
	h.srv.ServeHTTP(in, httptest.NewRequest(http.MethodGet, "/in", nil))
	cookie := in.Header().Get("Set-Cookie")
	if cookie == "" {
		t.Fatal("nobody was signed in")
	}
	for _, w := range []*httptest.ResponseRecorder{
		h.ask("GET", "/me", "", "", "Cookie", cookie),
		h.ask("POST", "/entries", "", `{"member":"E2","item":"好事","on":"2026-05-07"}`, "Cookie", cookie,
			"Sec-Fetch-Site", "same-origin"),
		h.ask("GET", "/me", "jf_wrong", ""),
	} {
		if w.Code != http.StatusUnauthorized || w.Header().Get("Content-Type") != "application/problem+json; charset=utf-8" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}

// twenty posts the same twenty times at once with one key, and returns how many
// answers said that they were replays, and which different answers there were.
func (h *house) twenty(path, token, body string) (replays int, answers map[string]bool) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	answers = map[string]bool{}
	for range 20 {
		wait.Go(func() {
			w := h.ask("POST", path, token, body, "Idempotency-Key", "one")
			mu.Lock()
			defer mu.Unlock()
			answers[fmt.Sprint(w.Code, w.Body)] = true
			if w.Header().Get("Idempotency-Replayed") == "true" {
				replays++
			}
		})
	}
	wait.Wait()
	return replays, answers
}

func TestTwentyAtOnceWithOneKeyAreOneEntry(t *testing.T) {
	t.Parallel()
	h := open(t)
	secretary := h.token(t, "secretary")
	body := `{"member":"E2","item":"酌情","on":"2026-05-07","points":"1"}`
	replays, answers := h.twenty("/entries", secretary, body)
	if replays != 19 || len(answers) != 1 {
		t.Errorf("%d replays, answers %v", replays, answers)
	}
	expect.Contains(t, h.answer(t, 200, "GET", "/members/E2/standing", secretary, ""), `"total":"81"`)
	expect.Contains(t, h.answer(t, 409, "POST", "/entries", secretary, strings.Replace(body, `"1"`, `"2"`, 1),
		"Idempotency-Key", "one"), "conflict")
}
