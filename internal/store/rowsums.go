package store

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// partBits gives the size of a part: 4096 rows.
const partBits = 12

// part is rows of a kind whose ids lie beside each other.
type part struct {
	kind   *chainedKind
	number int64
}

func partOf(row int64) int64 { return row >> partBits }

// bounds returns the first and the last id of a part.
func (p part) bounds() (first, last int64) {
	first = p.number << partBits
	return first, first | (1<<partBits - 1)
}

// rowSums compares what the chains say of the rows with the rows, whatever the order
// of either: each adds up, part by part, a number for every row, its street and its
// digest. The numbers stand under a secret that is made of the key of the chains, so that nobody
// without the key finds other rows that add up to the same.
type rowSums struct {
	sums    map[part]*[2]uint64 // of the entries less those of the rows
	last    part
	of      *[2]uint64 // the last
	message message    // the secret, and after it what is added
	secret  int
}

func newRowSums(c *chains) *rowSums {
	t := &rowSums{sums: map[part]*[2]uint64{}, message: c.mac(message("jifen row sums\x00"))}
	t.secret = len(t.message)
	return t
}

// entry adds what an entry says of a row.
func (t *rowSums) entry(k *chainedKind, row, street int64, digest []byte) {
	a, b := t.number(k, row, street, digest)
	t.of[0] += a
	t.of[1] += b
}

// row takes off what a row is.
func (t *rowSums) row(k *chainedKind, row, street int64, digest []byte) {
	a, b := t.number(k, row, street, digest)
	t.of[0] -= a
	t.of[1] -= b
}

func (t *rowSums) number(k *chainedKind, row, street int64, digest []byte) (a, b uint64) {
	if is := (part{k, partOf(row)}); t.of == nil || is != t.last {
		t.last, t.of = is, t.sums[is]
		if t.of == nil {
			t.of = &[2]uint64{}
			t.sums[is] = t.of
		}
	}
	if !k.carriesStreet() {
		street = 0
	}
	t.message = t.message[:t.secret].i64(row).i64(street).bytes(digest)
	sum := sha256.Sum256(t.message)
	return binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])
}

// after returns the first part of a kind from a number on, false for none.
func (t *rowSums) after(k *chainedKind, number int64) (first int64, ok bool) {
	for p := range t.sums {
		if p.kind == k && p.number >= number && (!ok || p.number < first) {
			first, ok = p.number, true
		}
	}
	return first, ok
}

// unlike returns the parts of a kind that differ, in order.
func (t *rowSums) unlike(k *chainedKind) (numbers []int64) {
	for p, sum := range t.sums {
		if p.kind == k && *sum != [2]uint64{} {
			numbers = append(numbers, p.number)
		}
	}
	slices.Sort(numbers)
	return numbers
}
