package server_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/testkit"
)

func fresh(t *testing.T, changes ...func(*server.Options)) *server.Server {
	t.Helper()
	town := testkit.New(t)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	o := server.Options{
		Accounts: town.Accounts, Sessions: accounts.NewSessions(town.DB, testkit.Now), Random: testkit.Zeros{},
		Now: testkit.Now, Log: log,
		Refuse: func(c *server.Context, err error) { problem.Problem(c, log, err) },
	}
	for _, change := range changes {
		change(&o)
	}
	return server.New(o)
}

func TestATableThatForgetsSomethingDoesNotStart(t *testing.T) {
	t.Parallel()
	answer := func(c *gin.Context) { c.String(http.StatusOK, "ok") }
	for name, routes := range map[string][]server.Route{
		"no permission": {{Method: "GET", Path: "/a", Handler: answer}},
		"no handler":    {{Method: "GET", Path: "/a", Permission: server.Anyone}},
		"twice": {{Method: "GET", Path: "/a", Permission: server.Anyone, Handler: answer},
			{Method: "GET", Path: "/a", Permission: server.Anyone, Handler: answer}},
	} {
		if err := fresh(t).Mount(routes); err == nil {
			t.Errorf("%s: mounted", name)
		}
	}
}

func TestNothingOfAFailureReachesAClient(t *testing.T) {
	t.Parallel()
	srv := fresh(t)
	if err := srv.Mount([]server.Route{
		{Method: "GET", Path: "/error", Permission: server.Anyone, Handler: func(c *gin.Context) {
			problem.Problem(c, slog.New(slog.NewTextHandler(io.Discard, nil)), errors.New("the secret path /etc/secret"))
		}},
		{Method: "GET", Path: "/panic", Permission: server.Anyone,
			Handler: func(*gin.Context) { panic("the secret path /etc/secret") }},
		{Method: "GET", Path: "/mine", Permission: access.SeeOwn,
			Handler: func(*gin.Context) { t.Error("a stranger was let in") }},
	}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/error": http.StatusInternalServerError, "/panic": http.StatusInternalServerError, "/mine": http.StatusUnauthorized,
		"/none": http.StatusNotFound,
	} {
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Request-Id", "X-Content-Type-Options"} {
			if w.Header().Get(header) == "" {
				t.Errorf("%s: no %s", path, header)
			}
		}
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/mine", nil))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("HEAD of a page for who is signed in: %d", w.Code)
	}
}
