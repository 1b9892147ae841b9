package importer

import (
	"strings"
	"unicode"

	"jifen/internal/fault"
)

// unprotected takes off what programs put before a number so that a spreadsheet leaves it
// alone: '370…, `370… and ="370…".
func unprotected(text string) string {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, `="`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok && !strings.Contains(inner, `"`) {
			return strings.TrimSpace(inner)
		}
	}
	if rest := strings.TrimLeft(text, "'`‘’"); rest != text && rest != "" {
		return strings.TrimSpace(rest)
	}
	return text
}

// Number rewrites a number in the one form that the rules read: without +, unit and protection,
// in digits of usual width. What is no such number comes back as it stands, for the rules to
// refuse; a share or a time of day is fault.Invalid.
func Number(text, unit string) (string, error) {
	plain := plainNumber(unprotected(text))
	switch {
	case strings.HasSuffix(plain, "%"):
		return "", fault.New(fault.Invalid, "“%s”是百分数", fault.Quote(text)).
			WithHint("写成不带百分号的数，如 85；格式设成“常规”再填")
	case strings.Contains(plain, ":") && allDigits(strings.ReplaceAll(plain, ":", "")):
		return "", fault.New(fault.Invalid, "“%s”是时和分，不是数", fault.Quote(text)).WithHint("写成小时数，如 2.5；格式设成“常规”再填")
	}
	plain = strings.TrimPrefix(plain, "+")
	for _, u := range units(unit) {
		if cut, ok := strings.CutSuffix(plain, u); ok {
			plain = strings.TrimSpace(cut)
			break
		}
	}
	if number, ok := decimal(plain); ok {
		return number, nil
	}
	return text, nil
}

// Points is Number for points, which people also write as 加3 and 扣2.
func Points(text string) (string, error) {
	plain := plainNumber(unprotected(text))
	for _, word := range [...]struct{ word, sign string }{{"加", ""}, {"扣", "-"}, {"减", "-"}} {
		rest, ok := strings.CutPrefix(plain, word.word)
		if !ok {
			continue
		}
		if number, is := decimal(strings.TrimSuffix(rest, "分")); is && !strings.HasPrefix(number, "-") && number != "0" {
			return word.sign + number, nil
		}
	}
	return Number(text, "分")
}

// units lists how a number's unit may stand behind it. Where the rules name none, points
// are meant.
func units(unit string) []string {
	switch unit {
	case "":
		return []string{"分"}
	case "小时":
		return []string{"个小时", "小时", "h", "H"}
	}
	return []string{unit}
}

// plainNumber gives the signs of a number their one form.
func plainNumber(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch r {
		case '。':
			return '.'
		case '−', '—', '–', '‐':
			return '-'
		case '，':
			return ','
		case '\u3000', '\u00a0':
			return ' '
		}
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return narrow(r)
	}, text))
}

// decimal reads an optional -, digits, which may be grouped by commas, and decimals; trailing
// noughts beyond what the rules read are taken off.
func decimal(text string) (string, bool) {
	rest, negative := strings.CutPrefix(text, "-")
	whole, decimals, dot := strings.Cut(rest, ".")
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if !allDigits(g) || i > 0 && len(g) != 3 || len(g) > 3 {
				return "", false
			}
		}
		whole = strings.Join(groups, "")
	}
	if whole == "" && dot {
		whole = "0"
	}
	if !allDigits(whole) || dot && !allDigits(decimals) {
		return "", false
	}
	if len(decimals) > 2 {
		decimals = decimals[:2] + strings.TrimRight(decimals[2:], "0")
	}
	if decimals != "" {
		whole += "." + decimals
	}
	if negative && strings.Trim(whole, "0.") != "" {
		whole = "-" + whole
	}
	return whole, true
}
