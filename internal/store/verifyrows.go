package store

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"

	"github.com/jmoiron/sqlx"
)

// rowBatch holds rows of a kind as they were read.
type rowBatch struct {
	rows     []rowRead
	messages message // of their digests, one after another
	strays   []int64 // texts of another street than their row
}

// rowRead is a row as it was read; its message ends at end, and is empty where a value is
// not of the declared type.
type rowRead struct {
	id, street int64
	end        int
}

func (b *rowBatch) reset() { b.rows, b.messages, b.strays = b.rows[:0], b.messages[:0], b.strays[:0] }

// verifyRows compares the rows of every kind with what the chains say of them, and
// looks at those one by one that are not alike.
func (w *verification) verifyRows() error {
	for i := range w.chains.list {
		k := &w.chains.list[i]
		unread, err := w.readRows(k)
		if err != nil {
			return err
		}
		for _, number := range w.sums.unlike(k) {
			hidden, err := w.examine(part{k, number})
			if err != nil {
				return err
			}
			unread = unread || hidden
		}
		if unread {
			w.add(place{}, 0, string(k.kind), 0, "磁盘坏了，有的行读不出来：是不是每一行都在链上，没有查完")
		}
	}
	return nil
}

// readRows reads all rows of a kind that can be read, and reports whether some cannot.
// It goes on after them with the next part of which the chains know rows.
func (w *verification) readRows(k *chainedKind) (unread bool, err error) {
	for from := int64(math.MinInt64); ; {
		last, err := w.readRowsFrom(k, from)
		if !Unreadable(err) {
			return unread, err
		}
		unread = true
		at, ok := w.sums.after(k, partOf(last))
		if ok {
			at, ok = w.sums.after(k, at+1)
		}
		if !ok {
			return unread, nil
		}
		from, _ = part{k, at}.bounds()
	}
}

// readRowsFrom takes the rows of a kind from an id on off the sums, and returns the
// last that was read, or the id.
func (w *verification) readRowsFrom(k *chainedKind, from int64) (last int64, err error) {
	last = from
	err = ahead(func(b *rowBatch) { w.takeOff(k, b) }, func(next func(*rowBatch) *rowBatch) error {
		b := next(nil)
		b.reset()
		defer func() { next(b) }()
		var id, street int64
		before := []any{(*number)(&id)}
		if k.carriesStreet() {
			before = append(before, (*number)(&street))
		}
		strays := make([]number, len(k.texts()))
		after := make([]any, len(strays))
		for i := range strays {
			after[i] = &strays[i]
		}
		r := newRowCells(before, k.columns, after...)
		return w.each(func(rows *sqlx.Rows) error {
			if len(b.rows) == rowsAhead {
				w.Yield()
				b = next(b)
				b.reset()
			}
			typed, err := r.scan(rows)
			if err != nil {
				return err
			}
			if typed {
				b.messages = b.messages.row(k.kind, r.cells)
			}
			for _, text := range strays {
				if text != 0 {
					b.strays = append(b.strays, int64(text))
				}
			}
			b.rows = append(b.rows, rowRead{id, street, len(b.messages)})
			last = id
			return nil
		}, readRows(k), from)
	})
	return last, err
}

// takeOff takes rows off the sums and tells of texts that are not of their street.
func (w *verification) takeOff(k *chainedKind, b *rowBatch) {
	from := 0
	for _, r := range b.rows {
		if r.end > from {
			sum := sha256.Sum256(b.messages[from:r.end])
			w.sums.row(k, r.id, r.street, sum[:])
		}
		from = r.end
	}
	for _, text := range b.strays {
		if !w.strays[text] {
			w.strays[text] = true
			w.add(place{}, 0, textKind, text, "这段文字记的街道不是写它的那一行的街道")
		}
	}
}

// examine notes the rows of a part that are wrong, one by one, and reports whether
// some of it cannot be read.
func (w *verification) examine(p part) (unread bool, err error) {
	first, last := p.bounds()
	told := len(w.found)
	var list []chainEntry
	err = w.all(&list, "SELECT chain_id, seq, format, kind, row_id, digest, hash, mac FROM chain_entries "+
		"WHERE kind = ? AND row_id >= ? AND row_id <= ? ORDER BY chain_id, seq", string(p.kind.kind), first, last)
	if err != nil && !Unreadable(err) {
		return false, err
	}
	judged := err == nil && w.chains.beyond.filled(p.kind) == "" // or rows may have what is not known
	for i := range list {
		e := &list[i]
		if wayOf(e.Format) != chainFormat { // told already
			judged = false
			continue
		}
		why, err := w.changed(e)
		if err != nil {
			return false, err
		}
		if why != "" {
			w.add(place{org: e.ChainID}, e.Seq, e.Kind, e.RowID, why)
		}
	}
	if err := w.unchained(p); Unreadable(err) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	if judged && len(w.found) == told && len(w.damaged) == 0 {
		w.add(place{}, 0, string(p.kind.kind), first, fmt.Sprintf("第 %d 到 %d 行和链上的不一样，库里的索引也不对，"+
			"看不出是哪一行", first, last))
	}
	return false, nil
}

// unchained finds rows of a part that stand in no chain, or in one of another street.
func (w *verification) unchained(p part) error {
	elsewhere := ""
	if p.kind.carriesStreet() {
		elsewhere = " OR l.street_id <> r.street_id"
	}
	first, last := p.bounds()
	return w.each(func(rows *sqlx.Rows) error {
		var id int64
		var street *int64
		err := rows.Scan(&id, &street)
		why := "这一行不在链上"
		if street != nil {
			why = "这一行记的街道和它所在的链的不一样"
		}
		w.add(place{}, 0, string(p.kind.kind), id, why)
		return err
	}, "SELECT r.id, l.street_id FROM "+p.kind.table+` r LEFT JOIN chain_entries l ON l.kind = ? AND l.row_id = r.id
		WHERE (l.seq IS NULL`+elsewhere+") AND r.id >= ? AND r.id <= ? ORDER BY r.id", string(p.kind.kind), first, last)
}

// number scans an integer that may be NULL, which is 0.
type number int64

// Scan implements sql.Scanner.
func (n *number) Scan(src any) error {
	x, ok := src.(int64)
	if !ok && src != nil {
		return fmt.Errorf("a %T is no integer", src)
	}
	*n = number(x)
	return nil
}

// texts returns the columns that hold the id of a text.
func (k *chainedKind) texts() (names []string) {
	for _, c := range k.columns {
		if c.typ == freeText {
			names = append(names, c.name)
		}
	}
	return names
}

// readRows is the SQL that reads the rows from an id on: the id, the street where the
// kind carries one, the columns and of texts their commitments, and of each text its id if
// it is of another street.
func readRows(k *chainedKind) string {
	list, from := []string{"r.id"}, k.table+" r"
	if k.carriesStreet() {
		list = append(list, "r.street_id")
	}
	for _, c := range k.columns {
		if c.typ == freeText {
			list = append(list, "t_"+c.name+".commitment")
			continue
		}
		list = append(list, "r."+c.name)
	}
	for _, text := range k.texts() {
		from += " LEFT JOIN texts t_" + text + " ON t_" + text + ".id = r." + text
		list = append(list, "CASE WHEN t_"+text+".street_id <> r.street_id THEN t_"+text+".id END")
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + from + " WHERE r.id >= ? ORDER BY r.id"
}
