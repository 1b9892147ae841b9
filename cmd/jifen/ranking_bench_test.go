package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"jifen/internal/api"
	"jifen/internal/app/accounts"
	"jifen/internal/demo"
	"jifen/internal/server"
	"jifen/internal/store"
	"jifen/internal/testkit/pgtest"
)

// BenchmarkRanking asks for the ranking of a street, as a page and of the API, of a program that
// has just begun and of one that holds it. The street is a whole county of 25,000 in one
// with JIFEN_RANKING=25000, and otherwise the demo's, alone and among sixteen others.
// Times are also given as ratios to a plain scan of the remembered standings.
func BenchmarkRanking(b *testing.B) {
	size, err := strconv.Atoi(os.Getenv("JIFEN_RANKING"))
	if err != nil {
		size = demo.FullSize
	}
	for _, engine := range []string{"file", "server"} {
		b.Run(engine, func(b *testing.B) {
			b.Chdir(b.TempDir()) // where the key and the passwords lie
			db, driver := filepath.Join(b.TempDir(), "t.db"), "sqlite3"
			if engine == "server" {
				db, driver = pgtest.Database(b), "pgx"
			}
			if given := os.Getenv("JIFEN_RANKING_DB"); given != "" && engine == "file" {
				db = given
			} else {
				var words bytes.Buffer
				args := []string{"demo", "--db", db, "--members", strconv.Itoa(size)}
				if code := run(args, &words, &words, givenSecret); code != exitDone {
					b.Fatalf("%d: %s", code, words.String())
				}
			}
			raw, err := sql.Open(driver, db)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = raw.Close() })
			r := &rankingBench{db: db, raw: raw, slips: filepath.Join(filepath.Dir(store.FileName(db)), "demo-accounts.txt")}
			var street int64
			if err := raw.QueryRowContext(b.Context(), "SELECT id FROM orgs WHERE level = '街道'").Scan(&street); err != nil {
				b.Fatal(err)
			}
			r.scanned = fmt.Sprint("SELECT m.id, m.name, s.version, s.body FROM members m JOIN standings s ON s.member_id = "+
				"m.id ",
				"WHERE m.street_id = ", street)
			b.Run("street", r.all)
			if size == demo.FullSize {
				repeatStreet(b, raw, 16)
				b.Run("county", r.all)
			}
		})
	}
}

// rankingBench is a database with a street whose ranking is asked for.
type rankingBench struct {
	db, slips string
	raw       *sql.DB
	scanned   string // the statement of the scan
	cookie    string
	token     string
	srv       *server.Server
	bytes     int // of the last answer
}

func (r *rankingBench) all(b *testing.B) {
	for _, page := range []struct{ name, path string }{{"page", "/ranking"}, {"api", "/api/v1/rankings"}} {
		b.Run(page.name+" first", func(b *testing.B) {
			var m spent
			for range b.N {
				b.StopTimer()
				end := r.open(b)
				m.scan(b, r)
				b.StartTimer()
				m.get(b, r, page.path)
				b.StopTimer()
				end()
			}
			m.report(b, r)
		})
		b.Run(page.name+" held", func(b *testing.B) {
			defer r.open(b)()
			r.get(b, page.path)
			var m spent
			for range b.N {
				b.StopTimer()
				m.scan(b, r)
				b.StartTimer()
				m.get(b, r, page.path)
			}
			m.report(b, r)
		})
	}
}

// spent adds up what asking has taken: time, processor time of this process, and the time that
// the plain scans in between have taken.
type spent struct{ asked, processor, scanned time.Duration }

// get asks once.
func (m *spent) get(b *testing.B, r *rankingBench, path string) {
	b.Helper()
	begun, processor := time.Now(), ownProcessor(b)
	r.get(b, path)
	m.asked += time.Since(begun)
	m.processor += ownProcessor(b) - processor
}

// ownProcessor returns the processor time of this process.
func ownProcessor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// scan reads what a ranking is made of and does nothing with it.
func (m *spent) scan(b *testing.B, r *rankingBench) {
	b.Helper()
	begun := time.Now()
	rows, err := r.raw.QueryContext(b.Context(), r.scanned)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var member, name string
		var version int64
		var body []byte
		if err := rows.Scan(&member, &name, &version, &body); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	m.scanned += time.Since(begun)
}

// report gives what an answer has taken, and as a ratio to the scan.
func (m *spent) report(b *testing.B, r *rankingBench) {
	b.Helper()
	each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) }
	b.ReportMetric(each(m.asked), "ms")
	b.ReportMetric(each(m.processor), "processor-ms")
	b.ReportMetric(m.asked.Seconds()/m.scanned.Seconds(), "÷scan")
	b.ReportMetric(float64(r.bytes)/1000, "KB")
	b.ReportMetric(0, "ns/op")
}

// open begins a program over the database, in this process, and returns what ends it.
func (r *rankingBench) open(b *testing.B) (end func()) {
	b.Helper()
	h, err := openHouse(b.Context(), r.db, false)
	if err != nil {
		b.Fatal(err)
	}
	signing := h.signing()
	if r.srv, err = buildServer(h, siteParts{signing: signing, log: slog.New(slog.DiscardHandler)}); err != nil {
		b.Fatal(err)
	}
	if r.cookie == "" {
		r.signIn(b, signing)
	}
	return func() {
		if err := h.db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// signIn signs the clerk of the street in to the pages, and to the API.
func (r *rankingBench) signIn(b *testing.B, signing *accounts.Service) {
	b.Helper()
	slips, err := os.ReadFile(r.slips)
	if err != nil {
		b.Fatal(err)
	}
	password := ""
	for line := range strings.Lines(string(slips)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "jiedao" {
			password = words[1]
		}
	}
	form := url.Values{"login": {"jiedao"}, "password": {password}}
	req := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	r.srv.ServeHTTP(w, req)
	r.cookie, _, _ = strings.Cut(w.Header().Get("Set-Cookie"), ";")
	if w.Code != http.StatusSeeOther || r.cookie == "" {
		b.Fatalf("signing in: %d", w.Code)
	}
	actor, err := signing.ActorOf(b.Context(), "jiedao")
	if err != nil {
		b.Fatal(err)
	}
	if r.token, _, err = signing.StartSession(b.Context(), actor); err != nil {
		b.Fatal(err)
	}
}

// get asks for a page or of the API.
func (r *rankingBench) get(b *testing.B, path string) {
	b.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	if strings.HasPrefix(path, api.Prefix) {
		req.Header.Set("Authorization", "Bearer "+r.token)
	} else {
		req.Header.Set("Cookie", r.cookie)
	}
	w := httptest.NewRecorder()
	r.srv.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	r.bytes = w.Body.Len()
}
