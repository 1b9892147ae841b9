package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Unreadable reports whether an error says that what is on the disk is damaged, so
// that other parts of it may be readable.
func Unreadable(err error) bool { return errors.Is(err, engine.ErrBroken) }

// verification is a walk along every chain: what was found so far, where the chains
// end, and of which the end was not reached because something cannot be read.
type verification struct {
	*Snapshot
	found   []domain.ChainBreak
	ends    map[place]domain.ChainHead
	damaged map[place]bool
	rows    rowDigests
}

// Verify walks every chain and every row in it, the texts and the trail, and
// returns where they do not hold: a changed row, a changed or missing entry, an
// entry of a kind that nobody knows, a row without an entry, and what cannot be read
// any more; it goes on with the rest.
func (v *Snapshot) Verify() ([]domain.ChainBreak, error) {
	w := &verification{Snapshot: v, ends: map[place]domain.ChainHead{}, damaged: map[place]bool{}}
	for _, part := range [...]func() error{w.verifyChains, w.verifyTrail, w.verifyHeads, w.unchained, w.verifyTexts,
		w.verifyStreets} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return w.found, nil
}

// add notes one break.
func (w *verification) add(at place, seq int64, kind string, row int64, why string) {
	b := domain.ChainBreak{Seq: seq, Kind: kind, Row: row, Why: why}
	if at != (place{}) {
		b.Chain = at.chain()
	}
	w.found = append(w.found, b)
}

// walk calls f, which reads chains in order from after a place on and returns the
// last one it has come to, until it has read to the end. Where something cannot be
// read it notes that and goes on with the next chain that a head is known of.
func (w *verification) walk(of func(place) bool, f func(after place) (last place, err error)) error {
	heads, err := w.headRows()
	if err != nil && !Unreadable(err) {
		return err
	}
	var seq int64
	after := beforeAll()
	for {
		last, err := f(after)
		if !Unreadable(err) {
			return err
		}
		if last == after { // nothing was read: it is the next one
			i := slices.IndexFunc(heads, func(r headRow) bool { return of(r.place()) && comparePlaces(r.place(), after) > 0 })
			if i < 0 {
				return nil // what is damaged lies after the last chain, or heads are not readable either: they are told
			}
			last = heads[i].place()
		}
		seq, after = w.ends[last].Seq, last
		if slices.ContainsFunc(heads, func(r headRow) bool { return r.place() == last && r.Seq == seq }) {
			continue // this one is read to its end
		}
		w.add(last, seq+1, HeadKind, last.org, fmt.Sprintf("磁盘坏了，这条链从第 %d 环起读不出来，后面的没有查", seq+1))
		w.damaged[last] = true
	}
}

// beforeAll returns the place that is asked after to read from the first chain on,
// wherever somebody may have put one.
func beforeAll() place { return place{org: math.MinInt64} }

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.org, b.org), cmp.Compare(a.month, b.month))
}

// atOnce is the number of entries held in memory while the chains are walked.
const atOnce = 1000

// entriesAfter returns the next entries in the order of the chains, as many as can be
// read; nil asks for the first.
func (v *Snapshot) entriesAfter(last *chainEntry) (list []chainEntry, err error) {
	const columns, order = "SELECT chain_id, seq, format, kind, row_id, digest, hash, mac FROM chain_entries",
		" ORDER BY chain_id, seq LIMIT ?"
	one := func(rows *sqlx.Rows) error {
		list = append(list, chainEntry{})
		e := &list[len(list)-1]
		return rows.Scan(&e.ChainID, &e.Seq, &e.Format, &e.Kind, &e.RowID, &e.Digest, &e.Hash, &e.Mac)
	}
	if last == nil {
		err = v.each(one, columns+order, atOnce)
		return list, err
	}
	err = v.each(one, columns+" WHERE (chain_id, seq) > (?, ?)"+order, last.ChainID, last.Seq, atOnce)
	return list, err
}

// verifyChains walks every chain, looks at every row in it and notes where each
// chain ends.
func (w *verification) verifyChains() error {
	return w.walk(func(p place) bool { return p.month == "" }, w.verifyChainsAfter)
}

