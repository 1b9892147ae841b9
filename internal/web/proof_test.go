package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/server"
	"jifen/internal/testkit"
	"jifen/internal/web"
)

// asking lists by hand the routes that ask for the password again.
const asking = `
GET /exports/file
GET /me/data/export
GET /ranking/export
GET /trail/export
POST /account/proof
POST /accounts
POST /accounts/:id/close
POST /accounts/:id/holder
POST /accounts/:id/identity
POST /accounts/:id/password
POST /accounts/:id/roles
POST /accounts/settings
POST /accounts/slips
POST /branches/periods
POST /exports/form
POST /members/:id/erase
POST /members/:id/slip
POST /members/:id/texts
POST /proposals/:id
POST /rules/drafts/:id
`

// TestWhatIsDangerousAsksForThePassword holds the table of routes against the list above,
// and what answers an aged password against its own.
func TestWhatIsDangerousAsksForThePassword(t *testing.T) {
	t.Parallel()
	var asks, aged []string
	for _, r := range open(t).rows {
		if r.Asks {
			asks = append(asks, r.Method+" "+r.Path)
		}
		if r.Aged {
			aged = append(aged, r.Method+" "+r.Path)
		}
	}
	slices.Sort(asks)
	slices.Sort(aged)
	if got := strings.Join(asks, "\n"); got != strings.TrimSpace(asking) {
		t.Errorf("the routes that ask are\n%s\nwritten by hand are%s", got, asking)
	}
	if got := strings.Join(aged, ", "); got != "GET /account/password, POST /account/password, POST /logout" {
		t.Errorf("who is to change his password is answered by %s", got)
	}
}

// moving opens a town whose site goes by the town's clock.
func moving(t *testing.T) *town {
	t.Helper()
	kit := testkit.New(t)
	later := func() time.Time { return kit.Later(0) }
	return openAt(t, kit, later, func(o *web.Options) { o.Now = later })
}

// TestAFormSurvivesTheQuestionForThePassword: what was filled in is sent again with the
// password, which is asked for once in ten minutes.
func TestAFormSurvivesTheQuestionForThePassword(t *testing.T) {
	t.Parallel()
	w := moving(t)
	v := w.visit(t, "security")
	form := url.Values{"role": {"支部书记"}, "org": {string(w.East.ID)}, "do": {"give"}}
	w.Later(9 * time.Minute)
	v.sends("/accounts/3/roles", form).LeadsTo("/accounts/3")
	if err := w.AgreeTo(t.Context(), w.Member.Account); err != nil {
		t.Fatal(err)
	}
	w.Later(2 * time.Minute)
	form.Set("do", "end")
	v.sends("/accounts/3/roles", form).Refused().Has(`[action="/accounts/3/roles"] [name="do"][value="end"]`).
		Has(`[name="role"][value="支部书记"]`).Has(`[name="proof"]`)
	form.Set(server.ProofField, "not the password")
	v.sends("/accounts/3/roles", form).Refused().Shows("现在的密码不对").Lacks("not the password")
	form.Set(server.ProofField, testkit.Password)
	v.sends("/accounts/3/roles", form).LeadsTo("/accounts/3")
	v.sends("/accounts/8/close", url.Values{"do": {"close"}}).Refused().Lacks(server.ProofField + `"`)
	// A page that is carried away is shown after the password; who may not is not asked.
	w.Later(11 * time.Minute)
	clerk := w.visit(t, "clerk")
	w.Later(11 * time.Minute)
	clerk.opens("/ranking/export").Refused().Has(`[action="/account/proof"] [name="next"][value="/ranking/export"]`)
	clerk.sends("/account/proof", url.Values{"next": {"/ranking/export"}, server.ProofField: {testkit.Password}}).
		LeadsTo("/ranking/export")
	clerk.opens("/ranking/export").OK()
	clerk.sends("/accounts/3/roles", form).Status(http.StatusForbidden)
}

