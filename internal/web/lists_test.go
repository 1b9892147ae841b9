package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/testkit"
	"jifen/internal/web"
)

// unpacked returns everything in a workbook.
func unpacked(t *testing.T, book string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader([]byte(book)), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, part := range r.File {
		f, err := part.Open()
		if err == nil {
			_, err = io.Copy(&all, f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// TestARenamedBranchIsCalledSoAtOnce: no list that was looked at before the
// renaming goes on saying the old name.
func TestARenamedBranchIsCalledSoAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	street := string(w.Street.ID)
	lists := []string{
		"/ranking", "/ranking?org=" + street, "/ranking/export?org=" + street, "/branches",
		"/branches/" + string(w.East.ID), "/members/E1", "/orgs", "/entries/new", "/members/W1/changes",
	}
	look := func(path string) string {
		t.Helper()
		status, body, _ := clerk.get(path)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		if strings.Contains(path, "export") {
			body = unpacked(t, body)
		}
		return body
	}
	shown := 0
	for _, path := range lists {
		if strings.Contains(look(path), "东支部") {
			shown++
		}
	}
	if shown < 7 {
		t.Fatalf("only %d of the lists show the branch's name: the test looks at the wrong ones", shown)
	}
	for _, name := range []string{"东一支部", "东二支部"} { // the second, with no other change between
		clerk.sends("/orgs/"+string(w.East.ID), url.Values{"do": {"rename"}, "name": {name},
			"from": {"2026-05-01"}}).LeadsTo("/orgs/" + string(w.East.ID)).Must()
		renamed := 0
		for _, path := range lists {
			body := look(path)
			if strings.Contains(body, "东支部") || name == "东二支部" && strings.Contains(body, "东一支部") {
				t.Errorf("%s goes on saying the old name, not %s", path, name)
			}
			if strings.Contains(body, name) {
				renamed++
			}
		}
		if renamed != shown {
			t.Errorf("%s stands in %d lists, the old name stood in %d", name, renamed, shown)
		}
	}
}

// recordedCell returns the words of 最近录入 in the row of a branch.
func recordedCell(t *testing.T, body, branch string) string {
	t.Helper()
	for row := range strings.SplitSeq(body, "<tr") {
		if strings.Contains(row, ">"+branch+"<") {
			if cell := regexp.MustCompile(`(?s)<td class="day">(.*?)</td>`).FindStringSubmatch(row); cell != nil {
				return regexp.MustCompile("<[^>]+>").ReplaceAllString(cell[1], " ")
			}
		}
	}
	t.Fatalf("no row of %s in %s", branch, body)
	return ""
}

// TestLastRecordedIsWhatWasRecorded: the column says when something was put in, not
// when it happened; what was taken back is as if it had not been.
func TestLastRecordedIsWhatWasRecorded(t *testing.T) {
	t.Parallel()
	kit := testkit.New(t)
	w := openWith(t, kit, func(o *web.Options) { o.Now = func() time.Time { return kit.Later(0) } })
	clerk := w.visit(t, "clerk")
	says := func(when, want string, late bool) {
		t.Helper()
		clerk.signsIn("clerk")
		cell := recordedCell(t, clerk.shows("/branches"), "东支部")
		if !strings.Contains(cell, want) || strings.Contains(cell, "迟了") != late {
			t.Errorf("%s: it says %q, want %q, late %v", when, cell, want, late)
		}
	}
	says("at the start", "没有记过", true)
	east := activities.ActivityInput{Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-01-15"), Title: "示例党课",
		Lines: []activities.Line{{Member: "E2", Status: "到会"}}}
	met, err := w.Activities.Record(t.Context(), w.Secretary, east, "")
	if err != nil {
		t.Fatal(err)
	}
	says("an activity of January, put in today", "2026-06-01", false)
	w.Later(24 * time.Hour)
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-03-01")}, ""); err != nil {
		t.Fatal(err)
	}
	says("an entry of March, put in on the day after", "2026-06-02", false)
	if _, err := w.Entries.Reverse(t.Context(), w.Clerk, 1, "记错了", ""); err != nil {
		t.Fatal(err)
	}
	says("the entry is taken back", "2026-06-01", false)
	w.Later(44 * 24 * time.Hour)
	says("45 days later", "2026-06-01", false)
	w.Later(24 * time.Hour)
	says("46 days later", "2026-06-01", true)
	if _, err := w.Activities.Reverse(t.Context(), w.Clerk, met.Activity, "没有开", ""); err != nil {
		t.Fatal(err)
	}
	says("the activity is taken back as well", "没有记过", true)
}

// Branch is the part of the matrix of branch.go.
func (matrix) Branch() string {
	return `
GET /branches/:id: secretary recorder leader community clerk auditor
GET /branches/:id/others: secretary recorder leader community clerk auditor
POST /branches/:id/others: secretary recorder community clerk
GET /branches/:id/groups: secretary recorder leader community clerk auditor
GET /group: secretary recorder leader community clerk auditor
GET /branches: community clerk auditor
POST /branches/periods: clerk
`
}

// Ranking is the part of the matrix of ranking.go.
func (matrix) Ranking() string {
	return `
GET /ranking: secretary recorder leader community clerk auditor
GET /ranking/export: secretary community clerk
`
}
