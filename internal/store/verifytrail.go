package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// verifyTrail walks the trail, street by street and month by month, and notes where
// each chain of it ends.
func (w *verification) verifyTrail() error {
	return w.walk(func(p place) bool { return p.month != "" }, w.verifyTrailAfter)
}

// lineBatch holds lines of the trail as they were read.
type lineBatch struct {
	linkBatch
	messages message // of their digests, one after another
	lines    []lineRead
}

// lineRead holds the columns of a line that its entry has not; its message ends at end.
type lineRead struct {
	at   place
	row  int64
	end  int
	more bool // it has what only a newer program knows; see Beyond
}

func (b *lineBatch) reset() {
	b.linkBatch.reset()
	b.messages, b.lines = b.messages[:0], b.lines[:0]
}

// trailWalk is a walk along the trail: the line it has come to, and what the next is tied
// to.
type trailWalk struct {
	chainWalk
	before *chainEntry // nil where the one before cannot be read
}

func (w *verification) verifyTrailAfter(after place) (place, error) {
	walk := &trailWalk{chainWalk: chainWalk{at: after}}
	err := ahead(func(b *lineBatch) {
		from := 0
		for i := range b.list {
			e, line := &b.list[i].chainEntry, b.lines[i]
			sum := sha256.Sum256(b.messages[from:line.end])
			e.Digest, from = sum[:], line.end
			w.verifyLine(walk, e, line)
		}
	}, func(next func(*lineBatch) *lineBatch) error { return w.readLines(next, after) })
	w.ended(&walk.chainWalk)
	return walk.at, err
}

// verifyLine notes a line that does not hold.
func (w *verification) verifyLine(walk *trailWalk, e *chainEntry, line lineRead) {
	switch {
	case line.at.org != walk.at.org:
		walk.before = &chainEntry{Hash: w.droppedBefore(line.at)} // the months before were dropped, or there are none
	case line.at.month != walk.at.month && walk.before != nil:
		// the first of a month is tied to the last of the one before
		walk.before = &chainEntry{Hash: walk.before.Hash, Format: walk.before.Format}
	}
	if line.at != walk.at {
		w.ended(&walk.chainWalk)
	}
	why := ""
	switch {
	case !line.more:
		why = w.seals.wrongLine(e, walk.before)
	case walk.before != nil && e.Seq != walk.before.Seq+1:
		why = wrongPlace
	}
	if why != "" {
		w.add(line.at, e.Seq, e.Kind, line.row, why)
	}
	walk.come(line.at, e)
	walk.before = &walk.last
}

func (w *verification) readLines(next func(*lineBatch) *lineBatch, after place) error {
	b := next(nil)
	b.reset()
	defer func() { next(b) }()
	k := w.chains.trail
	where, args := " WHERE (street_id, month) > (?, ?)", []any{after.org, after.month}
	if after == beforeAll() {
		where, args = "", nil
	}
	e := link{chainEntry: chainEntry{Kind: string(k.kind)}}
	var row int64
	var more bool
	var hash, mac sql.RawBytes
	r := newRowCells(nil, k.columns, (*number)(&row), (*number)(&e.Seq), (*number)(&e.Format), &hash, &mac, &more)
	filled := "0"
	if has := w.chains.beyond.filled(k); has != "" {
		filled = "CASE WHEN " + has + " THEN 1 ELSE 0 END"
	}
	return w.each(func(rows *sqlx.Rows) error {
		if len(b.list) == rowsAhead {
			w.Yield()
			b = next(b)
			b.reset()
		}
		if _, err := r.scan(rows); err != nil { // a value of another type has another digest
			return err
		}
		b.messages = b.messages.row(k.kind, r.cells)
		is := place{r.cells[0].number, r.cells[1].body}
		e.ChainID, e.RowID, e.Hash, e.Mac = is.org, e.Seq, b.keep(hash), b.keep(mac)
		b.list, b.lines = append(b.list, e), append(b.lines, lineRead{is, row, len(b.messages), more})
		return nil
	}, fmt.Sprintf("SELECT %s, id, seq, format, hash, mac, %s FROM trail%s ORDER BY street_id, month, seq", k.names(),
		filled, where), args...)
}

// wrongPlace tells of a line that is not the one that follows the line before it.
const wrongPlace = "这一行被改过，或者它前面少了一行"

// wrongLine returns the reason why a line of the trail does not hold, "" while it does and where
// the line before it cannot be read.
func (s *seals) wrongLine(e, before *chainEntry) string {
	if before == nil { // what it is tied to is told already
		return ""
	}
	if wayOf(e.Format) != chainFormat {
		return fmt.Sprintf("这一行的格式（%d）本程序不认得，没有查", e.Format)
	}
	s.message = s.message[:0].entry(e, before.Hash)
	switch sum := sha256.Sum256(s.message); {
	case e.Seq != before.Seq+1 || !bytes.Equal(e.Hash, sum[:]):
		return wrongPlace
	case !s.authentic(s.message, generationOf(e.Format), e.Mac):
		return "这一行的封存码不对，不是用这个库的密钥写的"
	case generationOf(e.Format) < generationOf(before.Format):
		return "这一行是用已经换掉的密钥写的，前面的却用了新的"
	}
	return ""
}
