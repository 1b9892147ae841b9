package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/server"
	"jifen/internal/testkit"
)

// TestEveryRequestIsObserved: also what reaches no handler, by the row of the table and
// never by what a client wrote.
func TestEveryRequestIsObserved(t *testing.T) {
	t.Parallel()
	var all []server.Observation
	now := testkit.Now()
	srv := fresh(t, func(o *server.Options) {
		o.Now = func() time.Time { return now }
		o.Observe = func(one server.Observation) { all = append(all, one) }
	})
	if err := srv.Mount([]server.Route{
		{Method: "GET", Path: "/people/:id", Permission: server.Anyone, Handler: func(c *gin.Context) {
			now = now.Add(30 * time.Millisecond)
			c.String(http.StatusOK, "ok")
		}},
		{Method: "GET", Path: "/panic", Permission: server.Anyone, Handler: func(*gin.Context) { panic("x") }},
		{Method: "GET", Path: "/mine", Permission: access.SeeOwn, Handler: func(*gin.Context) {}},
		{Method: "POST", Path: "/people/:id", Permission: server.Anyone, Handler: func(*gin.Context) {}},
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, site string
		route              string
		status             int
		took               time.Duration
	}{
		{"GET", "/people/E2", "", "GET /people/:id", 200, 30 * time.Millisecond},
		{"HEAD", "/people/E2", "", "GET /people/:id", 200, 30 * time.Millisecond},
		{"GET", "/panic", "", "GET /panic", 500, 0},
		{"GET", "/mine", "", "GET /mine", 401, 0},
		{"GET", "/nobody/has/this", "", "", 404, 0},
		{"BREW", "/people/E2", "", "", 404, 0},
		{"POST", "/people/E2", "cross-site", "", 403, 0}, // refused before the table is asked
	} {
		all = nil
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(""))
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		want := server.Observation{ID: w.Header().Get("X-Request-Id"), Route: c.route, Status: c.status, Took: c.took}
		if len(all) != 1 || all[0] != want || w.Code != c.status {
			t.Errorf("%s %s: observed %+v, want %+v; answered %d", c.method, c.path, all, want, w.Code)
		}
	}
}
