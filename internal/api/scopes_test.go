package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
)

// TestATokenThatOnlyReadsWritesNothing: whatever the question, and whatever the account
// may do.
func TestATokenThatOnlyReadsWritesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	token, err := h.Accounts.MakeToken(t.Context(), h.Security, h.Secretary.Account, "大屏", time.Hour,
		domain.TokenScope{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	h.answer(t, http.StatusOK, "GET", "/members", token, "")
	body := h.answer(t, http.StatusForbidden, "DELETE", "/session", token, "")
	if !strings.Contains(body, "只能看") {
		t.Errorf("why a token that only reads is refused: %s", body)
	}
	h.answer(t, http.StatusOK, "GET", "/members", token, "")
}
