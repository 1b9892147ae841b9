package web_test

import (
	"jifen/internal/store"
	"net/url"
	"testing"
)

// TestWhoHoldsAnAccountIsSaid opens an account over points, and puts right who holds it.
func TestWhoHoldsAnAccountIsSaid(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "security")
	form := url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"支部书记"}, "org": {string(w.West.ID)}}
	v.sends("/accounts", form).Refused().Shows("要写持有人本人的党员编号").Has(`input[name="none"]`)
	page := "/accounts/1" // the clerk, of whom was said that he is no member
	v.opens(page).OK().Shows("不是党员").Has(`form[action="/accounts/1/holder"]`)
	v.sends(page+"/holder", url.Values{}).Refused().Shows("要写持有人本人的党员编号")
	v.sends(page+"/holder", url.Values{"member": {"P99999"}}).Refused().Shows("没有编号“P99999”的党员")
	v.sends(page+"/holder", url.Values{"member": {"e1"}}).LeadsTo(page)
	v.opens(page).OK().Shows("持有人核对好了", "E1")
	err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
		a, err := tx.Account(1)
		if err != nil {
			return err
		}
		a.Person = nil
		return tx.SettleAccount(a, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	v.opens("/accounts").OK().Shows("有 1 个管积分的帐号，持有人待核对", "持有人待核对")
	v.opens(page).OK().Shows("还没有核对")
	v.opens("/accounts/2").OK().HasNo(`form[action="/accounts/2/holder"]`) // a member's own
}
