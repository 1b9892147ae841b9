package store

import (
	"bytes"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// rowsAtOnce is the number of rows of a kind that one query reads for their digests.
const rowsAtOnce = 100

// rowDigests holds the digests of rows as they stand now, by kind and row.
type rowDigests map[string]map[int64][]byte

// same reports whether the row of an entry is known to be the one that was recorded.
// Of every other it says nothing.
func (d rowDigests) same(e *chainEntry) bool {
	sum, known := d[e.Kind][e.RowID]
	return known && bytes.Equal(sum, e.Digest)
}

// digestsOf reads the rows of some entries, many at once. What cannot be read is left
// out: whoever wants to know more reads the row alone.
func (v *Snapshot) digestsOf(list []chainEntry) rowDigests {
	ids := map[string][]int64{}
	for i := range list {
		ids[list[i].Kind] = append(ids[list[i].Kind], list[i].RowID)
	}
	out := rowDigests{}
	for name, of := range ids {
		k := v.chains.kinds[kind(name)]
		if k == nil {
			continue
		}
		out[name] = make(map[int64][]byte, len(of))
		slices.Sort(of) // in the order of the table
		for part := range slices.Chunk(of, rowsAtOnce) {
			v.Yield()
			if err := v.digests(k, part, out[name]); err != nil {
				break
			}
		}
	}
	return out
}

// digests adds the digests of rows of a kind.
func (v *Snapshot) digests(k *chainedKind, ids []int64, to map[int64][]byte) error {
	args := make([]any, rowsAtOnce)
	for i := range args { // filled up with the last, so that the query has one form
		args[i] = ids[min(i, len(ids)-1)]
	}
	values := make([]any, len(k.columns)+1)
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	cells := make([]cell, len(k.columns))
	return v.each(func(rows *sqlx.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row, ok := values[0].(int64)
		for i := range cells {
			ok = ok && cells[i].is(k.columns[i], values[i+1])
		}
		if ok {
			to[row] = rowDigest(k.kind, cells)
		}
		return nil
	}, v.chains.several[k.kind], args...)
}

// is sets a cell to a value as a driver returned it, and reports whether that is of
// the column's declared type.
func (c *cell) is(of column, value any) bool {
	*c = cell{column: of}
	switch x := value.(type) {
	case nil:
		return true
	case int64:
		c.present, c.number = true, x
		return of.typ == integer
	case string:
		c.present, c.body = true, []byte(x)
		return of.typ == words
	case []byte:
		c.present, c.body = len(x) > 0, x
		return of.typ == blob || of.typ == freeText
	default:
		return false
	}
}

// readRows is the SQL that reads rows with their ids, the columns as readRow does.
func readRows(k *chainedKind) string {
	one := strings.TrimSuffix(readRow(k), "r.id = ?")
	return "SELECT r.id, " + strings.TrimPrefix(one, "SELECT ") + "r.id IN (?" + strings.Repeat(", ?", rowsAtOnce-1) + ")"
}
