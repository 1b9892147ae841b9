package vault

import (
	"strings"
	"unicode"
)

// normal writes a number in the one form under which it is sought: digits and
// upper-case letters of half width, nothing between them, and no country code
// before a mobile number.
func normal(kind Kind, text string) string {
	number := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // full width stands at a fixed distance from ASCII
			r -= '！' - '!'
		}
		if unicode.IsDigit(r) || unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
	if kind != Phone {
		return number
	}
	for _, country := range [...]string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(number, country); ok && len(rest) == 11 && rest[0] == '1' {
			return rest
		}
	}
	return number
}
