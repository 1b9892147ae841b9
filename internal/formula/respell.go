package formula

import (
	"slices"
	"strings"
	"unicode"
)

// findMisspelling finds what people write by habit and a parser would answer with its own
// words: full-width signs, ≥, 且, a single =. The advice is the expression
// rewritten.
func findMisspelling(src string) (Problem, bool) {
	if strings.TrimSpace(src) == "" {
		return Problem{Message: "这里是空的", Advice: "写一个条件或算式，例如 总分 >= 60"}, true
	}
	w := &rewriter{src: []rune(src), first: -1}
	out := w.rewrite()
	if w.first < 0 {
		return Problem{}, false
	}
	advice := "写成：" + out
	if w.whole != "" {
		advice = w.whole
	}
	return Problem{At: w.first, Message: w.what, Advice: advice}, true
}

// replacement returns the half-width form of a sign that people type.
func replacement(r rune) (string, bool) {
	for _, p := range [...]struct {
		from rune
		to   string
	}{
		{'（', "("}, {'）', ")"}, {'，', ", "}, {'、', ", "}, {'：', " == "}, {'＋', "+"}, {'－', "-"}, {'−', "-"},
		{'×', "*"}, {'÷', "/"}, {'【', "["}, {'】', "]"}, {'　', " "},
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

// rewriter writes an expression anew in the signs that a rule file takes, and
// notes the first place where that made a difference.
type rewriter struct {
	src   []rune
	i     int
	out   strings.Builder
	first int
	what  string
	depth int // of brackets
	round int // at what depth a round bracket stands for a square one; 0 = nowhere
	in    bool
	whole string // advice on the whole, where writing it anew is not enough
}

func (w *rewriter) rewrite() string {
	for w.i < len(w.src) {
		switch r := w.src[w.i]; {
		case strings.ContainsRune("\"'“”‘’", r):
			w.rewriteQuoted()
		case ascii(r) != 0:
			w.rewriteSigns()
		case isWord(r) && !unicode.IsDigit(r):
			w.rewriteWord()
		case unicode.IsDigit(r):
			w.rewriteNumber()
		default:
			w.rewriteSign(r)
		}
	}
	return strings.TrimSuffix(strings.Join(strings.Fields(w.out.String()), " "), " and")
}

// Respell writes an expression in the signs that a rule file takes: half-width,
// ==, and, or, not.
func Respell(src string) string {
	w := &rewriter{src: []rune(src), first: -1}
	return w.rewrite()
}

func (w *rewriter) note(at int, message string) {
	if w.first < 0 {
		w.first, w.what = at, message
	}
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// rewriteQuoted copies a text in quotes.
func (w *rewriter) rewriteQuoted() {
	open := w.src[w.i]
	ends := string(open)
	if open > unicode.MaxASCII {
		pair := "“”"
		if open == '‘' || open == '’' {
			pair = "‘’"
		}
		w.note(w.i, pair+"是全角引号")
		ends, open = "”’\"", '"'
	}
	if open == '\'' {
		open = '"' // either is understood; one form is enough
	}
	w.out.WriteRune(open)
	for w.i++; w.i < len(w.src); w.i++ {
		if r := w.src[w.i]; strings.ContainsRune(ends, r) {
			w.i++
			break
		}
		w.out.WriteRune(w.src[w.i])
	}
	w.out.WriteRune(open)
}

// ascii returns the signs that a sign of comparison stands for, 0 for others.
func ascii(r rune) rune {
	switch r {
	case '=', '＝':
		return '='
	case '<', '＜':
		return '<'
	case '>', '＞':
		return '>'
	case '!', '！':
		return '!'
	case '≥', '≧', '≤', '≦', '≠':
		return r
	}
	return 0
}

// rewriteSigns reads a run of signs of comparison, whatever their form and order.
func (w *rewriter) rewriteSigns() {
	from, odd := w.i, -1
	var has [5]bool // = < > ! and a second =
	for w.i < len(w.src) {
		r := w.src[w.i]
		if r == ' ' && w.i+1 < len(w.src) && ascii(w.src[w.i+1]) == '=' && !has[0] {
			w.i++
			continue
		}
		a := ascii(r)
		if a == 0 {
			break
		}
		if odd < 0 && r > unicode.MaxASCII {
			odd = w.i
		}
		has[4] = has[4] || (has[0] && a == '=')
		has[0] = has[0] || strings.ContainsRune("=≥≧≤≦≠", a)
		has[1] = has[1] || strings.ContainsRune("<≤≦", a)
		has[2] = has[2] || strings.ContainsRune(">≥≧", a)
		has[3] = has[3] || strings.ContainsRune("!≠", a)
		w.i++
	}
	text, to := string(w.src[from:w.i]), suggestedOperator(has)
	switch {
	case text == to:
	case odd >= 0:
		w.note(odd, "“"+string(w.src[odd])+"”要用半角写法")
	case text == "=":
		w.note(from, "判断相等要写两个等号 ==")
	case to == " not ":
		w.note(from, "“!”不用")
	default:
		w.note(from, "“"+text+"”写法不对")
	}
	if text != to {
		to = " " + to + " "
	}
	w.out.WriteString(to)
}

// suggestedOperator returns the comparison that a run of signs stands for.
func suggestedOperator(has [5]bool) string {
	switch equal, less, greater, not := has[0], has[1], has[2], has[3]; {
	case not && !equal && !less && !greater:
		return " not "
	case not, less && greater:
		return "!="
	case less && equal:
		return "<="
	case greater && equal:
		return ">="
	case less:
		return "<"
	case greater:
		return ">"
	}
	return "=="
}

// rewriteWord reads a word: and, or, not in another language or case, a comparison in
// words, or a name, which stays as it is.
func (w *rewriter) rewriteWord() {
	from := w.i
	for w.i < len(w.src) && isWord(w.src[w.i]) {
		w.i++
	}
	text := string(w.src[from:w.i])
	w.in = text == "in"
	if name, glued := strings.CutSuffix(text, elseOperator); glued && name != "" {
		w.note(w.i-len([]rune(elseOperator)), "“否则”前面要空一格")
		w.out.WriteString(name + " " + elseOperator)
		return
	}
	if low := strings.ToLower(text); low != text && (low == "and" || low == "or" || low == "not") {
		w.note(from, "“"+text+"”要小写")
		w.out.WriteString(" " + low + " ")
		return
	}
	glued := from > 0 && (unicode.IsDigit(w.src[from-1]) || strings.ContainsRune(")\"]）”", w.src[from-1]))
	if !strings.ContainsRune("大不小等高低并而或且非", w.src[from]) { // most words; what is spoken begins with one of these
		w.out.WriteString(text)
		return
	}
	for _, c := range spokenOperators() {
		if text != c[0] && (!glued || !strings.HasPrefix(text, c[0])) {
			continue
		}
		w.i = from + len([]rune(c[0]))
		if c[0] == "不是" && w.quoted() {
			c[1] = "!="
		}
		w.note(from, "“"+c[0]+"”要写成 "+c[1])
		w.out.WriteString(" " + c[1] + " ")
		return
	}
	w.out.WriteString(text)
}

// quoted reports whether a quotation mark comes next.
func (w *rewriter) quoted() bool {
	rest := strings.TrimLeft(string(w.src[w.i:]), " ")
	return strings.HasPrefix(rest, "\"") || strings.HasPrefix(rest, "“")
}

// spokenOperators lists what people say for what a rule file writes, the longer first.
func spokenOperators() [][2]string {
	return [][2]string{
		{"大于或等于", ">="}, {"大于等于", ">="}, {"不小于", ">="}, {"不低于", ">="}, {"不少于", ">="},
		{"小于或等于", "<="}, {"小于等于", "<="}, {"不大于", "<="}, {"不超过", "<="}, {"不高于", "<="},
		{"不等于", "!="}, {"等于", "=="}, {"大于", ">"}, {"高于", ">"}, {"小于", "<"}, {"低于", "<"},
		{"并且", "and"}, {"而且", "and"}, {"或者", "or"}, {"不是", "not"}, {"且", "and"}, {"或", "or"}, {"非", "not"}, {"不", "not"},
	}
}

// rewriteSign reads any other sign.
func (w *rewriter) rewriteSign(r rune) {
	at := w.i
	w.i++
	switch {
	case r == '，' || r == '、' || r == ',':
		if strings.HasPrefix(strings.TrimLeft(string(w.src[w.i:]), " "), elseOperator) {
			w.note(at, "“否则”前面不写“"+string(r)+"”")
			w.out.WriteRune(' ')
			return
		}
		if w.depth == 0 {
			w.note(at, "“"+string(r)+"”不能连接条件")
			w.out.WriteString(" and ")
			return
		}
	case r == '。':
		w.note(at, "“。”不用写")
		return
	case r == '&' || r == '|':
		for w.i < len(w.src) && w.src[w.i] == r {
			w.i++
		}
		w.note(at, "“"+string(w.src[at:w.i])+"”不用")
		w.out.WriteString(map[rune]string{'&': " and ", '|': " or "}[r])
		return
	case strings.ContainsRune("([（【", r):
		w.depth++
		if w.in && (r == '(' || r == '（') {
			w.note(at, "in 后面要用方括号")
			w.round, r = w.depth, '['
		}
	case strings.ContainsRune(")]）】", r):
		if w.round == w.depth && w.round > 0 {
			w.round, r = 0, ']'
		}
		w.depth--
	}
	if r != ' ' {
		w.in = false
	}
	if to, ok := replacement(r); ok {
		w.note(at, "“"+string(r)+"”要用半角写法")
		w.out.WriteString(to)
		return
	}
	w.out.WriteRune(r)
}

// Unglue takes a name apart that is several words written without a gap, such
// as 流动或照顾 or 非流动, and returns what to write instead; "" if it is none.
func Unglue(name string, vocabulary []string) string {
	if len(name) > 150 {
		return ""
	}
	var out []string
	for rest := name; rest != ""; {
		word := ""
		if len(out) == 0 || out[len(out)-1] == "and" || out[len(out)-1] == "or" || out[len(out)-1] == "not" {
			for _, v := range vocabulary {
				if strings.HasPrefix(rest, v) && len(v) > len(word) {
					word = v
				}
			}
		}
		if word != "" {
			out, rest = append(out, word), rest[len(word):]
			continue
		}
		for _, c := range append([][2]string{{"没有", "not"}}, spokenOperators()...) {
			if strings.HasPrefix(rest, c[0]) && word == "" {
				word = c[0]
				out, rest = append(out, c[1]), rest[len(word):]
			}
		}
		if word == "" {
			if last := len(out) - 1; last > 0 && rest != "" && strings.ContainsAny(out[last], "<>=") &&
				strings.Trim(rest, "0123456789") == "" {
				return strings.Join(append(out, rest), " ")
			}
			return ""
		}
	}
	if len(out) < 2 || !slices.Contains(append([]string{"not"}, vocabulary...), out[0]) ||
		!slices.Contains(vocabulary, out[len(out)-1]) {
		return ""
	}
	return strings.Join(out, " ")
}
