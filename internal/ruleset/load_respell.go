package ruleset

import (
	"strings"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// respell gives advice where YAML itself stumbled over a condition that ought
// to stand in quotes: one with a comma inside braces, one that begins with a
// quotation mark. The condition is written out as it should be.
func respell(file *yamldoc.File, problems []yamldoc.Problem) {
	for i := range problems {
		p := &problems[i]
		if p.Warning || p.Line < 1 || strings.HasPrefix(p.Advice, "写成：") {
			continue
		}
		if c, ok := findUnquotedCondition(file.Line(p.Line), p.Col); ok {
			p.Col, p.Message, p.Advice = c.col, c.message, "写成："+c.key+": '"+strings.ReplaceAll(c.text, "'", "''")+"'"
		}
	}
}

// unquotedCondition is a condition that lacks its single quotes.
type unquotedCondition struct {
	key, text string
	col       int // in characters, from 1
	message   string
}

// findUnquotedCondition finds the last condition of a line, not behind col, that YAML
// cannot read as it stands.
func findUnquotedCondition(line string, col int) (found unquotedCondition, ok bool) {
	r := []rune(line)
	for at := 0; at+2 < len(r); at++ {
		if r[at] != ':' || r[at+1] != ' ' || at+2 >= col {
			continue
		}
		from := at + 2
		for from < len(r) && r[from] == ' ' {
			from++
		}
		to := valueEnd(r, from)
		value := strings.TrimSpace(string(r[from:to]))
		c := unquotedCondition{key: keyBefore(r[:at]), text: value, col: from + 1}
		switch {
		case value == "" || c.key == "":
			continue
		case value[0] == '"' || value[0] == '\'':
			if !comparesText(value) {
				continue
			}
			c.message = "以引号开头的条件，整个要加单引号"
		case strings.ContainsAny(value[:1], "[{"), !strings.ContainsAny(value, ",[]，、"), !strings.ContainsAny(value, "[(（"):
			continue
		default:
			c.message = "条件里有逗号或方括号，整个要加单引号"
		}
		found, ok = c, true
	}
	found.text = quoteWords(formula.Respell(found.text))
	return found, ok
}

// valueEnd returns where a value ends: at a comma or a brace outside of all
// brackets and quotes, at a remark, or with the line.
func valueEnd(r []rune, from int) int {
	depth, quote := 0, rune(0)
	for i := from; i < len(r); i++ {
		switch c := r[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '“':
			quote = '”'
		case strings.ContainsRune("([", c):
			depth++
		case strings.ContainsRune(")]", c):
			depth--
		case depth <= 0 && strings.ContainsRune(",{}", c), c == '#' && i > 0 && r[i-1] == ' ':
			return i
		}
	}
	return len(r)
}

// keyBefore returns the key that ends where a colon stands.
func keyBefore(r []rune) string {
	from := len(r)
	for from > 0 && !strings.ContainsRune("{, ", r[from-1]) {
		from--
	}
	return string(r[from:])
}

// comparesText reports whether something is compared with a text in quotes that a
// value begins with.
func comparesText(value string) bool {
	_, rest, ok := strings.Cut(value[1:], value[:1])
	rest = strings.TrimSpace(rest)
	if !ok {
		return false
	}
	for _, sign := range [...]string{"=", "!", "<", ">", "＝", "≠", "in ", "and ", "or "} {
		if strings.HasPrefix(rest, sign) {
			return true
		}
	}
	return false
}

// quoteWords puts the options of a list behind "in" into quotes where they have
// none.
func quoteWords(text string) string {
	before, list, ok := strings.Cut(text, " in [")
	words, after, closed := strings.Cut(list, "]")
	if !ok || !closed || strings.ContainsAny(words, "\"'") {
		return text
	}
	var out []string
	for _, w := range strings.Split(words, ",") {
		out = append(out, "\""+strings.TrimSpace(w)+"\"")
	}
	return before + " in [" + strings.Join(out, ", ") + "]" + after
}
