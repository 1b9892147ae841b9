package store

import (
	"cmp"
	"crypto/hmac"
	"errors"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// chainEntry is a row of chain_entries.
type chainEntry struct {
	ChainID int64
	Seq     int64
	Format  int64
	Kind    string
	RowID   int64
	Digest  []byte
	Hash    []byte
	Mac     []byte
}

// place names the row of a chain's head: of what was put in for an organisation,
// or of the trail of a street in a month.
type place struct {
	org   int64
	month string // "" = of what was put in
}

// trailPrefix begins the name of every chain of the trail: trail/street/month.
const trailPrefix = "trail/"

// OfTrail reports whether a chain is one of the trail.
func OfTrail(chain domain.OrgID) bool { return strings.HasPrefix(string(chain), trailPrefix) }

// placeOf returns where the head of a chain stands.
func placeOf(chain domain.OrgID) place {
	name, trail := strings.CutPrefix(string(chain), trailPrefix)
	street, month, _ := strings.Cut(name, "/")
	if trail && month == "" {
		month = "?" // is none
	}
	return place{orgKey(domain.OrgID(street)), month}
}

// chain returns the name of the chain.
func (p place) chain() domain.OrgID {
	if p.month == "" {
		return orgID(p.org)
	}
	return domain.OrgID(trailPrefix + string(orgID(p.org)) + "/" + p.month)
}

// record inserts a row of a kind, its values in the order of the kind's columns, and
// appends it to the chain of an organisation. It returns the row's id.
func (tx *Tx) record(chain domain.OrgID, k kind, values ...any) (int64, error) {
	chain, street, err := tx.standsIn(chain)
	if err != nil {
		return 0, err
	}
	written := zeroOrOne(values)
	if tx.chains.kinds[k].carriesStreet() {
		written = append([]any{street}, written...)
	}
	for i, x := range written {
		if text, ok := x.(textRef); ok {
			written[i] = text.id
		}
	}
	row, err := tx.insert(tx.chains.adds[k], written...)
	if err != nil {
		return 0, err
	}
	return row, tx.appendEntry(chain, k, row, values)
}

// appendEntry appends a row that was inserted with some values to the chain of an
// organisation. The digest is of the values: what the database made of them is for Verify.
func (tx *Tx) appendEntry(chain domain.OrgID, k kind, row int64, values []any) error {
	chain, street, err := tx.standsIn(chain)
	if err != nil {
		return err
	}
	if !tx.chains.kinds[k].ofAccount() { // whose writes hold the account
		if err := tx.alone(street); err != nil {
			return err
		}
	}
	tx.lining.recorded(tx.chains.kinds[k], values)
	cells, err := cellsOf(tx.chains.kinds[k].columns, values)
	if err != nil {
		return err
	}
	last, err := tx.head(place{org: orgKey(chain)})
	if err != nil {
		return err
	}
	e := tx.next(last, k, row, rowDigest(k, cells))
	_, err = tx.exec("INSERT INTO chain_entries (chain_id, seq, format, kind, row_id, digest, hash, mac, "+
		"street_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		e.ChainID, e.Seq, e.Format, e.Kind, e.RowID, e.Digest, e.Hash, e.Mac, street)
	if err != nil {
		return raced(err)
	}
	tx.advance(&headRow{OrgID: e.ChainID, Seq: e.Seq, Hash: e.Hash})
	tx.wrote = street
	for _, version := range tx.chains.kinds[k].raises.versions() {
		tx.raise(version, street)
	}
	return nil
}

// next makes the entry that follows the last one of a chain. Row 0 is the one whose
// id is the entry's place.
func (tx *Tx) next(last *headRow, k kind, row int64, digest []byte) *chainEntry {
	e := &chainEntry{ChainID: last.OrgID, Seq: last.Seq + 1, Format: tx.chains.format(), Kind: string(k), RowID: row,
		Digest: digest}
	if row == 0 {
		e.RowID = e.Seq
	}
	m := entryMessage(e, last.Hash)
	e.Hash, e.Mac = m.hash(), tx.chains.mac(m)
	return e
}

// raced marks the error of an entry whose place somebody else has taken: a head that
// is not there yet cannot be held.
func raced(err error) error {
	if fault.CodeOf(err) == fault.Conflict {
		return errors.Join(err, engine.ErrRace)
	}
	return err
}

// headRow is a row of chain_heads.
type headRow struct {
	OrgID int64
	Month string
	Seq   int64
	Hash  []byte
	Mac   []byte
}

const headSelect = "SELECT org_id, month, seq, hash, mac FROM chain_heads"

func (r *headRow) place() place { return place{r.OrgID, r.Month} }

func (r *headRow) head() domain.ChainHead {
	return domain.ChainHead{Chain: r.place().chain(), Seq: r.Seq, Hash: r.Hash}
}

// message returns the message of the head's code.
func (r *headRow) message() message {
	if r.Month == "" {
		return headMessage(r.OrgID, r.Seq, r.Hash)
	}
	return trailHeadMessage(r.OrgID, r.Month, r.Seq, r.Hash)
}

// head returns the last entry of a chain, without a hash while it has none, and
// holds it; what this transaction added is remembered, for it is asked again with
// the next row.
func (tx *Tx) head(at place) (*headRow, error) {
	if h := tx.heads[at]; h != nil {
		return h, nil
	}
	r := &headRow{}
	err := tx.writer.Hold(r, headSelect+" WHERE org_id = ? AND month = ?", at.org, at.month)
	if fault.CodeOf(err) == fault.NotFound {
		return &headRow{OrgID: at.org, Month: at.month}, nil
	}
	if err == nil {
		err = tx.rightKey(r)
	}
	return r, err
}

// trailHead returns what the next line of a street's trail in a month follows: the
// last of the month, or for its first line the last of an earlier month as entry 0.
// Where the clock goes back, a line goes into the month that has begun.
func (tx *Tx) trailHead(street int64, month string) (*headRow, error) {
	if h := tx.heads[place{street, month}]; h != nil {
		return h, nil
	}
	r := &headRow{}
	err := tx.writer.Hold(r, headSelect+" WHERE org_id = ? AND month <> '' ORDER BY month DESC LIMIT 1", street)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return &headRow{OrgID: street, Month: month}, nil
	case err != nil:
		return r, err
	}
	if err := tx.rightKey(r); err != nil {
		return r, err
	}
	if r.Month < month {
		return &headRow{OrgID: street, Month: month, Hash: r.Hash}, nil
	}
	if h := tx.heads[r.place()]; h != nil {
		return h, nil
	}
	return r, nil
}

// advance takes note of the last entry of a chain, which settle writes.
func (tx *Tx) advance(h *headRow) {
	if tx.heads == nil {
		tx.heads = map[place]*headRow{}
	}
	tx.heads[h.place()] = h
	if !slices.Contains(tx.moved, h.place()) {
		tx.moved = append(tx.moved, h.place())
	}
}

// settle writes the heads of the chains that the transaction has added to, each once
// however many rows it added, and the versions that it raises.
func (tx *Tx) settle() error {
	slices.SortFunc(tx.moved, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.org, b.org), cmp.Compare(a.month, b.month))
	})
	for at := range slices.Chunk(tx.moved, 2) { // mostly a branch's and the trail's
		var values []any
		for _, p := range at {
			h := tx.heads[p]
			h.Mac = tx.chains.mac(h.message())
			street, err := tx.streetOfChain(p)
			if err != nil {
				return err
			}
			values = append(values, h.OrgID, h.Month, h.Seq, h.Hash, h.Mac, street)
		}
		_, err := tx.exec("INSERT INTO chain_heads (org_id, month, seq, hash, mac, street_id) VALUES (?, ?, ?, ?, ?, ?)"+
			strings.Repeat(", (?, ?, ?, ?, ?, ?)", len(at)-1)+`
			ON CONFLICT (org_id, month) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`, values...)
		if err != nil {
			return err
		}
	}
	tx.moved = nil
	return tx.raiseVersions()
}

