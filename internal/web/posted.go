package web

import (
	"fmt"
	"strings"
	"sync/atomic"

	"rsc.io/qr"

	"jifen/internal/web/ui"
)

// Root describes the last root that was written down, as it is posted.
type Root struct {
	At      string // to the minute
	Number  int64  // of the note
	Grouped string // the root in groups of four, the last of which checks the others
	Note    string // the signed note; "" where nobody has signed
}

// postedRoots holds how the last root is shown, so that its code is drawn once.
type postedRoots struct{ last atomic.Pointer[postedRoot] }

type postedRoot struct {
	root Root
	view ui.Posted
}

// posted returns what is printed of the last root; empty where none was written down.
func (s *Site) posted() ui.Posted {
	if s.Root == nil {
		return ui.Posted{}
	}
	root := s.Root()
	if root == nil {
		return ui.Posted{}
	}
	if p := s.roots.last.Load(); p != nil && p.root == *root {
		return p.view
	}
	p := &postedRoot{root: *root, view: ui.Posted{At: root.At, Grouped: root.Grouped, Number: root.Number}}
	if root.Note != "" {
		if code, err := qr.Encode(root.Note, qr.M); err == nil { // else it is too long for one, and the groups stand
			p.view.Side, p.view.Code = code.Size+2*quiet, drawn(code)
		}
	}
	s.roots.last.Store(p)
	return p.view
}

// quiet is the white border of a code, in modules.
const quiet = 4

// drawn returns the black modules of a code as strokes: the row, and dashes along it.
func drawn(code *qr.Code) string {
	var b strings.Builder
	for y := range code.Size {
		fmt.Fprintf(&b, "M%d %d.5", quiet, y+quiet)
		for x := 0; x < code.Size; {
			from, black := x, code.Black(x, y)
			for x < code.Size && code.Black(x, y) == black {
				x++
			}
			if black {
				fmt.Fprintf(&b, "h%d", x-from)
			} else {
				fmt.Fprintf(&b, "m%d 0", x-from)
			}
		}
	}
	return b.String()
}
