package mutation

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
	"jifen/internal/testkit/effort"
	shipped "jifen/rules"
)

const (
	stride = 23 // of a sample: every how manyth mutant is tried
	most   = 2  // survivors, per cent of the mutants that could be noticed
)

// counts holds the results of the mutants of one file.
type counts struct {
	file                             string
	made, load, warned, cases, alike int
	survivors                        []string
}

func (c *counts) add(o counts) {
	c.made, c.load, c.warned, c.cases, c.alike = c.made+o.made, c.load+o.load, c.warned+o.warned, c.cases+o.cases,
		c.alike+o.alike
	c.survivors = append(c.survivors, o.survivors...)
}

func (c *counts) String() string {
	share := "0"
	if n := c.made - c.alike; n > 0 {
		hundredths := 10000 * len(c.survivors) / n
		share = fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	}
	return fmt.Sprintf("%-18s %5d mutants: %5d refused, %3d warned of, %5d failed a case, %3d equivalent, "+
		"%3d survived, %s %%",
		c.file, c.made, c.load, c.warned, c.cases, c.alike, len(c.survivors), share)
}

// TestEveryMistakeInAShippedFileIsNoticed makes every mutant of every shipped
// file, with -short and under the race detector a sample of them.
func TestEveryMistakeInAShippedFileIsNoticed(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(shipped.Files, "*.yaml")
	if err != nil || len(files) < 14 {
		t.Fatal(files, err)
	}
	listed := equivalents(t)
	var mu sync.Mutex
	all := counts{file: "all"}
	t.Run("files", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
				t.Parallel()
				c := judge(t, file, listed, &mu)
				t.Log(c.String())
				mu.Lock()
				defer mu.Unlock()
				all.add(c)
				if len(c.survivors)*100 > most*(c.made-c.alike) {
					t.Errorf("more than %d %% of the mistakes go unnoticed", most)
				}
				if testing.Verbose() || t.Failed() {
					t.Log("\n" + strings.Join(c.survivors, "\n"))
				}
			})
		}
	})
	t.Log(all.String())
	for _, e := range listed {
		if !e.used && !effort.Small() && !filtered() {
			t.Errorf("testdata/equivalent.txt:%d: no such mutant, or it is noticed: take the line out", e.line)
		}
	}
}

// judge makes the mutants of one file and looks what becomes of each.
func judge(t *testing.T, file string, listed []*equivalent, mu *sync.Mutex) counts {
	t.Helper()
	read := func(name string) []byte {
		src, err := fs.ReadFile(shipped.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	text := string(read(file))
	original := ruleset.Load(file, []byte(text))
	known := warnings(original)
	cases := ruletest.Read(file, read(path.Join("cases", file))).Book.Cases
	if fails(original.Book, cases) {
		t.Fatal("the cases fail without any mistake")
	}
	c := counts{file: file}
	step := effort.Every(t, stride)
	for i, m := range mutants(file, text) {
		if i%step != 0 {
			continue
		}
		c.made++
		loaded := ruleset.Load(file, []byte(m.text))
		switch {
		case loaded.Book == nil:
			c.load++
		case warnsMore(known, warnings(loaded)):
			c.warned++
		case fails(loaded.Book, cases):
			c.cases++
		case alike(listed, file, &m, mu):
			c.alike++
		default:
			c.survivors = append(c.survivors, fmt.Sprintf("%s | %s | %s | %s → %s | ", file, m.path, m.operator, m.was, m.now))
		}
	}
	return c
}

// alike reports whether a mutant is listed as one that no record can tell.
func alike(listed []*equivalent, file string, m *mutant, mu *sync.Mutex) bool {
	mu.Lock()
	defer mu.Unlock()
	found := false
	for _, e := range listed {
		if e.is(file, m) {
			e.used, found = true, true
		}
	}
	return found
}

// fails reports whether a case fails. The case that failed moves to the front:
// it is likely to notice the next mistake too.
func fails(book *ruleset.RuleSet, cases []ruletest.Case) bool {
	for i := range cases {
		one := ruletest.Book{Cases: cases[i : i+1]}
		if !one.Run(book)[0].OK {
			found := cases[i]
			copy(cases[1:i+1], cases[:i])
			cases[0] = found
			return true
		}
	}
	return false
}

// warnings counts the warnings of a file by what they say, without the numbers
// in it.
func warnings(r *ruleset.Result) map[string]int {
	out := map[string]int{}
	for _, p := range r.Problems {
		if p.Warning {
			out[strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return -1
				}
				return r
			}, p.Message)]++
		}
	}
	return out
}

func warnsMore(before, after map[string]int) bool {
	for what, n := range after {
		if n > before[what] {
			return true
		}
	}
	return false
}
