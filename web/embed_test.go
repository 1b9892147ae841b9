package web

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTemplatesAreEmbedded(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"layout.html", "parts/parts.html", "me.html", "branches/activity.html"} {
		if text, err := fs.ReadFile(Templates(), name); err != nil || !strings.Contains(string(text), "{{define") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	const whole = `{"app.css":"app-1.css","app.js":"app-2.js"}`
	for _, c := range []struct {
		name   string
		assets fstest.MapFS
		built  bool
		fails  string
	}{
		{"a fresh clone", fstest.MapFS{".gitkeep": file("")}, false, ""},
		{"built", fstest.MapFS{"manifest.json": file(whole), "app-1.css": file("a"), "app-2.js": file("b")}, true, ""},
		{"half built", fstest.MapFS{"manifest.json": file(`{"app.css":"app-1.css"}`), "app-1.css": file("a")}, false, ""},
		{"a file is gone", fstest.MapFS{"manifest.json": file(whole), "app-1.css": file("a")}, false, "app-2.js"},
		{"no manifest at all", fstest.MapFS{"manifest.json": file("{")}, false, "manifest.json"},
	} {
		m, err := ReadManifest(c.assets)
		if (err != nil) != (c.fails != "") || (err != nil && !strings.Contains(err.Error(), c.fails)) {
			t.Errorf("%s: %v", c.name, err)
		}
		if m.Built() != c.built {
			t.Errorf("%s: built is %v", c.name, m.Built())
		}
	}
}

// TestBuiltTellsOfTheEmbeddedFiles holds in a fresh clone as well as after a
// build: what the manifest says is what stands in the folder.
func TestBuiltTellsOfTheEmbeddedFiles(t *testing.T) {
	t.Parallel()
	css, err := fs.Glob(Assets(), "app-*.css")
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(Assets())
	if err != nil || m.Built() != (len(css) == 1) {
		t.Errorf("%v: the manifest says %v, and there are %d styles", err, m.Built(), len(css))
	}
	if _, err := fs.Stat(Assets(), ".gitkeep"); err != nil {
		t.Errorf("%v: a fresh clone would not compile", err)
	}
}
