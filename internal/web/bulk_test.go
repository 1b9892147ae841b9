package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/testkit"
)

// TestBulkEntry fills a form with a wrong row, mends it, and takes it back.
func TestBulkEntry(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	at := "/branches/" + string(w.East.ID) + "/entries"
	clerk.opens(at + "?item=" + url.QueryEscape("服务")).OK().Must().Has(`[name="cell.0.E2"]`)
	form := url.Values{"item": {"服务"}, "day": {"2026-05-01"}, "cell.0.E1": {"20"}, "cell.0.E2": {"很久"}, "key": {"k"},
		"do": {"preview"}}
	clerk.sends(at, form).Refused().Shows("整张表没有记", "不是数").Has(`[value="很久"]`)
	form.Set("cell.0.E2", "30")
	form.Set("do", "save")
	clerk.sends(at, form).LeadsTo(at)
	_, body, _ := clerk.get(at)
	_, undo, ok := strings.Cut(body, `action="/entries/undo?`)
	if !strings.Contains(body, "“服务”记了 2 人") || !ok {
		t.Fatal(body)
	}
	undo, _, _ = strings.Cut(undo, `"`)
	clerk.sends("/entries/undo?"+strings.ReplaceAll(undo, "&amp;", "&"), nil).LeadsTo(at)
	clerk.opens(at).OK().Shows("2 笔撤销了")
	// An item that asks for nothing is ticked.
	clerk.opens(at + "?item=" + url.QueryEscape("好事")).OK().Has(`[name="tick"][value="E2"]`)
	clerk.sends(at, url.Values{"item": {"好事"}, "day": {"2026-05-01"}, "tick": {"E2"}, "do": {"save"}}).
		Status(http.StatusSeeOther)
	clerk.opens(at).OK().Shows("“好事”记了 1 人")
}

// TestBulkEntryIsPreviewed: what every line would really add stands there before
// anything is recorded, caps on the way up included; then it is saved as it was
// shown, or mended.
func TestBulkEntryIsPreviewed(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewSized(t, 3))
	rules := strings.Replace(testkit.Rules, "贡献: {上限: 20, 限额: {月: 3分}}}", "贡献: {上限: 3}}\n总分: {上限: 82}", 1)
	if rules == testkit.Rules {
		t.Fatal("the town's rules have no such block any more")
	}
	w.Follow(t, rules)
	secretary, clerk := w.visit(t, "secretary"), w.visit(t, "clerk")
	at := "/branches/" + string(w.East.ID) + "/entries"
	form := url.Values{"item": {"服务"}, "day": {"2026-05-01"}, "key": {"k"}, "do": {"preview"}}
	secretary.sends(at, form).Refused().Shows("一个人也没有填")
	form.Set("cell.0.E1", "10")
	form.Set("cell.0.E2", "40")
	form.Set("cell.0.E3", "很久")
	secretary.sends(at, form).Refused().Shows("整张表没有记", "不是数").Has(`[value="很久"]`)

	form.Set("goon", "1")
	page := secretary.sends(at, form).OK()
	page.Shows("1 人，总分合计加 2 分；另有 1 人要别人同意后才计分").
		Shows("时长 40", "80 → 82", "本来是 +4。", "多出的 1 分不计", "“总分”上限 82 分，多出的 1 分不计").
		Shows("要等", "同意前不计分").
		Shows("不对的，这次不记", "示例东3").
		Has(`[name="cell.0.E2"][value="40"]`).Has(`[name="goon"][value="1"]`).Has(`[name="key"][value="k"]`).
		Has(`button[name="do"][value="save"]`)
	secretary.opens("/members/E2").OK().Has(".total-number", "80")

	form.Set("do", "edit")
	secretary.sends(at, form).OK().Has(`[name="cell.0.E2"][value="40"]`).Has(`[name="goon"][checked]`)
	form.Set("do", "save")
	secretary.sends(at, form).LeadsTo(at).Must()
	secretary.opens("/members/E2").OK().Has(".total-number", "82")

	// The same once more is said, and adds nothing.
	form.Set("do", "preview")
	secretary.sends(at, form).OK().Shows("82 → 82", "这一天已经记过 1 笔同样的")

	only := url.Values{"item": {"服务"}, "day": {"2026-05-02"}, "cell.0.E1": {"10"}, "do": {"preview"}}
	secretary.sends(at, only).OK().Shows("1 人，都要别人同意后才计分")

	// Who does not record for the branch sees nothing of it.
	west := "/branches/" + string(w.West.ID) + "/entries"
	secretary.sends(west, form).Status(http.StatusNotFound)
	clerk.sends(at, url.Values{"item": {"好事"}, "day": {"2026-05-01"}, "tick": {"E1", "E3"}, "do": {"preview"}}).OK().
		Has(`[name="tick"][value="E1"]`).Has(`[name="tick"][value="E3"]`)
}
