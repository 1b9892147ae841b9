package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"jifen/internal/testkit/expect"
)

// TestAClaimGoesItsWayOverTheAPI: a member claims, the branch returns it, he takes
// it up again, and it counts when the branch, the community and the street have
// agreed.
func TestAClaimGoesItsWayOverTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	member, other := h.token(t, "member"), h.token(t, "clerk")
	var e struct {
		Claim string
		Asked []string
	}
	hand := func(follows string) {
		t.Helper()
		body := h.answer(t, 201, "POST", "/me/claims", member,
			`{"item":"表彰","on":"2026-05-20","fields":{"级别":"国家"},"note":"证书在支部","follows":"`+follows+`"}`, "Idempotency-Key",
			"c"+follows)
		if err := json.Unmarshal([]byte(body), &e); err != nil || strings.Join(e.Asked, " ") != "支部委员会 社区党委 街道党工委" {
			t.Fatalf("%s, %v", body, err)
		}
	}
	hand("")
	first := e.Claim
	if got := h.answer(t, 200, "GET", "/members/E2/standing", member, ""); !strings.Contains(got, `"total":"80"`) ||
		!strings.Contains(got, `"pending":"3"`) {
		t.Errorf("what waits is not apart: %s", got)
	}
	if got := h.answer(t, 200, "GET", "/claims", other, ""); !strings.Contains(got, `"claims":[]`) ||
		!strings.Contains(got, `"others":[{"id":"`+first) {
		t.Errorf("the street has it before the branch: %s", got)
	}
	decide := func(login, id string, step int, words, reason string, status int) string {
		t.Helper()
		return h.answer(t, status, "POST", "/claims/decisions", h.token(t, login),
			fmt.Sprintf(`{"decision":"%s","reason":"%s","claims":[{"id":"%s","step":%d}]}`, words, reason, id, step))
	}
	expect.Contains(t, decide("clerk", first, 1, "同意", "", 403), "由支部委员会来定")
	expect.Contains(t, decide("secretary", first, 1, "退回", "", 422), "退回要写理由")
	decide("secretary", first, 1, "退回", "证书没有交来看", 201)
	expect.Contains(t, h.answer(t, 200, "GET", "/me/claims", member, ""), `"state":"退回"`, `"reason":"证书没有交来看"`)
	hand(first)
	for i, login := range []string{"secretary", "community", "clerk"} {
		got := h.answer(t, 200, "GET", "/claims", h.token(t, login), "")
		if !strings.Contains(got, fmt.Sprintf(`"claims":[{"id":"%s","state":"待确认","step":%d`, e.Claim, i+1)) ||
			!strings.Contains(got, `"worth":"3"`) || !strings.Contains(got, `"级别":"国家"`) {
			t.Errorf("%s: %s", login, got)
		}
		expect.Contains(t, decide(login, e.Claim, i+1, "同意", "", 201),
			map[bool]string{true: `"posted":1`, false: `"passed":1`}[i == 2])
	}
	if got := decide("clerk", e.Claim, 3, "同意", "", 409); !strings.Contains(got, "clerk") {
		t.Errorf("who was quicker is not told: %s", got)
	}
	if got := h.answer(t, 200, "GET", "/members/E2/standing", member, ""); !strings.Contains(got, `"total":"83"`) ||
		strings.Contains(got, "pending") {
		t.Error(got)
	}
	h.answer(t, 409, "POST", "/me/claims/"+e.Claim+"/withdrawal", member, "")
}