// TestWhoWasIdleWritesHisPassword: after half an hour nothing is shown, and what he filled
// in is taken in once he has written his password.
func TestWhoWasIdleWritesHisPassword(t *testing.T) {
	t.Parallel()
	w := moving(t)
	v := w.visit(t, "secretary")
	w.Later(29 * time.Minute)
	v.opens("/members/E2").OK()
	w.Later(29 * time.Minute)
	v.opens("/members/E2").OK()
	w.Later(30 * time.Minute)
	v.opens("/members/E2").LeadsTo("/login?next=%2Fmembers%2FE2")
	entry := url.Values{"key": {"k2"}, "branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"好事"},
		"day": {"2026-05-21"}, "do": {"save"}}
	v.sends("/entries", entry).Refused().Shows("太久没有用").Has(`[name="item"][value="好事"]`).Lacks("示例东1")
	entry.Set(server.ProofField, testkit.Password)
	v.sends("/entries", entry).LeadsTo("/entries/new?branch=" + string(w.East.ID))
	v.opens("/members/E2").OK().Has(".total-number", "82")
	// Nobody stays for longer than twelve hours, whatever he does.
	for range 31 {
		w.Later(25 * time.Minute)
		v.get("/members/E2")
	}
	v.opens("/members/E2").LeadsTo("/login?next=%2Fmembers%2FE2")
}

// TestAnAgedPasswordIsChangedFirst leads to the page that sets a new one, and nowhere else.
func TestAnAgedPasswordIsChangedFirst(t *testing.T) {
	t.Parallel()
	w := moving(t)
	w.Later(90 * 24 * time.Hour)
	v := w.visit(t, "member")
	v.opens("/me").LeadsTo("/account/password")
	v.opens("/account").LeadsTo("/account/password")
	v.sends("/me/claims", url.Values{"item": {"好事"}}).LeadsTo("/account/password")
	v.opens("/account/password").OK().Shows("密码用满 90 天了")
	fresh := "雨后的石榴树下有三只猫"
	change := url.Values{"old": {testkit.Password}, "new": {fresh}, "again": {"另一个"}}
	v.sends("/account/password", change).Refused().Shows("两次写的新密码不一样", "密码用满 90 天了")
	change.Set("again", fresh)
	v.sends("/account/password", change).LeadsTo("/account")
	v.opens("/me").OK()
	// 0 is never.
	security := w.visit(t, "security")
	security.opens("/accounts").LeadsTo("/account/password")
	if err := w.Accounts.Set(t.Context(), w.Security, map[domain.SettingName]int64{domain.SettingAgeing: 0}); err != nil {
		t.Fatal(err)
	}
	security.opens("/accounts").OK()
}

// TestOnesSessionsAreListedAndEnded: one by one, and all others.
func TestOnesSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	w := open(t)
	here, there, third := w.visit(t, "member"), w.visit(t, "member"), w.visit(t, "member")
	other := w.visit(t, "secretary")
	here.opens("/account").OK().Shows("就是这里", "让它退出")
	id := here.found("/account", `action="/account/sessions/([0-9a-f]+)/end"`)
	other.sends("/account/sessions/"+id+"/end", nil).Status(http.StatusNotFound)
	here.sends("/account/sessions/"+id+"/end", nil).LeadsTo("/account")
	in := 0
	for _, v := range []*visitor{there, third} {
		if status, _, _ := v.get("/me"); status == http.StatusOK {
			in++
		}
	}
	if in != 1 {
		t.Errorf("one of two is ended, and %d are in", in)
	}
	here.sends("/account/sessions/end", nil).LeadsTo("/account")
	there.opens("/me").LeadsTo("/login?next=%2Fme")
	third.opens("/me").LeadsTo("/login?next=%2Fme")
	here.opens("/me").OK()
	other.opens("/account").OK()
}

// TestSigningInIsSetByTheSecurityAdministrator: within limits, at once, and listed.
func TestSigningInIsSetByTheSecurityAdministrator(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "security")
	set := url.Values{"set.idle_minutes": {"15"}, "set.session_hours": {"12"}, "set.password_days": {"7"},
		"set.password_length": {"12"}, "set.free_tries": {"5"}}
	v.sends("/accounts/settings", set).Refused().Shows("“密码用多久要换”不能是 7 天").Has(`[name="set.password_days"][value="7"]`)
	set.Set("set.password_days", "x")
	v.sends("/accounts/settings", set).Refused().Shows("不是整数")
	set.Set("set.password_days", "0")
	v.sends("/accounts/settings", set).LeadsTo("/accounts/settings")
	v.opens("/accounts/settings").OK().Has(`[name="set.idle_minutes"][value="15"]`).Shows("密码用多久要换（天）：0")
	v.sends("/account/password", url.Values{"old": {testkit.Password}, "new": {"十一个字的密码够不够长"},
		"again": {"十一个字的密码够不够长"}}).Refused().Shows("至少 12 个")
	m := w.visit(t, "member")
	w.Later(16 * time.Minute)
	m.opens("/me").LeadsTo("/login?next=%2Fme")
}
