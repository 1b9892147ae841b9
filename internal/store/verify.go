package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

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
	sums    *rowSums
	seals   *seals
	streets map[int64]int64 // of organisations, as far as they can be read
	strays  map[int64]bool  // texts of another street than their row, which are told

	elsewhere []domain.ChainBreak // entries of another street than their organisation
	drops     map[place]*domain.TrailDrop
}

// Verify walks every chain and every row in it, the texts and the trail, and
// returns where they do not hold: a changed row, a changed or missing entry, an
// entry of a kind that nobody knows, a row without an entry, and what cannot be read
// any more; it goes on with the rest. What a newer program has recorded is no break: it
// is told by Beyond.
func (v *Snapshot) Verify() ([]domain.ChainBreak, error) {
	w := v.verification()
	for _, part := range [...]func() error{w.readStreets, w.readDrops, w.verifyChains, w.verifyTrail,
		w.verifyDrops, w.verifyHeads, w.verifyRows, w.verifyTexts, w.verifyStreets} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return w.found, nil
}

func (v *Snapshot) verification() *verification {
	return &verification{Snapshot: v, ends: map[place]domain.ChainHead{}, damaged: map[place]bool{},
		sums: newRowSums(v.chains), seals: v.chains.seals(), streets: map[int64]int64{}, strays: map[int64]bool{}}
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

// changed returns the reason why the row of an entry is not the one that was recorded, "" while
// it is. A row that cannot be read is told like one that was changed.
func (v *Snapshot) changed(e *chainEntry) (string, error) {
	k := v.chains.kinds[kind(e.Kind)]
	if k == nil && v.chains.beyond != nil {
		return "", nil // see Beyond
	}
	if k == nil {
		return unknownKind(e.Kind), nil
	}
	switch now, err := v.digest(k, e.RowID); {
	case fault.CodeOf(err) == fault.NotFound:
		return "这一行不见了", nil
	case fault.CodeOf(err) == fault.Unavailable && !Unreadable(err): // nothing more is to be had of the database
		return "", err
	case err != nil:
		return "这一行读不出来", nil
	case !bytes.Equal(now, e.Digest):
		passed, err := v.passed(k, e.RowID)
		if passed || err != nil {
			return "", err
		}
		return "这一行被改过", nil
	}
	return "", nil
}

// Reached reports whether a head that was written down before still stands in
// its chain with the same hash. missing says that its place is empty. Of a month of the trail that
// was dropped the last line only is compared: all lines before are tied to it.
func (v *Snapshot) Reached(h domain.ChainHead) (ok, missing bool, err error) {
	var hash []byte
	if at := placeOf(h.Chain); at.month != "" {
		err = v.get(&hash, "SELECT hash FROM trail WHERE street_id = ? AND month = ? AND seq = ?", at.org, at.month, h.Seq)
	} else {
		err = v.get(&hash, "SELECT hash FROM chain_entries WHERE chain_id = ? AND seq = ?", at.org, h.Seq)
	}
	if fault.CodeOf(err) == fault.NotFound {
		if d, err := v.Dropped(h); d != nil || err != nil {
			return d != nil && (h.Seq < d.Lines || h.Seq == d.Lines && bytes.Equal(h.Hash, d.Hash)), false, err
		}
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
