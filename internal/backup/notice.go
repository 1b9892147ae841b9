package backup

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Notice holds what somebody copied of a root that was posted: its whole note, or the root alone.
type Notice struct {
	Root string // hex
	Note *Note  // nil where only the root was typed
}

// maxNotice bounds a file into which a note was typed or scanned.
const maxNotice = 64 << 10

// ReadNotice reads a note that was typed or scanned into a file, or a root alone in its groups.
// Blanks at the ends of lines, empty lines and other dashes before a signature are put right.
// fault.Invalid says which line is wrong.
func ReadNotice(path string) (*Notice, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	raw, err := io.ReadAll(io.LimitReader(f, maxNotice+1))
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	if len(raw) > maxNotice {
		return nil, fault.New(fault.Invalid, "%s 太长，不是一份签名", path).WithHint("里面只写公示上的一份签名，或者一组一组的根")
	}
	return parseNotice(path, string(raw))
}

func parseNotice(path, text string) (*Notice, error) {
	var body, signatures []string
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.Join(strings.Fields(line), " ")
		if rest := strings.TrimLeft(line, "—–-― "); rest != line && strings.HasPrefix(rest, origins) {
			signatures = append(signatures, "— "+rest)
		} else if line != "" {
			body = append(body, line)
		}
	}
	if root, is, slip := Typed(strings.Join(body, "")); is && len(signatures) == 0 {
		return &Notice{Root: root}, slipped(path, slip)
	}
	words := []string{"", "number ", "at ", "size ", "root ", "line ", "before "}
	if len(body) != len(words) || len(signatures) == 0 || !strings.HasPrefix(body[0], origins) {
		return nil, fault.New(fault.Invalid, "%s 里不是一份签名，也不是一个根", path).
			WithHint("签名从“%s”那一行到最后“— %s”那一行，一行也不能少；或者只写一组一组的根", origins+"…", origins+"…")
	}
	for i, w := range words {
		if !strings.HasPrefix(body[i], w) {
			return nil, fault.New(fault.Invalid, "%s 里签名的第 %d 行要从“%s”开始", path, i+1, strings.TrimSpace(w)).
				WithHint("和公示上的一行一行核对")
		}
	}
	root, is, slip := Typed(strings.TrimPrefix(body[4], "root "))
	if !is {
		return nil, fault.New(fault.Invalid, "%s 里签名的第 5 行不是一个根", path).WithHint("“root”后面是 64 个字符，0 到 9、a 到 f")
	}
	if err := slipped(path, slip); err != nil {
		return nil, err
	}
	body[4] = "root " + root
	number, err := strconv.ParseInt(strings.TrimPrefix(body[1], "number "), 10, 64)
	if err != nil || number < 0 {
		return nil, fault.New(fault.Invalid, "%s 里签名的第 2 行不是第几个", path).WithHint("“number”后面写公示上的那个数")
	}
	return &Notice{root, &Note{
		Text:   strings.Join(body, "\n") + "\n\n" + strings.Join(signatures, "\n") + "\n",
		Number: number, Line: strings.TrimPrefix(body[5], "line "), Before: strings.TrimPrefix(body[6], "before "),
		origin: body[0],
	}}, nil
}

// slipped refuses a root of which the last group does not fit the others.
func slipped(path string, slip bool) error {
	if !slip {
		return nil
	}
	return fault.New(fault.Invalid, "%s 里的根抄错了：最后四个字符和前面的对不上", path).WithHint("一组一组再核对一遍")
}

// Matches reports whether a root is the one that was posted.
func (n *Notice) Matches(r *Root) bool {
	return r.Hash == n.Root && (n.Note == nil || r.lineHash() == n.Note.Line)
}

// Find looks for the root that was posted in the files of roots that a path names; nil where none has it.
func (n *Notice) Find(path string) (found *Root, err error) {
	files, err := RootFiles(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, file := range files {
		err = cmp.Or(err, EachRoot(file, func(_ int, r *Root) error {
			if r != nil && n.Matches(r) {
				found = r
			}
			return nil
		}))
	}
	return found, err
}

// Anchor holds how far a root speaks for a chain.
type Anchor struct {
	Chain   domain.OrgID
	To      int64 // the link that was its head then; 0 for a chain that began later
	Now     int64 // its length
	Missing bool  // it is shorter now
	Differs bool  // that link is another now
}

// Anchors returns how far a root speaks for every chain that it names and that there is now.
func Anchors(v *store.Snapshot, then, now *Root) (out []Anchor, err error) {
	length := map[domain.OrgID]int64{}
	for _, h := range now.Heads {
		length[h.Chain] = h.Seq
	}
	for _, h := range then.Heads {
		reached, missing, err := v.Reached(h)
		if err != nil {
			return nil, err
		}
		a := Anchor{Chain: h.Chain, To: h.Seq, Now: length[h.Chain], Missing: missing, Differs: !reached && !missing}
		if reached {
			a.Now = max(a.Now, h.Seq) // of a month of the trail that is no more the last
		}
		out = append(out, a)
		delete(length, h.Chain)
	}
	for _, h := range now.Heads {
		if _, later := length[h.Chain]; later {
			out = append(out, Anchor{Chain: h.Chain, Now: h.Seq})
		}
	}
	return out, nil
}

// Posted holds what is printed of a root.
type Posted struct {
	At      string // its instant
	Number  int64  // of the note
	Grouped string // the root, to be typed
	Note    string // whole, to be scanned; "" where nobody has signed
}

// Posted returns what is printed of a root; nil for none.
func (r *Root) Posted() *Posted {
	if r == nil {
		return nil
	}
	p := &Posted{At: Instant(r.At), Grouped: Grouped(r.Hash)}
	if r.Note != nil {
		p.Number, p.Note = r.Note.Number, r.Note.Text
	}
	return p
}

// Instant writes an instant of a roots file to the minute.
func Instant(at string) string {
	if len(at) < len("2006-01-02T15:04") {
		return at
	}
	return strings.Replace(at[:len("2006-01-02T15:04")], "T", " ", 1)
}
