package importer

import (
	"strings"
	"unicode"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// Identity is a citizen identity number (公民身份号码) with what it tells.
type Identity struct {
	Number string // 18 characters, upper-case X
	Born   calendar.Day
	Gender Gender
}

// ParseIdentity reads an 18-digit number by GB 11643-1999, written in any width,
// with blanks or hyphens and with what keeps a spreadsheet off. One of another length, with other signs, with a
// birthday that is none or after 2100, or whose check digit is wrong is fault.Invalid; no
// message tells the number.
func ParseIdentity(text string) (Identity, error) {
	n := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(narrow(r))
	}, unprotected(text))
	if whole := strings.ReplaceAll(n, "-", ""); len(whole) == 18 {
		n = whole
	}
	bad := func(format string, args ...any) (Identity, error) {
		return Identity{}, fault.New(fault.Invalid, format, args...).WithHint("照身份证重新填，18 位，末位可以是 X")
	}
	switch count := len([]rune(n)); {
	case scientific(n):
		return Identity{}, fault.New(fault.Invalid, "身份证号在表里存成了数字，末几位已经丢失").
			WithHint("把这一列设为文本，照身份证重新填 18 位")
	case count == 15 && allDigits(n):
		return Identity{}, fault.New(fault.Invalid, "身份证号是 15 位的旧号").WithHint("旧号已经停用，照现在的身份证填 18 位")
	case count != 18:
		return bad("身份证号是 %d 位", count)
	case !allDigits(n[:17]) || !strings.Contains("0123456789X", n[17:]):
		return bad("身份证号里有数字以外的字")
	case n[0] == '0' || checkDigit(n[:17]) != n[17]:
		return bad("身份证号的末位对不上，多半抄错了一位")
	}
	born, err := calendar.Parse(n[6:10] + "-" + n[10:12] + "-" + n[12:14])
	if err != nil || n[6:10] > "2100" {
		return bad("身份证号里的出生日期不对")
	}
	gender := Female
	if n[16]%2 == 1 { // the digits of ASCII are odd where they are
		gender = Male
	}
	return Identity{n, born, gender}, nil
}

// checkDigit reckons the last character from the 17 before it: ISO 7064, MOD
// 11-2.
func checkDigit(n string) byte {
	sum := 0
	for i := range len(n) {
		sum = (sum + int(n[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-sum)%11]
}

// narrow turns a full-width sign into its half-width one.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// scientific reports whether a number is written with a power of ten, 3.70799E+17.
func scientific(n string) bool {
	digits, power, ok := strings.Cut(n, "E+")
	return ok && allDigits(strings.Replace(digits, ".", "", 1)) && allDigits(power)
}
