package archtest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWhatThePageForAuditorsNamesIsThere: docs/security.md says of each promise where it is kept
// and which test holds it; the files, the records of decisions and the tests exist, and make
// security runs the tests.
func TestWhatThePageForAuditorsNamesIsThere(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	page, files, tests := read(t, filepath.Join(root, "docs", "security.md")), map[string]bool{}, map[string]string{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+|Benchmark\w+)\(`)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (d.Name() == "node_modules" || d.Name() == ".git") {
				return filepath.SkipDir
			}
			return err
		}
		files[filepath.Base(path)] = true
		if strings.HasSuffix(path, "_test.go") {
			for _, f := range declared.FindAllStringSubmatch(read(t, path), -1) {
				tests[f[1]] = filepath.ToSlash(filepath.Dir(path))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	whole, some := securityRuns(t, read(t, filepath.Join(root, "Makefile")))
	named := regexp.MustCompile(`\b(Test|Benchmark)[A-Z]\w+`).FindAllString(page, -1)
	for _, name := range named {
		folder := tests[name]
		switch {
		case folder == "":
			t.Errorf("docs/security.md names %s, and there is no such test", name)
		case strings.HasPrefix(name, "Test") && !whole(folder) && !some(name):
			t.Errorf("make security does not run %s: add a word of it to GUARDS in the Makefile", name)
		}
	}
	if len(named) < 20 {
		t.Errorf("docs/security.md names %d tests, which cannot be all", len(named))
	}
	for _, name := range regexp.MustCompile(`\b\w+_test\b`).FindAllString(page, -1) {
		if !files[name+".go"] {
			t.Errorf("docs/security.md names %s.go, and there is no such file", name)
		}
	}
	for _, path := range regexp.MustCompile(`\b(internal|cmd|docs)/[\w/.]*\w`).FindAllString(page, -1) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(path))); err != nil {
			t.Errorf("docs/security.md names %s, which is not there", path)
		}
	}
	for _, n := range regexp.MustCompile(`ADR (\d{4})`).FindAllStringSubmatch(page, -1) {
		if found, err := filepath.Glob(filepath.Join(root, "docs", "adr", n[1]+"-*.md")); err != nil || len(found) != 1 {
			t.Errorf("docs/security.md names ADR %s, and there are %d", n[1], len(found))
		}
	}
}

// securityRuns returns which folders make security tests whole, and of which names it runs tests.
func securityRuns(t *testing.T, makefile string) (whole func(folder string) bool, some func(name string) bool) {
	t.Helper()
	_, target, _ := strings.Cut(makefile, "\nsecurity:")
	_, line, _ := strings.Cut(target, "go test")
	line, _, _ = strings.Cut(line, "\n")
	guards := regexp.MustCompile(`(?m)^GUARDS := (.*)$`).FindStringSubmatch(makefile)
	if !strings.Contains(line, "./internal/") || guards == nil {
		t.Fatal("the Makefile does not say what make security runs")
	}
	words := regexp.MustCompile(guards[1])
	return func(folder string) bool {
		return strings.Contains(line+" ", "./"+strings.TrimPrefix(folder, "../../")+" ")
	}, words.MatchString
}

// read returns the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // a file of the project
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
