package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestSlipsAreHandedOut: one by the secretary of the branch, those of an organisation by who
// manages accounts; each opens an account.
func TestSlipsAreHandedOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	secretary, security := h.token(t, "secretary"), h.token(t, "security")
	expect.Contains(t, h.answer(t, 200, "GET", "/members/E2/slip", secretary, ""), `"login":"member"`)
	var made struct{ Login, Code string }
	if err := json.Unmarshal([]byte(h.answer(t, 201, "POST", "/members/E2/slip", secretary, "")), &made); err != nil {
		t.Fatal(err)
	}
	h.answer(t, 401, "POST", "/session", "", `{"login":"member","password":"`+testkit.Password+`"}`)
	expect.Contains(t, h.answer(t, 200, "GET", "/members/E2/slip", secretary, ""), `"used":false`)
	expect.Equal(t, "whose slip it is", made.Login, "member")
	for _, method := range []string{"GET", "POST"} {
		hidden, absent := h.ask(method, "/members/W1/slip", secretary, ""), h.ask(method, "/members/W9/slip", secretary, "")
		expect.Equal(t, method+" of another branch", hidden.Code, 404)
		expect.Equal(t, method+" of nobody", absent.Body.String(), hidden.Body.String())
	}

	path := "/accounts/slips?org=" + string(h.West.ID)
	var due struct{ Without int }
	if err := json.Unmarshal([]byte(h.answer(t, 200, "GET", path, security, "")), &due); err != nil || due.Without == 0 {
		t.Fatal(due, err)
	}
	var all struct {
		Slips []struct{ Login, Code string }
	}
	body := fmt.Sprintf(`{"org":%q}`, h.West.ID)
	answer := h.answer(t, 201, "POST", "/accounts/slips", security, body)
	if err := json.Unmarshal([]byte(answer), &all); err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "the slips", len(all.Slips), due.Without)
	expect.Contains(t, h.answer(t, 200, "GET", path, security, ""), `"without":0`)
	expect.Contains(t, h.answer(t, 201, "POST", "/accounts/slips", security, body), `"slips":[]`)
	h.answer(t, 422, "POST", "/accounts/slips", security, `{"org":"999"}`)
	h.answer(t, 422, "POST", "/accounts/slips", security, `{}`)
}

// TestWhoHasLeftIsErasedByTheAPI, and who is still here is not.
func TestWhoHasLeftIsErasedByTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	clerk := h.token(t, "clerk")
	body := `{"typed":"E2","reason":"本人要求"}`
	expect.Contains(t, h.answer(t, 200, "GET", "/members/E2/erasure", clerk, ""), "组织关系还在这里")
	h.answer(t, 409, "POST", "/members/E2/erasure", clerk, body)
	h.leave(t, "E2")
	expect.Contains(t, h.answer(t, 200, "GET", "/members/E2/erasure", clerk, ""), `"names":2`)
	for wrong, words := range map[string]string{
		`{"typed":"E1","reason":"本人要求"}`: "不一样", `{"typed":"E2"}`: "理由", `{"typed":"E2","reason":"示例东2要求"}`: "要删的姓名",
	} {
		expect.Contains(t, h.answer(t, 422, "POST", "/members/E2/erasure", clerk, wrong), words)
	}
	h.answer(t, 200, "POST", "/members/E2/erasure", clerk, body)
	expect.Contains(t, h.answer(t, 200, "GET", "/members/E2/erasure", clerk, ""), `"names":0`)
	secretary := h.token(t, "secretary")
	h.answer(t, 403, "GET", "/members/E2/erasure", secretary, "")
}

// leave lets a member leave.
func (h *house) leave(t *testing.T, id domain.MemberID) {
	t.Helper()
	if err := h.DB.Write(store.InAllStreets(t.Context(), "the town of the test"), func(tx *store.Tx) error {
		return members.LeaveTx(tx, id, testkit.Day(t, "2026-05-31"), 0)
	}); err != nil {
		t.Fatal(err)
	}
}
