package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"jifen/internal/api"
	"jifen/internal/app/audit"
	"jifen/internal/server"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/web"
)

// The tests of attack_*_test.go are the attacks that docs/security.md names: each sends
// requests over a socket to the site as serve builds it, with its limits and time limits.

// target is a town whose site is attacked.
type target struct {
	*testkit.Town
	site string // where it listens
	http *http.Server
}

// openTarget opens the site of a town as serve does, behind a proxy of this computer, so
// that a test may come from several addresses.
func openTarget(t testing.TB, town *testkit.Town, changes ...func(*siteParts, *http.Server)) *target {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	parts := siteParts{
		signing: town.Accounts, log: log, limits: server.StandardLimits(), later: audit.NewLater(town.DB, log),
		proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, now: func() time.Time { return town.Later(0) },
	}
	g := &target{Town: town, http: serverOf(context.WithoutCancel(t.Context()), nil)}
	for _, change := range changes {
		change(&parts, g.http)
	}
	handler, err := buildServer(houseOf(town), parts)
	if err != nil {
		t.Fatal(err)
	}
	g.http.Handler = handler
	listener, err := listenOn(t.Context(), "127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	g.site = listener.Addr().String()
	done := make(chan struct{})
	go func() {
		_ = g.http.Serve(listener) // until it is closed
		close(done)
	}()
	t.Cleanup(func() {
		_ = g.http.Close()
		<-done
	})
	return g
}

// table returns the route table that the site mounts.
func table() []server.Route { return routes(web.New(web.Options{}), api.New(api.Options{})) }

// intruder is somebody who sends what he likes, from an address, with a cookie jar.
type intruder struct {
	t       testing.TB
	target  *target
	address string
	client  *http.Client
}

// from returns somebody at an address.
func (g *target) from(t testing.TB, address string) *intruder {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	return &intruder{t, g, address, client}
}

// as returns somebody who is signed in.
func (g *target) as(t testing.TB, login string) *intruder {
	t.Helper()
	i := g.from(t, "192.0.2.1")
	expect.Equal(t, login+" signs in", i.signIn(login, testkit.Password).status, http.StatusSeeOther)
	return i
}

// token returns a bearer token of a login.
func (g *target) token(t testing.TB, login string, life time.Duration) string {
	t.Helper()
	token, err := g.TokenOf(t.Context(), login, "试验 "+login, life)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (i *intruder) signIn(login, password string) heard {
	i.t.Helper()
	return i.post("/login", url.Values{"login": {login}, "password": {password}})
}

func (i *intruder) get(path string, headers ...string) heard {
	i.t.Helper()
	return i.send(http.MethodGet, path, nil, headers...)
}

func (i *intruder) post(path string, form url.Values, headers ...string) heard {
	i.t.Helper()
	return i.send(http.MethodPost, path, strings.NewReader(form.Encode()),
		append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

// api asks the API with a bearer token; a body makes it a POST.
func (i *intruder) api(path, token, body string) heard {
	i.t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	return i.send(method, path, strings.NewReader(body), "Content-Type", "application/json", "Authorization",
		"Bearer "+token)
}

// send sends a request with headers in pairs, by default as a browser does from a page of
// the site; a header that is "" is left out.
func (i *intruder) send(method, path string, body io.Reader, headers ...string) heard {
	i.t.Helper()
	req, err := http.NewRequestWithContext(i.t.Context(), method, "http://"+i.target.site+path, body)
	if err != nil {
		i.t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", i.address)
	req.Header.Set("Origin", "http://"+i.target.site)
	for k := 0; k < len(headers); k += 2 {
		if req.Header.Del(headers[k]); headers[k+1] != "" {
			req.Header.Set(headers[k], headers[k+1])
		}
	}
	resp, err := i.client.Do(req)
	if err != nil {
		i.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return heard{resp.StatusCode, string(text), resp.Header}
}

// session returns the token of the session in the jar.
func (i *intruder) session() string {
	for _, c := range i.client.Jar.Cookies(&url.URL{Scheme: "http", Host: i.target.site, Path: "/"}) {
		if c.Name == "jifen" {
			return c.Value
		}
	}
	return ""
}

// raw sends bytes as they are on a connection of its own and returns the answer, with its
// head as it came.
func (g *target) raw(t testing.TB, request string) (heard, string) {
	t.Helper()
	conn := g.dial(t)
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	var head strings.Builder
	resp, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &head)), nil)
	if err != nil {
		t.Fatalf("%.80q: %v", request, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return heard{resp.StatusCode, string(text), resp.Header}, head.String()
}

// dial opens a connection that ends with the test, or a minute later at most.
func (g *target) dial(t testing.TB) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", g.site)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}
