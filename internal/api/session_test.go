package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jifen/internal/testkit"
)

// TestASessionEndsWhereItBegan signs in for a token and gives it back.
func TestASessionEndsWhereItBegan(t *testing.T) {
	t.Parallel()
	h := open(t)
	var s struct{ Token string }
	answer := h.answer(t, 201, "POST", "/session", "", `{"login":"member","password":"`+testkit.Password+`"}`)
	if err := json.Unmarshal([]byte(answer), &s); err != nil {
		t.Fatal(err)
	}
	h.answer(t, 200, "GET", "/me", s.Token, "")
	other := h.token(t, "member")
	if got := h.answer(t, 200, "DELETE", "/session", s.Token, ""); got != `{"ended":true}` {
		t.Errorf("ending says %s", got)
	}
	h.answer(t, 401, "GET", "/me", s.Token, "")
	h.answer(t, 401, "DELETE", "/session", s.Token, "")
	h.answer(t, 200, "GET", "/me", other, "")
}

// TestATokenOfAnAgedPasswordIsRefused where signing in has made it; one for a program goes on.
func TestATokenOfAnAgedPasswordIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	var s struct{ Token string }
	signIn := `{"login":"member","password":"` + testkit.Password + `"}`
	if err := json.Unmarshal([]byte(h.answer(t, 201, "POST", "/session", "", signIn)), &s); err != nil {
		t.Fatal(err)
	}
	program := h.token(t, "member")
	h.answer(t, 200, "GET", "/me", s.Token, "")
	security := h.token(t, "security")
	h.Later(32 * 24 * time.Hour)
	h.answer(t, 200, "POST", "/settings", security, `{"set":{"password_days":31}}`)
	for what, got := range map[string]string{
		"the token":  h.answer(t, 403, "GET", "/me", s.Token, ""),
		"signing in": h.answer(t, 403, "POST", "/session", "", signIn),
	} {
		if !strings.Contains(got, `"code":"password_expired"`) || !strings.Contains(got, "密码用满 31 天了") {
			t.Errorf("%s of an aged password: %s", what, got)
		}
	}
	h.answer(t, 200, "GET", "/me", program, "")
	h.answer(t, 200, "POST", "/settings", security, `{"set":{"password_days":0}}`)
	h.answer(t, 200, "GET", "/me", s.Token, "")
}

// TestANumberThatIsNoneIsNeverOurMistake writes numbers that nobody has where a
// member or an organisation is named.
func TestANumberThatIsNoneIsNeverOurMistake(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct{ login, method, path, body string }{
		{"secretary", "POST", "/entries", `{"member":"?","item":"好事","on":"2026-05-01"}`},
		{"clerk", "POST", "/entries", `{"member":"?","item":"好事","on":"2026-05-01"}`},
		{"secretary", "POST", "/activities",
			`{"org":"?","kind":"党课","on":"2026-05-01","attendance":[{"member":"E2","status":"到会"}]}`},
		{"secretary", "POST", "/activities", `{"org":"` + string(h.East.ID) +
			`","kind":"党课","on":"2026-05-01","attendance":[{"member":"?","status":"到会"}]}`},
		{"member", "POST", "/me/claims", `{"item":"好事","on":"2026-05-01","follows":"?"}`},
		{"secretary", "POST", "/claims/decisions", `{"decision":"同意","claims":[{"id":"?"}]}`},
		{"secretary", "POST", "/entries/?/reversal", `{"reason":"记重了"}`},
		{"secretary", "GET", "/members/?", ""}, {"secretary", "GET", "/members/?/standing", ""},
		{"clerk", "GET", "/members?org=?", ""},
		{"clerk", "GET", "/rankings?org=?", ""}, {"clerk", "GET", "/alerts?org=?", ""},
		{"clerk", "GET", "/members?after=?", ""},
	} {
		token := h.token(t, c.login)
		for _, bad := range []string{"P99999", "99999", "x", "entry.99", "-1", "9223372036854775808",
			strings.Repeat("9", 300)} {
			w := h.ask(c.method, strings.ReplaceAll(c.path, "?/", bad+"/"), token, strings.ReplaceAll(c.body, "?", bad))
			if at := strings.HasSuffix(c.path, "?"); at {
				w = h.ask(c.method, strings.TrimSuffix(c.path, "?")+bad, token, "")
			}
			if w.Code >= 500 || strings.Contains(w.Body.String(), "程序出错") {
				t.Errorf("%s %s as %s with %.20s: %d", c.method, c.path, c.login, bad, w.Code)
			}
		}
	}
	// A number is meant whatever its case and width.
	h.answer(t, 201, "POST", "/entries", h.token(t, "secretary"), `{"member":"ｅ2","item":"好事","on":"2026-05-01"}`)
}
