package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/accounts"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// trailOf asks for lines of the trail, and returns each as who, what, how it ended and whose, and
// where the next piece begins.
func (h *house) trailOf(t *testing.T, token, query string) (out []string, next string) {
	t.Helper()
	var got struct {
		Next  string
		Lines []struct {
			ID, Name, Action, Result, Member string
			Members                          int
		}
	}
	body := h.answer(t, http.StatusOK, "GET", "/trail"+query, token, "")
	expect.NoError(t, "the answer", json.Unmarshal([]byte(body), &got))
	for _, l := range got.Lines {
		words := fmt.Sprint(l.Name, " ", l.Action, " ", l.Result, " ", l.Member, " ", l.Members)
		out = append(out, strings.Join(strings.Fields(words), " "))
	}
	return out, got.Next
}

// TestTheTrailIsReadByTheAPI: filtered as on the page, piece by piece, and by an auditor of one
// street that street's alone.
func TestTheTrailIsReadByTheAPI(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	h := openWith(t, town)
	town.AuditorOf(t, "local", &town.Street)
	line := func(org domain.OrgID, member domain.MemberID, result string) {
		t.Helper()
		expect.NoError(t, "a line", town.DB.Write(t.Context(), func(tx *store.Tx) error {
			return audit.Record(tx, town.Clerk, audit.ReadMember, audit.What{Org: org, Member: member, Result: result})
		}))
		town.Later(24 * time.Hour)
	}
	line(town.East.ID, "E2", "")
	line(town.East.ID, "E1", "not_found")
	line(town.Neighbours.Branch.ID, "N1", "")
	auditor, local := h.token(t, "auditor"), h.token(t, "local")
	const one, two, three = "clerk 查看个人明细 done E2 1", "clerk 查看个人明细 not_found E1 1", "clerk 查看个人明细 done N1 1"
	clerk := "who=clerk"
	for query, want := range map[string][]string{
		clerk:                                   {three, two, one},
		clerk + "&about=e2":                     {one},
		clerk + "&result=refused":               {two},
		clerk + "&result=not_found":             {two},
		clerk + "&result=forbidden":             {},
		clerk + "&result=done":                  {three, one},
		clerk + "&from=2026-06-02":              {three, two},
		clerk + "&until=2026-06-01":             {one},
		"from=2026-06-02&until=2026-06-02":      {two},
		"action=查看个人明细&limit=1":                 {three},
		"place=10.0.0.1":                        {},
		fmt.Sprint("account=", town.Clerk.ID()): {three, two, one},
		"who=CLERK":                             {three, two, one},
		"who=secretary":                         {},
	} {
		got, _ := h.trailOf(t, auditor, "?"+query)
		expect.Equal(t, query, strings.Join(got, "; "), strings.Join(want, "; "))
	}
	var all []string
	for before := ""; ; {
		piece, next := h.trailOf(t, auditor, "?who=clerk&limit=2"+before)
		all = append(all, piece...)
		if next == "" {
			break
		}
		before = "&before=" + next
	}
	expect.Equal(t, "piece by piece", strings.Join(all, "; "), strings.Join([]string{three, two, one}, "; "))
	got, _ := h.trailOf(t, local, "?who=clerk")
	expect.Equal(t, "the auditor of a street", strings.Join(got, "; "), two+"; "+one)
	for _, bad := range []string{"result=wrong", "from=yesterday", "before=x", "account=-1", "limit=0"} {
		h.answer(t, http.StatusUnprocessableEntity, "GET", "/trail?"+bad, auditor, "")
	}
}

// TestAnOfficeIsAgreedToByTheAPI: as on the page, and by nobody else.
func TestAnOfficeIsAgreedToByTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	propose := func() string {
		t.Helper()
		role := accounts.Role{Role: domain.RoleSecretary, Org: h.West.ID}
		expect.NoError(t, "the proposal", h.Accounts.Assign(t.Context(), h.Security, h.Member.Account, role, false))
		d, err := h.Accounts.Detail(t.Context(), h.Security, h.Member.Account)
		expect.NoError(t, "the account", err)
		return fmt.Sprint(int64(d.Proposed[0].ID))
	}
	clerk, security, admin := h.token(t, "clerk"), h.token(t, "security"), h.token(t, "admin")
	id := propose()
	list := h.answer(t, http.StatusOK, "GET", "/proposals", clerk, "")
	expect.Contains(t, list,
		`"login":"member","name":"member","role":"支部书记","org":{"id":"`+string(h.West.ID)+`","name":"西支部"}`)
	expect.Contains(t, list, `"may_agree":true,"may_end":false`)
	expect.Contains(t, h.answer(t, http.StatusOK, "GET", "/proposals", security, ""), `"may_agree":false,"may_end":true`)
	expect.Contains(t, h.answer(t, http.StatusOK, "GET", "/proposals", admin, ""), `"proposals":[]`)
	answer := func(status int, token, id, body string) string {
		t.Helper()
		return h.answer(t, status, "POST", "/proposals/"+id+"/answer", token, body)
	}
	const agree, refuse = `{"do":"agree"}`, `{"do":"refuse","reason":"支部没有报过来"}`
	answer(http.StatusForbidden, security, id, agree)
	answer(http.StatusUnprocessableEntity, clerk, id, `{"do":"refuse"}`)
	answer(http.StatusUnprocessableEntity, clerk, id, `{"do":"other"}`)
	absent := answer(http.StatusNotFound, admin, "888", agree)
	expect.Equal(t, "what one may not know of", answer(http.StatusNotFound, admin, id, agree), absent)
	answer(http.StatusNotFound, clerk, "x", agree)
	expect.Contains(t, answer(http.StatusCreated, clerk, id, refuse), `"state":"没有同意"`)
	answer(http.StatusConflict, clerk, id, agree)
	expect.Contains(t, answer(http.StatusCreated, security, propose(), refuse), `"state":"撤回了"`)
	expect.Contains(t, answer(http.StatusCreated, clerk, propose(), agree), `"state":"已同意"`)
	expect.Contains(t, h.answer(t, http.StatusOK, "GET", "/me", h.token(t, "member"), ""), `"role":"支部书记"`)
}
