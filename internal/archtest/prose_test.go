package archtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The longest line and the longest file, tests included.
const (
	maxColumns = 120 // runes
	maxLines   = 400
)

// What a package may still be exempt from.
const (
	docComments = "doc comments" // in tests too
	lineWidth   = "line width"
	testWidth   = "line width of tests"
	fileLength  = "file length" // in tests too
)

// exempt lists by package what is not put right yet. A row that is needed no more
// fails: strike it.
func exempt() map[string][]string {
	return map[string][]string{
		"internal/store": {lineWidth, testWidth},
	}
}

// nounComment matches the first line of a doc comment that explains a name by a
// question: "told is what …", "denied says why …".
var nounComment = regexp.MustCompile(`^// \w+ (is|are|says?|tells?) ` +
	`(why|what|whether|who|whose|whom|how|where|when|which)\b`)

// prose looks at the lines of every file and returns complaints by package and
// kind.
func prose(t tree) map[[2]string][]string {
	out := map[[2]string][]string{}
	for file, text := range t.texts {
		add := func(kind string, line int, words string) {
			key := [2]string{folder(file), kind}
			out[key] = append(out[key], fmt.Sprintf("%s:%d: %s", file, line, words))
		}
		width := lineWidth
		if strings.HasSuffix(file, "_test.go") {
			width = testWidth
		}
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		for i, line := range lines {
			if n := utf8.RuneCountInString(line); n > maxColumns {
				add(width, i+1, fmt.Sprintf("%d columns: at most %d", n, maxColumns))
			}
			if nounComment.MatchString(line) {
				add(docComments, i+1, "a doc comment begins with a verb: returns, reports, refuses …")
			}
		}
		if len(lines) > maxLines {
			add(fileLength, maxLines+1, fmt.Sprintf("%d lines: at most %d, put what belongs together in a file of its own",
				len(lines), maxLines))
		}
	}
	return out
}

// written returns the check of one kind of complaint.
func written(kind string) check {
	return check{kind, func(t tree) (out []string) {
		complaints := prose(t)
		for key, list := range complaints {
			if key[1] == kind && !slices.Contains(exempt()[key[0]], kind) {
				out = append(out, list...)
			}
		}
		if !t.whole {
			return sorted(out)
		}
		for pkg, kinds := range exempt() {
			if slices.Contains(kinds, kind) && len(complaints[[2]string{pkg, kind}]) == 0 {
				out = append(out, fmt.Sprintf("%s is exempt from %q and needs it no more: strike it from exempt() in "+
					"internal/archtest", pkg, kind))
			}
		}
		return sorted(out)
	}}
}
