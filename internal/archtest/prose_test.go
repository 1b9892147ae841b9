package archtest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The longest line and the longest file, tests included.
const (
	maxColumns = 120 // runes
	maxLines   = 400
)

// What is looked at, in tests too.
const (
	docComments = "doc comments"
	lineWidth   = "line width"
	fileLength  = "file length"
)

// nounComment matches the first line of a doc comment that explains a name by a
// question: "told is what …", "denied says why …".
var nounComment = regexp.MustCompile(`^// \w+ (is|are|says?|tells?) ` +
	`(why|what|whether|who|whose|whom|how|where|when|which)\b`)

// prose looks at the lines of every file and returns complaints by kind.
func prose(t tree) map[string][]string {
	out := map[string][]string{}
	for file, text := range t.texts {
		add := func(kind string, line int, words string) {
			out[kind] = append(out[kind], fmt.Sprintf("%s:%d: %s", file, line, words))
		}
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		for i, line := range lines {
			if n := utf8.RuneCountInString(line); n > maxColumns {
				add(lineWidth, i+1, fmt.Sprintf("%d columns: at most %d", n, maxColumns))
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
	return check{kind, func(t tree) []string { return sorted(prose(t)[kind]) }}
}
