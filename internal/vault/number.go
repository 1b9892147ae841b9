package vault

import (
	"strings"
	"unicode"
	"unicode/utf8"
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

// Mask covers the middle of a number for display: 370705********1234 for an
// identity number, 138****5678 for a phone. Where that would leave fewer than
// four characters covered, all of them are.
func Mask(kind Kind, plain string) string {
	head, tail := 3, 4
	if kind == Identity {
		head = 6
	}
	number := []rune(strings.TrimSpace(plain))
	covered := len(number) - head - tail
	if covered < 4 {
		return strings.Repeat("*", utf8.RuneCountInString(string(number)))
	}
	return string(number[:head]) + strings.Repeat("*", covered) + string(number[len(number)-tail:])
}
