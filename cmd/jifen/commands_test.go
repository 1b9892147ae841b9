package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"jifen/internal/spreadsheet"
	"jifen/internal/testkit/effort"
	"jifen/internal/testkit/expect"
)

// commandRow is one command of testdata/commands.txt and for whom it is done.
type commandRow struct {
	command string // without its arguments
	args    []string
	may     []string
}

// actingCommands returns the commands that act for somebody.
func actingCommands(t *testing.T) (names []string) {
	t.Helper()
	parser, err := kong.New(&commands{})
	expect.NoError(t, "the commands", err)
	for _, leaf := range parser.Model.Leaves(true) {
		if slices.ContainsFunc(leaf.Flags, func(f *kong.Flag) bool { return f.Name == "as" }) {
			names = append(names, strings.TrimPrefix(leaf.FullPath(), parser.Model.Name+" "))
		}
	}
	return names
}

// commandTable reads testdata/commands.txt.
func commandTable(t *testing.T) (rows []commandRow) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "commands.txt"))
	expect.NoError(t, "the table", err)
	names := actingCommands(t)
	for line := range strings.Lines(string(text)) {
		words, may, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		row := commandRow{args: strings.Fields(words), may: strings.Fields(may)}
		for _, name := range names {
			if strings.HasPrefix(words+" ", name+" ") && len(name) > len(row.command) {
				row.command = name
			}
		}
		expect.True(t, row.command != "", "the line names a command that acts for somebody", line)
		rows = append(rows, row)
	}
	return rows
}

// in returns the arguments with the files that they name, of which some are made in a folder.
func (r *commandRow) in(t *testing.T, dir string) []string {
	t.Helper()
	args := slices.Clone(r.args)
	for i, a := range args {
		switch {
		case a == "attendance.csv":
			args[i] = filepath.Join(dir, a)
			write(t, args[i], "支部,种类,日期,党员,出勤\n幸福街第一党支部,党课,2026-05-06,P0007,到会\n")
		case a == "form.xlsx":
			args[i] = filepath.Join(dir, a)
			var b bytes.Buffer
			expect.NoError(t, "a form", spreadsheet.WriteXLSX(&b, "{单位}", []spreadsheet.Column{{Name: "姓名"}},
				[][]string{{"{姓名}"}}, nil))
			write(t, args[i], b.String())
		case i > 0 && args[i-1] == "--out":
			args[i] = filepath.Join(dir, a)
		case strings.HasSuffix(a, ".csv"), strings.HasSuffix(a, ".yaml"):
			args[i] = filepath.Join("testdata", "street", a)
		}
	}
	return args
}

// missingRight finds that somebody may not, or that there is nothing of that name for him.
func missingRight() *regexp.Regexp {
	return regexp.MustCompile(`没有.*权限|没有您能改的组织|由街道党工委导入|没有这名党员|没有这个支部|没有“.*”这个(组织|支部)`)
}

// TestCommandsAreDoneForWhoMay runs every command as every account: who may not is refused for
// that, whatever else is right, and nobody who may is.
func TestCommandsAreDoneForWhoMay(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "it runs each command for each role")
	folder := t.TempDir()
	first := filepath.Join(folder, "t.db")
	jifen(t, exitDone, "demo", "--db", first, "--members", "50", "--seed", "3")
	key, err := os.ReadFile(first + ".key")
	expect.NoError(t, "the key", err)
	file, err := os.ReadFile(first) //nolint:gosec // a file of the test
	expect.NoError(t, "the database", err)
	logins := []string{"jiedao", "fuhe", "shequ", "shuji", "jilu", "zuzhang", "banfa", "dangyuan", "guanli", "anquan",
		"shenji"}
	seen := map[string]bool{}
	for _, row := range commandTable(t) {
		seen[row.command] = true
		for _, login := range logins {
			dir := t.TempDir()
			db := filepath.Join(dir, "t.db")
			expect.NoError(t, "a copy", os.WriteFile(db, file, 0o600))
			expect.NoError(t, "its key", os.WriteFile(db+".key", key, 0o600))
			var out, complaint bytes.Buffer
			code := run(append(row.in(t, dir), "--db", db, "--as", login), &out, &complaint, givenSecret)
			refused := code != exitDone && missingRight().MatchString(complaint.String())
			what := strings.Join(row.args, " ") + " for " + login
			if may := slices.Contains(row.may, login); refused == may || !may && code == exitDone {
				t.Errorf("%s: %d %s", what, code, complaint.String())
			}
		}
	}
	for _, name := range actingCommands(t) {
		if !seen[name] {
			t.Errorf("testdata/commands.txt does not say for whom jifen %s is done", name)
		}
	}
}
