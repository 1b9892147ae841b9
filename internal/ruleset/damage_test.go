package ruleset

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/testkit/effort"
)

// damages are ways in which a line is spoilt while it is typed; "" where a line
// has nothing to spoil.
func damages(line string) map[string]string {
	swap := func(old, by string) string {
		if !strings.Contains(line, old) {
			return ""
		}
		return strings.Replace(line, old, by, 1)
	}
	last := func(set string) string {
		if i := strings.LastIndexAny(line, set); i >= 0 {
			return line[:i] + line[i+1:]
		}
		return ""
	}
	blank := strings.Repeat(" ", len(line)-len(strings.TrimLeft(line, " ")))
	out := map[string]string{
		"no colon":         swap(":", ""),
		"wide colon":       swap(": ", "："),
		"no blank":         swap(": ", ":"),
		"no closing brace": last("}"),
		"no bracket":       last("]"),
		"one brace more":   line + "}",
		"open quote":       swap(": ", ": \""),
		"sign in front":    blank + "@" + strings.TrimLeft(line, " "),
		"wide comma":       swap(", ", "，"),
		"wide brace":       swap("{", "｛"),
		"wide blank":       swap(": ", ":　"),
		"one blank more":   " " + line,
		"tab in front":     "\t" + line,
		"no comma":         swap(", ", " "),
	}
	return out
}

// together reports whether two lines belong to one value in brackets.
func together(lines []string, a, b int) bool {
	if a > b {
		a, b = b, a
	}
	for i := a + 1; i <= b; i++ {
		if !strings.HasPrefix(lines[i], strings.Repeat(" ", 10)) {
			return false
		}
	}
	return true
}

// rewritten holds what is advised for a full-width sign to the line as it was.
func rewritten(t *testing.T, r *Result, line int, what, was string) {
	t.Helper()
	if !strings.HasPrefix(what, "wide") && what != "no blank" || len([]rune(was)) > 80 || strings.ContainsAny(was, "\"'") {
		return
	}
	bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	for _, p := range r.Problems {
		if advice, ok := strings.CutPrefix(p.Advice, "写成："); ok && p.Line == line && p.Form && bare(advice) != bare(was) {
			t.Errorf("%s: advised\n%s, was\n%s", what, advice, was)
		}
	}
}

// Every shipped file, every line of it, every damage: what is told is told of
// that line, and what is wrong with another line is told beside it.
func TestDamageCostsOneLine(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	tried, step := 0, effort.Every(t, 12)
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(src), "\n")
		at := func(from int, has string) int { // a line further down that has a text
			for k := range lines {
				if i := (from + 1 + k) % len(lines); i != from && strings.Contains(lines[i], has) &&
					!strings.HasPrefix(strings.TrimSpace(lines[i]), "#") {
					return i
				}
			}
			return -1
		}
		for i, line := range lines {
			text, _, _ := strings.Cut(line, " #")
			if text = strings.TrimRight(text, " "); strings.TrimSpace(text) == "" ||
				strings.HasPrefix(strings.TrimSpace(text), "#") {
				continue
			}
			for what, spoilt := range damages(text) {
				if spoilt == "" || (31*i+7*len(what)+len(text))%(8*step) != 0 { // an eighth of them: it takes long
					continue
				}
				for _, seed := range [][2]string{{"{板块: ", "{板快: "}, {"名称: ", "名成: "}} {
					k := at(i, seed[0])
					if k < 0 {
						continue
					}
					other := append([]string(nil), lines...)
					other[i], other[k] = spoilt, strings.Replace(lines[k], seed[0], seed[1], 1)
					tried++
					r := Load(name, []byte(strings.Join(other, "\n")))
					there := false
					for _, p := range r.Problems {
						there = there || p.Line == k+1
						if p.Line != k+1 && !together(lines, i, p.Line-1) {
							t.Errorf("%s:%d %s: told of another line\n%s\n%s", name, i+1, what, spoilt, r.File.Format(p))
						}
					}
					rewritten(t, r, i+1, what, text)
					if !there {
						t.Errorf("%s:%d %s: line %d is not told of\n%s\n%s", name, i+1, what, k+1, spoilt, r.Format())
					}
				}
			}
		}
	}
	if tried < 800/step {
		t.Errorf("only %d were tried", tried)
	}
}
