package ruleset

import (
	"errors"
	"slices"
	"strings"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// choiceFor finds the one choice all of whose keys are options: the item's own
// fields first, then 类别, then attributes. A nil symbol means that the keys are
// conditions; ok is false after a problem.
func (s *scope) choiceFor(n *yamldoc.Node) (sym *formula.Symbol, ok bool) {
	if by := n.Get("按"); by != nil {
		sym, err := s.Name(by.Text)
		if errors.Is(err, formula.ErrReported) {
			s.l.hush(by)
			return nil, false
		}
		if err != nil || sym.Type != formula.Choice {
			s.l.fail(by, "“按”后面要写一个选项类的名称", "例如 按: 人员类别")
			return nil, false
		}
		return &sym, true
	}
	var keys []string
	for _, p := range n.Pairs {
		if p.Key.Text != "其余" {
			keys = append(keys, p.Key.Text)
		}
	}
	var nearly *formula.Symbol
	for _, tier := range s.choices() {
		var fits []string
		for _, name := range tier {
			sym, known, allowed := s.resolve(name)
			if !known || !allowed {
				continue
			}
			switch n := count(keys, sym.Options); {
			case n == len(keys) && n > 0:
				fits, nearly = append(fits, name), &sym
			case n > 0 && nearly == nil && len(fits) == 0:
				nearly = &sym // a misspelt option among right ones
			}
		}
		switch {
		case len(fits) == 1:
			return nearly, true
		case len(fits) > 1:
			s.l.fail(n, "这些选项在“"+strings.Join(fits, "”和“")+"”里都有，不知道按哪个分", "加一项 按: "+fits[0])
			return nil, false
		}
	}
	return nearly, true
}

func count(keys, options []string) int {
	n := 0
	for _, k := range keys {
		if slices.Contains(options, k) {
			n++
		}
	}
	return n
}

// choices lists the names of choices by precedence.
func (s *scope) choices() [3][]string {
	var out [3][]string
	for i := range s.fields {
		if s.fields[i].Type == Options {
			out[0] = append(out[0], s.fields[i].Name)
		}
	}
	out[1] = []string{"类别"}
	for i := range s.l.book.Attributes {
		if s.l.book.Attributes[i].Type == Options {
			out[2] = append(out[2], s.l.book.Attributes[i].Name)
		}
	}
	return out
}
