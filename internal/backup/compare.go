package backup

import (
	"fmt"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Lost is a head of a root that a database does not reach any more, or what is wrong with
// the line of a roots file or with its note.
type Lost struct {
	File    string
	Line    int
	At      string           // of the root; "" for a line that is none
	Head    domain.ChainHead // that is not reached
	Missing bool             // its place in the chain is empty
	Why     string           // what is wrong with the note; "" for a head and for a line that is none
}

// Comparison holds what roots that were written down before say of a database.
type Comparison struct {
	Count    int
	Unsigned int // of former times, or whose signature was taken away
	Lost     []Lost
	Anchored map[domain.OrgID]int64 // of each chain, up to where roots speak for it

	view    *store.Snapshot
	key     *KnownKeys // nil for none: signatures are not asked
	numbers map[string]string
}

// NewComparison returns a comparison of a view with roots that are signed under
// keys that are known.
func NewComparison(v *store.Snapshot, key *KnownKeys) *Comparison {
	return &Comparison{Anchored: map[domain.OrgID]int64{}, view: v, key: key, numbers: map[string]string{}}
}

// Compare looks up in a view where the roots of a file are no longer reached, and how many
// it looked up. fault.Invalid for a file without any.
func Compare(v *store.Snapshot, path string) (count int, out []Lost, err error) {
	c := NewComparison(v, nil)
	err = c.File(path)
	return c.Count, c.Lost, err
}

// File compares with the roots of one more file. fault.Invalid for a file without any.
func (c *Comparison) File(path string) error {
	lines := 0
	var before *Root
	err := EachRoot(path, func(line int, r *Root) error {
		lines++
		at := Lost{File: path, Line: line}
		if r == nil {
			c.Lost, before = append(c.Lost, at), nil
			return nil
		}
		c.Count++
		at.At = r.At
		if at.Why = c.wrongNote(r, before, lines == 1); at.Why != "" {
			c.Lost = append(c.Lost, at)
		}
		before = r
		return c.heads(r, at)
	})
	if err == nil && lines == 0 {
		err = fault.New(fault.Invalid, "%s 里没有根", path).WithHint("用 jifen verify --write-root 写下一个")
	}
	return err
}

// heads looks the heads of a root up.
func (c *Comparison) heads(r *Root, at Lost) error {
	for _, h := range r.Heads {
		ok, missing, err := c.view.Reached(h)
		if err != nil {
			return err
		}
		if ok {
			c.Anchored[h.Chain] = max(c.Anchored[h.Chain], h.Seq)
			continue
		}
		at.Head, at.Missing, at.Why = h, missing, ""
		c.Lost = append(c.Lost, at)
	}
	return nil
}

// wrongNote returns what is wrong with the note of a root, "" for nothing. before is the root
// above it in the file, nil for the first and below what is none.
func (c *Comparison) wrongNote(r, before *Root, first bool) string {
	n := r.Note
	if n == nil {
		c.Unsigned++
		return ""
	}
	if c.key != nil {
		if why := c.key.wrong(n); why != "" {
			return why
		}
	}
	if n.Number == 0 { // beside a copy, whose root stands alone
		return ""
	}
	series := fmt.Sprintf("%s %d", n.origin, n.Number)
	if other, seen := c.numbers[series]; seen && other != r.Hash {
		return fmt.Sprintf("第 %d 个根有两个，各不相同：有人另签了一个", n.Number)
	}
	c.numbers[series] = r.Hash
	switch {
	case before == nil && !first: // what stands above is told already
		return ""
	case before == nil && n.Before == noFirst, before != nil && n.Before == before.lineHash():
		return ""
	case before != nil && before.Note != nil && before.Note.origin == n.origin && before.Note.Number+1 < n.Number:
		return fmt.Sprintf("它前面是第 %d 个，中间的根少了", before.Note.Number)
	}
	return "它前面的一个根少了，或被改过"
}
