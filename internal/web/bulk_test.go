package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestBulkEntry fills a form with a wrong row, mends it, and takes it back.
func TestBulkEntry(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	at := "/branches/" + string(w.East.ID) + "/entries"
	clerk.opens(at + "?item=" + url.QueryEscape("服务")).OK().Must().Has(`[name="cell.0.E2"]`)
	form := url.Values{"item": {"服务"}, "day": {"2026-05-01"}, "cell.0.E1": {"20"}, "cell.0.E2": {"很久"}, "key": {"k"}}
	clerk.sends(at, form).Refused().Shows("整张表没有记", "不是数").Has(`[value="很久"]`)
	form.Set("cell.0.E2", "30")
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
	clerk.sends(at, url.Values{"item": {"好事"}, "day": {"2026-05-01"}, "tick": {"E2"}}).Status(http.StatusSeeOther)
	clerk.opens(at).OK().Shows("“好事”记了 1 人")
}
