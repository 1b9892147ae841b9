package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/testkit/expect"
)

// TestTheStreetIsScoredFromItsTables: what is exported of the demonstration, given to jifen
// score, is the exported table of points, byte for byte; on two days of the year.
func TestTheStreetIsScoredFromItsTables(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := filepath.Join(dir, "d.db")
	jifen(t, exitDone, "demo", "--db", db, "--members", "60", "--seed", "3")
	for _, asOf := range []string{"2026-10-31", "2026-06-15"} {
		file := func(table string) string { return filepath.Join(dir, asOf+table+".csv") }
		for _, table := range []string{"people", "entries", "attendance", "points"} {
			jifen(t, exitDone, "export", "table", table, "--db", db, "--as", "jiedao", "--org", "潍州路街道",
				"--period", "2026", "--as-of", asOf, "--out", file(table))
		}
		out, _ := jifen(t, exitDone, "score", "--rules", "../../rules/weizhou.yaml", "--members", file("people"),
			"--entries", file("entries"), "--attendance", file("attendance"), "--period", "2026", "--as-of", asOf,
			"--format", "csv")
		want, err := os.ReadFile(file("points"))
		expect.NoError(t, "the table of points", err)
		if lines := bytes.Count(want, []byte("\n")); lines != 61 {
			t.Fatalf("%d lines of points", lines)
		}
		if out != string(want) {
			t.Errorf("on %s score says\n%s\nthe database\n%s", asOf, out, want)
		}
	}
	book := filepath.Join(dir, "明细.xlsx")
	out, _ := jifen(t, exitDone, "export", "table", "得分明细", "--db", db, "--as", "jiedao", "--org", "幸福街第一党支部",
		"--out", book)
	expect.Contains(t, out, "行，写到 "+book)
	_, complaint := jifen(t, exitCannot, "export", "table", "得分明细", "--db", db, "--as", "jiedao", "--org",
		"幸福街第一党支部", "--out", book)
	expect.Contains(t, complaint, "没有动它")
}

// TestATableThatIsNone: wrong kinds, files and moments are told.
func TestATableThatIsNone(t *testing.T) {
	t.Parallel()
	db := filepath.Join(t.TempDir(), "d.db")
	jifen(t, exitDone, "demo", "--db", db, "--members", "50", "--seed", "3")
	for name, c := range map[string]struct {
		code int
		args string
		want string
	}{
		"a kind":      {exitNo, "流水 --out a.csv", "可写：ranking（排名）、register（名册）、people（党员和变动）"},
		"a file":      {exitUsage, "记录 --out a.txt", "文件名以 .xlsx 或 .csv 结尾"},
		"a day":       {exitUsage, "记录 --out a.csv --as-of 2026-02-30", "“2026-02-30”不是日期"},
		"a moment":    {exitUsage, "记录 --out a.csv --known 昨天", "写成 2026-06-30T18:00"},
		"a day ahead": {exitNo, "记录 --out a.csv --as-of 2199-01-01", "2199-01-01 还没有到"},
		"of a past":   {exitNo, "名册 --out a.csv --as-of 2026-01-01", "名册只有今天的"},
	} {
		args := append(strings.Fields("export table --db "+db+" --as jiedao --org 潍州路街道"), strings.Fields(c.args)...)
		_, complaint := jifen(t, c.code, args...)
		if !strings.Contains(complaint, c.want) {
			t.Errorf("%s: %s", name, complaint)
		}
	}
}
