package yamldoc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree prints a node with every place in it.
func tree(n *Node) string {
	if n == nil {
		return "nothing"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d@%d:%d %v %q(", n.Kind, n.Line, n.Col, n.Quoted, n.Text)
	for _, p := range n.Pairs {
		b.WriteString(tree(p.Key) + "=" + tree(p.Value) + ";\n")
	}
	for _, i := range n.Items {
		b.WriteString(tree(i) + ",\n")
	}
	return b.String() + ")"
}

// Where nothing is wrong, the reader that goes on after mistakes must read what
// the YAML library reads, or its later sentences would be about another file.
func TestTolerantReadsWhatTheLibraryReads(t *testing.T) {
	t.Parallel()
	var files []string
	for _, glob := range []string{"../../rules/*.yaml", "../../rules/cases/*.yaml", "../ruleset/testdata/*/*.yaml",
		"../*/testdata/*.yaml", "../../cmd/jifen/testdata/*.yaml"} {
		found, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	read := 0
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f := &File{Name: name, text: strings.ReplaceAll(strings.TrimPrefix(string(src), "\ufeff"), "\r\n", "\n")}
		parsed, err := syntaxTree(f.text)
		if err != nil || len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
			continue
		}
		c := converter{file: f, lines: strings.Split(f.text, "\n")}
		want := c.node(parsed.Docs[0].Body, 0)
		if len(c.problems) > 0 {
			continue
		}
		read++
		other := newTolerant(&File{Name: name, text: f.text}, nil)
		root := other.document()
		for _, p := range other.problems {
			t.Errorf("%s", f.Format(p))
		}
		if got := tree(root); got != tree(want) {
			g, w := strings.Split(got, "\n"), strings.Split(tree(want), "\n")
			for i := range min(len(g), len(w)) {
				if g[i] != w[i] {
					t.Errorf("%s:\ngot  %s\nwant %s", name, g[i], w[i])
					break
				}
			}
		}
	}
	if read < 300 {
		t.Fatalf("only %d files were read", read)
	}
}
