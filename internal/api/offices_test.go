package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestASessionWorksInOneOfficeAtATime: the one that the request names, or the first; a
// program's token is all that its scope is.
func TestASessionWorksInOneOfficeAtATime(t *testing.T) {
	t.Parallel()
	h := open(t)
	err := h.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertAssignment(h.Secretary.Account, domain.RoleSecretary, h.West.ID, false, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	body := h.answer(t, http.StatusCreated, "POST", "/session", "",
		`{"login":"secretary","password":"`+testkit.Password+`"}`)
	_, rest, _ := strings.Cut(body, `"token":"`)
	session, _, _ := strings.Cut(rest, `"`)
	program, err := h.Accounts.MakeToken(t.Context(), h.Security, h.Secretary.Account, "程序", time.Hour,
		domain.TokenScope{})
	if err != nil {
		t.Fatal(err)
	}
	east, west := "secretary:"+string(h.East.ID), "secretary:"+string(h.West.ID)
	ask := func(token, office, path string) *httptest.ResponseRecorder {
		if office == "" {
			return h.ask(http.MethodGet, path, token, "")
		}
		return h.ask(http.MethodGet, path, token, "", "Jifen-Office", office)
	}
	for _, c := range []struct {
		token, office, path string
		status              int
	}{
		{session, "", "/members/E2", http.StatusOK}, {session, "", "/members/W1", http.StatusNotFound},
		{session, east, "/members/E2", http.StatusOK}, {session, west, "/members/W1", http.StatusOK},
		{session, west, "/members/E2", http.StatusNotFound},
		{session, "street:1", "/members/E2", http.StatusForbidden},
		{program, "", "/members/E2", http.StatusOK}, {program, "", "/members/W1", http.StatusOK},
		{program, east, "/members/E2", http.StatusForbidden},
	} {
		if w := ask(c.token, c.office, c.path); w.Code != c.status {
			t.Errorf("%s in %q with the session's token (%v): %d, want %d", c.path, c.office, c.token == session, w.Code,
				c.status)
		}
	}
	me := ask(session, west, "/me").Body.String()
	if !strings.Contains(me, `"office":"`+west+`","works":true`) || strings.Contains(me, `"office":"`+east+`","works"`) {
		t.Errorf("which office the request is made in: %s", me)
	}
}
