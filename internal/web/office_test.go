package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestWhoHoldsSeveralOfficesWorksInOneAndSeesWhich: the secretary of the eastern branch is
// that of the western one too.
func TestWhoHoldsSeveralOfficesWorksInOneAndSeesWhich(t *testing.T) {
	t.Parallel()
	w := open(t)
	assign := func(role domain.Role, org domain.OrgID, ended bool) {
		t.Helper()
		err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
			return tx.InsertAssignment(w.Secretary.Account, role, org, ended, 0)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	assign(domain.RoleSecretary, w.West.ID, false)
	assign(domain.RoleMember, "", false)
	east, west := "/branches/"+string(w.East.ID), "/branches/"+string(w.West.ID)
	v := w.visit(t, "secretary")

	v.opens(east).OK().Has(`.person .roles`, "支部书记（东支部）").Has(`form[action="/account/office"] option[selected]`,
		"支部书记（东支部）")
	_, hidden, _ := v.get(west)
	status, absent, _ := v.get("/branches/99")
	if status != http.StatusNotFound || strings.ReplaceAll(hidden, west, "") != strings.ReplaceAll(absent, "/branches/99",
		"") {
		t.Errorf("the page of the other office is told from one that is not there: %d", status)
	}
	v.opens("/me").OK()

	v.sends("/account/office", url.Values{"office": {"street:1"}}).Refused().Shows("现在没有这个职务")
	v.sends("/account/office", url.Values{"office": {"secretary:" + string(w.West.ID)}}).LeadsTo("/")
	v.opens(west).OK().Has(`.person .roles`, "支部书记（西支部）")
	if status, _, _ := v.get(east); status != http.StatusNotFound {
		t.Errorf("the page of the office not worked in: %d", status)
	}
	v.opens("/me").OK()

	v.sends("/logout", url.Values{}).LeadsTo("/login")
	v.sends("/login", url.Values{"login": {"secretary"}, "password": {testkit.Password}}).LeadsTo("/")
	v.opens(west).OK().Has(`.person .roles`, "支部书记（西支部）") // as before

	assign(domain.RoleSecretary, w.West.ID, true) // in mid-session
	if status, _, _ := v.get(west); status != http.StatusNotFound {
		t.Errorf("an office that ended goes on: %d", status)
	}
	v.opens(east).OK().Has(`.person .roles`, "支部书记（东支部）").HasNo(`form[action="/account/office"]`)
}
