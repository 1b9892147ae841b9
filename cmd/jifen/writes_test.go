package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jifen/internal/server"
	"jifen/internal/spreadsheet"
	"jifen/internal/testkit/effort"
	"jifen/internal/testkit/expect"
)

// writeRow is one line of testdata/writes.txt.
type writeRow struct {
	line         string
	method, path string
	body         string
	unwritten    bool                // it changes the session at most
	may          map[string][]string // places by login
	seen         map[string][]string // those of which he is refused with a reason, because he sees them
}

// route returns the route that answers a row.
func (w *writeRow) route(table []server.Route) string {
	segments := strings.Split(w.path, "/")
	for _, r := range table {
		pattern := strings.Split(r.Path, "/")
		same := r.Method == w.method && len(pattern) == len(segments)
		for i := 0; same && i < len(pattern); i++ {
			asked, _, _ := strings.Cut(segments[i], "?")
			same = pattern[i] == asked || strings.HasPrefix(pattern[i], ":") && strings.HasPrefix(asked, "{")
		}
		if same {
			return r.Method + " " + r.Path
		}
	}
	return ""
}

// writeTable reads testdata/writes.txt.
func writeTable(t *testing.T) (rows []writeRow) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "writes.txt"))
	expect.NoError(t, "the table", err)
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		words, unwritten := strings.SplitN(parts[0], " ", 3), strings.HasPrefix(line, "~")
		if len(words) != 3 {
			t.Fatalf("%q is not a method, a path and a body", line)
		}
		row := writeRow{line: parts[0], method: strings.TrimPrefix(words[0], "~"), path: words[1], body: words[2],
			unwritten: unwritten, may: map[string][]string{}, seen: map[string][]string{}}
		for _, p := range parts[1:] {
			logins, places, ok := strings.Cut(p, ":")
			switch logins {
			case "everybody":
				logins = strings.Join(senders(), " ")
			case "signed-in":
				logins = strings.Join(senders()[1:], " ")
			}
			for _, login := range strings.Fields(logins) {
				if !ok || !slices.Contains(senders(), login) {
					t.Fatalf("%q: who is %q?", line, p)
				}
				for _, place := range strings.Fields(places) {
					if seen, ok := strings.CutSuffix(place, "?"); ok {
						row.seen[login] = append(row.seen[login], seen)
						continue
					}
					row.may[login] = append(row.may[login], place)
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// senders lists who sends every form: "nobody" is not signed in.
func senders() []string {
	return []string{"nobody", "member", "secretary", "recorder", "leader", "community", "clerk", "officer", "auditor",
		"admin", "security", "neighbour"}
}

// TestWhatIsWrittenIsWhatMayBe sends every form and every body of the API that writes, filled
// in as it should be, as every role and of every place: what the table allows is taken in and
// changes the database, all else is refused as what there is not, and changes nothing.
func TestWhatIsWrittenIsWhatMayBe(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "it sends each form for each role")
	w := openWrites(t)
	table, seen := table(), map[string]bool{}
	for _, row := range writeTable(t) {
		route := row.route(table)
		if seen[route] = true; route == "" {
			t.Errorf("no route answers %s", row.line)
			continue
		}
		for _, login := range senders() {
			w.refused(t, &row, login)
			w.allowed(t, &row, login)
		}
	}
	for _, r := range table {
		if route := r.Method + " " + r.Path; r.Method != http.MethodGet && !seen[route] {
			t.Errorf("testdata/writes.txt does not say who may %s", route)
		}
	}
}

// refused sends a form of every place of which somebody may not, to the town that stays.
func (w *writesTown) refused(t *testing.T, row *writeRow, login string) {
	t.Helper()
	places := slices.DeleteFunc(w.placesOf(row), func(p string) bool { return slices.Contains(row.may[login], p) })
	if len(places) == 0 {
		return
	}
	nowhere := places[len(places)-1]
	before, absent := w.dump(t, w.db), w.ask(w.srv, row, login, nowhere)
	for _, place := range places {
		got := w.ask(w.srv, row, login, place)
		away := got.status == http.StatusSeeOther && strings.HasPrefix(got.Get("Location"), "/login")
		switch {
		case got.status == http.StatusForbidden, got.status == http.StatusUnauthorized, login == "nobody" && away:
		case got.status == absent.status && place != "absent" &&
			w.bare(row, login, got, place, nowhere) == w.bare(row, login, absent, place, nowhere):
		case (place == "absent" || slices.Contains(row.seen[login], place)) && got.status >= http.StatusBadRequest &&
			got.status < http.StatusInternalServerError:
		default:
			t.Errorf("%s\nas %s of %s: %d %s; of what is absent %d\n%s", row.line, login, place, got.status,
				got.Get("Location"), absent.status, problemOf(got.body))
		}
	}
	if after := w.dump(t, w.db); after != before {
		t.Errorf("%s as %s was refused, and yet the database changed:\n%s", row.line, login, firstChange(before, after))
	}
}

// allowed sends a form of every place of which somebody may to a copy of the town, and looks
// whether it was taken in; what is his own, which is of a place as well, to another copy.
func (w *writesTown) allowed(t *testing.T, row *writeRow, login string) {
	t.Helper()
	var c writesCopy
	for _, place := range row.may[login] {
		if c.close == nil {
			c = w.copied(t)
		}
		before := w.dump(t, c.db)
		got := w.ask(c.srv, row, login, place)
		what := fmt.Sprintf("%s\nas %s of %s: %d %s", row.line, login, place, got.status, got.Get("Location"))
		switch {
		case got.status >= http.StatusBadRequest || strings.HasPrefix(got.Get("Location"), "/login?"):
			t.Errorf("%s\n%s", what, problemOf(got.body))
		case !row.unwritten && w.dump(t, c.db) == before:
			t.Errorf("%s, and nothing was written\n%s", what, problemOf(got.body))
		}
		if place == "own" {
			c.close()
			c = writesCopy{}
		}
	}
	if c.close != nil {
		c.close()
	}
}

// problemOf returns what an answer says is wrong, of a page without its head.
func problemOf(body string) string {
	if _, main, ok := strings.Cut(body, "<main"); ok {
		body = main
	}
	return fmt.Sprintf("%.600s", regexp.MustCompile(`\s+|<[^>]*>`).ReplaceAllString(body, " "))
}

// firstChange returns the first line in which two texts differ.
func firstChange(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range b {
		if i >= len(a) || a[i] != b[i] {
			return b[i]
		}
	}
	return "rows are gone"
}

// placesOf returns of which places a row is sent: the one it has, or all.
func (w *writesTown) placesOf(row *writeRow) []string {
	if of := row.path + row.body; strings.Contains(of, "{slip}") || !regexp.MustCompile(`\{[a-z]+\}`).MatchString(of) {
		return []string{"here"}
	}
	return []string{"own", "east", "beside", "west", "neighbour", "absent"}
}

// fill puts what a place has in the place of {kind}; of a kind that somebody's own place has
// not, what is absent.
func (w *writesTown) fill(text, login, place string) string {
	return regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllStringFunc(text, func(kind string) string {
		kind = strings.Trim(kind, "{}")
		if place == "own" {
			if id := w.own[login][kind]; id != "" {
				return id
			}
			return w.at["absent"][kind]
		}
		return w.at[place][kind]
	})
}

// ask sends a row to a site.
func (w *writesTown) ask(srv http.Handler, row *writeRow, login, place string) heard {
	path, body := w.fill(row.path, login, place), w.fill(row.body, login, place)
	if body == "-" {
		body = ""
	}
	kind := "application/x-www-form-urlencoded"
	switch {
	case strings.HasPrefix(path, "/api/"):
		kind = "application/json"
	case strings.Contains(body, "=@"):
		body, kind = w.withFile(body)
	default:
		form, _ := url.ParseQuery(body) // of the table, which says what it means
		body = form.Encode()
	}
	req := httptest.NewRequest(row.method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if p := w.people[login]; p != nil && strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+p.token)
	} else if p != nil {
		req.AddCookie(&http.Cookie{Name: "jifen", Value: p.session})
	}
	rec := httptest.NewRecorder()
	srv.ServeHTTP(rec, req)
	return heard{rec.Code, rec.Body.String(), rec.Header()}
}

// withFile returns a form as browsers send it with the file of rules at the input that says @,
// and a workbook that is to be filled in at the one that says @form.
func (w *writesTown) withFile(body string) (sent, kind string) {
	var out bytes.Buffer
	m := multipart.NewWriter(&out)
	form, _ := url.ParseQuery(body)
	for name, values := range form {
		if values[0] == "@form" {
			if part, err := m.CreateFormFile(name, "form.xlsx"); err == nil {
				_ = spreadsheet.WriteXLSX(part, "{单位}", []spreadsheet.Column{{Name: "姓名"}}, [][]string{{"{姓名}"}}, nil)
			}
			continue
		}
		if values[0] != "@" {
			_ = m.WriteField(name, values[0]) // to memory
			continue
		}
		part, err := m.CreateFormFile(name, "rules.yaml")
		if err == nil {
			_, _ = io.WriteString(part, w.rules)
		}
	}
	_ = m.Close()
	return out.String(), m.FormDataContentType()
}

// bare returns an answer without what one of two places was asked for, and what no two answers
// share.
func (w *writesTown) bare(row *writeRow, login string, got heard, places ...string) string {
	body := regexp.MustCompile(`请求编号 [0-9a-f]{16}|"request_id":"[^"]*"|name="key" value="[^"]*"`).
		ReplaceAllString(got.body, "")
	for _, place := range places {
		body = strings.ReplaceAll(body, w.fill(row.path, login, place), "")
		body = strings.ReplaceAll(body, "凭证 "+w.fill("{token}", login, place), "")
		for _, kind := range regexp.MustCompile(`\{[a-z]+\}`).FindAllString(row.body, -1) {
			body = strings.ReplaceAll(body, `"`+w.fill(kind, login, place)+`"`, "")
		}
	}
	return got.Get("Location") + body
}

// dump returns all rows of a database but for the trail, where refusals are told, the
// sessions, where what is told once is, and what is kept for speed. What a row writes that
// is about sessions, the sessions are.
func (*writesTown) dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	var out strings.Builder
	for _, table := range queryRows(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		if !slices.Contains([]string{"trail", "sessions", "chain_heads", "token_uses", "standings", "versions",
			"sign_in_brakes"}, table) {
			for _, row := range queryRows(t, db, `SELECT * FROM "`+table+`"`) {
				out.WriteString(table + " " + row + "\n")
			}
		}
	}
	return out.String()
}

// queryRows returns the rows of a database as texts.
func queryRows(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	expect.NoError(t, query, err)
	defer rows.Close() //nolint:errcheck // its error is asked for below
	columns, err := rows.Columns()
	expect.NoError(t, query, err)
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		expect.NoError(t, query, rows.Scan(into...))
		out = append(out, strings.Trim(fmt.Sprint(values), "[]"))
	}
	expect.NoError(t, query, rows.Err())
	return out
}

// reading opens a database to be read with nothing between.
func reading(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	expect.NoError(t, "the database", err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}
