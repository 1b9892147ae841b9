package main

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// in reports whether somebody is signed in.
func (i *intruder) in() bool {
	i.t.Helper()
	return i.get("/account").status == http.StatusOK
}

// holding returns somebody who has stolen or planted a session.
func (g *target) holding(t *testing.T, session string) *intruder {
	t.Helper()
	i := g.from(t, "198.51.100.66")
	i.client.Jar.SetCookies(&url.URL{Scheme: "http", Host: g.site, Path: "/"},
		[]*http.Cookie{{Name: "jifen", Value: session, Path: "/"}})
	return i
}

// TestAPlantedSessionIsWorthNothing: who knows the session that somebody had before he
// signed in, or changed his password, is not him after it.
func TestAPlantedSessionIsWorthNothing(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	own := g.as(t, "member").session()
	for name, planted := range map[string]string{"made up": strings.Repeat("A", 43), "the intruder's own": own} {
		victim := g.holding(t, planted)
		expect.Equal(t, name+": the victim signs in", victim.signIn("secretary", testkit.Password).status,
			http.StatusSeeOther)
		expect.True(t, victim.session() != planted && victim.in(), name+": the victim has a session of his own",
			victim.session())
		if g.holding(t, planted).in() {
			t.Errorf("%s: who planted the session is in", name)
		}
	}
	victim := g.as(t, "secretary")
	stolen := victim.session()
	expect.True(t, g.holding(t, stolen).in(), "a stolen session is somebody's", stolen)
	changed := victim.post("/account/password",
		url.Values{"old": {testkit.Password}, "new": {"correct horse battery staple 9"},
			"again": {"correct horse battery staple 9"}})
	expect.Equal(t, "the victim changes the password", changed.status, http.StatusSeeOther)
	expect.True(t, victim.in(), "the victim stays in", victim.session())
	expect.True(t, !g.holding(t, stolen).in(), "the stolen session ends with the password", stolen)
	last := victim.session()
	expect.Equal(t, "the victim signs out", victim.post("/logout", nil).status, http.StatusSeeOther)
	expect.True(t, !g.holding(t, last).in(), "a session ends when one signs out", last)
}

// TestCookiesAreForTheSiteAlone looks at every cookie that the site sets.
func TestCookiesAreForTheSiteAlone(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		g := openTarget(t, testkit.New(t), func(w *siteParts, _ *http.Server) { w.tls = secure })
		i, set := g.from(t, "192.0.2.1"), map[string]bool{}
		for _, answer := range []heard{
			i.signIn("clerk", testkit.Password), i.post("/look", url.Values{"dark": {"1"}, "large": {"1"}}),
			i.post("/logout", nil),
		} {
			for _, line := range answer.Values("Set-Cookie") {
				c, err := http.ParseSetCookie(line)
				if err != nil {
					t.Fatal(err)
				}
				set[c.Name] = true
				if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure {
					t.Errorf("over https %v: the cookie %s", secure, line)
				}
			}
		}
		expect.Equal(t, "how many cookies were set", len(set), 3)
		hsts := i.get("/login").Get("Strict-Transport-Security")
		expect.Equal(t, "whether browsers are to come by https only", hsts != "", secure)
	}
}

// codeOn returns the code of a slip that a page shows.
func codeOn(t *testing.T, page heard) string {
	t.Helper()
	code := regexp.MustCompile(`\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b`).FindString(page.body)
	if page.status != http.StatusOK || code == "" {
		t.Fatalf("no slip is shown: %d\n%.500s", page.status, page.body)
	}
	return code
}

