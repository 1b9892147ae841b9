package web_test

import (
	"strings"
	"testing"

	"jifen/internal/testkit"
	"jifen/internal/web"
)

func (matrix) Privacy() string { return `GET /privacy: everybody` }

// TestThePrivacyNoticeIsOnePageAway: from the sign-in and from every page, as the street
// wrote it.
func TestThePrivacyNoticeIsOnePageAway(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.New(t), func(o *web.Options) {
		parts, err := web.ParsePrivacy("\ufeff先看这里\n\n# 找谁\n- 示例街道 <b>办公室</b>\r\n")
		if err != nil {
			t.Fatal(err)
		}
		o.Privacy = parts
	})
	nobody := w.visit(t, "")
	nobody.opens("/login").OK().Has(`main [href="/privacy"]`).Has(`.foot [href="/privacy"]`)
	nobody.opens("/privacy").OK().Has("p", "先看这里").Has("h2", "找谁").Has("li", "示例街道 <b>办公室</b>").HasNo("li b")
	w.visit(t, "member").opens("/me").OK().Has(`.foot [href="/privacy"]`)
}

// TestAPrivacyNoticeThatIsNone is refused in a sentence; the program's own is one, with
// what people have to be told.
func TestAPrivacyNoticeThatIsNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" \n": "是空的", strings.Repeat("字", web.MaxPrivacy/3+1): "太长", "\xff\xfe": "不是 UTF-8",
	} {
		if _, err := web.ParsePrivacy(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q is answered with %v", text, err)
		}
	}
	parts, err := web.ParsePrivacy(web.Privacy())
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, p := range parts[1:] {
		if headings = append(headings, p.Heading); len(p.Items) == 0 {
			t.Errorf("%s says nothing", p.Heading)
		}
	}
	if got := strings.Join(headings, " "); got != "记着什么 为什么记 留多久 谁看得到 您可以要求" {
		t.Errorf("the notice says %q", got)
	}
}
