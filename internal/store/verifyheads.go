package store

import (
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// VerifyHeads compares the head of every chain with its last entry and its code, and returns
// how many there are and which do not hold. It walks no chain, and so costs little.
func (v *Snapshot) VerifyHeads() (n int, out []domain.ChainBreak, err error) {
	rows, err := v.headRows()
	if err != nil {
		return 0, nil, err
	}
	for i := range rows {
		r := &rows[i]
		var end struct {
			Seq  int64
			Hash []byte
		}
		if r.Month == "" {
			err = v.get(&end, "SELECT seq, hash FROM chain_entries WHERE chain_id = ? ORDER BY seq DESC LIMIT 1", r.OrgID)
		} else {
			err = v.get(&end, "SELECT seq, hash FROM trail WHERE street_id = ? AND month = ? ORDER BY seq DESC LIMIT 1", r.OrgID,
				r.Month)
		}
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return 0, nil, err
		}
		if why := v.wrongHead(r, &domain.ChainHead{Seq: end.Seq, Hash: end.Hash}); why != "" {
			out = append(out, domain.ChainBreak{Chain: r.place().chain(), Seq: r.Seq, Kind: HeadKind, Row: r.OrgID, Why: why})
		}
	}
	return len(rows), out, nil
}
