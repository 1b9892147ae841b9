package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestACommitWithoutAnAnswerIsAskedByItsKey cuts the connection at the COMMIT of an entry,
// before it has reached the server and after. Under a key the caller gets his receipt, and
// the entry is there once; without one he is told that it is not known.
func TestACommitWithoutAnAnswerIsAskedByItsKey(t *testing.T) {
	t.Parallel()
	town, wire := testkit.OnServer(t).Wired(t)
	h := openWith(t, town)
	secretary := h.token(t, "secretary")
	if w := h.ask("GET", "/me", secretary, ""); w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	recorded := func(note string) (n int) {
		t.Helper()
		err := h.DB.Read(t.Context(), func(v *store.Snapshot) error {
			all, err := v.Entries(access.System("the test looks at all"), "E2", 1<<10)
			for i := range all {
				if all[i].Note == note {
					n++
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, reaches := range []bool{false, true} {
		note := fmt.Sprint("reached ", reaches)
		body := fmt.Sprintf(`{"member":"E2","item":"服务","on":"2026-05-07","fields":{"时长":"15"},"note":%q}`, note)
		cuts := wire.Cuts()
		wire.Cut("commit", reaches)
		w := h.ask("POST", "/entries", secretary, body, "Idempotency-Key", note)
		var first, second struct{ Entry string }
		if err := json.Unmarshal(w.Body.Bytes(), &first); err != nil || w.Code != http.StatusCreated || first.Entry == "" {
			t.Errorf("%s, under a key: %d %s", note, w.Code, w.Body)
		}
		replayed := w.Header().Get("Idempotency-Replayed") == "true"
		if n := recorded(note); n != 1 || replayed != reaches || wire.Cuts() != cuts+1 {
			t.Errorf("%s: recorded %d times, told again %t, %d cuts", note, n, replayed, wire.Cuts()-cuts)
		}
		w = h.ask("POST", "/entries", secretary, body, "Idempotency-Key", note)
		if err := json.Unmarshal(w.Body.Bytes(), &second); err != nil || second != first || recorded(note) != 1 {
			t.Errorf("%s, asked again: %d %s, want the receipt of %s", note, w.Code, w.Body, first.Entry)
		}

		body = strings.Replace(body, note, note+", no key", 1)
		wire.Cut("commit", reaches)
		w = h.ask("POST", "/entries", secretary, body)
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "不知道写进去没有") ||
			w.Header().Get("Retry-After") == "" {
			t.Errorf("%s, without a key: %d %s", note, w.Code, w.Body)
		}
		if n := recorded(note + ", no key"); n != 1 && reaches || n != 0 && !reaches {
			t.Errorf("%s, without a key: recorded %d times", note, n)
		}
	}
	h.WantChains(t)
}
