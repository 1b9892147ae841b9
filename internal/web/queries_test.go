package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestNoAddressAsksForWhatNobodyKnows: every route refuses what stands in an address and is
// misspelt, whoever is answered by it; it answers nothing else in its place.
func TestNoAddressAsksForWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := 0
	for route, names := range (matrix{}).answered(t) {
		method, path, _ := strings.Cut(route, " ")
		login := names[0]
		switch {
		case path == "/login/provider/callback", path == "/logout":
			continue // a provider adds what it likes; who is signed out is led away
		case login == "signed-in":
			login = "clerk"
		case login == "everybody":
			login = ""
		}
		v := w.visit(t, login)
		path = strings.NewReplacer(":id", "1", ":token", "1", ":session", "1", ":kind", "entry", "*file", "none.css").
			Replace(path) + "?gibtsnicht=1"
		var status int
		var body string
		if method == http.MethodGet {
			status, body, _ = v.get(path)
		} else {
			status, body, _ = v.post(path, url.Values{})
		}
		asked++
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "gibtsnicht") {
			t.Errorf("%s as %q: %d, nothing is said of what nobody knows", route, login, status)
		}
	}
	if asked < 80 {
		t.Errorf("only %d routes were asked", asked)
	}
}
