package ruledoc

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/ruleset"
	"jifen/internal/testkit/effort"
	"jifen/internal/yamldoc"
	shipped "jifen/rules"
)

// change is one edit of a text: a node changed in its place and put back.
type change struct {
	key  string // section and key of the grammar that it belongs to
	what string
	line int
	do   func() (undo func())
}

// changes walks a text along the grammar and collects every edit that changes
// what is written there: each scalar to another one (to every other word where
// the grammar lists them), each name of a row, the order of rows and of lists.
type changes struct {
	list []change
	met  map[string]bool // section.key
}

func (c *changes) add(key, what string, n *yamldoc.Node, do func() func()) {
	c.list = append(c.list, change{key, what, n.Line, do})
}

// section walks a map with known keys.
func (c *changes) section(name string, n *yamldoc.Node) {
	s := ruleset.SectionOf(name)
	for _, p := range n.Pairs {
		k := s.Key(p.Key.Text)
		if k == nil { // a name of its own, such as a block in 则
			c.renamed(name, p.Key)
			c.value(name, ruleset.Shape{Cases: true}, p.Value)
			continue
		}
		label := name + "." + k.Name
		c.met[label] = true
		c.value(label, k.Shape, p.Value)
	}
}

func (c *changes) value(key string, s ruleset.Shape, n *yamldoc.Node) {
	switch {
	case n.Kind == yamldoc.Scalar && s.Form == ruleset.FormSection && s.Short != nil:
		c.met[s.Section+"."+s.For] = true
		c.scalar(key, *s.Short, n)
	case n.Kind == yamldoc.Scalar:
		c.scalar(key, s, n)
	case n.Kind == yamldoc.List:
		for _, i := range n.Items {
			row := ruleset.Shape{Words: s.Words}
			if s.Row != nil {
				row = *s.Row
			}
			c.value(key, row, i)
		}
		c.order(key, n)
	case s.Cases && !isPlain(s, n) && s.Form != ruleset.FormSection || n.Get("值") != nil:
		c.cases(key, s, n)
	case s.Form == ruleset.FormAmount:
		c.section("分值", n)
	case s.Section != "" && isSection(s.Section, n):
		c.section(s.Section, n)
	case s.Form == ruleset.FormSection && s.Short != nil:
		c.value(key, *s.Short, n)
	default:
		row := ruleset.Shape{}
		if s.Row != nil {
			row = *s.Row
		}
		for _, p := range n.Pairs {
			if len(s.Words) == 0 {
				c.renamed(key, p.Key)
			} else {
				c.met[key+"."+p.Key.Text] = true
				c.scalar(key, ruleset.Shape{Form: ruleset.FormWord, Words: s.Words}, p.Key)
			}
			c.value(key, row, p.Value)
		}
		if s.Ordered {
			c.swapped(key, n)
		}
	}
}

// cases walks a value by case or by date.
func (c *changes) cases(key string, s ruleset.Shape, n *yamldoc.Node) {
	for _, p := range n.Pairs {
		switch p.Key.Text {
		case "值":
			c.met["带依据的值.值"] = true
			c.value(key, s, p.Value)
		case "依据":
			c.met["带依据的值.依据"] = true
			c.scalar(key, ruleset.Shape{}, p.Value)
		case "按":
			c.scalar(key, ruleset.Shape{}, p.Value)
		default:
			c.renamed(key, p.Key)
			c.value(key, s, p.Value)
		}
	}
	if n.Get("值") == nil && !strings.HasPrefix(n.Pairs[0].Key.Text, "自 ") {
		c.swapped(key, n)
	}
}

// scalar changes a text to another one of its kind.
func (c *changes) scalar(key string, s ruleset.Shape, n *yamldoc.Node) {
	others := slices.DeleteFunc(slices.Clone(s.Words), func(w string) bool { return w == n.Text })
	if len(s.Words) == 0 {
		others = []string{another(n.Text)}
	}
	for _, other := range others {
		c.add(key, n.Text+" → "+other, n, func() func() {
			was := n.Text
			n.Text = other
			return func() { n.Text = was }
		})
	}
}

func (c *changes) renamed(key string, n *yamldoc.Node) {
	if n.Text == "其余" {
		return
	}
	c.scalar(key, ruleset.Shape{}, n)
}

