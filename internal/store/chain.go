package store

import (
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
}

// rootID is the first organisation of every database: the street.
const rootID domain.OrgID = "1"

// link appends a row to the chain of an organisation; what concerns somebody
// who belongs to none any more stands in the root's.
func (tx *Tx) link(chain domain.OrgID, k kind, row int64) error {
	if chain == "" {
		chain = rootID
	}
	digest, err := tx.digest(tx.chains.kinds[k], row)
	if err != nil {
		return err
	}
	last, err := tx.head(chain)
	if err != nil {
		return err
	}
	e := chainEntry{ChainID: orgKey(chain), Seq: last.Seq + 1, Format: chainFormat, Kind: string(k), RowID: row, Digest: digest}
	e.Hash = entryMessage(&e, last.Hash).hash()
	_, err = tx.exec("INSERT INTO chain_entries (chain_id, seq, format, kind, row_id, digest, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
		e.ChainID, e.Seq, e.Format, e.Kind, e.RowID, e.Digest, e.Hash)
	if err == nil {
		tx.heads[chain] = domain.ChainHead{Chain: chain, Seq: e.Seq, Hash: e.Hash}
	}
	return err
}

// head returns the last entry of a chain; what this transaction added is
// remembered, for it is asked again with the next row.
func (tx *Tx) head(chain domain.OrgID) (domain.ChainHead, error) {
	if h, ok := tx.heads[chain]; ok {
		return h, nil
	}
	if tx.heads == nil {
		tx.heads = map[domain.OrgID]domain.ChainHead{}
	}
	var last struct {
		Seq  int64
		Hash []byte
	}
	err := tx.get(&last, "SELECT seq, hash FROM chain_entries WHERE chain_id = ? ORDER BY seq DESC LIMIT 1", orgKey(chain))
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return domain.ChainHead{}, err
	}
	return domain.ChainHead{Chain: chain, Seq: last.Seq, Hash: last.Hash}, nil
}

// Heads returns the last entry of every chain, by chain.
func (v *Snapshot) Heads() ([]domain.ChainHead, error) {
	var rows []struct {
		ChainID int64
		Seq     int64
		Hash    []byte
	}
	err := v.all(&rows, `SELECT l.chain_id, l.seq, l.hash FROM chain_entries l
		WHERE l.seq = (SELECT max(x.seq) FROM chain_entries x WHERE x.chain_id = l.chain_id) ORDER BY l.chain_id`)
	out := make([]domain.ChainHead, len(rows))
	for i, r := range rows {
		out[i] = domain.ChainHead{Chain: orgID(r.ChainID), Seq: r.Seq, Hash: r.Hash}
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
