package ruledoc

import (
	"slices"
	"strings"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// sectionText is one map of the file under its section of the grammar, with the keys
// that an article has put into words. What it has no words for is told by rest,
// so that nothing a file says is missing in print.
type sectionText struct {
	section ruleset.Section
	node    *yamldoc.Node // nil where the file has none
	done    []string
}

func sectionTextOf(section string, n *yamldoc.Node) *sectionText {
	return &sectionText{section: ruleset.SectionOf(section), node: n}
}

// word returns a key's text as it stands in the file, "" where it is not
// written.
func (t *sectionText) word(key string) string {
	if v := t.take(key); v != nil {
		return v.Text
	}
	return ""
}

// text returns a key in words, "" where it is not written.
func (t *sectionText) text(key string) string {
	v := t.take(key)
	if v == nil {
		return ""
	}
	return shapeText(t.shape(key), v)
}

// usualText is said, or what holds where the key is not written.
func (t *sectionText) usualText(key string) string {
	if s := t.text(key); s != "" {
		return s
	}
	return t.section.Key(key).Usual
}

// take returns the node of a key that its caller puts into words.
func (t *sectionText) take(key string) *yamldoc.Node {
	t.done = append(t.done, key)
	return t.node.Get(key)
}

func (t *sectionText) shape(key string) ruleset.Shape {
	if k := t.section.Key(key); k != nil {
		return k.Shape
	}
	return ruleset.Shape{}
}

// rest returns every key that nobody has told yet, by name.
func (t *sectionText) rest() string {
	var parts []string
	for _, p := range pairs(t.node) {
		if !slices.Contains(t.done, p.Key.Text) {
			parts = append(parts, labelled(p.Key.Text, shapeText(t.shape(p.Key.Text), p.Value)))
		}
	}
	return strings.Join(parts, "；")
}

// labelled joins a name and what it is; what has parts of its own stands in
// brackets, so that one sees where it ends.
func labelled(name, words string) string {
	if strings.ContainsAny(words, "，；") {
		return name + "（" + words + "）"
	}
	return name + " " + words
}

func pairs(n *yamldoc.Node) []yamldoc.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

// prefixed joins label and words where there are words.
func prefixed(label, words string) string {
	if words == "" {
		return ""
	}
	return label + words
}

func suffixed(s, suffix string) string {
	if s == "" {
		return ""
	}
	return s + suffix
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// sentences drops what is empty.
func sentences(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// joined is sentences as one.
func joined(separator string, list ...string) string {
	return strings.Join(sentences(list...), separator)
}

// arrows says steps that follow each other.
func arrows(steps string) string { return strings.ReplaceAll(steps, "、", " → ") }
