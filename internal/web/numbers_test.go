package web_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jifen/internal/app/activities"
	"jifen/internal/testkit"
	assets "jifen/web"
)

// naming is a form that names somebody or something by a number.
type naming struct {
	login, path string
	inputs      []string // those that name
	rest        url.Values
}

// namings lists every form of the site in which somebody is named by number, or an
// organisation, with the rest filled so that the number is what decides.
func namings(w *town, activity string) []naming {
	east := string(w.East.ID)
	form := url.Values{"item": {"好事"}, "day": {"2026-05-01"}, "do": {"save"}}
	preview := url.Values{"item": {"好事"}, "day": {"2026-05-01"}, "do": {"preview"}}
	return []naming{
		{"security", "/accounts", []string{"member"}, url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"党员"}}},
		{"security", "/accounts", []string{"org"}, url.Values{"login": {"xin"}, "name": {"示例新"}, "role": {"支部书记"}}},
		{"security", "/accounts/3/roles", []string{"org"}, url.Values{"role": {"支部书记"}, "do": {"give"}}},
		{"security", "/accounts/3/roles", []string{"org"}, url.Values{"role": {"支部书记"}, "do": {"end"}}},
		{"security", "/accounts/settings", []string{"set."}, url.Values{}},
		{"secretary", "/branches/" + east + "/activity", []string{"guests", "status."},
			url.Values{"kind": {"党课"}, "day": {"2026-05-20"}}},
		{"secretary", "/branches/" + east + "/entries", []string{"cell.0.", "tick"},
			url.Values{"item": {"服务"}, "day": {"2026-05-01"}}},
		{"secretary", "/activities/" + activity + "/correct", []string{"member"},
			url.Values{"status": {"缺席"}, "reason": {"漏看了"}}},
		{"secretary", "/entries", []string{"member", "branch"}, form},
		{"secretary", "/entries", []string{"member", "branch"}, preview},
		{"clerk", "/entries", []string{"member", "branch"}, form},
		{"member", "/me/claims", []string{"follows", "draft", "member", "branch"}, form},
		{"clerk", "/branches/periods", []string{"branch"}, url.Values{"period": {"2026"}, "do": {"lock"}}},
		{"clerk", "/orgs/" + string(w.East.Parent), []string{"org"},
			url.Values{"do": {"rename"}, "name": {"东边社区"}, "from": {"2026-05-01"}}},
		{"clerk", "/members/E2/changes", []string{"org"}, url.Values{"do": {"move"}, "from": {"2026-05-01"}}},
		{"clerk", "/members/E2/changes", []string{"branch"}, url.Values{"do": {"secondary"}, "from": {"2026-05-01"}}},
		{"clerk", "/members/E2/changes", []string{"branch"}, url.Values{"do": {"end-secondary"}, "from": {"2026-05-01"}}},
		{"clerk", "/members/E2/changes", []string{"claim"}, url.Values{"do": {"withdraw"}}},
		{"clerk", "/rules/drafts", []string{"org"}, url.Values{"from": {"2027-01-01"}}},
		{"clerk", "/claims", []string{"claim"}, url.Values{"do": {"accept"}}},
	}
}

