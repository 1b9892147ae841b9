package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
)

// chainFormat is the version of the way to the digests, hashes and codes of the
// chains. It stands in the format of every entry; another way takes the next version.
const chainFormat = 1

// cell is the value of a column as it goes into a digest.
type cell struct {
	column
	present bool // not NULL
	number  int64
	body    string // of what is no integer
	odd     bool   // the value is not of the declared type
}

// Scan implements sql.Scanner: it takes a value as the driver returns it.
func (c *cell) Scan(src any) error {
	c.present, c.number, c.body, c.odd = src != nil, 0, "", false
	switch x := src.(type) {
	case nil:
	case int64:
		c.number, c.odd = x, c.typ != integer
	case string:
		c.body, c.odd = x, c.typ != words
	case []byte:
		c.present = len(x) > 0 || c.typ == words // drivers do not agree on what empty bytes are
		c.body, c.odd = string(x), c.typ == integer
	default:
		c.odd = true
	}
	return nil
}

// leftOut reports whether a cell is no part of its row's digest.
func (c *cell) leftOut() bool { return c.added && !c.present }

// rowDigest is SHA-256 over the message of a row.
func rowDigest(k kind, cells []cell) []byte { return begin(512, "").row(k, cells).hash() }

// row appends a kind and the declared columns of a row, whatever types the database
// returned them in:
//
//	"jifen row" 0x00, format, text(kind), number of columns,
//	then of each: text(name), type letter, 0x00 for NULL or 0x01 text(value)
//
// where format and number of columns are 4 bytes and text() is the length in 4
// bytes and the bytes; an integer's are 8, two's complement. All are big-endian. A
// column that was added to the table later and is NULL is left out, so that the rows
// from before keep their digests.
func (m message) row(k kind, cells []cell) message {
	count := len(cells)
	for i := range cells {
		if cells[i].leftOut() {
			count--
		}
	}
	m = append(m, "jifen row\x00"...).u32(chainFormat).text(string(k)).u32(count)
	for i := range cells {
		c := &cells[i]
		if c.leftOut() {
			continue
		}
		m = m.text(c.name)
		m = append(m, byte(digestType(c.typ)))
		switch {
		case !c.present:
			m = append(m, 0)
		case c.typ == integer:
			m = append(m, 1)
			m = m.u32(8).i64(c.number)
		default:
			m = append(m, 1)
			m = m.text(c.body)
		}
	}
	return m
}

// digestType is the type letter in a digest: a commitment is bytes like others.
func digestType(t columnType) columnType {
	if t == freeText {
		return blob
	}
	return t
}

// message holds the bytes that are hashed, put together so that no two lists of parts are alike.
type message []byte

// begin begins a message that will be about so long.
func begin(size int, prefix string) message { return append(make(message, 0, size), prefix...) }

func (m message) u32(n int) message {
	return binary.BigEndian.AppendUint32(m, uint32(n)) //nolint:gosec // lengths and small counts
}

func (m message) i64(n int64) message {
	return binary.BigEndian.AppendUint64(m, uint64(n)) //nolint:gosec // two's complement
}

func (m message) text(s string) message { return append(m.u32(len(s)), s...) }

func (m message) bytes(b []byte) message { return append(m.u32(len(b)), b...) }

// entryMessage returns the message of an entry's hash and code: its chain and
// place there, the row, the row's digest and the hash of the entry before, "" for
// the first.
func entryMessage(e *chainEntry, before []byte) message { return begin(256, "").entry(e, before) }

func (m message) entry(e *chainEntry, before []byte) message {
	return append(m, "jifen entry\x00"...).u32(int(e.Format)).i64(e.ChainID).i64(e.Seq).text(e.Kind).i64(e.RowID).
		bytes(e.Digest).bytes(before)
}

// headMessage returns the message of a head's code.
func headMessage(chain, seq int64, hash []byte) message {
	return message("jifen head\x00").u32(chainFormat).i64(chain).i64(seq).bytes(hash)
}

// trailHeadMessage returns the message of the code of a head of the trail.
func trailHeadMessage(street int64, month string, seq int64, hash []byte) message {
	return message("jifen trail head\x00").u32(chainFormat).i64(street).text(month).i64(seq).bytes(hash)
}

func (m message) hash() []byte {
	sum := sha256.Sum256(m)
	return sum[:]
}

