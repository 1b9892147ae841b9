package store

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/vault"
)

// Verify walks every chain and every row in it, the texts and the trail, and
// returns where they do not hold: a changed row, a changed or missing entry, an
// entry of a kind that nobody knows, a row without an entry.
func (v *Snapshot) Verify() ([]domain.ChainBreak, error) {
	ends := map[place]domain.ChainHead{}
	out, err := v.verifyChains(ends)
	if err != nil {
		return nil, err
	}
	trail, err := v.verifyTrail(ends)
	if err != nil {
		return nil, err
	}
	heads, err := v.verifyHeads(ends)
	if err != nil {
		return nil, err
	}
	out = append(append(out, trail...), heads...)
	for _, more := range [...]func() ([]domain.ChainBreak, error){v.unlinked, v.verifyTexts} {
		found, err := more()
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// atOnce is how many entries are held in memory while the chains are walked.
const atOnce = 1000

// entriesAfter returns the next entries in the order of the chains; nil asks for
// the first, wherever somebody may have put one.
func (v *Snapshot) entriesAfter(last *chainEntry) (list []chainEntry, err error) {
	const columns, order = "SELECT chain_id, seq, format, kind, row_id, digest, hash, mac FROM chain_entries", " ORDER BY chain_id, seq LIMIT ?"
	if last == nil {
		err = v.all(&list, columns+order, atOnce)
	} else {
		err = v.all(&list, columns+" WHERE (chain_id, seq) > (?, ?)"+order, last.ChainID, last.Seq, atOnce)
	}
	return list, err
}

// verifyChains walks every chain, looks at every row in it and notes where each
// chain ends.
func (v *Snapshot) verifyChains(ends map[place]domain.ChainHead) (out []domain.ChainBreak, err error) {
	var last *chainEntry
	for {
		list, err := v.entriesAfter(last)
		if err != nil || len(list) == 0 {
			return out, err
		}
		for i := range list {
			e := &list[i]
			why, err := v.verifyEntry(e, last)
			if err != nil {
				return nil, err
			}
			for _, w := range why {
				out = append(out, domain.ChainBreak{Chain: orgID(e.ChainID), Seq: e.Seq, Kind: e.Kind, Row: e.RowID, Why: w})
			}
			last = e
			ends[place{org: e.ChainID}] = domain.ChainHead{Chain: orgID(e.ChainID), Seq: e.Seq, Hash: e.Hash}
		}
	}
}

// verifyEntry says why an entry does not follow the one before it, nil for none,
// and why it does not hold its row.
func (v *Snapshot) verifyEntry(e, before *chainEntry) (why []string, err error) {
	if before == nil || before.ChainID != e.ChainID {
		before = &chainEntry{}
	}
	if e.Seq != before.Seq+1 {
		why = append(why, fmt.Sprintf("缺了第 %d 环", before.Seq+1))
	}
	if e.Format != chainFormat {
		return append(why, fmt.Sprintf("这一环的格式（%d）本程序不认得，没有查", e.Format)), nil
	}
	if tie := v.unjoined(e, before.Hash); tie != "" {
		why = append(why, tie)
	}
	row, err := v.changed(e)
	if row != "" {
		why = append(why, row)
	}
	return why, err
}

// unjoined says why an entry is not tied to the one before it, "" while it is,
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

// changed says why the row of an entry is not the one that was recorded, "" while
// it is. A row that cannot be read is told like one that was changed.
func (v *Snapshot) changed(e *chainEntry) (string, error) {
	k := v.chains.kinds[kind(e.Kind)]
	if k == nil {
		return fmt.Sprintf("不认得“%s”这种环", e.Kind), nil
	}
	switch now, err := v.digest(k, e.RowID); {
	case fault.CodeOf(err) == fault.NotFound:
		return "这一行不见了", nil
	case fault.CodeOf(err) == fault.Unavailable: // nothing more is to be had of the database
		return "", err
	case err != nil:
		return "这一行读不出来", nil
	case !bytes.Equal(now, e.Digest):
		return "这一行被改过", nil
	}
	return "", nil
}

// unlinked finds rows that stand in no chain.
func (v *Snapshot) unlinked() (out []domain.ChainBreak, err error) {
	for _, k := range v.chains.list {
		var ids []int64
		err := v.all(&ids, "SELECT r.id FROM "+k.table+` r WHERE NOT EXISTS (
			SELECT 1 FROM chain_entries l WHERE l.kind = ? AND l.row_id = r.id) ORDER BY r.id`, string(k.kind))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out = append(out, domain.ChainBreak{Kind: string(k.kind), Row: id, Why: "这一行不在链上"})
		}
	}
	return out, nil
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

// verifyTexts finds texts that are not the ones committed to, and texts that were
// erased without a row that says so.
func (v *Snapshot) verifyTexts() (out []domain.ChainBreak, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		var id int64
		var salt, commitment []byte
		var body string
		var recorded bool
		if err := rows.Scan(&id, &salt, &body, &commitment, &recorded); err != nil {
			return err
		}
		switch {
		case len(salt) == 0 && body == "" && !recorded:
			out = append(out, domain.ChainBreak{Kind: "text", Row: id, Why: "这段文字被删去了，没有删除的记录"})
		case !committed(salt, body, commitment):
			out = append(out, domain.ChainBreak{Kind: "text", Row: id, Why: "这段文字被改过"})
		}
		return nil
	}, `SELECT t.id, t.salt, t.body, t.commitment, e.id IS NOT NULL FROM texts t
		LEFT JOIN erasures e ON e.text_id = t.id ORDER BY t.id`)
	return out, err
}

