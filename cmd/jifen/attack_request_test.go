package main

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"jifen/internal/access"
	"jifen/internal/server"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// of fills in a route's parameters with an id.
func of(path, id string) string {
	return strings.NewReplacer(":id", id, ":record", "entry-"+id, ":token", id, "*file", id).Replace(path)
}

// rowsOf counts what the town's database holds of what people record and are.
func (g *target) rowsOf(t *testing.T) (n int) {
	t.Helper()
	err := g.DB.Read(t.Context(), func(v *store.Snapshot) error {
		heads, err := v.Heads()
		for i := range heads {
			n += int(heads[i].Seq)
		}
		return err
	})
	expect.NoError(t, "the chains", err)
	return n
}

// TestNoFormOfAnotherSiteIsTaken: every route that changes something, as who may most, with
// a cookie that the browser sends along, whatever the browser says of where the form is from.
func TestNoFormOfAnotherSiteIsTaken(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	people, before := []*intruder{g.as(t, "clerk"), g.as(t, "security"), g.as(t, "member")}, g.rowsOf(t)
	tried := 0
	for _, r := range table() {
		if r.Method == http.MethodGet {
			continue
		}
		for _, i := range people {
			for name, headers := range map[string][]string{
				"another origin": {"Origin", "http://evil.example"}, "an origin that is hidden": {"Origin", "null"},
				"another site":                 {"Origin", "", "Sec-Fetch-Site", "cross-site"},
				"a site beside this":           {"Origin", "", "Sec-Fetch-Site", "same-site"},
				"an address of another":        {"Origin", "", "Referer", "http://evil.example/login"},
				"nothing is said":              {"Origin", ""},
				"another, whatever is claimed": {"Origin", "http://evil.example", "X-Forwarded-Host", "evil.example"},
			} {
				tried++
				got := i.send(r.Method, of(r.Path, "1"), strings.NewReader("do=confirm&key=k"),
					append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
				if got.status != http.StatusForbidden {
					t.Errorf("%s %s with %s: %d", r.Method, r.Path, name, got.status)
				}
			}
		}
	}
	expect.True(t, tried > 500, "many requests were tried", tried)
	expect.Equal(t, "what is recorded", g.rowsOf(t), before)
}

// TestEveryAnswerIsGuarded: whatever is asked and however it is answered, no other site
// frames it, no script of elsewhere runs in it, and no browser or proxy keeps it.
func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	people := []*intruder{g.from(t, "192.0.2.1"), g.as(t, "clerk"), g.as(t, "member"), g.as(t, "security"),
		g.as(t, "auditor"),
		g.as(t, "admin")}
	paths := []string{"/none", "/members/%2f", "/me/", "//evil.example/"}
	for _, r := range table() {
		if r.Method == http.MethodGet {
			paths = append(paths, of(r.Path, "E2"), of(r.Path, "1"))
		}
	}
	for _, i := range people {
		for _, path := range paths {
			guarded(t, path, i.get(path))
		}
		guarded(t, "a form of another site", i.post("/logout", nil, "Origin", "http://evil.example"))
		guarded(t, "a method that is not taken", i.send(http.MethodPut, "/login", nil))
	}
	style := "/assets/" + nameOfStyle(t, people[0].get("/login").body)
	expect.Contains(t, people[0].get(style).Get("Cache-Control"), "immutable")
}

// nameOfStyle returns the name of the style that a page asks for.
func nameOfStyle(t *testing.T, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "/assets/app-")
	name, _, closed := strings.Cut(rest, `"`)
	expect.True(t, ok && closed, "a page asks for a style", page)
	return "app-" + name
}

// guarded checks the headers of an answer.
func guarded(t *testing.T, what string, got heard) {
	t.Helper()
	csp := got.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'",
		"form-action 'self'",
		"base-uri 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("%s (%d) lacks %s: %q", what, got.status, part, csp)
		}
	}
	for header, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store"} {
		if got.Get(header) != want {
			t.Errorf("%s (%d): %s is %q", what, got.status, header, got.Get(header))
		}
	}
}

// leadsAway reports whether a browser that is led to an address may leave the site. To it a
// path that begins with two slashes, or a slash and a backslash, names a host.
func leadsAway(to string) bool {
	u, err := url.Parse(to)
	return err != nil || u.Host != "" || u.Scheme != "" || to != "" && !strings.HasPrefix(to, "/") ||
		strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || strings.ContainsFunc(to, unicode.IsControl)
}

