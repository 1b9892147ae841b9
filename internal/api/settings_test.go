package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"jifen/internal/app/accounts"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestSigningInIsSet by who manages accounts; with one value that is wrong nothing is set.
func TestSigningInIsSet(t *testing.T) {
	t.Parallel()
	h := open(t)
	security := h.token(t, "security")
	expect.Contains(t, h.answer(t, 200, "GET", "/settings", security, ""), `"name":"idle_minutes","title":"多久不用就退出",`+
		`"unit":"分钟","value":30,"usual":30,"least":5,"most":240,"never":false}`)
	expect.Contains(t, h.answer(t, 200, "GET", "/settings", security, ""), `"changes":[]`)
	for _, c := range []struct{ body, words string }{
		{`{"set":{"idle_minutes":20,"password_length":3}}`, "“密码至少”不能是 3 个字"}, {`{"set":{"unheard":20}}`, "没有“unheard”这项设置"},
		{`{}`, `"set"`},
	} {
		expect.Contains(t, h.answer(t, 422, "POST", "/settings", security, c.body), c.words)
	}
	expect.Contains(t, h.answer(t, 200, "GET", "/settings", security, ""), `"changes":[]`)
	set := h.answer(t, 200, "POST", "/settings", security, `{"set":{"idle_minutes":20}}`)
	expect.Contains(t, set, `"value":20,"usual":30`)
	expect.Contains(t, set, `"changes":[{"name":"idle_minutes","value":20,"at":"`)
	expect.Equal(t, "what is kept", h.answer(t, 200, "GET", "/settings", security, ""), set)
}

// TestSessionsAreListedAndEnded by whose they are and by nobody else.
func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	h := open(t)
	sessions := accounts.NewSessions(h.DB, testkit.Now)
	begin := func(token string) {
		t.Helper()
		ctx := accounts.WithVisit(t.Context(), &accounts.Visit{Address: "192.0.2.7", Agent: "Firefox"})
		accounts.Belongs(ctx, h.Member.Account)
		if err := sessions.CommitCtx(ctx, token, []byte("x"), testkit.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	member, secretary := h.token(t, "member"), h.token(t, "secretary")
	list := func(token string) (ids []string) {
		t.Helper()
		var out struct {
			Sessions []struct{ ID, Address, Agent string }
		}
		if err := json.Unmarshal([]byte(h.answer(t, 200, "GET", "/me/sessions", token, "")), &out); err != nil {
			t.Fatal(err)
		}
		for _, s := range out.Sessions {
			expect.Equal(t, "from where", s.Address+" "+s.Agent, "192.0.2.7 Firefox")
			ids = append(ids, s.ID)
		}
		return ids
	}
	expect.Equal(t, "before anybody has signed in", len(list(member)), 0)
	begin("one")
	begin("two")
	begin("three")
	ids := list(member)
	expect.Equal(t, "the member's", len(ids), 3)
	expect.Equal(t, "the secretary's", len(list(secretary)), 0)
	hidden := h.ask("DELETE", "/me/sessions/"+ids[0], secretary, "")
	expect.Equal(t, "another's", hidden.Code, 404)
	expect.Equal(t, "nobody's", h.ask("DELETE", "/me/sessions/0000", secretary, "").Body.String(), hidden.Body.String())
	h.answer(t, 200, "DELETE", "/me/sessions/"+ids[0], member, "")
	h.answer(t, 404, "DELETE", "/me/sessions/"+ids[0], member, "")
	expect.Equal(t, "after one has ended", len(list(member)), 2)

	var s struct{ Token string }
	signIn := `{"login":"member","password":"` + testkit.Password + `"}`
	if err := json.Unmarshal([]byte(h.answer(t, 201, "POST", "/session", "", signIn)), &s); err != nil {
		t.Fatal(err)
	}
	h.answer(t, 200, "DELETE", "/me/sessions", s.Token, "")
	h.answer(t, 401, "GET", "/me", s.Token, "")
	expect.Equal(t, "after all have ended", len(list(member)), 0)
}
