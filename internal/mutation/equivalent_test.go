package mutation

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// equivalent is one line of testdata/equivalent.txt: mutants that no record of a
// member can tell from the original, and why.
type equivalent struct {
	file, path, operator, change string // each may have * for anything; file may be several
	why                          string
	line                         int
	used                         bool
}

// equivalents reads the list: file | path | operator | was → now | why.
func equivalents(t *testing.T) []*equivalent {
	t.Helper()
	src, err := os.ReadFile("testdata/equivalent.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []*equivalent
	for i, line := range strings.Split(string(src), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, " | ")
		if len(f) != 5 || strings.TrimSpace(f[4]) == "" {
			t.Fatalf("testdata/equivalent.txt:%d: want file | path | operator | was → now | why, got %q", i+1, line)
		}
		for j := range f {
			f[j] = strings.TrimSpace(f[j])
		}
		out = append(out, &equivalent{file: f[0], path: f[1], operator: f[2], change: f[3], why: f[4], line: i + 1})
	}
	return out
}

func (e *equivalent) is(file string, m *mutant) bool {
	change := strings.TrimSpace(m.was + " → " + m.now)
	return slices.ContainsFunc(strings.Fields(e.file), func(f string) bool { return like(f, file) }) &&
		like(e.path, m.path) && like(e.operator, m.operator) && like(e.change, change)
}

// like compares a text with a pattern in which * stands for anything.
func like(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	if len(parts) == 1 {
		return s == pattern
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