// TestManyClaimsAreDecidedOnce: of twenty at once with one key one decides and
// nineteen say so; who cannot be decided is told apart.
func TestManyClaimsAreDecidedOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	member, clerk := h.token(t, "member"), h.token(t, "clerk")
	for _, body := range []string{
		`{"org":"` + string(h.East.ID) +
			`","kind":"党课","on":"2026-05-06","attendance":[{"member":"E2","status":"补课","made_up_on":"2026-05-09"}` +
			`,{"member":"W1","status":"到会"}]}`,
		`{"org":"` + string(h.East.ID) + `","kind":"党课","on":"2026-05-07","attendance":[{"member":"W2","status":"到会"}]}`,
	} {
		h.answer(t, 201, "POST", "/activities", h.token(t, "secretary"), body)
	}
	h.answer(t, 422, "POST", "/activities", h.token(t, "secretary"),
		`{"org":"`+string(h.East.ID)+`","kind":"党课","on":"2026-05-08",`+
			`"attendance":[{"member":"E2","status":"补课","made_up_on":"后天"}]}`)
	var q struct {
		Claims []struct{ ID, Activity, Status string }
	}
	if body := h.answer(t, 200, "GET", "/claims", clerk, ""); json.Unmarshal([]byte(body), &q) != nil ||
		len(q.Claims) != 2 || q.Claims[0].Status != "到会" {
		t.Fatal(body)
	}
	body := fmt.Sprintf(`{"decision":"同意","claims":[{"id":"%s","step":1},{"id":"%s","step":1},{"id":"99"}]}`,
		q.Claims[0].ID, q.Claims[1].ID)
	replays, answers := h.twenty("/claims/decisions", clerk, body)
	if replays != 19 || len(answers) != 1 ||
		!answers[`201 {"posted":2,"passed":0,"returned":0,"refused":[{"id":"99","reason":"没有这条申报（也可能不在您的范围里）"}]}`] {
		t.Errorf("%d replays, answers %v", replays, answers)
	}
	for body, status := range map[string]int{
		`{"decision":"同意","claims":[]}`:                     422,
		`{"decision":"好","claims":[{"id":"1"}]}`:            422,
		`{"decision":"同意","claims":[{"id":"entry.1"}]}`:     404,
		`{"decision":"同意","claims":[{"id":"1","step":-1}]}`: 404,
		`{"decision":"同意","claims":[{"id":"1","stage":1}]}`: 422,
	} {
		h.answer(t, status, "POST", "/claims/decisions", clerk, body)
	}
	// What a member claimed he may take back, once, and nobody else may.
	var e struct{ Claim string }
	claimed := h.answer(t, 201, "POST", "/me/claims", member, `{"item":"好事","on":"2026-05-20"}`)
	if err := json.Unmarshal([]byte(claimed), &e); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		h.answer(t, 201, "POST", "/me/claims/"+e.Claim+"/withdrawal", member, "", "Idempotency-Key", "w")
	}
	h.answer(t, 409, "POST", "/me/claims/"+e.Claim+"/withdrawal", member, "")
	h.answer(t, 404, "POST", "/me/claims/1/withdrawal", member, "")
	h.answer(t, 404, "POST", "/me/claims", member, `{"item":"好事","on":"2026-05-20","follows":"x"}`)
	expect.Contains(t, h.answer(t, 200, "GET", "/me/claims?limit=1", member, ""), `"state":"撤回"`)
}

// TestADocumentFromOutsideOverTheAPI: the step that an organ outside decides asks
// for its document, and the claim tells it afterwards.
func TestADocumentFromOutsideOverTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Follow(t, `办法: 有外部机构的办法
编号: t
施行: 2026-01-01
机构: {县委组织部: 外部}
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80, 下限: 0}}
项目:
  表彰: {板块: 基础, 分值: 5, 审批: [县委组织部]}
`)
	member, secretary := h.token(t, "member"), h.token(t, "secretary")
	h.answer(t, 201, "POST", "/me/claims", member, `{"item":"表彰","on":"2026-05-20"}`)
	expect.Contains(t, h.answer(t, 200, "GET", "/claims", secretary, ""), `"waits":["县委组织部"],"outside":true`)
	body := `{"decision":"同意","claims":[{"id":"1"}]%s}`
	expect.Contains(t, h.answer(t, 422, "POST", "/claims/decisions", secretary, fmt.Sprintf(body, "")), "文号和日期")
	expect.Contains(t, h.answer(t, 422, "POST", "/claims/decisions", secretary,
		fmt.Sprintf(body, `,"document":{"number":"3号","on":"五月"}`)), "document.on")
	h.answer(t, 201, "POST", "/claims/decisions", secretary,
		fmt.Sprintf(body, `,"document":{"number":"奎组发〔2026〕3号","on":"2026-05-25"}`))
	expect.Contains(t, h.answer(t, 200, "GET", "/me/claims", member, ""),
		`"document":{"number":"奎组发〔2026〕3号","on":"2026-05-25"}`, `"state":"已同意"`)
}
