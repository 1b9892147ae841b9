package yamldoc

import (
	"cmp"
	"slices"
	"strings"
)

// Findings is every problem found in one file, in the order of their places.
type Findings struct {
	File     *File
	Problems []Problem
}

// CollectFindings puts problems into the order of their places; those that only follow from
// others are left out.
func CollectFindings(file *File, problems []Problem) Findings {
	problems = slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Follows })
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col))
	})
	return Findings{file, problems}
}

// Errors returns how many of the problems keep the file from being used.
func (f *Findings) Errors() int {
	n := 0
	for _, p := range f.Problems {
		if !p.Warning {
			n++
		}
	}
	return n
}

// Open returns how many warnings the file does not answer itself.
func (f *Findings) Open() int {
	n := 0
	for _, p := range f.Problems {
		if p.Warning && p.Reply == "" {
			n++
		}
	}
	return n
}

// Format prints every problem, each with place, line, caret and advice.
func (f *Findings) Format() string {
	var b strings.Builder
	for _, p := range f.Problems {
		b.WriteString(f.File.Format(p))
	}
	return b.String()
}
