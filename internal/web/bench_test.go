package web_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/machine"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/demo"
	"jifen/internal/domain"
	"jifen/internal/server"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/web"
	"jifen/internal/web/ui"
	shipped "jifen/rules"
	assets "jifen/web"
)

// street is the demo street of 1,485 members behind the site, on 1 November.
type street struct {
	srv    *server.Server
	branch domain.OrgID
	people []domain.MemberID
	jar    map[string]string // sessions by login
}

func now() time.Time { return time.Date(2026, 11, 1, 9, 0, 0, 0, testkit.Zone()) }

func buildStreet(b *testing.B) *street {
	b.Helper()
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(b.TempDir(), "t.db"), Create: true, Now: now,
		Random: rand.Reader, Keys: []store.Generation{{Chain: make([]byte, 32)}}})
	must(err)
	b.Cleanup(func() { _ = db.Close() })
	kit := testkit.Over(db)
	made, err := demo.New(demo.Options{Members: 1485, Seed: 1, Year: 2026})
	must(err)
	source, err := shipped.Files.ReadFile("weizhou.yaml")
	must(err)
	filled, err := made.Fill(ctx, demo.House{DB: db, Ledger: kit.Ledger, Activities: kit.Activities, Entries: kit.Entries,
		Rules: source, Initials: members.Initials}, calendar.FromTime(now()))
	must(err)
	signing := accounts.New(db, rand.Reader, accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1}))
	must(err)
	s := &street{jar: map[string]string{}, branch: filled.Orgs[made.Members[0].Home[domain.Branch]].ID}
	for i := range made.Members {
		if m := &made.Members[i]; m.Home == made.Members[0].Home && m.Left == 0 && m.Joined == 0 {
			s.people = append(s.people, m.ID)
		}
	}
	manifest, err := assets.ReadManifest(assets.Assets())
	must(err)
	pages, err := ui.New(assets.Templates(), manifest)
	must(err)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var pagesOf *web.Site
	s.srv = server.New(server.Options{
		Accounts: signing, Sessions: accounts.NewSessions(db, now), Random: rand.Reader, Now: now, Log: log,
		Refuse: func(c *server.Context, err error) { pagesOf.Refuse(c, err) },
	})
	pagesOf = web.New(web.Options{
		Machine: machine.New(db, testkit.Zone()), Accounts: signing, Activities: kit.Activities, Entries: kit.Entries,
		Ledger: kit.Ledger, Members: kit.Members,
		Enactment: kit.Enactment, Orgs: kit.Orgs, Locks: kit.Locks, Standings: kit.Standings, Exports: kit.Exports,
		Pages: pages, Session: s.srv,
		Random: rand.Reader, Now: now, Zone: testkit.Zone(), Log: log, Version: "bench", Since: now(),
	})
	must(s.srv.Mount(pagesOf.Routes(assets.Assets())))
	for login, o := range map[string]accounts.Opening{
		"clerk":     {Roles: []accounts.Role{{Role: domain.RoleStreet, Org: filled.Street.ID}}},
		"secretary": {Roles: []accounts.Role{{Role: domain.RoleSecretary, Org: s.branch}}},
		"member":    {Member: s.people[1], Roles: []accounts.Role{{Role: domain.RoleMember}}},
		"auditor":   {Roles: []accounts.Role{{Role: domain.RoleAuditor}}},
		"admin":     {Roles: []accounts.Role{{Role: domain.RoleAdministrator}}},
		"security":  {Roles: []accounts.Role{{Role: domain.RoleSecurity}}},
	} {
		o.Login, o.Name, o.None = login, login, o.Member == ""
		password, hash, err := signing.NewPassword(ctx)
		must(err)
		must(db.Write(ctx, func(tx *store.Tx) error {
			_, err := accounts.OpenTx(tx, access.Program("演示"), o, hash)
			return err
		}))
		w := s.ask("", http.MethodPost, "/login", url.Values{"login": {login}, "password": {password}})
		s.jar[login], _, _ = strings.Cut(w.Header().Get("Set-Cookie"), ";")
	}
	return s
}

func (s *street) ask(login, method, path string, form url.Values) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if c := s.jar[login]; c != "" {
		req.Header.Set("Cookie", c)
	}
	w := httptest.NewRecorder()
	s.srv.ServeHTTP(w, req)
	return w
}

// p99 times work n times and returns the time that 99 of 100 stayed within, in
// milliseconds.
func p99(n int, work func()) float64 {
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		work()
		took[i] = time.Since(start)
	}
	return percentile99(took)
}

func percentile99(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[(len(took)*99+99)/100-1].Microseconds()) / 1000
}

// BenchmarkPages is the server's time of every page, and of an activity of 50
// with the pages right after it.
func BenchmarkPages(b *testing.B) {
	s := buildStreet(b)
	branch := "/branches/" + string(s.branch)
	member := "/members/" + string(s.people[1])
	for _, page := range []struct{ login, path string }{
		{"secretary", branch}, {"secretary", branch + "/activity"},
		{"secretary", "/entries/new?item=志愿服务&member=" + string(s.people[1])},
		{"secretary", "/claims"}, {"secretary", member}, {"secretary", "/ranking"}, {"member", "/me"},
		{"clerk", "/branches"}, {"clerk", "/ranking"},
		{"clerk", "/ranking?category=B"}, {"auditor", "/trail"}, {"security", "/accounts"}, {"admin", "/health"},
	} {
		b.Run(page.login+strings.NewReplacer("/", " ", branch, " branch", member, " member").Replace(page.path),
			func(b *testing.B) {
				if w := s.ask(page.login, http.MethodGet, page.path, nil); w.Code != http.StatusOK {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
				b.ReportMetric(p99(max(b.N, 100), func() { s.ask(page.login, http.MethodGet, page.path, nil) }), "ms-p99")
			})
	}
	b.Run("activity of 50", func(b *testing.B) {
		took := map[string][]time.Duration{}
		timed := func(name string, work func()) {
			start := time.Now()
			work()
			took[name] = append(took[name], time.Since(start))
		}
		for n := range max(b.N, 50) {
			day := calendar.FromTime(now()) - calendar.Day(n%28) // within what 补录 allows
			form := url.Values{"key": {fmt.Sprint("bench", b.N, "-", n)}, "kind": {"党课"}, "day": {day.String()},
				"title": {fmt.Sprint("第 ", b.N, "-", n, " 场")}}
			for i := range min(50, len(s.people)) {
				form.Set("status."+string(s.people[i]), "到会")
			}
			timed("activity", func() {
				if w := s.ask("secretary", http.MethodPost, branch+"/activity", form); w.Code != http.StatusSeeOther {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			})
			timed("branch-after", func() { s.ask("secretary", http.MethodGet, branch, nil) })
			timed("ranking-after", func() { s.ask("clerk", http.MethodGet, "/ranking", nil) })
		}
		for name, list := range took {
			b.ReportMetric(percentile99(list), "ms-p99-"+name)
		}
	})
}
