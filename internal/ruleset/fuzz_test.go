package ruleset

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jifen/internal/testkit/effort"
)

// FuzzLoad: whatever a file holds, Load returns, with a Rulebook or errors and
// never both, and every problem has a place that Format can show.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"../../rules/*.yaml", "testdata/bad/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		checkResult(t, src)
	})
}

// checkResult loads a file, holds the Result to what every Result promises and
// reports whether the file loaded.
func checkResult(t *testing.T, src []byte) (loaded bool) {
	t.Helper()
	r := Load("x.yaml", src)
	if (r.Book != nil) == (r.Errors() > 0) {
		t.Fatalf("book: %v, errors: %d\n%s", r.Book != nil, r.Errors(), r.Format())
	}
	lines := 1 + strings.Count(string(src), "\n")
	for _, p := range r.Problems {
		about := p.Line == 0 && p.Col == 0 && r.File.Root == nil // of the file as a whole
		if !about && (p.Line < 1 || p.Line > lines || p.Col < 1) {
			t.Errorf("%d:%d is not within %d lines: %s", p.Line, p.Col, lines, p.Message)
		}
		if p.Message == "" {
			t.Error("a problem without words")
		}
	}
	if shown := r.Format(); strings.Count(shown, "：") < len(r.Problems) {
		t.Errorf("%d problems, shown:\n%s", len(r.Problems), shown)
	}
	return r.Book != nil
}

// TestMutilatedFilesStayHonest puts something else for every word of the
// shipped files, one at a time, where random bytes hardly ever keep the form.
func TestMutilatedFilesStayHonest(t *testing.T) {
	t.Parallel()
	shapes := []string{"一", "[]", "{}", "其余", "自 2026-01-01", "按", "-1", "{自 2026-01-01: 1}", "{按: 类别, 其余: 1}", "[[一]]",
		"{值: {}}", "总分", "{其余: 1}", "''", "{数量: 1}"}
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	remark := regexp.MustCompile(`(?m)(^| +)#.*$`)
	word := regexp.MustCompile(`[^\s,:{}\[\]#"']+`)
	for k, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			src = remark.ReplaceAll(src, nil)
			refused, step := 0, effort.Every(t, 12)
			for i, at := range word.FindAllIndex(src, -1) {
				if i%step != 0 {
					continue
				}
				shape := shapes[(i+k)%len(shapes)]
				changed := slices.Concat(src[:at[0]], []byte(shape), src[at[1]:])
				if !checkResult(t, changed) {
					refused++
				}
			}
			if refused == 0 {
				t.Error("nothing was refused")
			}
		})
	}
}
