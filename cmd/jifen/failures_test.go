package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/pgtest"
)

// failing is a program on a server of its own, with which something is wrong.
type failing struct {
	t       *testing.T
	server  *pgtest.Cluster
	owner   string // the address of the tables' owner
	db      string // that of the program
	site    *httptest.Server
	token   string
	member  string
	written int
}

// here runs a command in this process and returns what it says.
func here(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaint strings.Builder
	if exit := run(args, &out, &complaint, givenSecret); exit != exitDone {
		t.Fatalf("%v: %d\n%s%s", args, exit, out.String(), complaint.String())
	}
	return out.String() + complaint.String()
}

func newFailing(t *testing.T) *failing {
	t.Helper()
	f := &failing{t: t, server: pgtest.NewCluster(t, "max_connections = 40")}
	f.owner = f.server.Database("failing")
	dir := t.TempDir()
	t.Chdir(dir) // where the key lies
	here(t, "demo", "--db", f.owner, "--members", "60")
	f.db = pgtest.AsProgram(t, f.owner)
	here(t, "migrate", "--db", f.owner, "--grant", pgtest.Program)
	slips, err := os.ReadFile(filepath.Join(dir, "demo-accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	login := ""
	for line := range strings.Lines(string(slips)) {
		if strings.Contains(line, "支部书记") {
			login = strings.Fields(line)[0]
		}
	}
	out := here(t, "user", "token", "--as", "anquan", "--login", login, "--name", "试验", "--db", f.owner)
	f.token = strings.Fields(out[strings.LastIndex(out, "jf_"):])[0]
	h, err := openHouse(t.Context(), f.db, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.db.Close() }) // read to its end below
	srv, err := buildServer(h, siteParts{signing: h.signing(), log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	f.site = httptest.NewServer(srv)
	t.Cleanup(f.site.Close)
	f.member = listed(t, f.site.Listener.Addr().String(), f.token)[0]
	return f
}

// heard is an answer in full.
type heard struct {
	status int
	body   string
	http.Header
}

func (f *failing) ask(method, path, body string, headers ...string) heard {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.site.URL+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return heard{resp.StatusCode, string(text), resp.Header}
}

// write records an entry.
func (f *failing) write() heard {
	f.t.Helper()
	body := fmt.Sprintf(`{"member":%q,"item":"承担工作","on":%q,"note":"试验"}`, f.member, calendar.FromTime(today()))
	a := f.ask(http.MethodPost, "/api/v1/entries", body, "Authorization", "Bearer "+f.token, "Content-Type",
		"application/json")
	if a.status == http.StatusCreated {
		f.written++
	}
	return a
}

// as runs statements as the owner of the tables.
func (f *failing) as(statements ...string) func() {
	return func() {
		for _, s := range statements {
			f.server.Run("failing", s)
		}
	}
}

// anew ends the program's connections, so that what is new of its user holds.
const anew = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" + pgtest.Program + "'"

// hba lets the program's user in by a method.
func (f *failing) hba(method string) func() {
	return func() {
		text := "local all owner trust\nlocal all " + pgtest.Program + " " + method + "\n"
		if err := os.WriteFile(filepath.Join(f.server.Data(), "pg_hba.conf"), []byte(text), 0o600); err != nil {
			f.t.Fatal(err)
		}
		f.server.Reload()
		f.server.Run("failing", anew)
	}
}

// refuses lets the server refuse every entry with an error of a code.
func (f *failing) refuses(code string) (breaks, mends func()) {
	return f.as("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'of the test' "+
			"USING ERRCODE = '"+code+"'; END $$",
			"CREATE TRIGGER refuse BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION refuse()"),
		f.as("DROP FUNCTION refuse() CASCADE")
}

// wrong is a case: what is wrong with the server, and how it is told.
type wrong struct {
	name          string
	breaks, mends func()
	words         string // told by whatever is refused, and by healthz
	ready         int    // the status of readyz
	writes, reads int    // of an entry and a page
	starts        bool   // a program that is started is not refused
}

func (f *failing) cases() []wrong {
	const no, ok, made, leads, broken = http.StatusServiceUnavailable, http.StatusOK, http.StatusCreated,
		http.StatusSeeOther, http.StatusInternalServerError
	user, role := pgtest.Program, "ALTER ROLE "+pgtest.Program
	full, room := f.refuses("53100")
	disk, another := f.refuses("XX001")
	strange, known := f.refuses("ZZ123")
	return []wrong{
		{"gone", f.server.Stop, f.server.Start, "连不上数据库", no, no, no, false},
		{"read-only", f.as(role+" SET default_transaction_read_only = on", anew),
			f.as(role + " RESET default_transaction_read_only"), "数据库现在只能读", no, no, leads, false},
		{"full", full, room, "磁盘满了", no, no, leads, true},
		{"a broken disk", disk, another, "磁盘出错，没有写入", ok, no, leads, true},
		{"something unforeseen", strange, known, "数据库报错（代码 ZZ123），没有做成", ok, broken, leads, true},
		{"too many connections", f.as(role+" CONNECTION LIMIT 0", anew), f.as(role + " CONNECTION LIMIT -1"),
			"数据库的连接用完了", no, no, no, false},
		{"no rights", f.as("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " + user),
			func() { here(f.t, "migrate", "--db", f.owner, "--grant", user) }, "数据库不许程序的用户这样做", no, no, no, false},
		{"a wrong password", f.hba("scram-sha-256"), f.hba("trust"), "数据库不认程序的用户名或密码", no, no, no, false},
		{"a user who may not sign in", f.as(role+" NOLOGIN", anew), f.as(role + " LOGIN"), "数据库不认程序的用户名或密码", no, no,
			no, false},
		{"no such database", func() {
			f.server.Run("postgres", anew)
			f.server.Run("postgres", "ALTER DATABASE failing RENAME TO moved")
		}, func() { f.server.Run("postgres", "ALTER DATABASE moved RENAME TO failing") },
			"没有地址里写的那个数据库", no, no, no, false},
		{"a newer schema", f.as("UPDATE jifen_schema SET version = version + 1"),
			f.as("UPDATE jifen_schema SET version = version - 1"), "更新版本的结构", ok, made, leads, true},
		{"another clock", f.as("CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ "+
			"SELECT pg_catalog.clock_timestamp() + interval '3 minutes' $$",
			role+" SET search_path = public, pg_catalog", anew),
			f.as(role+" RESET search_path", "DROP FUNCTION public.clock_timestamp()", anew),
			"时钟和数据库服务器的差大约 3 分钟", ok, made, leads, true},
	}
}

// TestWhatIsWrongWithAServerIsTold breaks a server in every way and asks for an entry, a
// page, readyz and healthz, and starts another program; then it mends it. Each says in a
// sentence what is wrong, nothing half is kept, and all go on by themselves.
func TestWhatIsWrongWithAServerIsTold(t *testing.T) {
	f := newFailing(t)
	before := f.entries()
	for _, w := range f.cases() {
		w.breaks()
		f.holds(w)
		w.mends()
		if a := f.write(); a.status != http.StatusCreated {
			if w.name != "read-only" {
				t.Errorf("%s, mended: an entry: %d %s", w.name, a.status, a.body)
			} else if a = f.write(); a.status != http.StatusCreated { // the first finds the old server
				t.Errorf("%s, mended: the second entry: %d %s", w.name, a.status, a.body)
			}
		}
		if a := f.ask(http.MethodGet, "/readyz", ""); a.status != http.StatusOK || a.body != "ok\n" {
			if a = f.ask(http.MethodGet, "/readyz", ""); w.name != "read-only" || a.body != "ok\n" {
				t.Errorf("%s, mended: readyz: %d %s", w.name, a.status, a.body)
			}
		}
	}
	if n := f.entries() - before; n != f.written {
		t.Errorf("%d entries were acknowledged, and %d are there", f.written, n)
	}
	if out := here(t, "verify", "--db", f.owner); !strings.Contains(out, "环环相扣") {
		t.Errorf("verify: %s", out)
	}
}

// holds asks everything while something is wrong.
func (f *failing) holds(w wrong) {
	f.t.Helper()
	entry := f.write()
	if entry.status != w.writes || w.writes >= http.StatusInternalServerError && !problem(entry, w.words) {
		f.t.Errorf("%s: an entry: %d %v %s", w.name, entry.status, entry.Header, entry.body)
	}
	page := f.ask(http.MethodGet, "/branches", "", "Cookie", "jifen=of-nobody")
	if page.status != w.reads || w.reads >= http.StatusInternalServerError && !shown(page, w.words) {
		f.t.Errorf("%s: a page: %d %v %s", w.name, page.status, page.Header, page.body)
	}
	ready := f.ask(http.MethodGet, "/readyz", "")
	if ready.status != w.ready || w.ready == http.StatusServiceUnavailable &&
		(!strings.Contains(ready.body, w.words) || ready.Get("Retry-After") == "") {
		f.t.Errorf("%s: readyz: %d %v %s", w.name, ready.status, ready.Header, ready.body)
	}
	health := f.ask(http.MethodGet, "/healthz", "")
	tells := w.ready != http.StatusOK || w.writes == http.StatusCreated
	if health.status != http.StatusOK || strings.Contains(health.body, w.words) != tells {
		f.t.Errorf("%s: healthz: %d %s", w.name, health.status, health.body)
	}
	if w.starts {
		return
	}
	var out, complaint strings.Builder
	exit := run([]string{"serve", "--db", f.db, "--listen", "127.0.0.1:0"}, &out, &complaint, givenSecret)
	if exit != exitCannot || !strings.Contains(complaint.String(), w.words) {
		f.t.Errorf("%s: a program that is started ends with %d: %s", w.name, exit, complaint.String())
	}
}

// problem reports whether an answer to a program tells some words as it should.
func problem(a heard, words string) bool {
	var p struct {
		Title, Code string
		Status      int
	}
	err := json.Unmarshal([]byte(a.body), &p)
	return err == nil && a.Get("Content-Type") == "application/problem+json; charset=utf-8" && p.Status == a.status &&
		strings.Contains(p.Title, words) && (a.Get("Retry-After") != "") == (a.status == http.StatusServiceUnavailable)
}

// shown reports whether a page tells a person some words, and nothing of the inside.
func shown(a heard, words string) bool {
	for _, inside := range []string{"SQLSTATE", "goroutine", "pgconn", "dial "} {
		if strings.Contains(a.body, inside) {
			return false
		}
	}
	return strings.HasPrefix(a.Get("Content-Type"), "text/html") && strings.Contains(a.body, words) &&
		strings.Contains(a.body, "</html>") && a.Get("Retry-After") != ""
}

// entries counts the entries of the member of whom they are.
func (f *failing) entries() (n int) {
	f.t.Helper()
	h, err := openHouse(f.t.Context(), f.owner, false)
	if err != nil {
		f.t.Fatal(err)
	}
	err = h.db.Read(f.t.Context(), func(v *store.Snapshot) error {
		all, err := v.Entries(access.System("the test looks at all"), domain.MemberID(f.member), 1<<20)
		n = len(all)
		return err
	})
	if err := errors.Join(err, h.db.Close()); err != nil {
		f.t.Fatal(err)
	}
	return n
}
