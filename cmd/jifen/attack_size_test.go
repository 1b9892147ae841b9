package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// hurry makes the time limits of a site a hundred times shorter, so that a test waits for
// them; none may be missing.
func hurry(t *testing.T, s *http.Server) {
	t.Helper()
	for name, limit := range map[string]*time.Duration{
		"for the head": &s.ReadHeaderTimeout, "for a request": &s.ReadTimeout, "for an answer": &s.WriteTimeout,
		"for nothing": &s.IdleTimeout,
	} {
		if *limit <= 0 || *limit > 2*time.Minute {
			t.Errorf("the time %s is %v", name, *limit)
		}
		*limit /= 100
	}
	expect.True(t, s.MaxHeaderBytes > 0 && s.MaxHeaderBytes <= 64<<10, "the head is bounded", s.MaxHeaderBytes)
}

// TestWhoIsSlowIsLetGo: of a head or a body that comes a byte at a time, or not at all, the
// connection ends, while others are answered.
func TestWhoIsSlowIsLetGo(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t), func(_ *siteParts, s *http.Server) { hurry(t, s) })
	for name, begun := range map[string]string{
		"nothing": "", "a head that does not end": "GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: a",
		"a body that does not come": "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: " +
			"application/x-www-form-urlencoded\r\n" +
			"Content-Length: 60000\r\n\r\nlogin=a",
		"a body without an end": "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
			"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"log\r\n",
		"an answer that is kept open": "GET /login HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := g.dial(t)
			if _, err := io.WriteString(conn, begun); err != nil {
				t.Fatal(err)
			}
			for range 20 { // a byte while it is taken; what is read ends when the site lets go
				if _, err := io.WriteString(conn, "a"); err != nil {
					break
				}
				expect.Equal(t, "somebody else", g.from(t, "192.0.2.1").get("/login").status, http.StatusOK)
			}
			if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Error("a minute later the connection is open")
			}
		})
	}
}

