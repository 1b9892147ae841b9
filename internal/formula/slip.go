package formula

import (
	"strings"
	"unicode"
)

// slip finds what people write by habit and a parser would answer with its own
// words: full-width signs, ≥, 且, a single =. The advice is the expression
// rewritten.
func slip(src string) (Problem, bool) {
	if strings.TrimSpace(src) == "" {
		return Problem{Message: "这里是空的", Advice: "写一个条件或算式，例如 总分 >= 60"}, true
	}
	out, first, what := rewrite([]rune(src))
	if first < 0 {
		return Problem{}, false
	}
	return Problem{At: first, Message: what, Advice: "写成：" + out}, true
}

// replacement returns the half-width form of a sign that people type.
func replacement(r rune) (string, bool) {
	for _, p := range [...]struct {
		from rune
		to   string
	}{
		{'（', "("}, {'）', ")"}, {'，', ", "}, {'“', `"`}, {'”', `"`}, {'：', ":"}, {'＝', "=="}, {'＜', "<"}, {'＞', ">"},
		{'≥', ">="}, {'≤', "<="}, {'≠', "!="}, {'＋', "+"}, {'－', "-"}, {'×', "*"}, {'÷', "/"}, {'【', "["}, {'】', "]"}, {'、', ", "}, {'　', " "},
	} {
		if p.from == r {
			return p.to, true
		}
	}
	if r >= '０' && r <= '９' {
		return string(r - '０' + '0'), true
	}
	return "", false
}

func rewrite(src []rune) (out string, first int, what string) {
	var b strings.Builder
	first = -1
	note := func(at int, message string) {
		if first < 0 {
			first, what = at, message
		}
	}
	quoted := rune(0)
	for i := 0; i < len(src); i++ {
		r := src[i]
		if quoted != 0 {
			if r == quoted || (quoted == '“' && r == '”') {
				quoted = 0
				r = '"'
			}
			b.WriteRune(r)
			continue
		}
		if r == '"' || r == '“' {
			if r == '“' {
				note(i, "“”是全角引号")
			}
			quoted = r
			b.WriteRune('"')
			continue
		}
		if to, ok := replacement(r); ok {
			note(i, "“"+string(r)+"”要用半角写法")
			b.WriteString(to)
			continue
		}
		if word, to, n := connective(src, i); n > 0 {
			note(i, "“"+word+"”要写成 "+strings.TrimSpace(to))
			b.WriteString(to)
			i += n - 1
			continue
		}
		if r == '=' && lonely(src, i) {
			note(i, "判断相等要写两个等号 ==")
			b.WriteString("==")
			continue
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " "), first, what
}

// lonely reports whether the = at i is neither doubled nor part of <= >= !=.
func lonely(src []rune, i int) bool {
	if i+1 < len(src) && src[i+1] == '=' {
		return false
	}
	return i == 0 || !strings.ContainsRune("=<>!", src[i-1])
}

// connective finds 且, 或, 非 and their long forms where they stand as words
// of their own or directly after a digit or bracket.
func connective(src []rune, i int) (word, to string, n int) {
	if i > 0 && unicode.IsLetter(src[i-1]) {
		return "", "", 0
	}
	for _, w := range [...][2]string{{"并且", " and "}, {"而且", " and "}, {"或者", " or "}, {"不是", " not "}, {"且", " and "}, {"或", " or "}, {"非", " not "}} {
		runes := []rune(w[0])
		if i+len(runes) > len(src) || string(src[i:i+len(runes)]) != w[0] {
			continue
		}
		end := i + len(runes)
		after := end == len(src) || !unicode.IsLetter(src[end])
		glued := i > 0 && (unicode.IsDigit(src[i-1]) || src[i-1] == ')' || src[i-1] == '"' || src[i-1] == ']')
		if after || glued {
			return w[0], w[1], len(runes)
		}
	}
	return "", "", 0
}

// Nearest returns the word of a vocabulary that a misspelt one most likely
// meant, "" if none is near: at most one change for short words, two for words
// of four characters and more.
func Nearest(word string, vocabulary []string) string {
	w := []rune(word)
	best, bestCost := "", 1+len(w)/4+1
	if len(w) > 50 {
		return ""
	}
	for _, v := range vocabulary {
		if len(v) > 150 {
			continue
		}
		if cost := distance(w, []rune(v)); cost < bestCost && cost < len([]rune(v)) {
			best, bestCost = v, cost
		}
	}
	return best
}

func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
