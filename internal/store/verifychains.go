package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
)

// linkBatch holds entries of the chains as they were read.
type linkBatch struct {
	list  []link
	bytes []byte // of their digests, hashes and codes
}

// link is an entry with the street that stands beside it.
type link struct {
	chainEntry
	street int64
}

func (b *linkBatch) reset() { b.list, b.bytes = b.list[:0], b.bytes[:0] }

// keep copies bytes that are the driver's until the next row.
func (b *linkBatch) keep(raw []byte) []byte {
	from := len(b.bytes)
	b.bytes = append(b.bytes, raw...)
	return b.bytes[from:len(b.bytes):len(b.bytes)]
}

// chainWalk is a walk along chains: the chain it has come to, and the place and the hash of
// its last entry there.
type chainWalk struct {
	at    place
	last  chainEntry
	begun bool
}

// come goes on to an entry.
func (c *chainWalk) come(to place, e *chainEntry) {
	c.at, c.begun = to, true
	c.last.Seq, c.last.Format, c.last.Hash = e.Seq, e.Format, append(c.last.Hash[:0], e.Hash...)
}

// ended notes where a chain ends, as far as it was read.
func (w *verification) ended(c *chainWalk) {
	if c.begun {
		w.ends[c.at] = domain.ChainHead{Chain: c.at.chain(), Seq: c.last.Seq, Hash: slices.Clone(c.last.Hash)}
	}
}

// verifyChains walks every chain, adds up what it says of rows and notes where each
// chain ends.
func (w *verification) verifyChains() error {
	return w.walk(func(p place) bool { return p.month == "" }, w.verifyChainsAfter)
}

func (w *verification) verifyChainsAfter(after place) (place, error) {
	walk := &chainWalk{at: after}
	err := ahead(func(b *linkBatch) {
		for i := range b.list {
			e := &b.list[i]
			if is := (place{org: e.ChainID}); is != walk.at {
				w.ended(walk)
				walk.last = chainEntry{Hash: walk.last.Hash[:0]}
			}
			w.verifyLink(e, &walk.last)
			walk.come(place{org: e.ChainID}, &e.chainEntry)
		}
	}, func(next func(*linkBatch) *linkBatch) error { return w.readLinks(next, after) })
	w.ended(walk)
	return walk.at, err
}

func (w *verification) readLinks(next func(*linkBatch) *linkBatch, after place) error {
	where, args := " WHERE chain_id > ?", []any{after.org}
	if after == beforeAll() {
		where, args = "", nil
	}
	b := next(nil)
	b.reset()
	defer func() { next(b) }()
	var e link
	var digest, hash, mac sql.RawBytes
	into := []any{(*number)(&e.ChainID), (*number)(&e.Seq), (*number)(&e.Format), &e.Kind, (*number)(&e.RowID),
		&digest, &hash, &mac, (*number)(&e.street)}
	return w.each(func(rows *sqlx.Rows) error {
		if len(b.list) == rowsAhead {
			w.Yield()
			b = next(b)
			b.reset()
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		e.Digest, e.Hash, e.Mac = b.keep(digest), b.keep(hash), b.keep(mac)
		b.list = append(b.list, e)
		return nil
	}, "SELECT chain_id, seq, format, kind, row_id, digest, hash, mac, street_id FROM chain_entries"+where+
		" ORDER BY chain_id, seq", args...)
}

// verifyLink notes that an entry does not follow the one before it, and adds up what it says
// of its row.
func (w *verification) verifyLink(e *link, before *chainEntry) {
	tell := func(why string) { w.add(place{org: e.ChainID}, e.Seq, e.Kind, e.RowID, why) }
	if e.Seq != before.Seq+1 {
		tell(fmt.Sprintf("缺了第 %d 环", before.Seq+1))
	}
	if street, known := w.streets[e.ChainID]; known && street != e.street {
		w.elsewhere = append(w.elsewhere, domain.ChainBreak{Chain: orgID(e.ChainID), Seq: e.Seq, Kind: e.Kind, Row: e.RowID,
			Why: "这一环记的街道不是它的组织的街道"})
	}
	if wayOf(e.Format) != chainFormat {
		tell(fmt.Sprintf("这一环的格式（%d）本程序不认得，没有查", e.Format))
		return
	}
	if wrong := w.seals.unjoined(&e.chainEntry, before.Hash); wrong != "" {
		tell(wrong)
	}
	if generationOf(e.Format) < generationOf(before.Format) {
		tell(outOfUse)
	}
	switch k := w.chains.kinds[kind(e.Kind)]; {
	case k != nil:
		w.sums.entry(k, e.RowID, e.street, e.Digest)
	case w.chains.beyond == nil: // or Beyond tells
		tell(unknownKind(e.Kind))
	}
}

// outOfUse tells an entry under a key that was replaced before it.
const outOfUse = "这一环是用已经换掉的密钥写的，前面的却用了新的"

func unknownKind(name string) string { return fmt.Sprintf("不认得“%s”这种环", name) }

// unjoined returns the reason why an entry is not tied to the one before it, "" while it is,
// or was not made with the key.
func (s *seals) unjoined(e *chainEntry, before []byte) string {
	s.message = s.message[:0].entry(e, before)
	switch sum := sha256.Sum256(s.message); {
	case !bytes.Equal(e.Hash, sum[:]):
		return "这一环与前一环不相连"
	case !s.authentic(s.message, generationOf(e.Format), e.Mac):
		return "这一环的封存码不对，不是用这个库的密钥写的"
	}
	return ""
}
