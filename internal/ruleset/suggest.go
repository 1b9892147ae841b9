package ruleset

import (
	"strings"

	"jifen/internal/domain"
	"jifen/internal/formula"
)

// suggestNumber returns the number that somebody meant who wrote full-width
// digits, a plus, a unit or a stray mark; "" if it is none, or is right as it
// stands.
func suggestNumber(text string) string {
	half := strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．' || r == '。':
			return '.'
		case r == '－' || r == '−' || r == '—' || r == '–':
			return '-'
		case r == '＋':
			return '+'
		case r == ' ' || r == '　' || r == ',' || r == '，':
			return -1
		}
		return r
	}, text)
	half = strings.TrimLeft(strings.TrimRight(half, ".；;、"), "+")
	for _, unit := range [...]string{"小时", "分", "个", "次", "元", "天", "人", "年", "期", "项"} {
		if cut, ok := strings.CutSuffix(half, unit); ok {
			half = cut
			break
		}
	}
	for _, word := range [...]string{"加", "扣", "减"} {
		if cut, ok := strings.CutPrefix(half, word); ok {
			half = strings.TrimPrefix(cut, "分")
			if word != "加" && !strings.HasPrefix(half, "-") {
				half = "-" + half
			}
		}
	}
	if h, ok := domain.ParseHundredths(half); ok && half != text {
		return domain.Points(h).String()
	}
	return ""
}

// Suggest advises which words may stand in place of one, the most likely first.
func Suggest(word string, list []string) string {
	if len(list) == 0 {
		return "办法里一个也没有"
	}
	advice := "可写：" + strings.Join(list, "、")
	if near := formula.Nearest(word, list); near != "" {
		advice = "是不是“" + near + "”？" + advice
	}
	return advice
}
