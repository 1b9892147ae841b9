package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/testkit"
)

// TestPagesOfAnEarlierDay: branch, ranking and account are shown as of a day and
// as known by an instant, and say so.
func TestPagesOfAnEarlierDay(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Later(time.Hour) // 13:00
	for _, day := range []string{"2026-04-10", "2026-05-20"} {
		if _, err := w.Entries.Post(t.Context(), w.Clerk,
			entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, day)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	v := w.visit(t, "secretary")
	for query, total := range map[string]string{
		"": "84", "?asof=2026-05-01": "82", "?asof=2026-04-01": "80", "?known=2026-06-01T12:30": "80",
		"?asof=2026-05-01&known=2026-06-01T13:30": "82",
	} {
		for _, path := range []string{"/branches/" + string(w.East.ID), "/ranking", "/members/E2"} {
			status, body, _ := v.get(path + query)
			body = plainText(body)
			if status != http.StatusOK || !strings.Contains(body, total) || strings.Contains(body, "84") != (total == "84") ||
				strings.Contains(body, "不是现在的") != (query != "") {
				t.Errorf("%s: %d\n%s", path+query, status, body)
			}
		}
	}
	for _, query := range []string{"?asof=2026-06-02", "?asof=x", "?known=x"} {
		if status, _, _ := v.get("/ranking" + query); status != http.StatusUnprocessableEntity &&
			status != http.StatusBadRequest {
			t.Errorf("%s: %d", query, status)
		}
	}
}
