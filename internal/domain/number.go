package domain

import (
	"strings"
	"unicode"
)

// Fold returns a number with small letters of usual width and without blanks
// around it: “Ｐ0006” and “ p0006” both give “p0006”.
func (id MemberID) Fold() string {
	return strings.Map(unicode.ToLower, Narrow(string(id)))
}

// Narrow returns what was typed with letters and digits of usual width, and
// without blanks around it.
func Narrow(text string) string { return strings.TrimSpace(strings.Map(narrow, text)) }

// narrow returns the usual form of what an input method wrote at full width.
func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000':
		return ' '
	default:
		return r
	}
}
