package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/server"
	"jifen/internal/testkit"
)

// bounded returns a server whose pages /slow and /long answer once they are let go,
// and the token of somebody who may ask them.
func bounded(t *testing.T, l server.Limits) (srv *server.Server, token string, inside, leave chan struct{}) {
	t.Helper()
	town := testkit.New(t)
	token, _, err := town.Accounts.StartSession(t.Context(), town.Auditor)
	if err != nil {
		t.Fatal(err)
	}
	srv = fresh(t, func(o *server.Options) { o.Accounts, o.Limits = town.Accounts, l })
	inside, leave = make(chan struct{}, 9), make(chan struct{})
	wait := func(c *gin.Context) {
		inside <- struct{}{}
		<-leave
		c.Status(http.StatusNoContent)
	}
	known := func(c *gin.Context) bool { return c.Query("known") != "" }
	always := func(*gin.Context) bool { return true }
	if err := srv.Mount([]server.Route{
		{Method: "GET", Path: "/api/slow", Permission: access.SignedIn, Handler: wait, API: true, Long: known},
		{Method: "GET", Path: "/api/long", Permission: access.SignedIn, Handler: wait, API: true, Long: always},
		{Method: "GET", Path: "/open", Permission: server.Anyone,
			Handler: func(c *gin.Context) { c.Status(http.StatusNoContent) }},
	}); err != nil {
		t.Fatal(err)
	}
	return srv, token, inside, leave
}

// asked returns the answer to a request of a token's holder.
func asked(srv *server.Server, ctx context.Context, token, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil).WithContext(ctx)
	r.Header.Set("Authorization", "Bearer "+token)
	srv.ServeHTTP(w, r)
	return w
}

func TestAnAccountAsksForSoManyAtOnceAndTheNextWait(t *testing.T) {
	t.Parallel()
	srv, token, inside, leave := bounded(t, server.Limits{AtOnce: 2, Patience: time.Nanosecond})
	done := make(chan int, 2)
	for range 2 {
		go func() { done <- asked(srv, t.Context(), token, "/api/slow").Code }()
		<-inside
	}
	if w := asked(srv, t.Context(), token, "/api/slow"); w.Code != http.StatusTooManyRequests ||
		w.Header().Get("Retry-After") == "" {
		t.Errorf("a third one at once: %d, to try again after %q", w.Code, w.Header().Get("Retry-After"))
	}
	close(leave)
	for range 2 {
		if code := <-done; code != http.StatusNoContent {
			t.Errorf("one of two at once: %d", code)
		}
	}
	if w := asked(srv, t.Context(), token, "/api/slow"); w.Code != http.StatusNoContent {
		t.Errorf("once the others are answered: %d", w.Code)
	}
}

func TestWhatIsLongAnAccountAsksForOneAtATime(t *testing.T) {
	t.Parallel()
	srv, token, inside, leave := bounded(t, server.Limits{AtOnce: 9, Patience: time.Minute})
	done := make(chan int, 2)
	go func() { done <- asked(srv, t.Context(), token, "/api/slow?known=2026-06-30T18:00").Code }()
	<-inside
	if w := asked(srv, t.Context(), token, "/api/long"); w.Code != http.StatusTooManyRequests {
		t.Errorf("something long beside something long: %d", w.Code)
	}
	go func() { done <- asked(srv, t.Context(), token, "/api/slow").Code }()
	<-inside // something short is answered beside
	close(leave)
	for range 2 {
		if code := <-done; code != http.StatusNoContent {
			t.Errorf("answered with %d", code)
		}
	}
	if w := asked(srv, t.Context(), token, "/api/long"); w.Code != http.StatusNoContent {
		t.Errorf("once the long one is answered: %d", w.Code)
	}
}

// TestAnAddressOfStrangersIsBounded: of who is not signed in; others at another address
// are not refused, nor is who is signed in at the same.
func TestAnAddressOfStrangersIsBounded(t *testing.T) {
	t.Parallel()
	srv, token, _, leave := bounded(t, server.Limits{AtOnce: 9, Patience: time.Minute, Strangers: 0.001, Burst: 3})
	close(leave)
	from := func(address string) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/open", nil)
		r.RemoteAddr = address
		srv.ServeHTTP(w, r)
		return w.Code
	}
	for n, want := range []int{http.StatusNoContent, http.StatusNoContent, http.StatusNoContent,
		http.StatusTooManyRequests} {
		if got := from("192.0.2.1:4000"); got != want {
			t.Errorf("request %d of a stranger: %d, want %d", n+1, got, want)
		}
	}
	if got := from("192.0.2.7:4000"); got != http.StatusNoContent {
		t.Errorf("a stranger somewhere else: %d", got)
	}
	if w := asked(srv, t.Context(), token, "/api/slow"); w.Code != http.StatusNoContent { // httptest is at 192.0.2.1
		t.Errorf("who is signed in at the same address: %d", w.Code)
	}
}

// TestAFormOfAnotherSiteIsRefused: whatever of the three ways a browser has to say so,
// and where it says nothing.
func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	srv := fresh(t)
	if err := srv.Mount([]server.Route{{Method: "POST", Path: "/a", Permission: server.Anyone,
		Handler: func(c *gin.Context) { c.Status(http.StatusNoContent) }}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, header, value string
		cookie              bool
		want                int
	}{
		{"nothing is said", "", "", true, http.StatusForbidden},
		{"nothing is said, by who has no cookie", "", "", false, http.StatusNoContent},
		{"from another site", "Referer", "http://evil.example/a", true, http.StatusForbidden},
		{"from nowhere that is read", "Referer", "%", true, http.StatusForbidden},
		{"from this site", "Referer", "http://example.com/b", true, http.StatusNoContent},
		{"of this origin", "Origin", "http://example.com", true, http.StatusNoContent},
		{"of another origin", "Origin", "http://evil.example", true, http.StatusForbidden},
		{"of this site, by fetch metadata", "Sec-Fetch-Site", "same-origin", true, http.StatusNoContent},
		{"of another, by fetch metadata", "Sec-Fetch-Site", "cross-site", true, http.StatusForbidden},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/a", nil)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		if c.cookie {
			r.AddCookie(&http.Cookie{Name: "jifen", Value: "x"})
		}
		srv.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
		}
	}
}
