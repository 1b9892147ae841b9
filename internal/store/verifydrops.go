package store

import (
	"bytes"
	"maps"
	"slices"

	"jifen/internal/domain"
)

// readDrops reads which months of the trail were dropped, as far as that can be read.
func (w *verification) readDrops() error {
	drops, err := w.droppedAt()
	w.drops = drops
	if Unreadable(err) {
		w.drops, err = map[place]*domain.TrailDrop{}, nil // the rows are told one by one
	}
	return err
}

// droppedBefore returns the hash of the last line of the latest month of the trail of a street
// that was dropped before one; nil for none.
func (w *verification) droppedBefore(at place) []byte {
	last := place{}
	for p := range w.drops {
		if p.org == at.org && p.month < at.month && p.month > last.month {
			last = p
		}
	}
	if last.month == "" {
		return nil
	}
	return w.drops[last].Hash
}

// verifyDrops tells of months that are said to be dropped and have lines, that are not tied to
// the month before, and that do not end where their head says. It puts where they end to
// where the others do.
func (w *verification) verifyDrops() error {
	var before place
	for _, at := range slices.SortedFunc(maps.Keys(w.drops), comparePlaces) {
		d := w.drops[at]
		tell := func(why string) { w.add(at, d.Lines, HeadKind, at.org, at.month+" 的审计登记为已清理，"+why) }
		if _, has := w.ends[at]; has {
			tell("却还有行")
			continue
		}
		switch tied := w.drops[before]; {
		case before.org == at.org && tied != nil && !bytes.Equal(tied.Hash, d.Before):
			tell("留下的根和前一个月的不相连")
		case (before.org != at.org || tied == nil) && len(d.Before) > 0:
			tell("它前面的一个月不见了")
		}
		w.ends[at] = domain.ChainHead{Chain: at.chain(), Seq: d.Lines, Hash: d.Hash}
		before = at
	}
	return nil
}
