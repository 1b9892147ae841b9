package spreadsheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// handler is told what stands in an XML part, in its order.
type handler interface {
	open(name string, attrs []xml.Attr) error
	text(s []byte)
	shut(name string) error
}

// plain is a handler to embed: what is not overridden is passed over.
type plain struct{}

func (plain) text([]byte)       {}
func (plain) shut(string) error { return nil }

// maxDepth is far deeper than the format nests; every level takes memory.
const maxDepth = 40

var errDeep = errors.New("elements nested too deeply")

// walk reads an XML part to its end. A part that breaks off, or whose checksum
// is wrong, is an error.
func walk(src io.Reader, h handler) error {
	dec, depth := xml.NewDecoder(src), 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errDeep
			}
			err = h.open(t.Name.Local, t.Attr)
		case xml.EndElement:
			depth--
			err = h.shut(t.Name.Local)
		case xml.CharData:
			h.text(t)
		}
		if err != nil {
			return err
		}
	}
}

func attr(attrs []xml.Attr, name string) string {
	for i := range attrs {
		if attrs[i].Name.Local == name {
			return attrs[i].Value
		}
	}
	return ""
}

// stringsPart reads the texts that cells point to by number.
type stringsPart struct {
	list *[]string
	run  strings.Builder
	in   inText
}

func (p *stringsPart) open(name string, _ []xml.Attr) error {
	if name == "si" {
		p.run.Reset()
	}
	p.in.open(name)
	return nil
}

func (p *stringsPart) text(s []byte) {
	if p.in.reads() {
		p.run.Write(s)
	}
}

func (p *stringsPart) shut(name string) error {
	p.in.shut(name)
	if name == "si" {
		*p.list = append(*p.list, unescape(p.run.String()))
	}
	return nil
}

// inText knows whether what comes is the text of a string: within t, but not
// within rPh, which says how the text is pronounced.
type inText struct{ t, phonetic bool }

func (in *inText) open(name string) {
	in.t = in.t || name == "t"
	in.phonetic = in.phonetic || name == "rPh"
}

func (in *inText) shut(name string) {
	in.t = in.t && name != "t"
	in.phonetic = in.phonetic && name != "rPh"
}

func (in *inText) reads() bool { return in.t && !in.phonetic }

const escapeLength = len("_x000D_")

// isEscape reports whether a text begins with the escape of a character.
func isEscape(s string) bool {
	r, ok := escaped(s)
	return ok && !utf16.IsSurrogate(r)
}

// escaped reads the escape with which a text begins; that of half a character
// is none to us.
func escaped(s string) (rune, bool) {
	if len(s) < escapeLength || s[:2] != "_x" || s[escapeLength-1] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

// unescape undoes _x000D_, the format's way to write what XML has no sign for.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if isEscape(s[i:]) {
			r, _ := escaped(s[i:])
			b.WriteRune(r)
			i += escapeLength
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}