// TestANumberThatIsNoneIsNeverOurMistake writes numbers that nobody has into every
// input that takes one. A person is told; the program does not fail.
func TestANumberThatIsNoneIsNeverOurMistake(t *testing.T) {
	t.Parallel()
	w := open(t)
	r, err := w.Activities.Record(t.Context(), w.Secretary, activities.ActivityInput{
		Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-06"), Lines: []activities.Line{{Member: "E2", Status: "到会"}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range namings(w, fmt.Sprint(r.Activity)) {
		v := w.visit(t, n.login)
		for _, input := range n.inputs {
			for _, bad := range []string{"P99999", "99999", "x", "e", "entry.99", "-1", " ", "9223372036854775808", "E2'--",
				"\u200b", strings.Repeat("长", 300)} {
				form := url.Values{}
				for name, values := range n.rest {
					form[name] = values
				}
				if strings.HasSuffix(input, ".") {
					form.Set(input+bad, "到会")
				} else {
					form.Set(input, bad)
				}
				status, body, to := v.sent(n.path, form)
				if status >= http.StatusInternalServerError || strings.Contains(body, "程序出错") {
					t.Errorf("%s as %s, %s=%.20q: %d", n.path, n.login, input, bad, status)
				}
				if status == http.StatusSeeOther && strings.HasPrefix(to, "/login") {
					t.Errorf("%s as %s was not asked at all", n.path, n.login)
				}
			}
		}
	}
	for _, path := range []string{"/trail?about=P99999", "/trail?about=e", "/ranking?org=99", "/ranking?org=x",
		"/entries/new?member=P99999", "/entries/new?branch=99", "/branches?community=x"} {
		for _, login := range []string{"clerk", "auditor"} {
			if status, _, _ := w.visit(t, login).get(path); status >= http.StatusInternalServerError {
				t.Errorf("%s as %s: %d", path, login, status)
			}
		}
	}
}

// sent posts a form; that of a draft goes as one with files does.
func (v *visitor) sent(path string, form url.Values) (status int, body, to string) {
	v.t.Helper()
	if path != "/rules/drafts" {
		return v.post(path, form)
	}
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	for name, values := range form {
		if err := parts.WriteField(name, values[0]); err != nil {
			v.t.Fatal(err)
		}
	}
	file, err := parts.CreateFormFile("rules", "新办法.yaml")
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := file.Write([]byte(testkit.Rules)); err != nil {
		v.t.Fatal(err)
	}
	if err := parts.Close(); err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, v.town.site.URL+path, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", parts.FormDataContentType())
	return v.do(req)
}

// TestEveryInputThatNamesIsWalked reads the templates: whoever adds an input by
// which somebody or something is named has to add it to namings.
func TestEveryInputThatNamesIsWalked(t *testing.T) {
	t.Parallel()
	w := open(t)
	var walked []string
	for _, n := range namings(w, "1") {
		walked = append(walked, n.inputs...)
	}
	read := []string{"about", "community", "find"} // of pages that are only looked at
	err := fs.WalkDir(assets.Templates(), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(assets.Templates(), file)
		for _, part := range strings.Split(string(text), ` name="`)[1:] {
			name, _, _ := strings.Cut(part, `"`)
			name, _, _ = strings.Cut(name, "{{")
			names := slices.Contains([]string{"member", "org", "branch", "guests", "claim", "follows", "draft"}, name) ||
				strings.HasSuffix(name, "member") || strings.HasSuffix(name, ".")
			if names && !slices.Contains(walked, name) && !slices.Contains(read, name) && name != "field." && name != "cell." {
				t.Errorf("%s has an input %s that namings does not walk", file, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestANumberIsMeantWhateverItsCaseAndWidth types numbers as people do.
func TestANumberIsMeantWhateverItsCaseAndWidth(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	at := "/branches/" + string(w.East.ID) + "/activity"
	form := url.Values{"kind": {"党课"}, "day": {"2026-05-20"}, "status.E1": {"到会"}, "status.E2": {"到会"},
		"guests": {"w1、x9，ｙ9"}, "key": {"k"}}
	status, body, _ := v.post(at, form)
	if wrong := wrongAt(t, body, "guests"); status != http.StatusUnprocessableEntity ||
		wrong != "没有编号 x9 的党员；没有编号 ｙ9 的党员" {
		t.Errorf("%d, at the guests: %s", status, wrong)
	}
	if !strings.Contains(body, `value="w1、x9，ｙ9"`) {
		t.Error("what was typed is lost")
	}
	form.Set("guests", "w1、Ｗ2")
	status, _, activity := v.post(at, form)
	if status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if _, body, _ := v.get(activity); !strings.Contains(body, "W1") || !strings.Contains(body, "W2") {
		t.Errorf("the guests are not there: %s", body)
	}
	entry := url.Values{"member": {"e2"}, "item": {"好事"}, "day": {"2026-05-01"}, "do": {"save"}, "key": {"d"}}
	if status, body, _ := v.post("/entries", entry); status != http.StatusSeeOther {
		t.Errorf("%d %s", status, body)
	}
	if _, body, _ := w.visit(t, "auditor").get("/trail?about=e2"); !strings.Contains(body, "好事 2026-05-01") {
		t.Error("the trail of e2 lacks what was recorded of E2")
	}
	entry.Set("member", "P99999")
	entry.Set("key", "d2")
	if status, body, _ := v.post("/entries", entry); status != http.StatusUnprocessableEntity ||
		wrongAt(t, body, "member") != "没有这名党员" {
		t.Errorf("%d, at the member: %q", status, wrongAt(t, body, "member"))
	}
}