func (w *verification) verifyChainsAfter(after place) (at place, err error) {
	at = after
	var last *chainEntry
	if after != beforeAll() {
		last = &chainEntry{ChainID: after.org, Seq: math.MaxInt64}
	}
	for {
		list, failed := w.entriesAfter(last)
		w.rows = w.digestsOf(list)
		for i := range list {
			e := &list[i]
			why, err := w.verifyEntry(e, last)
			if err != nil {
				return at, err
			}
			at = place{org: e.ChainID}
			for _, one := range why {
				w.add(at, e.Seq, e.Kind, e.RowID, one)
			}
			last = e
			w.ends[at] = domain.ChainHead{Chain: at.chain(), Seq: e.Seq, Hash: e.Hash}
		}
		if failed != nil || len(list) == 0 {
			return at, failed
		}
	}
}

// verifyEntry returns the reasons why an entry does not follow the one before it, nil for none,
// and why it does not hold its row.
func (w *verification) verifyEntry(e, before *chainEntry) (why []string, err error) {
	if before == nil || before.ChainID != e.ChainID {
		before = &chainEntry{}
	}
	if e.Seq != before.Seq+1 {
		why = append(why, fmt.Sprintf("缺了第 %d 环", before.Seq+1))
	}
	if e.Format != chainFormat {
		return append(why, fmt.Sprintf("这一环的格式（%d）本程序不认得，没有查", e.Format)), nil
	}
	if wrong := w.unjoined(e, before.Hash); wrong != "" {
		why = append(why, wrong)
	}
	if w.rows.same(e) {
		return why, nil
	}
	row, err := w.changed(e)
	if row != "" {
		why = append(why, row)
	}
	return why, err
}

// unjoined returns the reason why an entry is not tied to the one before it, "" while it is,
// or was not made with the key.
func (v *Snapshot) unjoined(e *chainEntry, before []byte) string {
	m := entryMessage(e, before)
	switch {
	case !bytes.Equal(e.Hash, m.hash()):
		return "这一环与前一环不相连"
	case !v.chains.authentic(m, e.Mac):
		return "这一环的封存码不对，不是用这个库的密钥写的"
	}
	return ""
}

// changed returns the reason why the row of an entry is not the one that was recorded, "" while
// it is. A row that cannot be read is told like one that was changed.
func (v *Snapshot) changed(e *chainEntry) (string, error) {
	k := v.chains.kinds[kind(e.Kind)]
	if k == nil {
		return fmt.Sprintf("不认得“%s”这种环", e.Kind), nil
	}
	switch now, err := v.digest(k, e.RowID); {
	case fault.CodeOf(err) == fault.NotFound:
		return "这一行不见了", nil
	case fault.CodeOf(err) == fault.Unavailable && !Unreadable(err): // nothing more is to be had of the database
		return "", err
	case err != nil:
		return "这一行读不出来", nil
	case !bytes.Equal(now, e.Digest):
		return "这一行被改过", nil
	}
	return "", nil
}

// unchained finds rows that stand in no chain, or in one of another street.
func (w *verification) unchained() error {
	for _, k := range w.chains.list {
		elsewhere := ""
		if k.carriesStreet() {
			elsewhere = " OR l.street_id <> r.street_id"
		}
		err := w.each(func(rows *sqlx.Rows) error {
			var id int64
			var street *int64
			err := rows.Scan(&id, &street)
			why := "这一行不在链上"
			if street != nil {
				why = "这一行记的街道和它所在的链的不一样"
			}
			w.add(place{}, 0, string(k.kind), id, why)
			return err
		}, "SELECT r.id, l.street_id FROM "+k.table+` r LEFT JOIN chain_entries l ON l.kind = ? AND l.row_id = r.id
			WHERE l.seq IS NULL`+elsewhere+" ORDER BY r.id", string(k.kind))
		switch {
		case Unreadable(err):
			w.add(place{}, 0, string(k.kind), 0, "磁盘坏了，有的行读不出来：是不是每一行都在链上，没有查完")
		case err != nil:
			return err
		}
	}
	return nil
}

// Reached reports whether a head that was written down before still stands in
// its chain with the same hash. missing says that its place is empty.
func (v *Snapshot) Reached(h domain.ChainHead) (ok, missing bool, err error) {
	var hash []byte
	if at := placeOf(h.Chain); at.month != "" {
		err = v.get(&hash, "SELECT hash FROM trail WHERE street_id = ? AND month = ? AND seq = ?", at.org, at.month, h.Seq)
	} else {
		err = v.get(&hash, "SELECT hash FROM chain_entries WHERE chain_id = ? AND seq = ?", at.org, h.Seq)
	}
	if fault.CodeOf(err) == fault.NotFound {
		return false, true, nil
	}
	return bytes.Equal(hash, h.Hash), false, err
}