// heap returns how much memory the process has taken for what lives and what is garbage.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// manyParts returns a form of many parts, each with so many lines of a head.
func manyParts(t *testing.T, parts, lines int) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for n := range parts {
		head := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="p%d"`, n)}}
		for k := range lines {
			head.Set(fmt.Sprintf("X-%d", k), "x")
		}
		if _, err := form.CreatePart(head); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return body, form.FormDataContentType()
}

// TestWhatIsTooMuchIsRefused: by its size or its parts, of who is signed in and of who is
// not; it is told in words, and takes no more memory than it is long.
func TestWhatIsTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	clerk, stranger := g.as(t, "clerk"), g.from(t, "192.0.2.1")
	const urlencoded, json = "application/x-www-form-urlencoded", "application/json"
	many := strings.Builder{}
	for n := range 20_000 {
		fmt.Fprintf(&many, "status.M%d=x&", n)
	}
	parts, kindOfParts := manyParts(t, 5000, 0)
	lines, kindOfLines := manyParts(t, 20, 3000)
	token := "Bearer " + g.token(t, "clerk", time.Hour)
	for _, x := range []struct {
		name       string
		who        *intruder
		path, kind string
		body       string
		want       int
	}{
		{"a sign-in of 13 MiB", stranger, "/login", urlencoded, "login=" + strings.Repeat("a", 13<<20), 422},
		{"a sign-in of 65 KiB", stranger, "/login", urlencoded, "login=" + strings.Repeat("a", 65<<10), 422},
		{"a slip of 65 KiB", stranger, "/activate", urlencoded, "code=" + strings.Repeat("a", 65<<10), 422},
		{"a session of 65 KiB", stranger, "/api/v1/session", json, `{"login":"` + strings.Repeat("a", 65<<10) + `"}`, 422},
		{"a form of 13 MiB", clerk, "/entries", urlencoded, "note=" + strings.Repeat("a", 13<<20), 422},
		{"a form of 20,000 fields", clerk, "/branches/3/activity", urlencoded, many.String(), 422},
		{"an upload of 5,000 parts", clerk, "/rules/drafts", kindOfParts, parts.String(), 422},
		{"an upload of 60,000 lines", clerk, "/rules/drafts", kindOfLines, lines.String(), 422},
		{"an upload without its end", clerk, "/rules/drafts", kindOfParts, parts.String()[:200], 422},
		{"an upload without a boundary", clerk, "/rules/drafts", "multipart/form-data", "x", 422},
		{"an entry of 2 MiB", clerk, "/api/v1/entries", json, `{"note":"` + strings.Repeat("a", 2<<20) + `"}`, 422},
		{"brackets in brackets", clerk, "/api/v1/entries", json, strings.Repeat(`{"fields":`, 90_000), 422},
		{"a million lists", clerk, "/api/v1/activities", json, strings.Repeat("[", 1_000_000), 422},
	} {
		before := heap()
		headers := []string{"Content-Type", x.kind}
		if x.kind == json && x.who == clerk {
			headers = append(headers, "Authorization", token)
		}
		got := x.who.send(http.MethodPost, x.path, strings.NewReader(x.body), headers...)
		expect.Equal(t, x.name, got.status, x.want)
		expect.Lacks(t, got.body, "http:", "multipart:", "too large", "unexpected")
		if len(got.body) > 64<<10 {
			t.Errorf("%s is answered with %d bytes", x.name, len(got.body))
		}
		if after := heap(); after > before+128<<20 { // the test's own body is among it
			t.Errorf("%s took %d MiB", x.name, (after-before)>>20)
		}
	}
	for name, request := range map[string]string{
		"a head of 64 KiB":      "GET /login HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"an address of 64 KiB":  "GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"5,000 lines":           "GET /login HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("X-A: aaaaaa\r\n", 5000) + "\r\n",
		"two lengths":           "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\naaaaa",
		"a length that is none": "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
	} {
		got, _ := g.raw(t, request)
		expect.True(t, got.status == http.StatusRequestHeaderFieldsTooLarge || got.status == http.StatusBadRequest,
			name+" is refused", got.status)
	}
	expect.Equal(t, "afterwards a page", clerk.get("/branches").status, http.StatusOK)
}

// TestAnUploadThatIsNoRuleFileIsRefused: a workbook that unpacks into gigabytes, and text that
// multiplies itself.
func TestAnUploadThatIsNoRuleFileIsRefused(t *testing.T) {
	t.Parallel()
	g := openTarget(t, testkit.New(t))
	clerk := g.as(t, "clerk")
	aliases := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for n := range 20 {
		aliases += fmt.Sprintf("%c: &%c [*%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c]\n", 'b'+n, 'b'+n, 'a'+n)
	}
	for name, content := range map[string]string{
		"a workbook that is a bomb": zipBomb(t, 300<<20), "aliases of aliases": aliases,
		"brackets": strings.Repeat("[", 200_000), "zero bytes": strings.Repeat("\x00", 100_000),
		"a megabyte of keys": strings.Repeat("a: 1\n", 200_000),
	} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile("rules", "../../办法.xlsx\r\nX-Evil: 1")
		expect.NoError(t, "the form", err)
		_, err = io.WriteString(file, content)
		expect.NoError(t, "the file", err)
		expect.NoError(t, "the field", form.WriteField("org", string(g.Street.ID)))
		expect.NoError(t, "the day", form.WriteField("from", "2027-01-01"))
		expect.NoError(t, "the end", form.Close())
		before := heap()
		got := clerk.send(http.MethodPost, "/rules/drafts", &body, "Content-Type", form.FormDataContentType())
		expect.Equal(t, name, got.status, http.StatusUnprocessableEntity)
		expect.True(t, len(got.body) < 256<<10 && got.Get("X-Evil") == "", name+" is told shortly", len(got.body))
		if after := heap(); after > before+128<<20 {
			t.Errorf("%s took %d MiB", name, (after-before)>>20)
		}
	}
}

// zipBomb returns a workbook whose one sheet is so many bytes of nothing.
func zipBomb(t *testing.T, size int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	expect.NoError(t, "the sheet", err)
	blank := make([]byte, 1<<20)
	for range size >> 20 {
		_, err = w.Write(blank)
		expect.NoError(t, "a megabyte", err)
	}
	expect.NoError(t, "the end", z.Close())
	return b.String()
}