// committed reports whether a text is the one committed to. An erased text is
// taken for it.
func committed(salt []byte, body string, commitment []byte) bool {
	if len(salt) == 0 && body == "" {
		return true
	}
	return len(salt) == vault.SaltSize && bytes.Equal(vault.Commit(salt, []byte(body)), commitment)
}

// HeadKind stands for the head of a chain where a ChainBreak names a kind.
const HeadKind = "head"

// verifyHeads compares the heads with where the chains end.
func (v *Snapshot) verifyHeads(ends map[place]domain.ChainHead) (out []domain.ChainBreak, err error) {
	rows, err := v.headRows()
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		end := ends[r.place()]
		delete(ends, r.place())
		if why := v.wrongHead(r, &end); why != "" {
			out = append(out, domain.ChainBreak{Chain: r.place().chain(), Seq: r.Seq, Kind: HeadKind, Row: r.OrgID, Why: why})
		}
	}
	byPlace := func(a, b place) int { return cmp.Or(cmp.Compare(a.org, b.org), cmp.Compare(a.month, b.month)) }
	for _, at := range slices.SortedFunc(maps.Keys(ends), byPlace) {
		out = append(out, domain.ChainBreak{Chain: at.chain(), Seq: ends[at].Seq, Kind: HeadKind, Row: at.org, Why: "这条链的链头不见了"})
	}
	return out, nil
}

// wrongHead says why a head is not where its chain ends, "" while it is.
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
func (v *Snapshot) verifyTrail(ends map[place]domain.ChainHead) (out []domain.ChainBreak, err error) {
	k := v.chains.trail
	before, at := &chainEntry{}, place{}
	err = v.each(func(rows *sqlx.Rows) error {
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
		case is.month != at.month:
			before = &chainEntry{Hash: before.Hash} // the first of a month is tied to the last of the one before
		}
		if why := v.wrongLine(e, before); why != "" {
			out = append(out, domain.ChainBreak{Chain: is.chain(), Seq: e.Seq, Kind: string(k.kind), Row: row, Why: why})
		}
		before, at = e, is
		ends[is] = domain.ChainHead{Chain: is.chain(), Seq: e.Seq, Hash: e.Hash}
		return nil
	}, "SELECT "+k.names()+", id, seq, format, hash, mac FROM trail ORDER BY street_id, month, seq")
	return out, err
}

// wrongLine says why a line of the trail does not hold, "" while it does.
func (v *Snapshot) wrongLine(e, before *chainEntry) string {
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
