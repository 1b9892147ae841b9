package store

import (
	"bytes"
	"fmt"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/vault"
)

// Verify walks every chain and every row in it, the texts and the trail, and
// returns where they do not hold: a changed row, a changed or missing entry, an
// entry of a kind that nobody knows, a row without an entry.
func (v *Snapshot) Verify() ([]domain.ChainBreak, error) {
	out, err := v.verifyChains()
	if err != nil {
		return nil, err
	}
	for _, more := range [...]func() ([]domain.ChainBreak, error){v.unlinked, v.verifyTexts, v.verifyTrail} {
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
	const columns, order = "SELECT chain_id, seq, format, kind, row_id, digest, hash FROM chain_entries", " ORDER BY chain_id, seq LIMIT ?"
	if last == nil {
		err = v.all(&list, columns+order, atOnce)
	} else {
		err = v.all(&list, columns+" WHERE (chain_id, seq) > (?, ?)"+order, last.ChainID, last.Seq, atOnce)
	}
	return list, err
}

// verifyChains walks every chain and looks at every row in it.
func (v *Snapshot) verifyChains() (out []domain.ChainBreak, err error) {
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

// unjoined says why an entry is not tied to the one before it, "" while it is.
func (v *Snapshot) unjoined(e *chainEntry, before []byte) string {
	if !bytes.Equal(e.Hash, entryMessage(e, before).hash()) {
		return "这一环与前一环不相连"
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

// TrailChain stands for the trail where chains are named: it is one by itself.
const TrailChain domain.OrgID = "trail"

// TrailHead returns the last line of the trail as a head; its Seq is the
// line's id. The zero Head of a trail without a line.
func (v *Snapshot) TrailHead() (domain.ChainHead, error) {
	var last struct {
		ID   int64
		Hash []byte
	}
	err := v.get(&last, "SELECT id, hash FROM trail ORDER BY id DESC LIMIT 1")
	if fault.CodeOf(err) == fault.NotFound {
		return domain.ChainHead{}, nil
	}
	return domain.ChainHead{Chain: TrailChain, Seq: last.ID, Hash: last.Hash}, err
}

// Reached reports whether a head that was written down before still stands in
// its chain with the same hash. missing says that its place is empty.
func (v *Snapshot) Reached(h domain.ChainHead) (ok, missing bool, err error) {
	var hash []byte
	if h.Chain == TrailChain {
		err = v.get(&hash, "SELECT hash FROM trail WHERE id = ?", h.Seq)
	} else {
		err = v.get(&hash, "SELECT hash FROM chain_entries WHERE chain_id = ? AND seq = ?", orgKey(h.Chain), h.Seq)
	}
	if fault.CodeOf(err) == fault.NotFound {
		return false, true, nil
	}
	return bytes.Equal(hash, h.Hash), false, err
}

// verifyTexts finds texts that are not the ones committed to. An erased text is
// none of them.
func (v *Snapshot) verifyTexts() (out []domain.ChainBreak, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		var id int64
		var salt, commitment []byte
		var body string
		if err := rows.Scan(&id, &salt, &body, &commitment); err != nil {
			return err
		}
		if !committed(salt, body, commitment) {
			out = append(out, domain.ChainBreak{Kind: "text", Row: id, Why: "这段文字被改过"})
		}
		return nil
	}, "SELECT id, salt, body, commitment FROM texts ORDER BY id")
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

// verifyTrail walks the trail.
func (v *Snapshot) verifyTrail() (out []domain.ChainBreak, err error) {
	var before []byte
	err = v.each(func(rows *sqlx.Rows) error {
		var t domain.AuditEvent
		var who, org *int64
		var member *string
		var hash []byte
		if err := rows.Scan(&t.ID, &t.At, &who, &t.Action, &org, &member, &t.Detail, &hash); err != nil {
			return err
		}
		if who != nil {
			t.Account = domain.AccountID(*who)
		}
		if org != nil {
			t.Org = orgID(*org)
		}
		if member != nil {
			t.Member = domain.MemberID(*member)
		}
		if !bytes.Equal(hash, traceHash(before, &t)) {
			out = append(out, domain.ChainBreak{Chain: TrailChain, Seq: t.ID, Kind: "trail", Row: t.ID, Why: "这一行被改过，或者它前面少了一行"})
		}
		before = hash
		return nil
	}, "SELECT id, at, account_id, action, org_id, member_id, detail, hash FROM trail ORDER BY id")
	return out, err
}
