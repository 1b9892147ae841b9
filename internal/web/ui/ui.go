// Package ui is the face of the house: typed views and their rendering into
// pages. It decides nothing, reads nothing and knows no request; handlers fill
// a view and have it rendered.
package ui

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"

	"jifen/internal/fault"
	assets "jifen/web"
)

// View (页面) is one page with what it shows. Every view embeds a Frame.
type View interface {
	Template() string // the file under web/templates, without .html
	Title() string    // of the window and, on most pages, the heading
	framed() Frame
}

// Pages (页面集) is every page, parsed once. It is safe for concurrent use.
type Pages struct {
	byName map[string]*template.Template
}

// New parses the layout, the parts and the template of every view. It fails
// with fault.Internal if one is missing or does not parse. A manifest that is
// not built gives pages that say so.
func New(templates fs.FS, names assets.Manifest) (*Pages, error) {
	base, err := template.New("").Funcs(words(names)).ParseFS(templates, "layout.html", "parts/*.html")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "页面模板读不了")
	}
	p := &Pages{map[string]*template.Template{}}
	for _, view := range views() {
		name := view.Template()
		page, err := base.Clone()
		if err == nil {
			page, err = page.ParseFS(templates, name+".html")
		}
		if err == nil && page.Lookup("main") == nil {
			err = fmt.Errorf("%s.html defines no main", name)
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Internal, "页面模板 %s 读不了", name)
		}
		p.byName[name] = page
	}
	return p, nil
}

// Render writes a page. Nothing is written unless all of it could be made:
// fault.Internal otherwise.
func (p *Pages) Render(w io.Writer, view View) error {
	page := p.byName[view.Template()]
	if page == nil {
		return fault.New(fault.Internal, "没有页面模板 %s", view.Template())
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, "layout", view); err != nil {
		return fault.Wrap(err, fault.Internal, "页面 %s 拼不出来", view.Template())
	}
	_, err := b.WriteTo(w)
	return err
}

// views lists one of every view; each file has its own. A test finds those that were
// forgotten.
func views() []View {
	return slices.Concat(
		memberViews(), branchViews(), entryViews(), streetViews(), orgViews(), rulesViews(), accountViews(),
		machineViews(),
	)
}