// another returns another text of the same kind: another number in it, another
// day, another name.
func another(text string) string {
	for _, old := range []string{"自 ", ""} {
		if day, err := calendar.Parse(strings.TrimPrefix(text, old)); err == nil && strings.HasPrefix(text, old) {
			return old + (day + 1).String()
		}
	}
	first := strings.IndexAny(text, "0123456789")
	if first < 0 {
		return text + "改"
	}
	last := first
	for last < len(text) && text[last] >= '0' && text[last] <= '9' {
		last++
	}
	n, _ := strconv.Atoi(text[first:last])
	return text[:first] + strconv.Itoa(n+1) + text[last:]
}

func (c *changes) order(key string, n *yamldoc.Node) {
	i := 1
	for i < len(n.Items) && n.Items[i].Kind == yamldoc.Scalar && n.Items[i].Text == n.Items[i-1].Text {
		i++
	}
	if i >= len(n.Items) {
		return
	}
	swap := func() { n.Items[i-1], n.Items[i] = n.Items[i], n.Items[i-1] }
	c.add(key, "order of a list", n, func() func() { swap(); return swap })
}

func (c *changes) swapped(key string, n *yamldoc.Node) {
	if len(n.Pairs) < 2 || n.Pairs[0].Key.Text == "按" {
		return
	}
	swap := func() { n.Pairs[0], n.Pairs[1] = n.Pairs[1], n.Pairs[0] }
	c.add(key, "order of rows", n, func() func() { swap(); return swap })
}

// text is a file that has loaded.
type text struct {
	name string
	book *ruleset.RuleSet
	root *yamldoc.Node
}

// fixtures are every file that ships and those of testdata, which write every
// key of the grammar.
func fixtures(t *testing.T) []text {
	t.Helper()
	var out []text
	add := func(name string, read func(string) ([]byte, error)) {
		loaded, err := ruleset.Open(name, read)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.Book == nil {
			t.Fatal(loaded.Format())
		}
		out = append(out, text{name, loaded.Book, loaded.File.Root})
	}
	names, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		add(name, os.ReadFile)
	}
	others, err := fs.Glob(shipped.Files, "*.yaml")
	if err != nil || len(others) < 14 {
		t.Fatal(others, err)
	}
	for _, name := range others {
		add(name, shipped.Files.ReadFile)
	}
	return out
}

func printed(f text) string {
	d := Typeset(f.book, f.root)
	d.Hash = ""
	return fmt.Sprint(*d)
}

// TestWhateverIsWrittenIsPrinted changes every word of every file in turn: the
// printed regulation says another thing each time, and so does the comparison
// of the two texts. Every key of the grammar is written in one of the files.
func TestWhateverIsWrittenIsPrinted(t *testing.T) {
	t.Parallel()
	met, edits, step := map[string]bool{}, 0, effort.Every(t, 8)
	for _, f := range fixtures(t) {
		c := changes{met: met}
		whole := "规则文件"
		if f.root.Get("补充") != nil {
			whole = "补充文件"
		}
		c.section(whole, f.root)
		as, before := printed(f), clone(f.root)
		for i := edits % step; i < len(c.list); i += step {
			e := c.list[i]
			undo := e.do()
			if printed(f) == as {
				t.Errorf("%s:%d: %s (%s) changes nothing in print", f.name, e.line, e.key, e.what)
			}
			if len(Diff(before, f.root)) == 0 && !strings.HasSuffix(e.key, ".原名") {
				t.Errorf("%s:%d: %s (%s) is no difference", f.name, e.line, e.key, e.what)
			}
			undo()
		}
		edits += len(c.list)
		if printed(f) != as {
			t.Fatalf("%s: an edit was not undone", f.name)
		}
	}
	for _, s := range ruleset.Grammar() {
		for _, k := range s.Keys {
			if key := s.Name + "." + k.Name; !met[key] {
				t.Errorf("no file writes %s: write it in testdata/full.yaml, with a value that differs from what holds without it",
					key)
			}
		}
	}
	if edits < 3000 {
		t.Errorf("only %d edits", edits)
	}
}

func clone(n *yamldoc.Node) *yamldoc.Node {
	out := *n
	out.Pairs, out.Items = slices.Clone(n.Pairs), slices.Clone(n.Items)
	for i, p := range out.Pairs {
		out.Pairs[i] = yamldoc.Pair{Key: clone(p.Key), Value: clone(p.Value)}
	}
	for i := range out.Items {
		out.Items[i] = clone(out.Items[i])
	}
	return &out
}
