// Package domain holds the nouns of the house: members, what is known of them,
// what happened, and what came of it. It knows no file format, no database and
// no rules; its types carry no tags.
package domain

import (
	"strconv"
	"strings"
)

// Points (分) counts hundredths of a point. Sums are integer sums; rounding
// happens before a number becomes Points and nowhere after.
type Points int64

// MaxPoints bounds every single amount that a rule file or a person may write:
// one million points. The engine adds far fewer than 2⁶³/MaxPoints of them.
const MaxPoints Points = 1_000_000_00

// Whole returns n points.
func Whole(n int) Points { return Points(n) * 100 }

// String prints points with as few decimals as they need: 84, -2.5, 0.25.
func (p Points) String() string {
	n, sign := int64(p), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	s := sign + strconv.FormatInt(n/100, 10)
	switch {
	case n%100 == 0:
		return s
	case n%10 == 0:
		return s + "." + strconv.FormatInt(n/10%10, 10)
	default:
		return s + "." + strconv.FormatInt(n/10%10, 10) + strconv.FormatInt(n%10, 10)
	}
}

// Signed prints points with + before what is not negative.
func (p Points) Signed() string {
	if p < 0 {
		return p.String()
	}
	return "+" + p.String()
}

// ParseHundredths reads a decimal number as a person writes it into a cell or
// a rule file: an optional "-", digits, and at most two decimals, at most nine
// digits before the point. ok is false for anything else (no "+", no exponent,
// no separators, no leading zero such as 010).
func ParseHundredths(s string) (n int64, ok bool) {
	t, neg := strings.CutPrefix(s, "-")
	whole, frac, dot := strings.Cut(t, ".")
	if whole == "" || len(whole) > 9 || (len(whole) > 1 && whole[0] == '0') || (dot && (frac == "" || len(frac) > 2)) {
		return 0, false
	}
	for _, part := range [2]string{whole, frac} {
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				return 0, false
			}
			n = n*10 + int64(part[i]-'0')
		}
	}
	for range 2 - len(frac) {
		n *= 10
	}
	if neg {
		n = -n
	}
	return n, true
}