// headRows reads every head, those of an organisation's inputs before its trail's.
func (v *Snapshot) headRows() (rows []headRow, err error) {
	if err := v.settled(); err != nil {
		return nil, err
	}
	err = v.all(&rows, headSelect+" ORDER BY org_id, month")
	return rows, err
}

// Heads returns the last entry of every chain but the trail's, by chain.
func (v *Snapshot) Heads() ([]domain.ChainHead, error) {
	return v.heads(" WHERE month = '' ORDER BY org_id")
}

// TrailHeads returns the last line of the trail of every street, and of what is of
// none. It is tied to all lines of the months before.
func (v *Snapshot) TrailHeads() ([]domain.ChainHead, error) {
	return v.heads(` h WHERE h.month <> '' AND h.month = (SELECT max(l.month) FROM chain_heads l WHERE l.org_id = h.org_id)
		ORDER BY h.org_id`)
}

func (v *Snapshot) heads(where string) ([]domain.ChainHead, error) {
	if err := v.settled(); err != nil {
		return nil, err
	}
	var rows []headRow
	err := v.all(&rows, headSelect+where)
	out := make([]domain.ChainHead, len(rows))
	for i := range rows {
		out[i] = rows[i].head()
	}
	return out, err
}

// Root is one hash over all heads: what is written down outside the database.
func Root(heads []domain.ChainHead) []byte {
	m := message("jifen root\x00").u32(chainFormat).u32(len(heads))
	for _, h := range heads {
		m = m.i64(orgKey(h.Chain)).i64(h.Seq).text(string(h.Hash))
	}
	return m.hash()
}

// Authenticated reports whether Verify checks the codes too: the key is at hand.
func (v *Snapshot) Authenticated() bool { return len(v.chains.keys) > 0 }

// authentic reports whether a code is that of a message. Without a key nothing is
// said against it.
func (c *chains) authentic(m message, mac []byte) bool {
	return len(c.keys) == 0 || hmac.Equal(mac, c.mac(m))
}
