package main

import (
	"archive/zip"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// exporters names who may fetch each export; an export without a row fails the test.
func exporters() map[string]string {
	return map[string]string{"/ranking/export": "clerk", "/trail/export": "auditor", "/me/data/export": "member"}
}

// formulas returns what a spreadsheet would run if it took it for a formula.
func formulas() []string {
	return []string{`=HYPERLINK("http://evil.example","甲")`, "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "＝1+1"}
}

// TestNoExportRunsInASpreadsheet: whatever people and organisations are called and write, a cell
// of an export is text, and the name of the file adds no header.
func TestNoExportRunsInASpreadsheet(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		for n, name := range formulas() {
			branch, err := tx.InsertOrg(domain.Org{Parent: town.East.Parent, Level: domain.Branch, Kind: "社区", Name: name})
			if err != nil {
				return err
			}
			id := domain.MemberID("F" + string(rune('1'+n)))
			if err := tx.InsertMemberAt(branch.ID, id, name, "f"); err != nil {
				return err
			}
			home := domain.Affiliation{Member: id, Kind: domain.Home, Org: branch.ID, From: calendar.Of(2020, 1, 1)}
			if err := tx.InsertAffiliation(home, 0); err != nil {
				return err
			}
		}
		return nil
	})
	expect.NoError(t, "names that are formulas", err)
	g := openTarget(t, town)
	secretary := g.as(t, "secretary")
	for n, words := range formulas() {
		entry := url.Values{"key": {string(rune('a' + n))}, "branch": {string(g.East.ID)}, "member": {"E2"}, "item": {"好事"},
			"day": {"2026-05-20"}, "note": {words}, "do": {"save"}}
		if got := secretary.post("/entries", entry).status; got != http.StatusSeeOther &&
			got != http.StatusUnprocessableEntity {
			t.Errorf("an entry with the words %q: %d", words, got)
		}
		g.from(t, "192.0.2.1").signIn(words, "wrong")
	}
	seen := 0
	for _, r := range table() {
		if !strings.HasSuffix(r.Path, "/export") {
			continue
		}
		login := exporters()[r.Path]
		if login == "" {
			t.Errorf("%s is an export of which no test knows who fetches it", r.Path)
			continue
		}
		got := g.as(t, login).get(r.Path)
		expect.Equal(t, r.Path, got.status, http.StatusOK)
		expect.True(t, strings.HasPrefix(got.Get("Content-Disposition"), "attachment"), r.Path+" is a file",
			got.Get("Content-Disposition"))
		seen += cellsAreText(t, r.Path, got.body)
	}
	expect.True(t, seen > 0, "an export holds the names that are formulas", seen)
	file := g.as(t, "clerk").get("/ranking/export?" + url.Values{"org": {"9"}}.Encode()).Get("Content-Disposition")
	expect.Lacks(t, file, "\r", "\n", `"`, ";x")
}

// cellsAreText checks that no cell of a workbook is a formula, and returns how many of the
// formulas of the test it holds as text.
func cellsAreText(t *testing.T, name, body string) (held int) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	expect.NoError(t, name+" is a workbook", err)
	for _, f := range z.File {
		part, err := f.Open()
		expect.NoError(t, f.Name, err)
		text, err := io.ReadAll(part)
		expect.NoError(t, f.Name, err)
		if found := regexp.MustCompile(`<f[ >]|<f/>|externalLink|ddeLink|vbaProject`).Find(text); found != nil {
			t.Errorf("%s: %s has %s", name, f.Name, found)
		}
		held += strings.Count(string(text), "evil.example")
	}
	return held
}
