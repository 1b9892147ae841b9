package formula

import (
	"strings"
	"unicode"
)

// rewriteNumber reads a number and drops the unit behind it.
func (w *rewriter) rewriteNumber() {
	from := w.i
	if w.rewriteDate() {
		return
	}
	for w.i < len(w.src) && (unicode.IsDigit(w.src[w.i]) || w.src[w.i] == '.') {
		if to, ok := replacement(w.src[w.i]); ok {
			w.note(w.i, "“"+string(w.src[w.i])+"”要用半角写法")
			w.out.WriteString(to)
		} else {
			w.out.WriteRune(w.src[w.i])
		}
		w.i++
	}
	if w.rewritePercent(from) {
		return
	}
	rest := string(w.src[w.i:min(w.i+12, len(w.src))])
	for _, unit := range [...]string{"小时", "个月", "岁", "分", "次", "年", "月", "天", "日", "人", "元", "个"} {
		after, ok := strings.CutPrefix(rest, unit)
		if !ok {
			continue
		}
		joined := after == "" || !isWord([]rune(after)[0])
		for _, c := range spokenOperators() {
			joined = joined || strings.HasPrefix(after, c[0])
		}
		if !joined {
			continue
		}
		w.note(w.i, "数后面不写单位“"+unit+"”")
		w.i += len([]rune(unit))
		w.out.WriteRune(' ')
		for _, c := range spokenOperators() { // 75岁且流动
			if strings.HasPrefix(after, c[0]) {
				w.out.WriteString(c[1] + " ")
				w.i += len([]rune(c[0]))
				break
			}
		}
		return
	}
}

// rewriteDate tells of a day, which an expression cannot hold.
func (w *rewriter) rewriteDate() bool {
	text := string(w.src[w.i:min(w.i+11, len(w.src))])
	n := 0
	for _, form := range [...]string{"0000-00-00", "0000-0-00", "0000-00-0", "0000-0-0", "0000年00月00日", "0000年0月0日",
		"0000年0月00日", "0000年00月0日", "0000/00/00", "0000/0/0"} {
		if n = len([]rune(form)); looksLike(text, form) {
			w.note(w.i, "条件和算式里不能写日期")
			w.whole = "随日子变的值写成 {自 2026-07-01: …}；要看年纪、党龄，用属性 {推算: 周岁}、{推算: 党龄}"
			w.out.WriteString(string(w.src[w.i : w.i+n]))
			w.i += n
			return true
		}
	}
	return false
}

// looksLike holds the beginning of a text to a form in which 0 stands for any
// digit.
func looksLike(text, form string) bool {
	r := []rune(text)
	for i, f := range []rune(form) {
		if i >= len(r) || (f == '0' && !unicode.IsDigit(r[i])) || (f != '0' && f != r[i]) {
			return false
		}
	}
	return true
}

// rewritePercent rewrites 10% as 0.1. A sign behind which another number follows is
// no per cent.
func (w *rewriter) rewritePercent(from int) bool {
	if w.i == len(w.src) || (w.src[w.i] != '%' && w.src[w.i] != '％') {
		return false
	}
	rest := strings.TrimLeft(string(w.src[w.i+1:]), " ")
	if rest != "" && !strings.ContainsAny(rest[:1], ")+-*/<>=,]") && !strings.HasPrefix(rest, "and ") &&
		!strings.HasPrefix(rest, "or ") {
		return false
	}
	digits, w2 := string(w.src[from:w.i]), strings.TrimSuffix(w.out.String(), string(w.src[from:w.i]))
	v, ok := hundredthOf(digits)
	if !ok || len(w2) == len(w.out.String()) {
		return false
	}
	w.out.Reset()
	w.out.WriteString(w2 + v)
	w.note(w.i, "“"+digits+"%”要写成小数")
	w.i++
	if strings.TrimSpace(w2) == "" && rest == "" {
		w.whole = "写清是什么的百分之几，例如 得分 * " + v
	}
	return true
}

// hundredthOf moves the point of a number two places to the left.
func hundredthOf(digits string) (string, bool) {
	whole, frac, _ := strings.Cut(digits, ".")
	if whole == "" || len(digits) > 12 || strings.Trim(whole+frac, "0123456789") != "" {
		return "", false
	}
	for len(whole) < 3 {
		whole = "0" + whole
	}
	at := len(whole) - 2
	out := strings.TrimRight(whole[:at]+"."+whole[at:]+frac, "0")
	return strings.TrimSuffix(out, "."), true
}
