package ruletest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
	"jifen/internal/testkit/effort"
)

// Every line of the shipped cases, damaged in some way, with a mistake of
// meaning elsewhere: both are told, and nothing of any other line.
func TestDamageCostsOneLineOfCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/cases/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	tried, sparse := 0, effort.Every(t, 10)
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		l := ruletest.Read(name, src)
		var names []string
		for _, at := range l.Files() {
			names = append(names, filepath.Join(filepath.Dir(name), at))
		}
		rules, _, err := ruleversions.Open(names, os.ReadFile)
		if err != nil || rules == nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(src), "\n")
		step := max(4, 8*len(lines)/100|1) // about a hundred of each file: each is read whole
		for i, line := range lines {
			if strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue
			}
			k := -1
			for n := range lines {
				if at := (i + 1 + n) % len(lines); at != i && strings.Contains(lines[at], "应得: {") {
					k = at
					break
				}
			}
			if k < 0 {
				continue
			}
			for d, spoilt := range []string{
				strings.Replace(line, ":", "", 1), strings.Replace(line, ": ", "：", 1), strings.Replace(line, ": ", ":", 1),
				strings.Replace(line, "}", "", 1), line + "}", strings.Replace(line, ": ", ": \"", 1),
				strings.Replace(line, ", ", "，", 1), " " + line,
			} {
				if (7*i+d)%(step*sparse) != 0 {
					continue
				}
				other := append([]string(nil), lines...)
				other[i], other[k] = spoilt, strings.Replace(lines[k], "应得: {", "应得: {总份: 1, ", 1)
				tried++
				read := ruletest.Read(name, []byte(strings.Join(other, "\n")))
				there := false
				for _, p := range append(read.Problems, read.Check(rules)...) {
					there = there || p.Line == k+1
					if p.Line != i+1 && p.Line != k+1 {
						t.Errorf("%s:%d: told of another line\n%s\n%s", name, i+1, spoilt, read.File.Format(p))
					}
				}
				if !there {
					t.Errorf("%s:%d: line %d is not told of\n%s\n%s", name, i+1, k+1, spoilt, read.Format())
				}
			}
		}
	}
	if tried < 500/sparse {
		t.Errorf("only %d were tried", tried)
	}
}
