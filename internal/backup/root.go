package backup

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// RootsPath returns where the roots of a database, or of a copy of one, are
// written down.
func RootsPath(database string) string { return store.FileName(database) + roots }

const roots = ".roots"

// Root is one line of a roots file: an instant, the root of then, how many links
// it stands on, and the heads it was made of, so that each can be looked up later:
//
//	2026-11-23T02:00:07+08:00 HEX 4711 3:120:HEX 4:98:HEX trail/1/2026-11:2210:HEX
//
// The trail grows with every sign-in; the last heads of its streets are written
// beside the root, not into it. Lines of former times have a day instead of the instant.
type Root struct {
	At    string
	Hash  string // hex
	Links int64
	Heads []domain.ChainHead
	Note  *Note // nil for one that nobody signed
}

// RootOf returns the root of what a view sees, at its instant.
func RootOf(v *store.Snapshot) (*Root, error) {
	heads, err := v.Heads()
	if err != nil {
		return nil, err
	}
	r := &Root{At: v.Now().Format(time.RFC3339), Hash: hex.EncodeToString(store.Root(heads)), Heads: heads}
	for _, h := range heads {
		r.Links += h.Seq
	}
	trail, err := v.TrailHeads()
	r.Heads = append(r.Heads, trail...)
	return r, err
}

// String returns the line as it stands in the file.
func (r *Root) String() string { return r.At + " " + r.stands() }

// stands is the line without its instant.
func (r *Root) stands() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d", r.Hash, r.Links)
	for _, h := range r.Heads {
		fmt.Fprintf(&b, " %s:%d:%s", h.Chain, h.Seq, hex.EncodeToString(h.Hash))
	}
	return b.String()
}

// parseRoot reads a line; ok is false for one that is none, and for one whose
// heads do not give its root.
func parseRoot(text string) (r *Root, ok bool) {
	words := strings.Fields(text)
	if len(words) < 3 {
		return nil, false
	}
	r = &Root{At: words[0], Hash: words[1]}
	var ledger []domain.ChainHead
	var sum int64
	for _, w := range words[3:] {
		part := strings.Split(w, ":")
		if len(part) != 3 {
			return nil, false
		}
		seq, err1 := strconv.ParseInt(part[1], 10, 64)
		hash, err2 := hex.DecodeString(part[2])
		if err1 != nil || err2 != nil {
			return nil, false
		}
		h := domain.ChainHead{Chain: domain.OrgID(part[0]), Seq: seq, Hash: hash}
		r.Heads = append(r.Heads, h)
		if !store.OfTrail(h.Chain) {
			ledger = append(ledger, h)
			sum += seq
		}
	}
	links, err := strconv.ParseInt(words[2], 10, 64)
	r.Links = links
	_, day := calendar.Parse(r.At)
	_, instant := time.Parse(time.RFC3339, r.At)
	dated := day == nil || instant == nil
	return r, err == nil && dated && links == sum && hex.EncodeToString(store.Root(ledger)) == r.Hash
}

// maxRoot bounds a line of a roots file: some fifty thousand chains.
const maxRoot = 4 << 20

// maxNote bounds the lines of a note: the text, an empty line and some signatures.
const maxNote = 40

// rootReader puts the lines of a roots file together.
type rootReader struct {
	give func(line int, r *Root) error
	root *Root // whose note may follow; nil before the first and where it was none
	at   int   // its line

	note   []string // as far as it was read
	signed bool     // it has a signature
	from   int      // its first line
}

// line takes the next line.
func (b *rootReader) line(n int, text string) error {
	signature := strings.HasPrefix(text, "— ")
	if len(b.note) > 0 && (!b.signed || signature) && len(b.note) < maxNote {
		b.note, b.signed = append(b.note, text), b.signed || signature
		return nil
	}
	if len(b.note) == 0 && strings.HasPrefix(text, origins) {
		b.note, b.from = []string{text}, n
		return nil
	}
	if err := b.flush(); err != nil || strings.TrimSpace(text) == "" {
		return err
	}
	if strings.HasPrefix(text, origins) {
		b.note, b.from = []string{text}, n
		return nil
	}
	r, ok := parseRoot(text)
	if !ok {
		return b.give(n, nil)
	}
	b.root, b.at = r, n
	return nil
}

// flush gives the root that was read last, and tells of a note below it that is not of it.
func (b *rootReader) flush() error {
	root, lines, at := b.root, b.note, b.at
	b.root, b.note, b.signed = nil, nil, false
	if root == nil {
		return nil // a note of what was no root is told with it
	}
	if len(lines) > 0 {
		n, ok := root.parseNote(strings.Join(lines, "\n") + "\n")
		if !ok {
			return b.give(b.from, nil)
		}
		root.Note = n
	}
	return b.give(at, root)
}

