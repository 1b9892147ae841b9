package store

import (
	"crypto/hmac"
	"slices"

	"jifen/internal/domain"
	"jifen/internal/fault"
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

// TrailChain stands for the trail where chains are named: it is one by itself.
const TrailChain domain.OrgID = "trail"

// trailKey is the row of TrailChain in chain_heads.
const trailKey = 0

// chainKey is the row of a chain in chain_heads.
func chainKey(chain domain.OrgID) int64 {
	if chain == TrailChain {
		return trailKey
	}
	return orgKey(chain)
}

// chainID is the chain of a row of chain_heads.
func chainID(row int64) domain.OrgID {
	if row == trailKey {
		return TrailChain
	}
	return orgID(row)
}

// record inserts a row of a kind, its values in the order of the kind's columns, and
// appends it to the chain of an organisation. It returns the row's id.
func (tx *Tx) record(chain domain.OrgID, k kind, values ...any) (int64, error) {
	written := slices.Clone(zeroOrOne(values))
	for i, x := range written {
		if text, ok := x.(textRef); ok {
			written[i] = text.id
		}
	}
	row, err := tx.insert(tx.chains.adds[k], written...)
	if err != nil {
		return 0, err
	}
	return row, tx.link(chain, k, row, values)
}

// link appends a row that was inserted with some values to the chain of an
// organisation; what concerns somebody who belongs to none any more stands in the
// root's. The digest is of the values: what the database made of them is for Verify.
func (tx *Tx) link(chain domain.OrgID, k kind, row int64, values []any) error {
	if chain == "" {
		var root int64
		if err := tx.get(&root, "SELECT id FROM orgs WHERE parent_id IS NULL ORDER BY id LIMIT 1"); err != nil {
			return err
		}
		chain = orgID(root)
	}
	cells, err := cellsOf(tx.chains.kinds[k].columns, values)
	if err != nil {
		return err
	}
	e, err := tx.next(chain, k, row, rowDigest(k, cells))
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO chain_entries (chain_id, seq, format, kind, row_id, digest, hash, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		e.ChainID, e.Seq, e.Format, e.Kind, e.RowID, e.Digest, e.Hash, e.Mac)
	if err != nil {
		return err
	}
	return tx.advance(domain.ChainHead{Chain: chain, Seq: e.Seq, Hash: e.Hash})
}

// next makes the entry that follows the last one of a chain. Row 0 is the one whose
// id is the entry's place.
func (tx *Tx) next(chain domain.OrgID, k kind, row int64, digest []byte) (*chainEntry, error) {
	last, err := tx.head(chain)
	if err != nil {
		return nil, err
	}
	e := &chainEntry{ChainID: chainKey(chain), Seq: last.Seq + 1, Format: chainFormat, Kind: string(k), RowID: row, Digest: digest}
	if row == 0 {
		e.RowID = e.Seq
	}
	m := entryMessage(e, last.Hash)
	e.Hash, e.Mac = m.hash(), tx.chains.mac(m)
	return e, nil
}

// head returns the last entry of a chain; what this transaction added is
// remembered, for it is asked again with the next row.
func (tx *Tx) head(chain domain.OrgID) (domain.ChainHead, error) {
	if h, ok := tx.heads[chain]; ok {
		return h, nil
	}
	h, err := headOf(tx.writer.Hold, chain)
	if fault.CodeOf(err) == fault.NotFound {
		err = nil
	}
	return h, err
}

// advance records the last entry of a chain.
func (tx *Tx) advance(h domain.ChainHead) error {
	key := chainKey(h.Chain)
	_, err := tx.exec(`INSERT INTO chain_heads (org_id, seq, hash, mac) VALUES (?, ?, ?, ?)
		ON CONFLICT (org_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`,
		key, h.Seq, h.Hash, tx.chains.mac(headMessage(key, h.Seq, h.Hash)))
	if err != nil {
		return err
	}
	if tx.heads == nil {
		tx.heads = map[domain.OrgID]domain.ChainHead{}
	}
	tx.heads[h.Chain] = h
	return nil
}

type headRow struct {
	OrgID int64
	Seq   int64
	Hash  []byte
	Mac   []byte
}

func (r *headRow) head() domain.ChainHead {
	return domain.ChainHead{Chain: chainID(r.OrgID), Seq: r.Seq, Hash: r.Hash}
}

// headOf asks for the head of a chain; fault.NotFound while it has no entry.
func headOf(ask func(dest any, query string, args ...any) error, chain domain.OrgID) (domain.ChainHead, error) {
	var r headRow
	err := ask(&r, "SELECT org_id, seq, hash, mac FROM chain_heads WHERE org_id = ?", chainKey(chain))
	r.OrgID = chainKey(chain)
	return r.head(), err
}

// headRows reads every head, the trail's first.
func (v *Snapshot) headRows() (rows []headRow, err error) {
	err = v.all(&rows, "SELECT org_id, seq, hash, mac FROM chain_heads ORDER BY org_id")
	return rows, err
}

// Heads returns the last entry of every chain but the trail's, by chain.
func (v *Snapshot) Heads() ([]domain.ChainHead, error) {
	rows, err := v.headRows()
	out := make([]domain.ChainHead, 0, len(rows))
	for i := range rows {
		if rows[i].OrgID != trailKey {
			out = append(out, rows[i].head())
		}
	}
	return out, err
}

// TrailHead returns the last line of the trail as a head; its Seq is the
// line's id. The zero ChainHead of a trail without a line.
func (v *Snapshot) TrailHead() (domain.ChainHead, error) {
	h, err := headOf(v.get, TrailChain)
	if fault.CodeOf(err) == fault.NotFound {
		return domain.ChainHead{}, nil
	}
	return h, err
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
func (v *Snapshot) Authenticated() bool { return len(v.chains.key) > 0 }

// authentic reports whether a code is that of a message. Without a key nothing is
// said against it.
func (c *chains) authentic(m message, mac []byte) bool {
	return len(c.key) == 0 || hmac.Equal(mac, c.mac(m))
}
