package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/testkit/effort"
)

// What the examples of proxies name, and the client of the tests.
const (
	exampleName   = "jifen.example.cn"
	exampleSite   = "127.0.0.1:8080"
	clientAddress = "127.0.0.9"
	forgedAddress = "203.0.113.77"
)

// proxy is a kind of proxy with an example in packaging/proxy.
type proxy struct {
	program string
	example string
	ready   string // what it writes to the standard error once it listens
	// prepare makes of the example what runs in a folder, and returns the arguments.
	prepare func(t *testing.T, example string, p *proxied) []string
}

// proxied is the program behind a proxy, and the way there.
type proxied struct {
	folder      string
	site        string // where the program listens
	tls, plain  string // where the proxy listens
	certificate string
	key         string
	trusted     *x509.CertPool
}

func proxies() []proxy {
	return []proxy{
		{program: "nginx", example: "nginx.conf", ready: "start worker processes", prepare: prepareNginx},
		{program: "caddy", example: "Caddyfile", ready: "serving initial configuration", prepare: prepareCaddy},
	}
}

func prepareNginx(t *testing.T, example string, p *proxied) []string {
	t.Helper()
	example = replaced(t, example, "listen 80;", "listen "+p.plain+";", "listen 443 ", "listen "+p.tls+" ",
		exampleSite, p.site, "/etc/ssl/jifen/certificate.pem", p.certificate, "/etc/ssl/jifen/key.pem", p.key)
	around := "daemon off;\npid nginx.pid;\nerror_log stderr notice;\nevents {}\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		around += kind + "_temp_path " + kind + ";\n"
	}
	if os.Geteuid() == 0 {
		around = "user root;\n" + around // the folders of a test are its user's alone
	}
	write(t, filepath.Join(p.folder, "nginx.conf"), around+example+"}\n")
	return []string{"-p", p.folder, "-e", "stderr", "-c", "nginx.conf"}
}

func prepareCaddy(t *testing.T, example string, p *proxied) []string {
	t.Helper()
	example = replaced(t, example, exampleName+" {", "https://"+exampleName+":"+port(p.tls)+" {",
		"admin off", "admin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1",
		exampleSite, p.site, "/etc/ssl/jifen/certificate.pem", p.certificate, "/etc/ssl/jifen/key.pem", p.key)
	path := filepath.Join(p.folder, "Caddyfile")
	write(t, path, example)
	return []string{"run", "--config", path, "--adapter", "caddyfile"}
}

// replaced replaces pairs in an example, each of which must stand there.
func replaced(t *testing.T, example string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(example, pairs[i]) {
			t.Fatalf("the example lacks %q", pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(example)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestBehindProxy runs the program behind the proxies of packaging/proxy.
func TestBehindProxy(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "it starts proxies")
	folder := t.TempDir()
	db := filepath.Join(folder, "t.db")
	jifen(t, exitDone, "demo", "--db", db, "--members", "50", "--seed", "3")
	password := ""
	slips, err := os.ReadFile(filepath.Join(folder, "demo-accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(slips)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "jiedao" {
			password = words[1]
		}
	}
	for _, kind := range proxies() {
		t.Run(kind.program, func(t *testing.T) {
			path, err := exec.LookPath(kind.program)
			switch {
			case err != nil && os.Getenv("CI") == "true":
				t.Fatal(err)
			case err != nil:
				t.Skipf("no %s on PATH: install it and run this again", kind.program)
			}
			p := &proxied{folder: t.TempDir(), tls: freeAddress(t), plain: freeAddress(t)}
			p.makeCertificate(t)
			stop := p.startSite(t, db)
			p.startProxy(t, kind, path)
			p.signIn(t, password)
			p.wrongPassword(t)
			p.bigBodies(t)
			if kind.program == "nginx" {
				p.plainRefused(t)
			}
			stop()
			addressesSeen(t, db)
		})
	}
}

// startSite starts the program as it ships, and returns what ends it.
func (p *proxied) startSite(t *testing.T, db string) (stop func()) {
	t.Helper()
	program := exec.CommandContext(context.WithoutCancel(t.Context()), "jifen", "serve", "--db", db, "--listen",
		"127.0.0.1:0", "--behind-proxy")
	line, end := started(t, program, "http://")
	_, rest, _ := strings.Cut(line, "http://")
	p.site, _, _ = strings.Cut(rest, " ")
	return end
}

func (p *proxied) startProxy(t *testing.T, kind proxy, path string) {
	t.Helper()
	example, err := os.ReadFile(filepath.Join("..", "..", "packaging", "proxy", kind.example))
	if err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(context.WithoutCancel(t.Context()), path, kind.prepare(t, string(example), p)...)
	program.Env = append(os.Environ(), "HOME="+p.folder, "XDG_DATA_HOME="+p.folder, "XDG_CONFIG_HOME="+p.folder)
	started(t, program, kind.ready)
}

// client returns a browser of the tests: it reaches the proxy from an address of
// its own by the example's name, and keeps cookies.
func (p *proxied) client(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(clientAddress)}, Timeout: 10 * time.Second}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: p.trusted, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, "127.0.0.1:"+port(address))
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Jar: jar, Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// base is the address of the site as people write it.
func (p *proxied) base() string { return "https://" + exampleName + ":" + port(p.tls) }