// chains holds all that puts rows into the chains and checks them there: the kinds by name,
// and the key of the codes, nil where it is not at hand.
type chains struct {
	kinds map[kind]*chainedKind
	list  []chainedKind
	reads map[kind]string // the SQL that reads a row as its digest takes it
	adds  map[kind]string // the SQL that inserts a row
	trail *chainedKind

	keys       []Generation // none where they are not at hand
	generation int          // of the key under which is written, 1 for the first; 0 without keys

	beyond *beyond // nil for a database of the program's own version

	streets *sync.Map // by the row of an organisation: that of its street, which never changes
}

func newChains(keys []Generation) *chains {
	c := &chains{kinds: map[kind]*chainedKind{}, list: chainedKinds(), reads: map[kind]string{},
		adds: map[kind]string{}, trail: trailKind(), keys: keys, generation: min(len(keys), 1), streets: &sync.Map{}}
	for i := range c.list {
		k := &c.list[i]
		k.columns = slices.DeleteFunc(k.columns, func(c column) bool { return c.typ == derived })
		c.kinds[k.kind], c.reads[k.kind], c.adds[k.kind] = k, readRow(k), insertRow(k)
	}
	return c
}

// readRow is the SQL that reads the columns of a row, and of a text its commitment.
func readRow(k *chainedKind) string {
	list := make([]string, len(k.columns))
	for i, c := range k.columns {
		list[i] = "r." + c.name
		if c.typ == freeText {
			list[i] = "(SELECT t.commitment FROM texts t WHERE t.id = r." + c.name + ")"
		}
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + k.table + " r WHERE r.id = ?"
}

// insertRow is the SQL that inserts a row with its street, where it carries one, and its
// columns in their order.
func insertRow(k *chainedKind) string {
	if k.carriesStreet() {
		return "INSERT INTO " + k.table + " (street_id, " + k.names() + ") VALUES (?" +
			strings.Repeat(", ?", len(k.columns)) + ")"
	}
	return "INSERT INTO " + k.table + " (" + k.names() + ") VALUES (?" + strings.Repeat(", ?", len(k.columns)-1) + ")"
}

// digest is the digest of a row as it stands now; fault.NotFound without one.
func (v *Snapshot) digest(k *chainedKind, row int64) (sum []byte, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		r := newRowCells(nil, k.columns)
		typed, err := r.scan(rows)
		if err == nil && !typed {
			err = fault.New(fault.Internal, "a value of %s is not of its column's type", k.table)
		}
		sum = rowDigest(k.kind, r.cells)
		return err
	}, v.chains.reads[k.kind], row)
	if err == nil && sum == nil {
		err = fault.Wrap(sql.ErrNoRows, fault.NotFound, "没有找到")
	}
	return sum, err
}

// rowCells are the cells of a row that is read after another, and where they are
// scanned to.
type rowCells struct {
	cells []cell
	into  []any
}

// newRowCells makes cells for some columns. What is read before them and after them
// goes elsewhere.
func newRowCells(before []any, columns []column, after ...any) *rowCells {
	r := &rowCells{cells: make([]cell, len(columns)), into: slices.Clone(before)}
	for i := range columns {
		r.cells[i].column = columns[i]
		r.into = append(r.into, &r.cells[i])
	}
	r.into = append(r.into, after...)
	return r
}

// scan reads the next row, and reports whether every value is of the declared type.
func (r *rowCells) scan(rows *sqlx.Rows) (typed bool, err error) {
	err = rows.Scan(r.into...)
	return !slices.ContainsFunc(r.cells, func(c cell) bool { return c.odd }), err
}

// cellsOf returns the cells that scanCells reads once the values, those of an INSERT, are written.
func cellsOf(columns []column, values []any) ([]cell, error) {
	if len(values) != len(columns) {
		return nil, fault.New(fault.Internal, "%d values for %d columns", len(values), len(columns))
	}
	cells := make([]cell, len(columns))
	for i := range cells {
		c := &cells[i]
		c.column = columns[i]
		switch x := values[i].(type) {
		case nil:
		case int64:
			c.present, c.number = true, x
		case string:
			c.present, c.body = true, x
		case []byte:
			c.present, c.body = len(x) > 0, string(x)
		case textRef:
			c.present, c.body = true, string(x.commitment)
		default:
			return nil, fault.New(fault.Internal, "%s is given as a %T", c.name, x)
		}
		if _, number := values[i].(int64); c.present && number != (c.typ == integer) {
			return nil, fault.New(fault.Internal, "%s is given as a %T", c.name, values[i])
		}
	}
	return cells, nil
}
