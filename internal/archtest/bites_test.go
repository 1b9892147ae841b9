package archtest

import (
	"slices"
	"strings"
	"testing"
)

// bite is a small source, where it stands, and what one check says of it. No
// complaint means that the check must let it pass.
type bite struct {
	check  string
	file   string
	source string
	want   []string
}

// TestChecksBite runs each check over sources made to be refused, and over
// their nearest neighbours that are right.
func TestChecksBite(t *testing.T) {
	t.Parallel()
	bitten := map[string]bool{}
	for _, b := range bites() {
		tr, err := parse(map[string]string{b.file: b.source})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(checks(), func(c check) bool { return c.name == b.check })
		if i < 0 {
			t.Fatalf("there is no check called %q", b.check)
		}
		if got := checks()[i].run(tr); !slices.Equal(got, b.want) {
			t.Errorf("%s\n%s\n got  %q\n want %q", b.file, b.source, got, b.want)
		}
		bitten[b.check] = bitten[b.check] || len(b.want) > 0
	}
	for _, c := range checks() {
		if !bitten[c.name] {
			t.Errorf("no source shows that the check %q bites", c.name)
		}
	}
}

// TestTwoPackageComments is the one complaint that takes two files.
func TestTwoPackageComments(t *testing.T) {
	t.Parallel()
	tr, err := parse(map[string]string{
		"internal/domain/a.go": "// Package party is this.\npackage party",
		"internal/domain/b.go": "// Package party is that.\npackage party",
		"internal/domain/c.go": "package party",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"internal/domain has 2 package comments (internal/domain/a.go:2, internal/domain/b.go:2): keep one"}
	if got := comments(tr); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func bites() []bite {
	const (
		noClock = ": let cmd pass down what is needed"
		noFloat = " where points are reckoned: count hundredths in integers, or use math/big"
	)
	return []bite{
		{"every package has a row", "internal/gossip/a.go", `package gossip`, []string{
			"internal/gossip has no row: add one to arrows() in internal/archtest that says what it may import, with a reason"}},
		{"every package has a row", "internal/fault/a.go", `package fault`, nil},

		{"arrows", "internal/fault/a.go", `package fault; import _ "jifen/internal/domain"`, []string{
			"internal/fault/a.go:1: internal/fault may not import internal/domain: everybody may return a fault, " +
				"so it stands on the standard library alone"}},
		{"arrows", "internal/scoring/a.go", "package scoring\nimport (\n\"jifen/internal/ruleset\"\n" +
			"s \"jifen/internal/spreadsheet\"\n)", []string{
			"internal/scoring/a.go:4: internal/scoring may not import internal/spreadsheet: the engine is pure: no files, " +
				"no sheets, no storage"}},
		{"arrows", "rules/embed.go", `package rules; import "jifen"`, []string{
			"rules/embed.go:1: rules may not import .: the folder belongs to the authors of rules; embed.go only carries " +
				"their files"}},
		{"arrows", "internal/domain/a.go", `package party; import ("fmt"; "jifen/internal/calendar"; ` +
			`"jifenx/internal/scoring")`, nil},
		{"arrows", "cmd/jifen/main.go", `package main; import ("jifen/internal/scoring"; "jifen/rules")`, nil},

		{"libraries", "internal/ruleset/a.go", `package rulebook; import "github.com/goccy/go-yaml/ast"`, []string{
			"internal/ruleset/a.go:1: github.com/goccy/go-yaml is for internal/yamldoc alone: one strict profile of YAML, " +
				"read in one place"}},
		{"libraries", "internal/formula/a.go", `package formula; import "github.com/goccy/go-yamlx"`, []string{
			"internal/formula/a.go:1: github.com/goccy/go-yamlx has no row: do without it, " +
				"or add one to libraries() in internal/archtest with a reason"}},
		{"libraries", "internal/formula/a.go", `package formula; import ("github.com/expr-lang/expr"; ` +
			`"github.com/expr-lang/expr/parser"; "go/ast"; "jifen/internal/domain")`, nil},
		{"libraries", "cmd/jifen/main.go", `package main; import "github.com/expr-lang/expr"`, []string{
			"cmd/jifen/main.go:1: github.com/expr-lang/expr is for internal/formula alone: only its parser is used; one " +
				"fence stands around a language that can do more than a regulation may"}},

		{"clock, chance and environment", "internal/scoring/a.go",
			"package scoring\nimport \"time\"\nvar t = time.Now()\nvar f = time.Since", []string{
				"internal/scoring/a.go:3: only cmd may use time.Now" + noClock,
				"internal/scoring/a.go:4: only cmd may use time.Since" + noClock}},
		{"clock, chance and environment", "internal/scoring/a.go",
			`package scoring; import clock "time"; func f() { clock.Sleep(1); <-clock.After(1); clock.NewTicker(1) }`, []string{
				"internal/scoring/a.go:1: only cmd may use time.After" + noClock,
				"internal/scoring/a.go:1: only cmd may use time.NewTicker" + noClock,
				"internal/scoring/a.go:1: only cmd may use time.Sleep" + noClock}},
		{"clock, chance and environment", "internal/scoring/a.go", `package scoring; import . "time"; var t = Now()`,
			[]string{
				"internal/scoring/a.go:1: only cmd may import time like this" + noClock}},
		{"clock, chance and environment", "internal/spreadsheet/a.go",
			`package sheet; import "os"; var a, b, c = os.Getenv("A"), os.LookupEnv, os.Environ`, []string{
				"internal/spreadsheet/a.go:1: only cmd may use os.Environ" + noClock,
				"internal/spreadsheet/a.go:1: only cmd may use os.Getenv" + noClock,
				"internal/spreadsheet/a.go:1: only cmd may use os.LookupEnv" + noClock}},
		{"clock, chance and environment", "internal/domain/a.go",
			"package party\nimport \"math/rand\"\nimport \"math/rand/v2\"\nimport \"crypto/rand\"", []string{
				"internal/domain/a.go:2: only cmd may import math/rand like this" + noClock,
				"internal/domain/a.go:3: only cmd may import math/rand/v2 like this" + noClock,
				"internal/domain/a.go:4: only cmd may import crypto/rand like this" + noClock}},
		{"clock, chance and environment", "internal/demo/a.go", `package demo; import "math/rand/v2"; var n = rand.IntN(6)`,
			[]string{
				"internal/demo/a.go:1: only cmd may use math/rand/v2.IntN" + noClock}},
		{"clock, chance and environment", "internal/demo/a.go", `package demo; import "math/rand"`, []string{
			"internal/demo/a.go:1: only cmd may import math/rand like this" + noClock}},
		{"clock, chance and environment", "internal/demo/a.go",
			`package demo; import "math/rand/v2"; func f(r *rand.Rand) { r.IntN(6); rand.New(rand.NewPCG(1, 2)) }`, nil},
		{"clock, chance and environment", "internal/calendar/a.go",
			`package calendar; import ("time"; "os"); var d, r = time.Date, ` +
				`os.ReadFile; func f(c struct{ Now int }) int { return c.Now }`, nil},
		{"clock, chance and environment", "cmd/jifen/main.go",
			`package main; import ("time"; "os"; "crypto/rand"); var a, b, c = time.Now, os.Getenv, rand.Reader`, nil},

		{"commands prove who acts", "cmd/jifen/a.go", "package main\nfunc f(h *house) { h.signing().ActorOf(ctx, login) }",
			[]string{"cmd/jifen/a.go:2: an account is named without a proof: ask house.proved"}},
		{"commands prove who acts", "cmd/jifen/a.go", "package main\nfunc f(h *house) { h.proved(ctx, c, login, f) }", nil},

		{"floats", "internal/scoring/a.go", "package scoring\nfunc f(x float64) float32 {\nreturn 0.5\n}", []string{
			"internal/scoring/a.go:2: float32" + noFloat,
			"internal/scoring/a.go:2: float64" + noFloat,
			"internal/scoring/a.go:3: 0.5" + noFloat}},
		{"floats", "internal/formula/a.go", `package formula; import "strconv"; var f, err = strconv.ParseFloat("1", 64)`,
			[]string{
				"internal/formula/a.go:1: strconv.ParseFloat" + noFloat}},
		{"floats", "internal/domain/a.go", `package party; const big = 1e6`, []string{
			"internal/domain/a.go:1: 1e6" + noFloat}},
		{"floats", "internal/ruleset/a.go", `package rulebook; import "strconv"; var s = "0.5"; var n, ` +
			`err = strconv.Atoi("5") // 0.5`, nil},
		{"floats", "internal/report/a.go", `package report; const width = 0.5`, nil},

		{"one package comment", "internal/domain/a.go", "package party", []string{
			"internal/domain has no package comment: say in one what it is for"}},
		{"one package comment", "internal/domain/a.go", "// A remark that stands apart.\n\npackage party", []string{
			"internal/domain has no package comment: say in one what it is for"}},
		{"one package comment", "internal/domain/a.go", "// Package party holds the nouns.\npackage party", nil},

		{"names", "internal/utils/a.go", `package strings`, []string{
			`internal/utils: "utils" says nothing of what is inside: name it after what it does`}},
		{"names", "internal/domain/a.go", `package models`, []string{
			`internal/domain: "models" says nothing of what is inside: name it after what it does`}},
		{"names", "pkg/party/a.go", `package party`, []string{
			`pkg/party: "pkg" says nothing of what is inside: name it after what it does`}},
		{"names", "internal/domain/a.go", `package party`, nil},

		{"words of the glossary", "internal/web/a.go", "package web\ntype meetingForm struct{ Said string }\n" +
			"func told() { sheet := 1; _ = sheet }\nfunc TestItIsTold() {}\nvar retold, deeds int", []string{
			`internal/web/a.go:2: Said: not "said" but message, reported`,
			`internal/web/a.go:2: meetingForm: not "meeting" but activity`,
			`internal/web/a.go:3: told: not "told" but reported`,
			`internal/web/a.go:5: deeds: not "deeds" but entries`}},
		{"words of the glossary", "internal/spreadsheet/a.go", "package spreadsheet\nvar sheets int", nil},

		{"SQL", "internal/web/a.go", `package site; var q = "SELECT id FROM members"`, []string{
			"internal/web/a.go:1: SQL stands in internal/store: give it a method there"}},
		{"SQL", "internal/web/a.go", `package site; var q = "Select a member FROM the list"`, nil},
		{"SQL", "internal/store/a.go", "package store\nvar a = \"UPDATE entries SET points = 0\"\n" +
			"var b = `REPLACE INTO facts VALUES (1)`\nvar c = `delete from chain_entries`", []string{
			"internal/store/a.go:2: entries is history: record a correction instead",
			"internal/store/a.go:3: facts is history: record a correction instead",
			"internal/store/a.go:4: chain_entries is history: record a correction instead"}},
		{"SQL", "internal/store/a.go", "package store\nvar a = \"SELECT rowid FROM members WHERE ? IS NULL OR instr(name, " +
			"?) > 0\"\nvar b = `PRAGMA integrity_check`\nfunc id(r sql.Result) { r.LastInsertId() }\n" +
			"var c = \"SELECT '?' FROM members\"", []string{
			`internal/store/a.go:2: "? IS NULL OR" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:2: "instr(" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:2: "rowid" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:3: "PRAGMA" is one database's own: write what all understand, or let the engine do it`,
			"internal/store/a.go:4: LastInsertId is one database's own: let RETURNING give the id",
			`internal/store/a.go:5: "'?'" is one database's own: write what all understand, or let the engine do it`}},
		{"SQL", "internal/store/a.go", "package store\n" +
			"var a = \"SELECT id::text FROM members WHERE name ILIKE ? FOR UPDATE\"\n" +
			"var b = \"SELECT id FROM members WHERE home_id IS ? AND ended = TRUE\"\n" +
			"var c = \"the $1 of IS and TRUES\"", []string{
			`internal/store/a.go:2: "FOR UPDATE" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:2: "ILIKE" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:2: "d::t" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:3: "IS ?" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:3: "TRUE" is one database's own: write what all understand, or let the engine do it`,
			`internal/store/a.go:4: "$1" is one database's own: write what all understand, or let the engine do it`}},
		{"SQL", "internal/store/a.go", "package store\nvar a = \"SELECT * FROM members\"\n" +
			"var b = \"SELECT m.*, u.* FROM members m\"\nvar c = \"INSERT INTO members SELECT 1\"\n" +
			"var d = \"INSERT INTO members (id) SELECT count(*)\"", []string{
			`internal/store/a.go:2: "SELECT *": name the columns, the next version may have more`,
			`internal/store/a.go:3: "m.*": name the columns, the next version may have more`,
			`internal/store/a.go:4: "INSERT INTO members SELECT": name the columns, the next version may have more`}},
		{"SQL", "internal/store/engine/sqlite/a.go", "package sqlite\nvar a = \"PRAGMA integrity_check\"", nil},
		{docComments, "rules/a.go", "package rules\n\n// told is what a clerk sees.\nfunc told() {}", []string{
			"rules/a.go:3: a doc comment begins with a verb: returns, reports, refuses …"}},
		{docComments, "rules/a_test.go", "package rules\n\n// Told says why it was refused.\nfunc Told() {}", []string{
			"rules/a_test.go:3: a doc comment begins with a verb: returns, reports, refuses …"}},
		{docComments, "rules/a.go", "package rules\n\n// told returns what a clerk sees.\nfunc told() {}", nil},
		{lineWidth, "rules/a.go", "package rules\n\n// " + strings.Repeat("党", 118), []string{
			"rules/a.go:3: 121 columns: at most 120"}},
		{lineWidth, "rules/a.go", "package rules\n\n// " + strings.Repeat("党", 117), nil},
		{lineWidth, "rules/a_test.go", "package rules\n\n// " + strings.Repeat("x", 120), []string{
			"rules/a_test.go:3: 123 columns: at most 120"}},
		{fileLength, "rules/a.go", "package rules" + strings.Repeat("\n//", 400), []string{
			"rules/a.go:401: 401 lines: at most 400, put what belongs together in a file of its own"}},
		{fileLength, "rules/a.go", "package rules" + strings.Repeat("\n//", 399) + "\n", nil},

		{"unscoped reads", "internal/web/a.go", "package site\nimport \"jifen/internal/access\"\n" +
			"var a = access.System(\"it is quicker\")\nvar b = access.System(why)", []string{
			`internal/web/a.go:3: reads without a scope because of "it is quicker": read with one, ` +
				`or add the reason to unscoped() in internal/archtest`,
			"internal/web/a.go:4: say in words why no scope is needed: access.System takes a text"}},
		{"unscoped reads", "internal/app/machine/a.go", `package machine; import "jifen/internal/access"; var a = ` +
			`access.System("names of organisations are no secret")`, nil},
		{"requests are bound", "internal/web/a.go", handlers(`v := c.PostForm("from"); c.Request.ParseForm(); ` +
			`_ = c.ShouldBind(&v); d := c.Query("day"); q := c.Request.URL.Query(); b := c.Request.Body`), []string{
			"internal/web/a.go:1: Entry reads a request by Body: declare it and use server/bind",
			"internal/web/a.go:1: Entry reads a request by ParseForm: declare it and use server/bind",
			"internal/web/a.go:1: Entry reads a request by PostForm: declare it and use server/bind",
			"internal/web/a.go:1: Entry reads a request by Query: declare it and use server/bind",
			"internal/web/a.go:1: Entry reads a request by Query: declare it and use server/bind",
			"internal/web/a.go:1: Entry reads a request by ShouldBind: declare it and use server/bind"}},
		{"requests are bound", "internal/server/bind/a.go", handlers(`v := c.PostForm("from")`), nil},
		{"requests are bound", "internal/web/a.go", handlers(`_ = bind.Form(c, &v); _ = bind.Query(c, &v); ` +
			`f, err := s.Entries.Form(q)`), nil},
		{"requests are bound", "internal/store/a.go", `package store; var a, b = db.Query("SELECT 1"), answer.Body`, nil},
		{"writes say where", "internal/app/periods/a.go",
			`package periods; func a(ctx context.Context) { db.Write(ctx, f); s.DB.Exclusive(ctx, f) }`, []string{
				"internal/app/periods/a.go:1: say in which streets is written: store.InStreets, kernel.InStreets, " +
					"store.OfNoStreet, or store.InAllStreets with a reason",
				"internal/app/periods/a.go:1: say in which streets is written: store.InStreets, kernel.InStreets, " +
					"store.OfNoStreet, or store.InAllStreets with a reason"}},
		{"writes say where", "internal/app/periods/a.go", `package periods; func a(ctx context.Context) { ` +
			`db.Write(store.OfNoStreet(ctx), f); ctx = store.InStreets(ctx, paths); s.DB.Exclusive(ctx, f); w.Write(a) }`, nil},
		{"program acts", "internal/web/a.go", `package web; import "jifen/internal/access"; var a = access.Program("省事")`,
			[]string{
				`internal/web/a.go:1: acts by itself because of "省事": act for somebody, ` +
					`or add the reason to alone() in internal/archtest`}},
		{"program acts", "internal/demo/a.go", `package demo; import "jifen/internal/access"; var a = access.Program("演示")`,
			nil},
		{"SQL", "internal/store/a.go", `package store; var a, b = "UPDATE members SET version = 1", ` +
			`"INSERT INTO entries (a) VALUES (1) ON CONFLICT DO UPDATE SET a = 1"`, nil},
	}
}