// EachRoot reads a roots file root by root, with the note below each; what is no root, and a
// note that is not of the root above it, comes as nil. Who has signed is not asked.
func EachRoot(path string, f func(line int, r *Root) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fault.Unreadable(path, err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxRoot)
	b := rootReader{give: f}
	for n := 1; lines.Scan(); n++ {
		if err := b.line(n, lines.Text()); err != nil {
			return err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fault.New(fault.Invalid, "%s 不是根的记录：有一行太长", path).WithHint("用 jifen verify --write-root 写下的那一份")
	} else if err != nil {
		return fault.Unreadable(path, err)
	}
	return b.flush()
}

// RootFiles returns the roots files that a path names: itself, or all that lie in
// it where it is a folder, as beside the copies of many days.
func RootFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	list, err := os.ReadDir(path)
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	var out []string
	for _, e := range list {
		if !e.IsDir() && strings.HasSuffix(e.Name(), roots) {
			out = append(out, filepath.Join(path, e.Name()))
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "%s 里没有根的记录", path).WithHint("写一份“.roots”文件，或者放着它们的文件夹")
	}
	slices.Sort(out)
	return out, nil
}

// LastRoot returns the last line of a roots file; nil for one that is no root.
// fault.NotFound where there is no file, or no line in it.
func LastRoot(path string) (last *Root, err error) {
	lines := 0
	err = EachRoot(path, func(_ int, r *Root) error {
		lines, last = lines+1, r
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) || err == nil && lines == 0 {
		return nil, fault.New(fault.NotFound, "还没有写下过根：没有 %s", path)
	}
	return last, err
}

// Same reports whether two roots are of the same heads, whenever they were written.
func (r *Root) Same(other *Root) bool { return r.stands() == other.stands() }

// Left returns the first head of a root that a view does not reach any more; ok is
// false where it reaches all.
func (r *Root) Left(v *store.Snapshot) (head domain.ChainHead, ok bool, err error) {
	for _, h := range r.Heads {
		reached, _, err := v.Reached(h)
		if err != nil || !reached {
			return h, !reached, err
		}
	}
	return head, false, nil
}

// AppendRoot writes a root down at the end of a roots file that only its owner
// reads, unless the last line there says the same of another instant. Where there is a
// key it is signed, with the next number and what the last line was.
func AppendRoot(path string, r *Root, key note.Signer) error {
	var last *Root
	number := int64(0)
	err := EachRoot(path, func(_ int, old *Root) error {
		if last = old; old != nil && old.Note != nil {
			number = max(number, old.Note.Number)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if last != nil && last.stands() == r.stands() {
		r.Note = last.Note
		return nil
	}
	if key != nil {
		before := noFirst
		if last != nil {
			before = last.lineHash()
		}
		if err := r.sign(key, number+1, before); err != nil {
			return fault.Wrap(err, fault.Internal, "根没有签成")
		}
	}
	return appendTo(path, r)
}

// appendTo writes a root and its note to the end of a file.
func appendTo(path string, r *Root) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fault.Unwritable(path, err)
	}
	Tighten(f)
	text := r.String() + "\n"
	if r.Note != nil {
		text += r.Note.Text + "\n"
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.Unwritable(path, err)
	}
	return nil
}

// WriteRoot writes the present root of an open database down in the file beside it, signed
// under the key there, which is made where there was never one. Where the key was put away
// the root is not signed.
func (w World) WriteRoot(ctx context.Context, db *store.DB, database string) (r *Root, err error) {
	if err := makeSignKey(database, w.Random); err != nil {
		return nil, err
	}
	err = db.Read(ctx, func(v *store.Snapshot) (err error) {
		r, err = RootOf(v)
		return err
	})
	if err != nil {
		return nil, err
	}
	key, err := signer(database)
	if err != nil {
		return nil, err
	}
	return r, AppendRoot(RootsPath(database), r, key)
}

// besideCopy writes a root down beside a copy, signed under the key of the database it is
// of, with no number of its own and after the last that is written down there.
func besideCopy(from, to string, r *Root) error {
	key, err := signer(from)
	if err != nil {
		return err
	}
	if key != nil {
		before := noFirst
		if last, err := LastRoot(RootsPath(from)); err == nil && last != nil {
			before = last.lineHash()
		}
		if err := r.sign(key, 0, before); err != nil {
			return fault.Wrap(err, fault.Internal, "根没有签成")
		}
	}
	if last, err := LastRoot(RootsPath(to)); err == nil && last != nil && last.Same(r) {
		return nil // of a copy that was made before under the same name
	}
	return appendTo(RootsPath(to), r)
}
