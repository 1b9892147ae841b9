package domain

import (
	"strings"
	"unicode"
)

// PlainOrgName returns the form in which names of organisations are compared: without blanks,
// with brackets and digits of one width, without 中共 before and 委员会 behind, a 党支部 as a
// 支部 and 第1 as 第一. Two names of one form are one name.
func PlainOrgName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r >= '！' && r <= '～': // full width
			return r - '！' + '!'
		}
		return r
	}, name)
	for _, before := range [...]string{"中国共产党", "中共"} {
		name = strings.TrimPrefix(name, before)
	}
	name = strings.ReplaceAll(name, "党支部", "支部")
	if rest, ok := strings.CutSuffix(name, "支部委员会"); ok {
		name = rest + "支部"
	}
	return chineseOrdinals(name)
}

// chineseOrdinals writes 第1 to 第99 in Chinese digits.
func chineseOrdinals(name string) string {
	digits := []rune("零一二三四五六七八九")
	var out []rune
	runes := []rune(name)
	isDigit := func(i int) bool { return i < len(runes) && runes[i] >= '0' && runes[i] <= '9' }
	for i := 0; i < len(runes); i++ {
		out = append(out, runes[i])
		if runes[i] != '第' || !isDigit(i+1) || isDigit(i+3) && isDigit(i+2) {
			continue
		}
		n := int(runes[i+1] - '0')
		if i++; isDigit(i + 1) {
			n = n*10 + int(runes[i+1]-'0')
			i++
		}
		if n >= 20 {
			out = append(out, digits[n/10])
		}
		if n >= 10 {
			out = append(out, '十')
		}
		if n%10 != 0 || n == 0 {
			out = append(out, digits[n%10])
		}
	}
	return string(out)
}

// SameOrgName reports whether two names of organisations are one.
func SameOrgName(a, b string) bool { return PlainOrgName(a) == PlainOrgName(b) }

// NearOrgName reports whether one name may be another way to write a second: a short one, or
// the full one with what stands above before it.
func NearOrgName(a, b string) bool {
	const least = 4 // characters; a bare 第一支部 is near to every first branch
	a, b = PlainOrgName(a), PlainOrgName(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len([]rune(a)) > least && strings.HasSuffix(b, a)
}