// What else a ChainBreak may name as a kind: the head of a chain, and a text.
const (
	HeadKind = "head"
	textKind = "text"
)

// verifyHeads compares the heads with where the chains end.
func (w *verification) verifyHeads() error {
	rows, err := w.headRows()
	if Unreadable(err) {
		w.add(place{}, 0, HeadKind, 0, "磁盘坏了，链头读不出来，链尾少没少没有查")
		return nil
	}
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		end := w.ends[r.place()]
		delete(w.ends, r.place())
		if w.damaged[r.place()] {
			continue
		}
		if why := w.wrongHead(r, &end); why != "" {
			w.found = append(w.found, domain.ChainBreak{Chain: r.place().chain(), Seq: r.Seq, Kind: HeadKind, Row: r.OrgID,
				Why: why})
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(w.ends), comparePlaces) {
		w.found = append(w.found, domain.ChainBreak{Chain: at.chain(), Seq: w.ends[at].Seq, Kind: HeadKind, Row: at.org,
			Why: "这条链的链头不见了"})
	}
	return nil
}

// wrongHead returns the reason why a head is not where its chain ends, "" while it is.
func (v *Snapshot) wrongHead(r *headRow, end *domain.ChainHead) string {
	switch {
	case end.Seq < r.Seq:
		return fmt.Sprintf("链尾少了：链头记的是第 %d 环，最后只有第 %d 环", r.Seq, end.Seq)
	case end.Seq > r.Seq || !bytes.Equal(r.Hash, end.Hash):
		return fmt.Sprintf("链头和最后一环（第 %d 环）对不上", end.Seq)
	case !v.chains.authentic(r.message(), r.Mac):
		return "链头的封存码不对，不是用这个库的密钥写的"
	}
	return ""
}

// verifyTrail walks the trail, street by street and month by month, and notes where
// each chain of it ends.
func (w *verification) verifyTrail() error {
	return w.walk(func(p place) bool { return p.month != "" }, w.verifyTrailAfter)
}

func (w *verification) verifyTrailAfter(after place) (at place, err error) {
	k := w.chains.trail
	var before *chainEntry // nil where the one before cannot be read
	at = after
	where, args := " WHERE (street_id, month) > (?, ?)", []any{after.org, after.month}
	if after == beforeAll() {
		where, args = "", nil
	}
	err = w.each(func(rows *sqlx.Rows) error {
		e := &chainEntry{Kind: string(k.kind)}
		var row int64
		cells, err := scanCells(rows, k.columns, &row, &e.Seq, &e.Format, &e.Hash, &e.Mac)
		if err != nil {
			return err
		}
		e.RowID, e.Digest = e.Seq, rowDigest(k.kind, cells)
		is := place{cells[0].number, string(cells[1].body)}
		switch e.ChainID = is.org; {
		case is.org != at.org:
			before = &chainEntry{}
		case is.month != at.month && before != nil:
			before = &chainEntry{Hash: before.Hash} // the first of a month is tied to the last of the one before
		}
		if why := w.wrongLine(e, before); why != "" {
			w.add(is, e.Seq, string(k.kind), row, why)
		}
		before, at = e, is
		w.ends[is] = domain.ChainHead{Chain: is.chain(), Seq: e.Seq, Hash: e.Hash}
		return nil
	}, "SELECT "+k.names()+`, id, seq, format, hash, mac FROM trail`+where+
		" ORDER BY street_id, month, seq", args...)
	return at, err
}

// wrongLine returns the reason why a line of the trail does not hold, "" while it does and where
// the line before it cannot be read.
func (v *Snapshot) wrongLine(e, before *chainEntry) string {
	if before == nil { // what it is tied to is told already
		return ""
	}
	m := entryMessage(e, before.Hash)
	switch {
	case e.Format != chainFormat:
		return fmt.Sprintf("这一行的格式（%d）本程序不认得，没有查", e.Format)
	case e.Seq != before.Seq+1 || !bytes.Equal(e.Hash, m.hash()):
		return "这一行被改过，或者它前面少了一行"
	case !v.chains.authentic(m, e.Mac):
		return "这一行的封存码不对，不是用这个库的密钥写的"
	}
	return ""
}