// TestASlipOpensForOneOfMany: of those who use a slip at once one gets the account, and
// afterwards it is as good as one that never was.
func TestASlipOpensForOneOfMany(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	id := strconv.FormatInt(int64(g.Member.Account), 10)
	code := codeOn(t, g.as(t, "security").post("/accounts/"+id+"/password", nil))
	form := func(code string, n int) url.Values {
		word := fmt.Sprintf("a password of many %d", n)
		return url.Values{"login": {"member"}, "code": {code}, "new": {word}, "again": {word}}
	}
	var all sync.WaitGroup
	won := make([]bool, 8)
	for n := range won {
		i := g.from(t, fmt.Sprintf("198.51.100.%d", n+1))
		all.Go(func() { won[n] = i.post("/activate", form(code, n)).status == http.StatusSeeOther })
	}
	all.Wait()
	opened := 0
	for n := range won {
		if won[n] {
			opened++
		}
		in := g.from(t, fmt.Sprintf("203.0.113.%d", n+20)).signIn("member",
			form(code, n).Get("new")).status == http.StatusSeeOther
		expect.Equal(t, fmt.Sprintf("whether the password of caller %d is the account's", n), in, won[n])
	}
	expect.Equal(t, "how many opened the account", opened, 1)
	i := g.from(t, "203.0.113.9")
	used, none := i.post("/activate", form(code, 9)), i.post("/activate", form("aaaa-bbbb-cccc-dddd", 9))
	expect.Equal(t, "a used slip", used.status, http.StatusUnprocessableEntity)
	expect.Equal(t, "a slip that never was", none.status, used.status)
	expect.Equal(t, "what is told of it", bare(none.body, "aaaa-bbbb-cccc-dddd"), bare(used.body, code))
}

// TestARoleThatEndsEndsAtOnce: in a session, with a token, by hand or by its day; and an
// account that is closed.
func TestARoleThatEndsEndsAtOnce(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, g *target, page string){
		"ended by hand": func(t *testing.T, g *target, page string) {
			t.Helper()
			r := g.as(t, "security").post(page+"/roles",
				url.Values{"role": {"支部书记"}, "org": {string(g.East.ID)}, "do": {"end"}})
			expect.Equal(t, "the role is ended", r.status, http.StatusSeeOther)
		},
		"the account closed": func(t *testing.T, g *target, page string) {
			t.Helper()
			r := g.as(t, "security").post(page+"/close", url.Values{"do": {"close"}})
			expect.Equal(t, "the account is closed", r.status, http.StatusSeeOther)
		},
		"its day is over": func(_ *testing.T, g *target, _ string) { g.Later(24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := openTarget(t, testkit.New(t))
			page := "/accounts/" + strconv.FormatInt(int64(g.Secretary.Account), 10)
			if name == "its day is over" { // the role again, until today
				security := g.as(t, "security")
				role := url.Values{"role": {"支部书记"}, "org": {string(g.East.ID)}, "do": {"end"}}
				expect.Equal(t, "the role is ended", security.post(page+"/roles", role).status, http.StatusSeeOther)
				role.Set("do", "give")
				role.Set("until", "2026-06-01")
				expect.Equal(t, "the role is given", security.post(page+"/roles", role).status, http.StatusSeeOther)
				clerk := g.as(t, "clerk")
				waiting := regexp.MustCompile(`action="(/proposals/[0-9]+)"`).FindStringSubmatch(clerk.get("/proposals").body)
				expect.Len(t, "the role that waits for the clerk", waiting, 2)
				agreed := clerk.post(waiting[1], url.Values{"do": {"agree"}})
				expect.Equal(t, "the clerk agrees", agreed.status, http.StatusSeeOther)
			}
			i, token := g.as(t, "secretary"), g.token(t, "secretary", 48*time.Hour)
			entry := `{"member":"E2","item":"好事","on":"2026-05-20"}`
			branch := "/branches/" + string(g.East.ID)
			expect.Equal(t, "before: the page", i.get(branch).status, http.StatusOK)
			expect.Equal(t, "before: the API", i.api("/api/v1/entries", token, entry).status, http.StatusCreated)
			end(t, g, page)
			for what, status := range map[string]int{
				"the page": i.get(branch).status, "the form": i.post("/entries", url.Values{}).status,
				"the API": i.api("/api/v1/members", token, "").status, "an entry": i.api("/api/v1/entries", token, entry).status,
			} {
				if status != http.StatusForbidden && status != http.StatusSeeOther && status != http.StatusUnauthorized {
					t.Errorf("after it %s is answered with %d", what, status)
				}
			}
		})
	}
}

