package api_test

import (
	"net/http"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestARenamedBranchIsCalledSoAtOnce: what was answered before the renaming is not
// answered again with the old name.
func TestARenamedBranchIsCalledSoAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	clerk := h.token(t, "clerk")
	lists := []string{"/members", "/members/E1", "/members/E1/standing", "/rankings", "/alerts"}
	shown := map[string]bool{}
	for _, path := range lists {
		shown[path] = strings.Contains(h.answer(t, http.StatusOK, http.MethodGet, path, clerk, ""), "东支部")
	}
	if !shown["/members"] || !shown["/rankings"] {
		t.Fatalf("the lists do not show the branch's name: %v", shown)
	}
	if err := h.DB.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ChangeOrg(h.East, domain.OrgChange{Org: h.East.ID, Kind: domain.OrgRenamed, Name: "东一支部",
			From: testkit.Day(t, "2026-05-01")}, h.Clerk.Account)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range lists {
		body := h.answer(t, http.StatusOK, http.MethodGet, path, clerk, "")
		if strings.Contains(body, "东支部") || shown[path] != strings.Contains(body, "东一支部") {
			t.Errorf("%s goes on saying the old name: %s", path, body)
		}
	}
}
