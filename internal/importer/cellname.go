package importer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// Name returns the name that a cell gives, in the form in which names are kept: blanks that
// only make short names as wide as long ones and characters that nobody sees are taken out,
// every dot between two parts is ·, and a character that is the same as a usual one but for its
// number becomes that one. note says what was exchanged and needs a look, "" where nothing was;
// what cannot be told is fault.Invalid.
func Name(text string) (name, note string, err error) {
	var b strings.Builder
	latin := false
	var changed []string
	for _, r := range strings.TrimSpace(unprotected(text)) {
		plain := plainRune(r)
		switch {
		case unicode.Is(unicode.Variation_Selector, r):
			changed = append(changed, fmt.Sprintf("去掉了异体字选择符（U+%04X）", r))
			continue
		case plain != r && !unicode.IsSpace(r) && plain != '·' && narrow(r) == r:
			changed = append(changed, fmt.Sprintf("“%c”（U+%04X）读作“%c”", shown(r), r, plain))
		case plain == r && domain.Invisible(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Co, r):
			continue // what spreadsheets and the web bring along
		}
		latin = latin || unicode.Is(unicode.Latin, plain)
		b.WriteRune(plain)
	}
	name = strings.Join(strings.Fields(b.String()), " ")
	if !latin {
		name = strings.ReplaceAll(name, " ", "")
	}
	for bare := unprotected(name); bare != name; bare = unprotected(name) { // behind what nobody sees
		name = bare
	}
	name = dotted(name)
	for _, r := range name {
		if unicode.Is(unicode.Co, r) {
			return name, "", fault.New(fault.Invalid, "姓名里有一个字（U+%04X）是造字，别的电脑上看不见", r).
				WithHint("照身份证用现在的输入法重新打这个字")
		}
	}
	return name, strings.Join(changed, "；"), checkName(text, name)
}

// dotted writes a full stop between two parts of a name in Chinese as ·.
func dotted(name string) string {
	runes := []rune(name)
	for i := 1; i+1 < len(runes); i++ {
		if runes[i] == '.' && han(runes[i-1]) && han(runes[i+1]) {
			runes[i] = '·'
		}
	}
	return string(runes)
}

// checkName refuses what is no name of a person.
func checkName(text, name string) error {
	switch {
	case !strings.ContainsFunc(name, unicode.IsLetter):
		return fault.New(fault.Invalid, "“%s”不像姓名", fault.Quote(text)).WithHint("照身份证填")
	case utf8.RuneCountInString(name) > maxName:
		return fault.New(fault.Invalid, "姓名“%s”太长", fault.Quote(text)).WithHint("一格只写一个人的姓名")
	}
	return domain.Plain("姓名", name)
}

// NameKey returns the form in which names are compared: two of one key are one name, whatever
// its blanks, dots, width and capitals.
func NameKey(text string) string {
	name, _, _ := Name(text) // what is no name is compared as it stands
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(narrow(r))
	}, name)
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// shown returns a character as it may stand in a message: one for private use has no shape.
func shown(r rune) rune {
	if unicode.Is(unicode.Co, r) {
		return '□'
	}
	return r
}

// plainRune returns the usual character that one stands for, itself where it is usual or
// nobody can tell.
func plainRune(r rune) rune {
	switch r {
	case '•', '・', '‧', '．', '∙', '●', '･', '⋅', '᛫':
		return '·'
	}
	switch {
	case r >= 0x2E80 && r <= 0x2FDF, r >= 0xF900 && r <= 0xFAFF, r >= 0x2F800 && r <= 0x2FA1F: // radicals, doubles
		if plain := []rune(norm.NFKC.String(string(r))); len(plain) == 1 {
			return plain[0]
		}
	case unicode.Is(unicode.Co, r):
		return assigned(r)
	}
	if n := narrow(r); unicode.IsLetter(n) || unicode.IsDigit(n) || n == '.' {
		return n
	}
	return r
}

// The characters of GB 18030 that had no number of their own at first stood here, in the order
// of their two bytes, which begin at FE 50 and leave out 7F.
const (
	firstPrivate = '\ue815'
	lastPrivate  = '\ue864'
)

// assigned returns the character that an old typeface shows for one of private use, itself
// where it is none of those that the standard has assigned since.
func assigned(r rune) rune {
	if r < firstPrivate || r > lastPrivate {
		return r
	}
	second := byte(0x50 + r - firstPrivate)
	if second >= 0x7F {
		second++
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes([]byte{0xFE, second})
	plain, n := utf8.DecodeRune(text)
	if err != nil || n != len(text) || !han(plain) || plain >= 0x2E80 && plain <= 0x2EFF {
		return r
	}
	return plain
}
