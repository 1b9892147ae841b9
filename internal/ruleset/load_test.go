package ruleset

import (
	"os"
	"path/filepath"
	"testing"
)

func TestShippedFilesLoad(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if r := Load(name, src); r.Book == nil {
			t.Errorf("%s", r.Format())
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	src, err := os.ReadFile("../../rules/weizhou.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if r := Load("weizhou.yaml", src); r.Book == nil {
			b.Fatal(r.Format())
		}
	}
}