// TestATokenThatIsOverOpensNothing: past its day, revoked, of who got a new slip; and
// what is told is told of one that never was.
func TestATokenThatIsOverOpensNothing(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	i, never := g.from(t, "192.0.2.1"), "jf_"+strings.Repeat("A", 43)
	tokens := map[string]string{
		"revoked": g.token(t, "secretary", time.Hour), "of who got a new slip": g.token(t, "member", 48*time.Hour),
		"past its day": g.token(t, "clerk", time.Hour),
	}
	for name, token := range tokens {
		expect.Equal(t, name+", before it", i.api("/api/v1/me", token, "").status, http.StatusOK)
	}
	security := g.as(t, "security")
	account := func(id domain.AccountID) string { return "/accounts/" + strconv.FormatInt(int64(id), 10) }
	page := security.get(account(g.Secretary.Account))
	revoke := regexp.MustCompile(`/accounts/\d+/tokens/\d+/revoke`).FindString(page.body)
	expect.Equal(t, "revoked on "+revoke, security.post(revoke, nil).status, http.StatusSeeOther)
	expect.Equal(t, "a new slip", security.post(account(g.Member.Account)+"/password", nil).status, http.StatusOK)
	g.Later(time.Hour + time.Second)
	absent := i.api("/api/v1/me", never, "")
	expect.Equal(t, "one that never was", absent.status, http.StatusUnauthorized)
	for name, token := range tokens {
		got := i.api("/api/v1/me", token, "")
		expect.Equal(t, name, got.status, absent.status)
		expect.Equal(t, name+": what is told", bare(got.body, ""), bare(absent.body, ""))
	}
	alive := g.token(t, "auditor", time.Hour)
	for name, got := range map[string]heard{
		"in the address": i.get("/api/v1/me?access_token=" + alive),
		"as a cookie":    i.get("/api/v1/me", "Cookie", "jifen="+alive),
		"on a page":      i.get("/account", "Authorization", "Bearer "+alive),
	} {
		if got.status == http.StatusOK {
			t.Errorf("a token %s opens something", name)
		}
	}
}

// TestGuessingIsSlowAndLocksNobodyOut: for a day somebody tries passwords as fast as he is
// told that he may, at one address; the owner signs in all the while at another.
func TestGuessingIsSlowAndLocksNobodyOut(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	start := town.Later(0)
	g := openTarget(t, town, func(w *siteParts, _ *http.Server) { w.limits.Strangers = 0 })
	guesser, owner := g.from(t, "198.51.100.66"), g.from(t, "192.0.2.1")
	tries, judged := 0, 0
	for town.Later(0).Sub(start) < 24*time.Hour && tries < 500 {
		r := guesser.signIn("clerk", fmt.Sprintf("guess number %d", tries))
		tries++
		if r.status == http.StatusUnprocessableEntity {
			judged++
		}
		if seconds, err := strconv.Atoi(r.Get("Retry-After")); err == nil {
			if tries%10 == 0 {
				if now := guesser.signIn("clerk", testkit.Password).status; now != http.StatusTooManyRequests {
					t.Fatalf("the right password while one waits is answered with %d", now)
				}
				expect.Equal(t, "the owner signs in elsewhere", owner.signIn("clerk", testkit.Password).status, http.StatusSeeOther)
			}
			town.Later(time.Duration(seconds) * time.Second)
		}
	}
	if judged < 50 || judged > 150 {
		t.Errorf("%d guesses were judged in a day, want about a hundred", judged)
	}
}
