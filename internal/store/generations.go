package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/fault"
)

// Generation is one of the keys that a database has had, one after another: that of its
// chains, and what tells it from the others.
type Generation struct {
	Chain []byte
	Mark  string
}

// An entry's format says by its low byte the way to the digests, hashes and codes, and
// above it how many keys there were before the one of its code.
const (
	wayBits = 8
	wayMask = 1<<wayBits - 1
)

// wayOf returns the way of a format.
func wayOf(format int64) int64 { return format & wayMask }

// generationOf returns the generation of a format, 1 for the first.
func generationOf(format int64) int { return int(format>>wayBits) + 1 }

// format returns the format of what is written now.
func (c *chains) format() int64 { return chainFormat | int64(max(c.generation, 1)-1)<<wayBits }

// in returns the chains as they are written under a generation.
func (c *chains) in(generation int) *chains {
	out := *c
	out.generation = generation
	return &out
}

// under takes the generation that a database says is its own, so far as there is a key of
// it; whoever opens it is told of another key.
func (c *chains) under(marks []string) { c.generation = min(len(c.keys), max(len(marks), 1)) }

// key returns the key under which is written, nil without one.
func (c *chains) key() []byte {
	if c.generation == 0 {
		return nil
	}
	return c.keys[c.generation-1].Chain
}

// mac authenticates a message under the key.
func (c *chains) mac(m message) []byte { return codeOf(c.key(), m) }

func codeOf(key []byte, m message) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(m)
	return h.Sum(nil)
}

// keyMark begins the names of the settings that say under which keys a database was
// written: the first has nothing behind it, the others their generation.
const keyMark = "key mark"

// questions returns so many question marks for values in SQL.
func questions(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// Marks returns the marks of the keys under which the database was written, the present
// one last; none while none was said.
func (v *Snapshot) Marks() ([]string, error) {
	var rows []struct{ Name, Value string }
	err := v.all(&rows, "SELECT name, value FROM settings WHERE name = ? OR name >= ? AND name < ?", keyMark,
		keyMark+" ", keyMark+"!")
	if err != nil {
		return nil, err
	}
	out := make([]string, len(rows))
	for _, r := range rows {
		n := 1
		if number, later := strings.CutPrefix(r.Name, keyMark+" "); later {
			if n, err = strconv.Atoi(number); err != nil || n < 2 {
				return nil, fault.New(fault.Internal, "a setting is called %s", r.Name)
			}
		}
		if n > len(out) || out[n-1] != "" {
			return nil, fault.New(fault.Internal, "of the marks of keys one is missing before %s", r.Name)
		}
		out[n-1] = r.Value
	}
	return out, nil
}

// SealedUnder returns the mark of the present key, "" while there is none.
func (v *Snapshot) SealedUnder() (mark string, err error) {
	marks, err := v.Marks()
	if err != nil || len(marks) == 0 {
		return "", err
	}
	return marks[len(marks)-1], nil
}

// SealUnder says in a new database which key is its own: under another one nobody would be
// found again. fault.Conflict if it was said before.
func (tx *Tx) SealUnder(mark string) error {
	_, err := tx.exec("INSERT INTO settings (name, value) VALUES (?, ?)", keyMark, mark)
	return err
}

// Rekey says that the key of a mark is the present one from now on, the next of those that
// the store was opened with, and puts the heads of all chains under it. Other programs that
// are at work under the one before are refused with their next write.
func (tx *Tx) Rekey(mark string) error {
	marks, err := tx.Marks()
	if err != nil {
		return err
	}
	next := tx.chains.generation + 1
	if len(marks) != tx.chains.generation || next > len(tx.chains.keys) || tx.chains.keys[next-1].Mark != mark {
		return fault.New(fault.Conflict, "密钥文件和库里记的对不上").WithHint("用现在的密钥文件再来一遍")
	}
	if err := tx.settle(); err != nil {
		return err
	}
	rows, err := tx.headRows()
	if err != nil {
		return err
	}
	old, renewed := tx.chains, tx.chains.in(next)
	for i := range rows {
		r := &headRow{}
		err := tx.writer.Hold(r, headSelect+" WHERE org_id = ? AND month = ?", rows[i].OrgID, rows[i].Month)
		if err != nil {
			return err
		}
		if !old.authentic(r.message(), r.Mac) { // or the new key would make it look right
			return fault.New(fault.Conflict, "有链头不是用这个库的密钥写的，没有换密钥").WithHint("先用 jifen verify 查是哪一处")
		}
		_, err = tx.exec("UPDATE chain_heads SET mac = ? WHERE org_id = ? AND month = ?", renewed.mac(r.message()),
			r.OrgID, r.Month)
		if err != nil {
			return err
		}
	}
	tx.heads = nil
	tx.chains = renewed
	// Their codes are of the key before; they are computed anew.
	if _, err := tx.exec("DELETE FROM standings"); err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO settings (name, value) VALUES (?, ?)", keyMark+" "+strconv.Itoa(next), mark)
	return err
}

// LaterKey reports whether there is a key after the one that the database says is its own:
// it is from before the key was replaced, or that was broken off.
func (v *Snapshot) LaterKey() bool { return len(v.chains.keys) > v.chains.generation }

// rightKey refuses to write after a head that was put under another key meanwhile. A head
// that is wrong otherwise is for Verify to tell.
func (tx *Tx) rightKey(h *headRow) error {
	if len(h.Mac) == 0 || tx.chains.authentic(h.message(), h.Mac) {
		return nil
	}
	marks, err := tx.Marks()
	if err != nil || len(marks) <= tx.chains.generation {
		return err
	}
	return fault.New(fault.Unavailable, "密钥换过了，这个程序用的还是原来的").WithHint("把新的密钥文件拷过来，重启这个程序")
}

// SealedNumber is a number of a member as it is sealed.
type SealedNumber struct {
	Member, Kind string
	Box          []byte
}

// SealedAfter returns at most n sealed numbers in their order, those after one; the zero
// one begins. Only a scope of all sees them.
func (v *Snapshot) SealedAfter(scope access.Scope, after SealedNumber, n int) (out []SealedNumber, err error) {
	if !scope.All() {
		return nil, nil
	}
	var rows []struct {
		MemberID, Kind string
		Box            []byte
	}
	err = v.all(&rows, "SELECT member_id, kind, box FROM sealed WHERE (member_id, kind) > (?, ?) "+
		"ORDER BY member_id, kind LIMIT ?", after.Member, after.Kind, n)
	for _, r := range rows {
		out = append(out, SealedNumber{r.MemberID, r.Kind, r.Box})
	}
	return out, err
}

// Reseal replaces a sealed number by the same one in another box, unless it was replaced or
// erased since it was read.
func (tx *Tx) Reseal(was SealedNumber, box, seek []byte) error {
	var now []byte
	err := tx.get(&now, "SELECT box FROM sealed WHERE member_id = ? AND kind = ?", was.Member, was.Kind)
	if fault.CodeOf(err) == fault.NotFound || err == nil && !bytes.Equal(now, was.Box) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE sealed SET box = ?, seek = ? WHERE member_id = ? AND kind = ?", box, seek, was.Member,
		was.Kind)
	return err
}
