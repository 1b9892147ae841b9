package backup

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"jifen/internal/fault"
)

// KnownKeys holds the keys by which signed roots are known: the first, and those that
// followed it, each named by a note under the one before it. As a file it is the first key in
// a line, and below it those notes:
//
//	jifen/3f9a01bc+HASH+BASE64
//
//	jifen/3f9a01bc
//	number 12
//	at 2026-11-23T02:00:07+08:00
//	next jifen/77aa01f0+HASH+BASE64
//
//	— jifen/3f9a01bc BASE64
//	— jifen/77aa01f0 BASE64
//
// The number is that of the last root under the key before.
type KnownKeys struct {
	keys  []publicKey
	notes []string // that name the next, in order
}

// publicKey is one key of a ring.
type publicKey struct {
	note.Verifier
	number int64     // of the last root under it
	until  time.Time // when the next followed it; zero for the present one
}

// same reports whether a key that signs is the other half.
func (k publicKey) same(s note.Signer) bool {
	return k.Name() == s.Name() && k.KeyHash() == s.KeyHash()
}

// maxPublic bounds the file of a ring, some hundred keys.
const maxPublic = 64 << 10

func (r *KnownKeys) last() publicKey { return r.keys[len(r.keys)-1] }

// Count returns how many keys there were, with the present one.
func (r *KnownKeys) Count() int { return len(r.keys) }

// PublicKeys reads the keys of a file; nil where there is no such file. It may be a copy from
// before a key was replaced: those that followed are taken from another file ("" for none),
// which is only believed where a key that is known has signed.
func PublicKeys(path, later string) (*KnownKeys, error) {
	text, err := keyText(path)
	if err != nil || text == "" {
		return nil, err
	}
	bad := fault.New(fault.Unavailable, "公钥文件 %s 的内容不对", path).WithHint("从另存的地方取回原来的那一份")
	first, notes, ok := partPublic(text)
	if !ok {
		return nil, bad
	}
	v, err := note.NewVerifier(first)
	if err != nil {
		return nil, bad
	}
	r := &KnownKeys{keys: []publicKey{{Verifier: v}}}
	for _, n := range notes {
		if !r.follow(n) {
			return nil, bad
		}
	}
	if later == "" || later == path {
		return r, nil
	}
	if text, err = keyText(later); err == nil && text != "" {
		_, notes, _ := partPublic(text)
		for _, n := range notes {
			if !slices.Contains(r.notes, n) {
				r.follow(n) // or it is of a key that is not known
			}
		}
	}
	return r, err
}

// partPublic parts the text of a ring into its first key and its notes.
func partPublic(text string) (first string, notes []string, ok bool) {
	lines := strings.Split(text, "\n")
	first = strings.TrimSpace(lines[0])
	var body []string
	for _, line := range lines[1:] {
		signature := strings.HasPrefix(line, "— ")
		switch {
		case strings.TrimSpace(line) == "" && len(body) != changeLines:
		case signature && len(body) > changeLines:
			body = append(body, line)
		case len(body) > changeLines+1:
			notes, body = append(notes, strings.Join(body, "\n")+"\n"), []string{line}
		default:
			body = append(body, line)
		}
	}
	if len(body) > changeLines+1 {
		notes, body = append(notes, strings.Join(body, "\n")+"\n"), nil
	}
	return first, notes, len(body) == 0
}

// changeLines counts the lines of the text of a note that names the next key.
const changeLines = 4

// follow adds the key that a note names, if the last one has signed it, and it itself.
func (r *KnownKeys) follow(text string) bool {
	now := &r.keys[len(r.keys)-1]
	n, err := note.Open([]byte(text), note.VerifierList(now))
	if err != nil {
		return false
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) != changeLines || lines[0] != now.Name() {
		return false
	}
	number, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "number "), 10, 64)
	if err != nil || number < now.number {
		return false
	}
	at, err := time.Parse("at "+time.RFC3339, lines[2])
	if err != nil {
		return false
	}
	next, err := note.NewVerifier(strings.TrimPrefix(lines[3], "next "))
	if err != nil {
		return false
	}
	if _, err := note.Open([]byte(text), note.VerifierList(next)); err != nil {
		return false
	}
	now.number, now.until = number, at
	r.keys, r.notes = append(r.keys, publicKey{Verifier: next}), append(r.notes, text)
	return true
}

// changeText returns the note that names the next key.
func changeText(now, next note.Signer, public string, number int64, at time.Time) (string, error) {
	body := fmt.Sprintf("%s\nnumber %d\nat %s\nnext %s\n", now.Name(), number, at.Format(time.RFC3339), public)
	text, err := note.Sign(&note.Note{Text: body}, now, next)
	return string(text), err
}

// Signature names who has signed a note.
type Signature int

// The kinds of signatures.
const (
	Foreign  Signature = iota // by nobody who is known, or the note was changed
	Replaced                  // by a key that another had followed by then
	Ours
)

// Who returns who has signed a note.
func (r *KnownKeys) Who(n *Note) Signature {
	for _, k := range r.keys {
		if !n.Signed(k) {
			continue
		}
		if k.until.IsZero() || n.Number > 0 && n.Number <= k.number || n.Number == 0 && !n.at().After(k.until) {
			return Ours
		}
		return Replaced
	}
	return Foreign
}

// wrong returns what is wrong with the signature of a note, "" for nothing.
func (r *KnownKeys) wrong(n *Note) string {
	switch r.Who(n) {
	case Ours:
		return ""
	case Replaced:
		return "用的是换下来的签名钥匙，那时已经换成了新的"
	default:
		return "不是用这个库签名的钥匙签的，或签名被改过"
	}
}
