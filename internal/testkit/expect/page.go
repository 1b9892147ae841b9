package expect

import (
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Page is an HTML page, or a part of one, under test.
type Page struct {
	tb     testing.TB
	name   string
	source string
	root   *html.Node
	silent bool // the answer was another one: what it lacks is no news
}

// NewPage reads a page; its name stands in front of every failure.
func NewPage(tb testing.TB, name, source string) *Page {
	tb.Helper()
	root, err := html.ParseWithOptions(strings.NewReader(source), html.ParseOptionEnableScripting(false))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return &Page{tb: tb, name: name, source: source, root: root}
}

// Shows checks that a reader of the page sees each of some texts: markup is left
// out, blanks are one blank.
func (p *Page) Shows(texts ...string) *Page {
	p.tb.Helper()
	return p.Has("body", texts...)
}

// Lacks checks that some texts are nowhere in the page, attributes included.
func (p *Page) Lacks(texts ...string) *Page {
	p.tb.Helper()
	if p.silent {
		return p
	}
	for _, text := range texts {
		if i := strings.Index(p.source, text); i >= 0 {
			p.tb.Errorf("%s: %q should not be there: %s", p.name, text, around(p.source, i, len(text)))
		}
	}
	return p
}

// Has checks that for each text one of the elements of a selector holds it;
// without a text that there is such an element.
func (p *Page) Has(selector string, texts ...string) *Page {
	p.tb.Helper()
	if p.silent {
		return p
	}
	found := p.find(selector)
	if len(found) == 0 {
		p.tb.Errorf("%s: there is no %s; it reads: %s", p.name, selector, clip(p.read()))
		return p
	}
	for _, text := range texts {
		if first(found, text) == nil {
			p.tb.Errorf("%s: no %s holds %q; they read: %s", p.name, selector, text, clip(reads(found)))
		}
	}
	return p
}

// HasNo checks that there is no element of a selector, or none that holds any
// of some texts.
func (p *Page) HasNo(selector string, texts ...string) *Page {
	p.tb.Helper()
	if p.silent {
		return p
	}
	found := p.find(selector)
	if len(texts) == 0 && len(found) > 0 {
		p.tb.Errorf("%s: there should be no %s: %s", p.name, selector, clip(source(found[0])))
	}
	for _, text := range texts {
		if n := first(found, text); n != nil {
			p.tb.Errorf("%s: no %s should hold %q: %s", p.name, selector, text, clip(source(n)))
		}
	}
	return p
}

// Count checks how many elements of a selector there are.
func (p *Page) Count(selector string, want int) *Page {
	p.tb.Helper()
	if found := p.find(selector); !p.silent && len(found) != want {
		p.tb.Errorf("%s: %d of %s, want %d; they read: %s", p.name, len(found), selector, want, clip(reads(found)))
	}
	return p
}

// In returns the first element of a selector that holds a text ("" for any) as
// a page of its own: a row of a table, a form.
func (p *Page) In(selector, text string) *Page {
	p.tb.Helper()
	found := p.find(selector)
	n := first(found, text)
	if n == nil {
		if !p.silent {
			p.tb.Fatalf("%s: no %s holds %q; they read: %s", p.name, selector, text, clip(reads(found)))
		}
		return p
	}
	part := *p
	part.name, part.root, part.source = p.name+" "+selector, n, source(n)
	return &part
}

// Attr returns an attribute of the first element of a selector.
func (p *Page) Attr(selector, key string) string {
	p.tb.Helper()
	for _, n := range p.find(selector) {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
	}
	p.tb.Fatalf("%s: no %s has a %s; it reads: %s", p.name, selector, key, clip(p.read()))
	return ""
}

// Text returns what a reader sees in the elements of a selector.
func (p *Page) Text(selector string) string {
	p.tb.Helper()
	return reads(p.find(selector))
}

func (p *Page) find(selector string) []*html.Node {
	p.tb.Helper()
	parsed, err := cascadia.ParseGroup(selector)
	if err != nil {
		p.tb.Fatalf("%s is no selector: %v", selector, err)
	}
	if selector == "body" && p.root.Type != html.DocumentNode {
		return []*html.Node{p.root}
	}
	return cascadia.QueryAll(p.root, parsed)
}

// read returns what a reader of the whole page sees.
func (p *Page) read() string { return reads(p.find("body")) }

// first returns the first node that holds a text.
func first(nodes []*html.Node, text string) *html.Node {
	for _, n := range nodes {
		if strings.Contains(read(n), squeeze(text)) {
			return n
		}
	}
	return nil
}

func reads(nodes []*html.Node) string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = read(n)
	}
	return strings.Join(out, " | ")
}

// read returns what a reader sees of a node.
func read(n *html.Node) string {
	var b strings.Builder
	write(&b, n)
	return squeeze(b.String())
}

// write appends the text of a node; blocks are kept apart by a blank.
func write(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(n.Data)
	case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
		return
	}
	for c := range n.ChildNodes() {
		write(b, c)
	}
	if n.Type == html.ElementNode && !inline(n.Data) {
		b.WriteByte(' ')
	}
}

// inline reports whether an element stands within a line.
func inline(tag string) bool {
	switch tag {
	case "a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "mark", "small", "span", "strong", "sub", "sup", "time",
		"u", "wbr":
		return true
	}
	return false
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// source returns the markup of a node.
func source(n *html.Node) string {
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		return err.Error()
	}
	return b.String()
}

// Source returns the markup of the page.
func (p *Page) Source() string { return p.source }