// TestNobodyIsSentElsewhere: wherever a request asks to be led, the answer leads to a page
// of this site, and what was asked for adds no header.
func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	places := []string{
		"//evil.example", "///evil.example", "https://evil.example", "http:evil.example", `/\evil.example`, `\\evil.example`,
		"/\t/evil.example", "/\r\nX-Evil: 1", "/me\r\nSet-Cookie: jifen=evil", "javascript:alert(1)", "data:text/html,x",
		"/%0d%0aX-Evil:%201", "/..//evil.example", "/me\x00", "/\u2028/evil.example", "//evil.example\\@" + g.site,
	}
	local := func(what string, got heard) {
		t.Helper()
		to := got.Get("Location")
		if leadsAway(to) || got.Get("X-Evil") != "" {
			t.Errorf("%s: led to %q, X-Evil %q", what, to, got.Get("X-Evil"))
		}
		for _, cookie := range got.Values("Set-Cookie") {
			if strings.Contains(cookie, "evil") {
				t.Errorf("%s sets %s", what, cookie)
			}
		}
	}
	for _, place := range places {
		i := g.from(t, "192.0.2.1")
		local("signing in for "+place, i.post("/login", url.Values{"login": {"member"}, "password": {testkit.Password},
			"next": {place}}))
		local("a look for "+place, i.post("/look", url.Values{"dark": {"1"}, "back": {place}}))
		stranger := g.from(t, "192.0.2.1")
		local("asking for the page "+place, stranger.get("/me?next="+url.QueryEscape(place)))
		form := stranger.get("/login?next=" + url.QueryEscape(place)).body
		_, after, _ := strings.Cut(form, `name="next" value="`)
		next, _, _ := strings.Cut(after, `"`)
		expect.True(t, !leadsAway(html.UnescapeString(next)), "the form leads on in this site", next)
	}
	for _, path := range []string{"//evil.example/", "//evil.example/login/", "/me/", "///evil.example/me/",
		`/\evil.example/`,
		"/login//evil.example/", "/%09/evil.example/", "/me/%0d%0aX-Evil:1/", "/;@evil.example/"} {
		for _, prefix := range []string{"", "X-Forwarded-Prefix: //evil.example\r\n", "X-Forwarded-Host: evil.example\r\n"} {
			got, head := g.raw(t, "GET "+path+" HTTP/1.1\r\nHost: "+g.site+"\r\n"+prefix+"Connection: close\r\n\r\n")
			local("the path "+path+" "+prefix, got)
			if strings.Contains(strings.ToLower(head), "\nx-evil") || strings.Contains(got.Get("Location"), "evil") {
				t.Errorf("%s %s is led to %q", path, prefix, got.Get("Location"))
			}
		}
	}
}

// TestAPathIsReadOneWay: of every route, with an id that is not one, and of the files; nobody
// gets anything, nothing fails, and nothing of what was asked becomes a header.
func TestAPathIsReadOneWay(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	odd := []string{
		"..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cwindows", "E2%2fchanges",
		"E2%00", "%00", "%c0%ae%c0%ae%c0%af", "%c0%afE2", "%e0%80%af", "%ff%fe", "%ed%a0%80", "E2%0d%0aX-Evil:%201", "E2%0a",
		"E2;x=1", "E2%3fx=1", "E2%23", "%2fE2", ".%2e", "%252e%252e%252f", "E2%20", "E2%e2%80%8b", strings.Repeat("9", 7000),
		strings.Repeat("%e9%95%bf", 700),
	}
	tokens := map[string]string{}
	for _, login := range []string{"clerk", "security", "auditor", "member", "secretary", "admin", "officer"} {
		i := g.as(t, login)
		tokens[login] = g.token(t, login, 1<<40)
		for _, r := range table() {
			if !strings.ContainsAny(r.Path, ":*") {
				continue
			}
			for _, id := range odd {
				headers := []string{}
				if r.API {
					headers = []string{"Authorization", "Bearer " + tokens[login]}
				}
				got := i.send(r.Method, of(r.Path, id), nil, headers...)
				if got.status < http.StatusBadRequest || got.status >= http.StatusInternalServerError || got.Get("X-Evil") != "" {
					t.Errorf("%s: %s %.80s is answered with %d", login, r.Method, of(r.Path, id), got.status)
				}
			}
		}
	}
	for _, path := range []string{"/assets/../schema.sql", "/assets/%2e%2e/schema.sql", "/assets/..%2f..%2fschema.sql",
		"/assets//etc/passwd", "/assets/manifest.json", "/assets/", "/assets/.", "/../../etc/passwd", "/assets/app.css%00.js",
		"/.git/config", "/t.db"} {
		got, _ := g.raw(t, "GET "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if got.status != http.StatusNotFound && got.status != http.StatusBadRequest {
			t.Errorf("%s is answered with %d", path, got.status)
		}
	}
}

// TestAMethodIsWhatItIs: no header, field or parameter makes a look a change.
func TestAMethodIsWhatItIs(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	before := g.rowsOf(t)
	for _, login := range []string{"clerk", "security", "member"} {
		i := g.as(t, login)
		for _, r := range table() {
			if r.Method == http.MethodGet {
				continue
			}
			for _, header := range []string{"X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"} {
				got := i.get(of(r.Path, "1")+"?_method="+r.Method+"&do=close&reason=x", header, r.Method)
				if got.status == http.StatusSeeOther && !strings.HasPrefix(got.Get("Location"), "/login") && r.Path != "/look" {
					t.Errorf("GET %s, said to be %s: led to %s", r.Path, r.Method, got.Get("Location"))
				}
			}
		}
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, "post"} {
			got, _ := g.raw(t, method+" /entries HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			expect.True(t, got.status >= http.StatusBadRequest && got.status < http.StatusInternalServerError,
				method+" of a form is refused", got.status)
		}
	}
	expect.Equal(t, "what is recorded", g.rowsOf(t), before)
}

