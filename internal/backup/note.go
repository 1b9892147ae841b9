package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Note holds what is signed of a root, as a C2SP signed note (https://c2sp.org/signed-note):
//
//	jifen/3f9a01bc
//	number 12
//	at 2026-11-23T02:00:07+08:00
//	size 4711
//	root HEX
//	line HEX
//	before HEX
//
//	— jifen/3f9a01bc BASE64
//
// It stands below the line of its root. The line is in it as its SHA-256, so that the note
// is short enough to be printed and speaks for every head, and so is the line before it in
// the file, so that one taken out is missed.
type Note struct {
	Text   string // with its signatures
	Number int64  // counted up in a file; 0 for one beside a copy
	Line   string // hex
	Before string // hex; "-" for the first
	origin string
}

// origins begin the first line of every note.
const origins = "jifen/"

// noFirst stands for the line before the first.
const noFirst = "-"

// lineHash returns the SHA-256 of the line of a root.
func (r *Root) lineHash() string {
	sum := sha256.Sum256([]byte(r.String()))
	return hex.EncodeToString(sum[:])
}

// body returns what a note of a root says.
func (r *Root) body(origin string, number int64, before string) string {
	return fmt.Sprintf("%s\nnumber %d\nat %s\nsize %d\nroot %s\nline %s\nbefore %s\n",
		origin, number, r.At, r.Links, r.Hash, r.lineHash(), before)
}

// sign puts a signed note below a root.
func (r *Root) sign(s note.Signer, number int64, before string) error {
	text, err := note.Sign(&note.Note{Text: r.body(s.Name(), number, before)}, s)
	if err == nil {
		r.Note = &Note{string(text), number, r.lineHash(), before, s.Name()}
	}
	return err
}

// parseNote reads a note without asking who has signed it; ok is false for what is none, and
// for one of another root.
func (r *Root) parseNote(text string) (n *Note, ok bool) {
	body, _, found := strings.Cut(text, "\n\n")
	lines := strings.Split(body, "\n")
	if !found || len(lines) != 7 {
		return nil, false
	}
	n = &Note{Text: text, origin: lines[0], Line: r.lineHash()}
	number, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "number "), 10, 64)
	n.Number, n.Before = number, strings.TrimPrefix(lines[6], "before ")
	return n, err == nil && number >= 0 && body+"\n" == r.body(n.origin, number, n.Before)
}

// Signed reports whether a note bears a signature of the key. What another key has signed
// as well is not asked.
func (n *Note) Signed(by note.Verifier) bool {
	_, err := note.Open([]byte(n.Text), note.VerifierList(by))
	return err == nil
}

// at returns the instant of a note, the zero one where it says none.
func (n *Note) at() time.Time {
	lines := strings.SplitN(n.Text, "\n", 4)
	at, err := time.Parse("at "+time.RFC3339, lines[min(2, len(lines)-1)])
	if err != nil {
		return time.Time{}
	}
	return at
}

// Grouped writes a root to be read aloud and typed: groups of four, and a last one of which
// a slip of the pen in the others is told.
func Grouped(root string) string {
	var b strings.Builder
	for text := root + checkGroup(root); text != ""; text = text[4:] {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if len(text) <= 4 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:4])
	}
	return b.String()
}

func checkGroup(root string) string {
	sum := sha256.Sum256([]byte("jifen check " + root))
	return hex.EncodeToString(sum[:2])
}

// Typed reads a root as verify prints it, or as Grouped does; is is false for what is
// none, and slip true where the last group does not fit the others.
func Typed(text string) (root string, is, slip bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	if raw, err := hex.DecodeString(text); err != nil || len(raw) != sha256.Size && len(raw) != sha256.Size+2 {
		return "", false, false
	}
	root = text[:2*sha256.Size]
	rest := text[2*sha256.Size:]
	return root, true, rest != "" && rest != checkGroup(root)
}
