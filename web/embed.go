// Package web carries the templates of the pages, and the style and the script
// that `npm run build` makes of src. A program built without these two
// compiles, and its pages say so.
package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// The folder dist is git-ignored but for .gitkeep, which all: lets in, so that
// a fresh clone compiles.
//
//go:embed all:dist templates
var files embed.FS

// The names under which a Manifest keeps what was built.
const (
	Style  = "app.css"
	Script = "app.js"
)

// Manifest (清单) tells the hashed file name of the style and of the script.
type Manifest map[string]string

// Assets returns what was built: the files of the manifest, which may be kept
// by browsers for ever, manifest.json and licences.txt.
func Assets() fs.FS { return folder("dist") }

// Templates returns the templates; their folders mirror the URL tree.
func Templates() fs.FS { return folder("templates") }

// ReadManifest reads manifest.json. A folder without one gives a Manifest that
// is not Built; one that names a missing file is an error.
func ReadManifest(assets fs.FS) (Manifest, error) {
	text, err := fs.ReadFile(assets, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("web: manifest.json: %w", err)
	}
	for name, file := range m {
		if _, err := fs.Stat(assets, file); err != nil {
			return nil, fmt.Errorf("web: manifest.json names %s for %s: %w", file, name, err)
		}
	}
	return m, nil
}

// Built reports whether the manifest has both the style and the script.
func (m Manifest) Built() bool { return m[Style] != "" && m[Script] != "" }

// folder returns a folder of the embedded files; both that are asked for exist
// or the program does not compile.
func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err)
	}
	return sub
}
