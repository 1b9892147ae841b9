package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
)

// TestTheClerkAgreesToAnOffice: it is on his list and above what waits for him, a refusal
// asks for a reason, and what he agreed to holds with the next page.
func TestTheClerkAgreesToAnOffice(t *testing.T) {
	t.Parallel()
	w := open(t)
	role := accounts.Role{Role: domain.RoleSecretary, Org: w.East.ID}
	if err := w.Accounts.Assign(t.Context(), w.Security, w.Member.Account, role, false); err != nil {
		t.Fatal(err)
	}
	list, err := w.Accounts.Proposals(t.Context(), w.Clerk)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	at := "/proposals/" + strconv.FormatInt(int64(list[0].ID), 10)
	clerk, member := w.visit(t, "clerk"), w.visit(t, "member")
	clerk.opens("/claims").OK().Shows("有 1 个职务等您同意")
	clerk.opens("/proposals").OK().Has(`[action="` + at + `"] [name="do"][value="agree"]`)
	clerk.sends(at, url.Values{"do": {"refuse"}}).Refused().Shows("要写理由")
	member.opens("/branches/" + string(w.East.ID)).Status(http.StatusForbidden)
	clerk.sends(at, url.Values{"do": {"agree"}}).LeadsTo("/proposals")
	member.opens("/branches/" + string(w.East.ID)).OK()
	clerk.opens("/claims").OK().Lacks("等您同意")
}

// Proposals is the part of the matrix of proposals.go.
func (matrix) Proposals() string {
	return `
GET /proposals: clerk admin security
POST /proposals/:id: clerk admin security
`
}
