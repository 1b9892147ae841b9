package ruletest_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
	shipped "jifen/rules"
)

// passAll runs every case file of a tree and returns how many cases there are.
func passAll(t *testing.T, fsys fs.FS) int {
	t.Helper()
	ruleFiles, caseFiles, err := ruletest.Files(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	tried := map[string]bool{}
	covered := map[string]*ruletest.Coverage{}
	books := map[string]*ruleset.RuleSet{}
	n := 0
	for _, name := range caseFiles {
		l := ruletest.Read(name, read(name))
		if l.Book == nil {
			t.Fatal(l.Format())
		}
		var at string
		var names []string
		for _, file := range append(slices.Clone(l.Book.Rules), l.Book.Added...) {
			at = path.Join(path.Dir(name), file)
			names = append(names, at)
			tried[at] = true
		}
		files, broken, err := ruleversions.Open(names, func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
		if err != nil || len(broken) > 0 {
			t.Fatal(err, broken)
		}
		outcomes := l.Book.RunUnder(files)
		at = strings.Join(names, "、")
		books[at] = files.Books()[0]
		if covered[at] == nil {
			covered[at] = &ruletest.Coverage{}
		}
		covered[at].Add(outcomes)
		for _, o := range outcomes {
			n++
			if !o.OK {
				t.Errorf("%s “%s”: %q", name, o.Name, o.Differences)
			}
		}
	}
	for _, name := range ruleFiles {
		if !tried[name] {
			t.Errorf("%s has no cases", name)
		}
	}
	// What people copy, and what is complete, has a case for every clause.
	for _, name := range []string{"weizhou.yaml", "wendeng.yaml", "wendeng-cun.yaml"} {
		if left := covered[name].Untouched(books[name]); len(left) > 0 {
			t.Errorf("%s: no case touches %q", name, left)
		}
	}
	return n
}

func TestShippedRulesPassTheirCases(t *testing.T) {
	t.Parallel()
	if n := passAll(t, shipped.Files); n < 150 {
		t.Errorf("only %d cases", n)
	}
}