// TestNobodyGivesHimselfMore: a field that is not the caller's to say is refused by the API,
// and by a form.
func TestNobodyGivesHimselfMore(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	extra := []string{"roles", "account", "recorded_by", "recorded_at", "granted", "decided", "id", "permissions", "as",
		"street"}
	i := g.from(t, "192.0.2.1")
	for _, r := range table() {
		if !r.API || r.Method != http.MethodPost {
			continue
		}
		for _, login := range []string{"clerk", "secretary", "member"} {
			actor := map[string]*access.Actor{"clerk": g.Clerk, "secretary": g.Secretary, "member": g.Member}[login]
			if r.Permission != server.Anyone && !actor.May(r.Permission) {
				continue
			}
			token := g.token(t, login, 1<<40)
			for _, name := range extra {
				got := i.api(of(r.Path, "1"), token, `{"`+name+`":"1"}`)
				if strings.HasSuffix(r.Path, "/withdrawal") || strings.HasSuffix(r.Path, "/slip") { // they take no body
					expect.Equal(t, r.Path+" with "+name, got.status, http.StatusNotFound)
					continue
				}
				expect.Equal(t, r.Path+" with "+name, got.status, http.StatusUnprocessableEntity)
				expect.Contains(t, got.body, "没有“"+name+"”这个字段")
			}
		}
	}
	member := g.as(t, "member")
	form := url.Values{"key": {"k1"}, "item": {"好事"}, "day": {"2026-05-20"}, "do": {"save"}, "member": {"W1"},
		"points": {"100"}, "account": {"1"}, "role": {"街道党工委"}, "accepted": {"1"}, "recorded_by": {"1"}, "branch": {"6"}}
	expect.Equal(t, "a member says what it is worth", member.post("/me/claims", form).status,
		http.StatusUnprocessableEntity)
	form.Del("points")
	for _, name := range []string{"account", "role", "accepted", "recorded_by"} {
		got := member.post("/me/claims", form)
		expect.Equal(t, "a member says "+name, got.status, http.StatusUnprocessableEntity)
		form.Del(name)
	}
	expect.Equal(t, "a member asks for more", member.post("/me/claims", form).status, http.StatusSeeOther)
	own := g.as(t, "auditor").get("/members/W1")
	expect.Equal(t, "the page of another", own.status, http.StatusOK)
	expect.Lacks(t, own.body, "待确认")
	expect.Contains(t, member.get("/me/claims").body, "好事")
	change := url.Values{"old": {testkit.Password}, "new": {"another long password 7"},
		"again": {"another long password 7"}}
	for _, name := range []string{"role", "login", "account", "member"} {
		change.Set(name, "1")
		expect.Equal(t, "a member changes the password of "+name, member.post("/account/password", change).status,
			http.StatusUnprocessableEntity)
		change.Del(name)
	}
	expect.Equal(t, "a member changes the password", member.post("/account/password", change).status, http.StatusSeeOther)
	expect.Equal(t, "the clerk's password", g.from(t, "192.0.2.9").signIn("clerk", testkit.Password).status,
		http.StatusSeeOther)
	expect.Equal(t, "the list of all", member.get("/branches").status, http.StatusForbidden)
}
