package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"jifen/internal/testkit"
)

// knock sends a sign-in.
func (w *town) knock(login, password string) *httptest.ResponseRecorder {
	form := url.Values{"login": {login}, "password": {password}}
	req := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	w.srv.ServeHTTP(rec, req)
	return rec
}

func TestSignInSlowsDownAfterFiveWrongPasswords(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, login := range []string{"member", "nobody"} {
		for try := 1; try <= 5; try++ {
			r := w.knock(login, "wrong")
			if r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), "帐号或密码不对") {
				t.Errorf("%s, try %d: %d %s", login, try, r.Code, r.Body)
			}
			waits := strings.Contains(r.Body.String(), "过 1 秒再试") && r.Header().Get("Retry-After") == "1"
			if waits != (try == 5) {
				t.Errorf("%s, try %d: told to wait a second: %v", login, try, waits)
			}
		}
		r := w.knock(login, testkit.Password)
		if r.Code != http.StatusTooManyRequests || r.Header().Get("Retry-After") != "1" {
			t.Errorf("%s, the right password at once: %d, Retry-After %q", login, r.Code, r.Header().Get("Retry-After"))
		}
		for _, part := range []string{"现在还不能再试", "过 1 秒再试", `value="` + login + `"`, "最长 15 分钟"} {
			if !strings.Contains(r.Body.String(), part) {
				t.Errorf("%s, the right password at once: no %q on the page", login, part)
			}
		}
	}
	w.Later(time.Second)
	if r := w.knock("member", testkit.Password); r.Code != http.StatusSeeOther {
		t.Errorf("the right password after the wait: %d %s", r.Code, r.Body)
	}
}

func TestAnAdministratorEndsTheWaiting(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 5 {
		w.knock("member", "wrong")
	}
	admin := w.visit(t, "security")
	page := "/accounts/" + strconv.FormatInt(int64(w.Member.Account), 10)
	for _, path := range []string{"/accounts", page} {
		if _, body, _ := admin.get(path); !strings.Contains(body, "连错密码，登录要等到 12:00:01") {
			t.Errorf("%s does not say until when one waits", path)
		}
	}
	if _, body, _ := admin.get(page); !strings.Contains(body, page+"/unlock") {
		t.Errorf("%s offers no end of it", page)
	}
	if status, _, to := admin.post(page+"/unlock", url.Values{}); status != http.StatusSeeOther || to != page {
		t.Errorf("ending it: %d to %q", status, to)
	}
	if _, body, _ := admin.get(page); !strings.Contains(body, "可以马上登录了") || strings.Contains(body, page+"/unlock") {
		t.Errorf("%s afterwards does not say so, or offers it again", page)
	}
	if r := w.knock("member", testkit.Password); r.Code != http.StatusSeeOther {
		t.Errorf("the right password afterwards: %d", r.Code)
	}
}

func TestWhoSendsNoPasswordIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 7 {
		if r := w.knock("member", ""); r.Code != http.StatusUnprocessableEntity {
			t.Errorf("no password: %d %s", r.Code, r.Body)
		}
	}
	if r := w.knock("member", testkit.Password); r.Code != http.StatusSeeOther {
		t.Errorf("the right password after it: %d %s", r.Code, r.Body)
	}
}

// SignIn is the part of the matrix of signin.go.
func (matrix) SignIn() string {
	return `
GET /login: everybody
POST /login: everybody
POST /look: everybody
POST /logout: everybody
GET /: signed-in
`
}
