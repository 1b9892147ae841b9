package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jifen/internal/testkit/expect"
)

// hidden returns the value of a hidden input of a page.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no hidden %s", name)
	}
	return m[1]
}

// TestARegisterIsTakenInOnAPage: a file is looked at, each row decided on, and nothing is written
// that was not looked at.
func TestARegisterIsTakenInOnAPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	const at = "/members/roster"
	clerk.opens("/branches").OK().Has(`a[href="` + at + `"]`)
	clerk.opens(at).OK().Shows("导入名册", "先预览")
	w.visit(t, "community").opens(at).Status(http.StatusForbidden)

	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, value := range map[string]string{"since": "2026-06-01", "do": "preview", "org": string(w.Street.ID)} {
		expect.NoError(t, name, parts.WriteField(name, value))
	}
	file, err := parts.CreateFormFile("file", "名册.csv")
	expect.NoError(t, "the file", err)
	_, err = file.Write([]byte("姓名,支部\n示例东1,东支部\n示例新,东支部\n示例西1,东支部\n示例别,无支部\n"))
	expect.NoError(t, "the file", err)
	expect.NoError(t, "the form", parts.Close())
	req, err := http.NewRequest(http.MethodPost, w.site.URL+at, &body)
	expect.NoError(t, "the request", err)
	req.Header.Set("Content-Type", parts.FormDataContentType())
	status, page, _ := clerk.do(req)
	if status != http.StatusOK {
		t.Fatalf("the preview: %d %s", status, page)
	}
	for _, want := range []string{"新来的", "示例新", "没有“无支部”这个支部", "不在这份名册里的", "E2 示例东2", "没有变化的 1 人"} {
		expect.Contains(t, page, want)
	}
	form := url.Values{"content": {hidden(t, page, "content")}, "name": {"名册.csv"}, "seen": {hidden(t, page, "seen")},
		"since": {"2026-06-01"}, "org": {string(w.Street.ID)}, "out": {"3"}, "left": {"E2"}, "do": {"preview"}}
	clerk.sends(at, form).OK().Shows("登记转出").Has(`input[name="out"][value="3"][checked]`).
		Has(`input[name="left"][value="E2"][checked]`)
	clerk.opens("/members/E2").OK().Lacks("已转出")
	form.Set("do", "save")
	form.Set("seen", "000000000000")
	clerk.sends(at, form).Refused().Shows("预览以后", "什么也没有写")
	form.Set("seen", hidden(t, page, "seen"))
	clerk.sends(at, form).LeadsTo("/branches")
	clerk.opens("/branches").OK().Shows("导入了名册：新来 1 人", "登记转出 1 人", "没有写入 2 行")
	clerk.sends(at, form).Refused().Shows("预览以后") // sent twice
	clerk.sends(at, url.Values{"since": {"2026-06-01"}, "do": {"preview"}}).Refused()
	clerk.sends(at, url.Values{"since": {"2026-06-01"}, "do": {"preview"}, "content": {strings.Repeat("A", 99)},
		"name": {"名册.csv"}}).Refused().Shows("读不了")
}
