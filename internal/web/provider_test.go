package web_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/oidc"
	"jifen/internal/testkit"
	"jifen/internal/web"
	"jifen/internal/web/ui"
)

// withProvider opens a town whose site has a provider of identities, by the town's clock.
func withProvider(t *testing.T) (*town, *identityProvider) {
	t.Helper()
	kit := testkit.New(t)
	later := func() time.Time { return kit.Later(0) }
	p := newProvider(t, later())
	asked, err := oidc.New(oidc.Settings{Issuer: p.URL, Client: providerClient, Secret: providerSecret,
		Back: "http://127.0.0.1" + ui.ProviderBackPath, Now: later, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return openAt(t, kit, later, func(o *web.Options) { o.Now, o.Provider = later, asked }), p
}

// links ties an account to an identity, as the security administrator does.
func (w *town) links(t *testing.T, id domain.AccountID, p *identityProvider, subject string) {
	t.Helper()
	who := domain.Identity{Issuer: p.URL, Subject: subject}
	if err := w.Accounts.SetIdentity(t.Context(), w.Security, id, who); err != nil {
		t.Fatal(err)
	}
}

// leaves begins a sign-in at the provider, signs in there, and returns the query with which
// the visitor is sent back.
func (v *visitor) leaves(p *identityProvider, from string) url.Values {
	v.t.Helper()
	status, body, to := v.get(from)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, p.URL+"/authorize?") {
		v.t.Fatalf("%s: %d %s %s", from, status, to, body)
	}
	return p.SignsIn(v.t, to)
}

const fromProvider = "/login/provider/callback?"

// TestSigningInAtTheProvider leads an account to where it wanted, with a session of a new
// token, and nobody else.
func TestSigningInAtTheProvider(t *testing.T) {
	t.Parallel()
	w, p := withProvider(t)
	v := w.visit(t, "")
	v.opens("/login?next=/me").OK().Has(`a[href="/login/provider?next=%2fme"]`)
	back := v.leaves(p, "/login/provider?next=/me")
	v.opens(fromProvider+back.Encode()).Refused().Shows("没有和它关联", "3f0c2a")
	w.links(t, 3, p, "3f0c2a")
	planted := v.cookie("jifen")
	v.opens(fromProvider + v.leaves(p, "/login/provider?next=/me").Encode()).LeadsTo("/me")
	v.opens("/me").OK()
	if now := v.cookie("jifen"); now == "" || now == planted {
		t.Errorf("the session is %q, and was %q before", now, planted)
	}
	if v.cookie("jifen-provider") != "" {
		t.Error("the attempt is kept after it has come to an end")
	}
	w.visit(t, "auditor").opens("/trail").OK().Shows("oidc", "关联统一认证")
	// Nobody is sent elsewhere, and a site without a provider has none of it.
	v.opens(fromProvider + v.leaves(p, "/login/provider?next=//example.com").Encode()).LeadsTo("/")
	none := open(t).visit(t, "")
	none.opens("/login").OK().Lacks("统一认证")
	none.opens("/login/provider").Status(http.StatusNotFound)
	none.opens(fromProvider + back.Encode()).Status(http.StatusNotFound)
}

// cookie returns what the visitor keeps under a name.
func (v *visitor) cookie(name string) string {
	u, err := url.Parse(v.town.site.URL + "/login/provider/callback")
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// TestWhatTheProviderSaysIsHeldAgainstTheAttempt refuses what is of another attempt, for
// another site, too old or not signed by the provider.
func TestWhatTheProviderSaysIsHeldAgainstTheAttempt(t *testing.T) {
	t.Parallel()
	w, p := withProvider(t)
	w.links(t, 3, p, p.Subject)
	for name, spoil := range map[string]func(map[string]any){
		"another nonce":            func(c map[string]any) { c["nonce"] = "x" },
		"no nonce":                 func(c map[string]any) { delete(c, "nonce") },
		"another audience":         func(c map[string]any) { c["aud"] = "other" },
		"more audiences, no party": func(c map[string]any) { c["aud"] = []string{providerClient, "other"} },
		"another party":            func(c map[string]any) { c["azp"] = "other" },
		"another issuer":           func(c map[string]any) { c["iss"] = "https://login.example.cn" },
		"expired":                  func(c map[string]any) { c["exp"] = p.At.Add(-time.Second).Unix() },
		"no subject":               func(c map[string]any) { c["sub"] = "" },
	} {
		p.Spoil = spoil
		v := w.visit(t, "")
		v.opens(fromProvider + v.leaves(p, "/login/provider").Encode()).Refused().Shows("统一认证")
		if status, _, _ := v.get("/me"); status != http.StatusSeeOther {
			t.Errorf("%s: signed in all the same: %d", name, status)
		}
	}
	p.Spoil = nil
	// Whoever signs in at the provider in between cannot have it count for another browser,
	// nor twice.
	v, other := w.visit(t, ""), w.visit(t, "")
	back := v.leaves(p, "/login/provider")
	other.opens(fromProvider + back.Encode()).Refused().Shows("过时了，或者不是从这里开始的")
	theirs := other.leaves(p, "/login/provider")
	other.opens(fromProvider + url.Values{"state": theirs["state"], "code": back["code"]}.Encode()).
		Refused().Shows("没有认这一次登录") // the verifier is another's
	back = v.leaves(p, "/login/provider")
	kept := v.cookie("jifen-provider")
	v.opens(fromProvider + back.Encode()).LeadsTo("/")
	again := w.visit(t, "")
	again.opens(fromProvider + back.Encode()).Refused().Shows("过时了")
	again.keeps("jifen-provider", kept)
	again.opens(fromProvider + back.Encode()).Refused().Shows("没有认这一次登录")
	again.keeps("jifen-provider", kept[:len(kept)-2])
	again.opens(fromProvider + back.Encode()).Refused().Shows("过时了")
	late := v.leaves(p, "/login/provider")
	w.Later(oidc.AttemptLife)
	w.visit(t, "").opens(fromProvider + late.Encode()).Refused()
	v.opens(fromProvider + late.Encode()).Refused().Shows("过时了")
	v.opens(fromProvider + "error=access_denied&state=" + v.leaves(p, "/login/provider").Get("state")).
		Refused().Shows("那边没有登录成")
}

// keeps puts a cookie among those that the visitor keeps.
func (v *visitor) keeps(name, value string) {
	u, err := url.Parse(v.town.site.URL + "/login/provider/callback")
	if err != nil {
		v.t.Fatal(err)
	}
	v.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/login/provider"}})
}

// TestWithoutTheProviderPasswordsSignIn: a provider that is down is told, and asked again
// after a while; who is tied to nothing any more is out at once.
func TestWithoutTheProviderPasswordsSignIn(t *testing.T) {
	t.Parallel()
	w, p := withProvider(t)
	w.links(t, 3, p, p.Subject)
	p.Down = true
	v := w.visit(t, "")
	v.opens("/login/provider").Status(http.StatusServiceUnavailable).Shows("现在连不上", "用帐号和密码登录")
	w.visit(t, "member").opens("/me").OK()
	p.Down = false
	v.opens("/login/provider").Status(http.StatusServiceUnavailable)
	p.At = w.Later(11 * time.Second)
	back := v.leaves(p, "/login/provider")
	p.Down = true
	v.opens(fromProvider + back.Encode()).Status(http.StatusServiceUnavailable).Shows("现在连不上")
	p.Down = false
	v.opens(fromProvider + v.leaves(p, "/login/provider").Encode()).LeadsTo("/")
	security := w.visit(t, "security")
	security.opens("/accounts/3").OK().Shows(p.Subject)
	security.sends("/accounts/3/identity", url.Values{"do": {"untie"}}).LeadsTo("/accounts/3")
	v.opens("/me").LeadsTo("/login?next=%2Fme")
	security.sends("/accounts/3/identity", url.Values{"do": {"tie"}}).Refused().Shows("要写统一认证给他的标识")
	security.sends("/accounts/3/identity", url.Values{"do": {"tie"}, "subject": {"标识"}}).Refused().Shows("不是统一认证的标识")
	security.sends("/accounts/3/identity", url.Values{"do": {"tie"}, "subject": {p.Subject}}).LeadsTo("/accounts/3")
	security.sends("/accounts/2/identity", url.Values{"do": {"tie"}, "subject": {p.Subject}}).Refused().
		Shows("已经关联着帐号“member”")
	v.opens(fromProvider + v.leaves(p, "/login/provider").Encode()).LeadsTo("/")
	security.sends("/accounts/3/close", url.Values{"do": {"close"}}).LeadsTo("/accounts/3")
	v.opens("/me").LeadsTo("/login?next=%2Fme")
	v.opens(fromProvider + v.leaves(p, "/login/provider").Encode()).Refused().Shows("没有和它关联、可以用的帐号")
}

// TestWhoSignedInAtTheProviderDoesSoAgain before what is dangerous: the provider has to ask
// him anew, and to say so.
func TestWhoSignedInAtTheProviderDoesSoAgain(t *testing.T) {
	t.Parallel()
	w, p := withProvider(t)
	w.links(t, 1, p, p.Subject)
	p.At = w.Later(time.Hour)
	v := w.visit(t, "")
	v.opens(fromProvider + v.leaves(p, "/login/provider").Encode()).LeadsTo("/")
	v.opens("/ranking/export").Refused().Has(`a[href="/login/provider?again=1"]`)
	next := url.Values{"next": {"/ranking/export"}}
	v.sends("/account/proof", next).Refused()
	// What the provider still remembers is no sign-in made anew.
	for name, spoil := range map[string]func(map[string]any){
		"an hour ago": func(c map[string]any) { c["auth_time"] = p.At.Add(-time.Hour).Unix() },
		"not said":    func(c map[string]any) { delete(c, "auth_time") },
	} {
		p.Spoil = spoil
		v.opens(fromProvider + v.leaves(p, "/login/provider?again=1").Encode()).Refused().Shows("没有让您再登录一次")
		if status, _, _ := v.get("/ranking/export"); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	p.Spoil = nil
	_, _, to := v.get("/login/provider?again=1")
	if !strings.Contains(to, "prompt=login") || !strings.Contains(to, "max_age=0") {
		t.Errorf("the provider is asked %s", to)
	}
	w.links(t, 3, p, "another") // whose sign-in proves nothing of this one
	p.Subject = "another"
	v.opens(fromProvider + p.SignsIn(t, to).Encode()).Refused().Shows("另一个人")
	p.Subject = "3f0c2a"
	v.opens(fromProvider + v.leaves(p, "/login/provider?again=1").Encode()).LeadsTo("/")
	v.sends("/account/proof", next).LeadsTo("/ranking/export")
	v.opens("/ranking/export").OK()
	w.visit(t, "clerk").opens("/ranking/export").OK().HasNo(`a[href="/login/provider?again=1"]`)
}

// Provider is the part of the matrix of provider.go.
func (matrix) Provider() string {
	return `
GET /login/provider: everybody
GET /login/provider/callback: everybody
`
}
