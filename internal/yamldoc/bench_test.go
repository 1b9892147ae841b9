package yamldoc

import (
	"os"
	"strings"
	"testing"
	"time"
)

// BenchmarkTolerant measures what it costs to read a file once more by lines, as
// a share of what the YAML library takes.
func BenchmarkTolerant(b *testing.B) {
	src, err := os.ReadFile("../../rules/weizhou.yaml")
	if err != nil {
		b.Fatal(err)
	}
	f := &File{text: string(src)}
	var own, library time.Duration
	for b.Loop() {
		start := time.Now()
		newTolerant(f, nil).document()
		own += time.Since(start)
		start = time.Now()
		tree, err := syntaxTree(f.text)
		if err != nil {
			b.Fatal(err)
		}
		c := converter{file: f, lines: strings.Split(f.text, "\n")}
		c.node(tree.Docs[0].Body, 0)
		library += time.Since(start)
	}
	b.ReportMetric(float64(own)/float64(library), "x-library")
}
