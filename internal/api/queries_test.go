package api_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"jifen/internal/api"
)

// TestNoAddressAsksForWhatNobodyKnows: every route refuses what stands in an address and is
// misspelt, and says what may stand there.
func TestNoAddressAsksForWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	h := open(t)
	src, err := os.ReadFile("testdata/matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(src)), "\n")
	who := strings.Split(lines[0], ",")[2:]
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		for k, login := range who {
			if cells[2+k] != "yes" {
				continue
			}
			token := ""
			if login != "nobody" {
				token = h.token(t, login)
			}
			path := strings.TrimPrefix(strings.ReplaceAll(cells[1], ":id", "E2"), api.Prefix)
			w := h.ask(cells[0], path+"?gibtsnicht=1", token, "{}")
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "地址里没有“gibtsnicht”") {
				t.Errorf("%s %s as %s: %d %s", cells[0], path, login, w.Code, w.Body)
			}
			break
		}
	}
	if got := h.answer(t, 422, "GET", "/rankings?knownby=2026-03-31", h.token(t, "clerk"), ""); !strings.Contains(got,
		"known_by") {
		t.Errorf("the names that may be are not told: %s", got)
	}
}