// ask sends a request as a browser does from a page of the site.
func (p *proxied) ask(t *testing.T, client *http.Client, method, path string, body io.Reader) (proxyAnswer, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.base()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", p.base())
	req.Header.Set("X-Forwarded-For", forgedAddress)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return proxyAnswer{resp.StatusCode, resp.Header, resp.Cookies(), resp.Uncompressed}, string(text)
}

// proxyAnswer is an answer whose body was read.
type proxyAnswer struct {
	StatusCode   int
	Header       http.Header
	Cookies      []*http.Cookie
	Uncompressed bool
}

// signIn signs in and reads a page: the cookie goes over https only, the page is
// compressed, and nobody may come back by http.
func (p *proxied) signIn(t *testing.T, password string) {
	t.Helper()
	client := p.client(t)
	resp, text := p.ask(t, client, http.MethodPost, "/login",
		strings.NewReader(url.Values{"login": {"jiedao"}, "password": {password}}.Encode()))
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in is answered by %d\n%.500s", resp.StatusCode, text)
	}
	found := false
	for _, cookie := range resp.Cookies {
		if cookie.Name == "jifen" {
			found = true
			if !cookie.Secure || !cookie.HttpOnly {
				t.Errorf("the cookie is %v", cookie)
			}
		}
	}
	if !found {
		t.Error("signing in sets no cookie")
	}
	resp, text = p.ask(t, client, http.MethodGet, "/branches", http.NoBody)
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, "支部") {
		t.Errorf("the branches are answered by %d\n%.500s", resp.StatusCode, text)
	}
	if !resp.Uncompressed {
		t.Error("the page comes without gzip")
	}
	if got := resp.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
}

// wrongPassword leaves a failed sign-in at the address it came from.
func (p *proxied) wrongPassword(t *testing.T) {
	t.Helper()
	resp, text := p.ask(t, p.client(t), http.MethodPost, "/login",
		strings.NewReader(url.Values{"login": {"jiedao"}, "password": {"不是这个"}}.Encode()))
	if resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a wrong password is answered by %d\n%.500s", resp.StatusCode, text)
	}
}

// addressesSeen looks from where the program took the sign-ins to come.
func addressesSeen(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // read only
	rows, err := db.QueryContext(t.Context(), "SELECT DISTINCT address FROM sign_in_brakes WHERE address <> ''")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var got []string
	for rows.Next() {
		var address string
		if err := rows.Scan(&address); err != nil {
			t.Fatal(err)
		}
		got = append(got, address)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{clientAddress}) {
		t.Errorf("the program took the sign-ins to come from %q, want %s alone", got, clientAddress)
	}
}

// bigBodies: what is a little too much is told by the program in Chinese, and far
// too much is refused.
func (p *proxied) bigBodies(t *testing.T) {
	t.Helper()
	send := func(size int) (proxyAnswer, string) {
		return p.ask(t, p.client(t), http.MethodPost, "/login", bytes.NewReader(bytes.Repeat([]byte("a"), size)))
	}
	resp, text := send(80 << 10) // who is not signed in sends 64 KiB at most
	if resp.StatusCode != http.StatusUnprocessableEntity || resp.Header.Get("X-Request-Id") == "" ||
		!strings.Contains(text, "没有办成") {
		t.Errorf("more than 64 KiB are answered by %d, request %q\n%.500s", resp.StatusCode, resp.Header.Get("X-Request-Id"),
			text)
	}
	for _, size := range []int{12<<20 + 64<<10, 17 << 20} {
		if resp, text = send(size); resp.StatusCode < http.StatusBadRequest {
			t.Errorf("%d bytes are answered by %d\n%.500s", size, resp.StatusCode, text)
		}
	}
}

// plainRefused: who comes by http is sent to https.
func (p *proxied) plainRefused(t *testing.T) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+exampleName+":"+port(p.plain)+"/x",
		http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.client(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	err = resp.Body.Close()
	if got := resp.Header.Get("Location"); err != nil || resp.StatusCode != http.StatusMovedPermanently ||
		got != "https://"+exampleName+"/x" {
		t.Errorf("http is answered by %d to %q, %v", resp.StatusCode, got, err)
	}
}
