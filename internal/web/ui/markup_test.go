package ui

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	assets "jifen/web"
)

// TestTemplatesHoldNothingInline reads the templates themselves: the content
// security policy would silently refuse what stands here.
func TestTemplatesHoldNothingInline(t *testing.T) {
	t.Parallel()
	n := 0
	err := fs.WalkDir(assets.Templates(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		text, err := fs.ReadFile(assets.Templates(), name)
		for _, bad := range []string{"style=", "<style", "javascript:", "hx-on", "js:", "hx-vars", "template.HTML",
			"http://", "https://", "//cdn"} {
			if strings.Contains(strings.ToLower(string(text)), bad) {
				t.Errorf("%s holds %s", name, bad)
			}
		}
		if filter := triggerFilter(string(text)); filter != "" {
			t.Errorf("%s has a trigger with a filter, which needs eval: %s", name, filter)
		}
		return err
	})
	if err != nil || n < len(views()) {
		t.Fatalf("read %d templates: %v", n, err)
	}
}

// triggerFilter returns the first hx-trigger with a filter in brackets.
func triggerFilter(text string) string {
	for _, part := range strings.Split(text, `hx-trigger="`)[1:] {
		if value, _, _ := strings.Cut(part, `"`); strings.Contains(value, "[") {
			return value
		}
	}
	return ""
}

func TestEveryPageIsSoundMarkup(t *testing.T) {
	t.Parallel()
	p := pages(t)
	for _, v := range slices.Concat(samples(), views()) {
		inspect(t, v.Template(), rendered(t, p, v))
	}
}

// page holds the findings of inspect about one page.
type page struct {
	ids      map[string]int
	labelled map[string]bool // ids that a label names
	pointed  []string        // ids that something points to
	headings []int
	mains    int
}

// inspect parses a page and complains of what a person with a keyboard, a
// screen reader or no script would stumble over.
func inspect(t *testing.T, name, text string) {
	t.Helper()
	root, err := html.ParseWithOptions(strings.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	got := page{ids: map[string]int{}, labelled: map[string]bool{}}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			got.gather(n)
		}
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			for _, complaint := range got.complaints(n) {
				t.Errorf("%s: %s", name, complaint)
			}
		}
	}
	for id, n := range got.ids {
		if n > 1 {
			t.Errorf("%s: the id %s stands %d times", name, id, n)
		}
	}
	for _, id := range got.pointed {
		if got.ids[id] == 0 {
			t.Errorf("%s: something points to the id %s, which is not there", name, id)
		}
	}
	if got.mains != 1 || len(got.headings) == 0 || got.headings[0] != 1 || slices.Contains(got.headings[1:], 1) {
		t.Errorf("%s: %d main elements, headings %v", name, got.mains, got.headings)
	}
	for i := 1; i < len(got.headings); i++ {
		if got.headings[i] > got.headings[i-1]+1 {
			t.Errorf("%s: headings skip a level: %v", name, got.headings)
		}
	}
}

func (p *page) gather(n *html.Node) {
	if id := attr(n, "id"); id != "" {
		p.ids[id]++
	}
	for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls"} {
		p.pointed = append(p.pointed, strings.Fields(attr(n, key))...)
	}
	switch n.Data {
	case "label":
		p.labelled[attr(n, "for")] = true
	case "main":
		p.mains++
	case "h1", "h2", "h3", "h4":
		p.headings = append(p.headings, int(n.Data[1]-'0'))
	}
}

// complaints returns the faults of one element.
func (p *page) complaints(n *html.Node) []string {
	var out []string
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
			out = append(out, "an inline "+a.Key)
		}
	}
	switch n.Data {
	case "script":
		if attr(n, "src") == "" || n.FirstChild != nil {
			out = append(out, "an inline script")
		}
	case "style":
		out = append(out, "an inline style")
	case "form":
		if attr(n, "method") == "" || !has(n, isSubmit) {
			out = append(out, "a form without a method or a button that sends it: "+attr(n, "action"))
		}
		if attr(n, "method") == "post" && attr(n, "action") == "" {
			out = append(out, "a form that posts nowhere")
		}
	case "input", "select", "textarea":
		if attr(n, "type") != "hidden" && !p.labelled[attr(n, "id")] && !within(n, "label") {
			out = append(out, "an input without a label: "+attr(n, "name")+" "+attr(n, "id"))
		}
	case "button":
		if attr(n, "type") == "" || strings.TrimSpace(content(n)) == "" {
			out = append(out, "a button without a type or words")
		}
	case "table":
		if !has(n, func(c *html.Node) bool { return c.Data == "caption" && content(c) != "" }) {
			out = append(out, "a table without a caption")
		}
	case "th":
		if attr(n, "scope") == "" {
			out = append(out, "a heading cell without a scope: "+content(n))
		}
	case "a":
		if attr(n, "href") == "" {
			out = append(out, "a link to nowhere: "+content(n))
		}
	}
	return out
}

// isSubmit reports whether an element sends its form.
func isSubmit(n *html.Node) bool { return n.Data == "button" && attr(n, "type") == "submit" }

func has(n *html.Node, is func(*html.Node) bool) bool {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && is(c) {
			return true
		}
	}
	return false
}

func within(n *html.Node, name string) bool {
	for a := range n.Ancestors() {
		if a.Data == name {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// content returns the text of an element.
func content(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
