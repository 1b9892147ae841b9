package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The form says which range each option has, and refuses what lies in another
// one beside the field.
func TestTheFormHoldsPointsToTheRangeOfTheirOption(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	v.opens("/entries/new?member=E2&item=" + url.QueryEscape("处理")).OK().Shows("轻 -3 至 -1；重 -12 至 -9 分")
	for _, do := range []string{"preview", "save"} {
		form := url.Values{"member": {"E2"}, "item": {"处理"}, "day": {"2026-05-01"}, "points": {"-3"}, "field.程度": {"重"},
			"key": {"r" + do}, "do": {do}, "branch": {string(w.East.ID)}}
		status, body, _ := v.post("/entries", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "“重”在 -12 至 -9 之间填一个数") {
			t.Errorf("%s: %d %s", do, status, body)
		}
	}
}
