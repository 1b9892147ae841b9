package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestTokensAreMadeListedAndRevoked by who has them, and revoked by who manages accounts.
func TestTokensAreMadeListedAndRevoked(t *testing.T) {
	t.Parallel()
	h := open(t)
	reads := h.token(t, "secretary")
	body := `{"name":"大屏","role":"支部书记","read_only":true,"until":"2026-06-30","password":"` + testkit.Password + `"}`
	make := func() (id int64, secret string) {
		t.Helper()
		var out struct {
			ID    int64
			Token string
		}
		if err := json.Unmarshal([]byte(h.answer(t, 201, "POST", "/me/tokens", reads, body)), &out); err != nil {
			t.Fatal(err)
		}
		return out.ID, out.Token
	}
	id, secret := make()
	h.answer(t, 200, "GET", "/members", secret, "")
	if got := h.answer(t, 403, "POST", "/me/tokens", secret, body); !strings.Contains(got, "只能看") {
		t.Errorf("a token that only reads makes another: %s", got)
	}
	list := h.answer(t, 200, "GET", "/me/tokens", secret, "")
	expect.Contains(t, list, `"name":"大屏"`)
	expect.Contains(t, list, `"expires":"2026-06-30T16:00:00Z"`)
	expect.Equal(t, "the list tells the token", strings.Contains(list, secret), false)
	h.answer(t, 404, "DELETE", fmt.Sprint("/me/tokens/", id), h.token(t, "member"), "")
	h.answer(t, 200, "DELETE", fmt.Sprint("/me/tokens/", id), reads, "")
	h.answer(t, 409, "DELETE", fmt.Sprint("/me/tokens/", id), reads, "")
	h.answer(t, 401, "GET", "/members", secret, "")
	id, secret = make()
	security, account := h.token(t, "security"), fmt.Sprint("/accounts/", h.Secretary.Account, "/tokens")
	expect.Contains(t, h.answer(t, 200, "GET", account, security, ""), `"tail":"`+secret[len(secret)-4:]+`"`)
	h.answer(t, 404, "DELETE", account+"/9999", security, "")
	h.answer(t, 200, "DELETE", fmt.Sprint(account, "/", id), security, "")
	h.answer(t, 401, "GET", "/members", secret, "")
	for _, wrong := range []string{"9999", "x"} {
		h.answer(t, 404, "GET", "/accounts/"+wrong+"/tokens", security, "")
	}
	for _, c := range []struct{ body, words string }{
		{`{}`, `"password"`}, {strings.Replace(body, "支部书记", "审计员", 1), "没有“审计员”这个角色"},
		{strings.Replace(body, testkit.Password, "wrong", 1), "密码不对"},
	} {
		expect.Contains(t, h.answer(t, 422, "POST", "/me/tokens", reads, c.body), c.words)
	}
}
