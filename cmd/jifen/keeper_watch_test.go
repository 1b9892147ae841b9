package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/backup"
)

// token is a program's way in, by the hand of a login.
func (s street) token(t *testing.T, login string) string {
	t.Helper()
	said, _ := jifen(t, exitDone, "user", "token", "--as", "anquan", "--login", login, "--name", "试验", "--db", s.db)
	return strings.Fields(said[strings.Index(said, "jf_"):])[0]
}

// watch is the site over a street with copies kept, on a clock that the test
// sets.
type watch struct {
	street
	site  *httptest.Server
	ticks chan time.Time
	log   *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func (w *watch) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) world() backup.World { return backup.World{Now: w.clock, Random: rand.Reader} }

// copies is the folder for copies as another program sees it.
func (w *watch) copies() *backup.Folder {
	return &backup.Folder{World: w.world(), Database: w.db, Path: w.folder, Keep: 3}
}

// later moves the clock on and lets the runner see what is due; it returns when
// what was has been run.
func (w *watch) later(by time.Duration) {
	w.mu.Lock()
	w.now = w.now.Add(by)
	w.mu.Unlock()
	w.ticks <- time.Time{}
	w.ticks <- time.Time{} // is taken when the round before it is over
}

// open serves a street until the test ends.
func (s street) open(t *testing.T) *watch {
	t.Helper()
	y, m, d := today().Date()
	w := &watch{street: s, ticks: make(chan time.Time), log: &bytes.Buffer{}, now: time.Date(y, m, d, 12, 0, 0, 0, zone())}
	log := slog.New(slog.NewTextHandler(w.log, nil))
	h, err := openHouse(t.Context(), s.db, false)
	if err != nil {
		t.Fatal(err)
	}
	k, err := backup.NewKeeper(backup.Options{World: w.world(), DB: h.db, Database: s.db, Folder: w.copies(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := buildServer(h, siteParts{signing: h.signing(), log: log, keeper: k})
	if err != nil {
		t.Fatal(err)
	}
	w.site = httptest.NewServer(srv)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { k.Runner.Run(ctx, w.ticks) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		w.site.Close()
		if err := h.db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.later(0)
	return w
}

// page signs a login in and returns a page as it is seen.
func (w *watch) page(t *testing.T, login, path string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	in, err := client.PostForm(w.site.URL+"/login", url.Values{"login": {login}, "password": {w.slips[login]}})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Body.Close(); err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get(w.site.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s as %s: %d, %v\n%s", path, login, resp.StatusCode, err, text)
	}
	return string(text)
}

// says holds what the machine's page and a page of the clerk say of the copies
// to what is wanted; alarm "" is none.
func (w *watch) says(t *testing.T, when, health, alarm string) {
	t.Helper()
	if text := w.page(t, "guanli", "/health"); !strings.Contains(text, health) {
		t.Errorf("%s, the machine's page lacks %q:\n%s", when, health, text)
	}
	text := w.page(t, "jiedao", "/branches")
	if strings.Contains(text, "数据库备份") != (alarm != "") || !strings.Contains(text, alarm) {
		t.Errorf("%s, the clerk is told otherwise than %q:\n%s", when, alarm, text)
	}
}

// busy lets many programs post while work is done, and returns what had been
// acknowledged before it began and what by its end.
func (w *watch) busy(t *testing.T, token string, work func()) (before, after []string) {
	t.Helper()
	at := strings.TrimPrefix(w.site.URL, "http://")
	members := listed(t, at, token)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var heard []string
	enough, stop := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				note := fmt.Sprintf("第%d笔 %d", i, n)
				if !post(client, at, token, members[(n+i)%len(members)], note) {
					t.Errorf("%s was refused", note)
					return
				}
				mu.Lock()
				heard = append(heard, note)
				if len(heard) == 40 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	mu.Lock()
	before = heard[:len(heard):len(heard)]
	mu.Unlock()
	work()
	close(stop)
	wait.Wait()
	return before, heard
}
