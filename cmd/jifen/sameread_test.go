package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/api"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// doors is the town with all the ways in that there are to it: pages, the API, and
// the commands of this program.
type doors struct {
	*testkit.Town
	house *house
	site  *httptest.Server
}

// openDoors opens a town to browsers, programs and the command line.
func openDoors(t *testing.T, town *testkit.Town) *doors {
	t.Helper()
	h := houseOf(town)
	srv, err := buildServer(h, siteParts{
		signing: town.Accounts, log: slog.New(slog.DiscardHandler), now: func() time.Time { return town.Later(0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &doors{Town: town, house: h, site: httptest.NewServer(srv)}
	t.Cleanup(d.site.Close)
	return d
}

// houseOf returns the use cases of a town as the program has them.
func houseOf(town *testkit.Town) *house {
	return &house{
		db: town.DB, standings: town.Standings, ledger: town.Ledger, members: town.Members, enactment: town.Enactment,
		orgs: town.Orgs, periods: town.Locks, exports: town.Exports, entries: town.Entries, activities: town.Activities,
	}
}

// person is somebody with an account, a browser and a token.
type person struct {
	t       *testing.T
	doors   *doors
	login   string
	actor   *access.Actor
	browser *http.Client
	token   string
}

// person signs somebody in everywhere.
func (d *doors) person(t *testing.T, login string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p := &person{t: t, doors: d, login: login, browser: &http.Client{Jar: jar, CheckRedirect: stay}}
	form := url.Values{"login": {login}, "password": {testkit.Password}}
	resp, err := p.browser.PostForm(d.site.URL+"/login", form)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	expect.Equal(t, login+" signs in", resp.StatusCode, http.StatusSeeOther)
	if p.actor, err = d.Accounts.ActorOf(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	if p.token, _, err = d.Accounts.StartSession(t.Context(), p.actor); err != nil {
		t.Fatal(err)
	}
	return p
}

// seen is one look: whether it was answered, what came of it, and the lines that
// the trail has of it, each "action member detail".
type seen struct {
	status int
	body   string
	trail  []string
}

// look does something and finds what the trail has of it.
func (p *person) look(do func() (status int, body string)) (out seen) {
	p.t.Helper()
	before := p.lines()
	out.status, out.body = do()
	out.trail = append(out.trail, p.lines()[len(before):]...)
	return out
}

// lines returns the whole trail, the oldest first.
func (p *person) lines() (out []string) {
	p.t.Helper()
	err := p.doors.DB.Read(context.Background(), func(v *store.Snapshot) error {
		all, err := v.Traces(access.System("the test looks at all"), domain.AuditFilter{}, 500)
		for i := len(all) - 1; i >= 0; i-- {
			x := &all[i]
			out = append(out, strings.TrimSpace(strings.Join([]string{x.Name, x.Action, string(x.Member), string(x.Org),
				x.Detail}, " ")))
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(out) == 500 {
		p.t.Fatal("the trail is longer than the test reads")
	}
	return out
}

// page looks at a page.
func (p *person) page(path string) seen {
	p.t.Helper()
	return p.look(func() (int, string) { return p.get(path, "") })
}

// api asks the API.
func (p *person) api(path string) seen {
	p.t.Helper()
	return p.look(func() (int, string) { return p.get(api.Prefix+path, p.token) })
}

func (p *person) get(path, token string) (status int, body string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.doors.site.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	client := p.browser
	if token != "" {
		client = http.DefaultClient
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
