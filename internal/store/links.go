package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"

	"jifen/internal/fault"
	"jifen/internal/party"
)

// kind is what a link links; each is a table.
type kind string

// The kinds of links: every input that may decide a score.
const (
	linkAffiliation kind = "affiliation"
	linkFact        kind = "fact"
	linkDraft       kind = "draft"
	linkWithdrawal  kind = "withdrawal"
	linkEnactment   kind = "enactment"
	linkActivity    kind = "activity"
	linkAttendance  kind = "attendance"
	linkEntry       kind = "entry"
	linkReversal    kind = "reversal"
	linkDecision    kind = "decision"
	linkPeriod      kind = "period"
)

// sealedRow is the SQL that reads a row as it is sealed: every column of it,
// and of a text its commitment, so that an erased text breaks nothing.
func sealedRow(k kind) string {
	commitment := func(column string) string {
		return "(SELECT t.commitment FROM texts t WHERE t.id = r." + column + ")"
	}
	switch k {
	case linkAffiliation:
		return "SELECT r.id, r.member_id, r.kind, r.org_id, r.from_on, r.ended, r.recorded_at, r.recorded_by FROM affiliations r"
	case linkFact:
		return "SELECT r.id, r.member_id, r.attribute, r.from_on, r.text, r.number, r.waits, r.recorded_at, r.recorded_by FROM facts r"
	case linkEnactment:
		return "SELECT r.id, r.org_id, r.supplement, r.beside, r.code, r.from_on, r.hash, r.source, r.draft_id, r.person, r.retroactive, r.recorded_at, r.recorded_by FROM enactments r"
	case linkDraft:
		return "SELECT r.id, r.org_id, r.supplement, r.beside, r.code, r.from_on, r.hash, r.source, r.cases, r.person, r.retroactive, r.recorded_at, r.recorded_by FROM drafts r"
	case linkWithdrawal:
		return "SELECT r.id, r.draft_id, r.person, " + commitment("reason") + ", r.recorded_at, r.recorded_by FROM withdrawals r"
	case linkActivity:
		return "SELECT r.id, r.org_id, r.kind, r.occurred_on, " + commitment("title") + ", r.paper, r.recorded_at, r.recorded_by FROM activities r"
	case linkAttendance:
		return "SELECT r.id, r.activity_id, r.member_id, r.status, r.made_up_on, r.waits, " + commitment("reason") + ", r.recorded_at, r.recorded_by FROM attendance r"
	case linkEntry:
		return "SELECT r.id, r.member_id, r.item, r.occurred_on, r.counts_on, r.points, r.fields, " + commitment("note") +
			", r.waits, r.follows, r.paper, r.recorded_at, r.recorded_by FROM entries r"
	case linkReversal:
		return "SELECT r.id, r.entry_id, " + commitment("reason") + ", r.recorded_at, r.recorded_by FROM reversals r"
	case linkDecision:
		return "SELECT r.id, r.kind, r.row_id, r.step, r.organs, r.rest, r.accepted, r.document, r.document_on, " + commitment("reason") + ", r.recorded_at, r.recorded_by FROM decisions r"
	case linkPeriod:
		return "SELECT r.id, r.org_id, r.period, r.state, r.recorded_at, r.recorded_by FROM periods r"
	default:
		return ""
	}
}

// digest is SHA-256 over the kind and every column, each with its type and
// length, so that no two rows read alike.
func (v *View) digest(k kind, row int64) ([]byte, error) {
	rows, err := v.query.rows(sealedRow(k)+" WHERE r.id = ?", row)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close() //nolint:errcheck // read only; rows.Err is asked
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, mapError(err)
		}
		return nil, mapError(sql.ErrNoRows)
	}
	values, err := rows.SliceScan()
	if err != nil {
		return nil, mapError(err)
	}
	var b bytes.Buffer
	part := func(kind byte, body []byte) {
		b.WriteByte(kind)
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) //nolint:gosec // columns are shorter
		b.Write(body)
	}
	part('k', []byte(k))
	for _, value := range values {
		switch x := value.(type) {
		case nil:
			part('-', nil)
		case int64:
			part('i', fmt.Append(nil, x))
		case string:
			part('t', []byte(x))
		case []byte:
			part('b', x)
		default:
			return nil, fault.New(fault.Internal, "列的类型 %T 不能封存", x)
		}
	}
	sum := sha256.Sum256(b.Bytes())
	return sum[:], mapError(rows.Err())
}

// link appends a row to the chain of an organisation; what concerns somebody
// who belongs to none any more stands in the root's.
func (tx *Tx) link(chain party.OrgID, k kind, row int64) error {
	if chain == "" {
		chain = rootID
	}
	digest, err := tx.digest(k, row)
	if err != nil {
		return err
	}
	last, err := tx.head(chain)
	if err != nil {
		return err
	}
	seq := last.Seq + 1
	hash := linkHash(last.Hash, seq, k, row, digest)
	_, err = tx.exec("INSERT INTO links (chain_id, seq, kind, row_id, digest, hash) VALUES (?, ?, ?, ?, ?, ?)",
		orgKey(chain), seq, string(k), row, digest, hash)
	if err == nil {
		tx.heads[chain] = Head{Chain: chain, Seq: seq, Hash: hash}
	}
	return err
}

// head returns the last link of a chain; what this transaction added is
// remembered, for it is asked again with the next row.
func (tx *Tx) head(chain party.OrgID) (Head, error) {
	if h, ok := tx.heads[chain]; ok {
		return h, nil
	}
	if tx.heads == nil {
		tx.heads = map[party.OrgID]Head{}
	}
	var last struct {
		Seq  int64
		Hash []byte
	}
	err := tx.get(&last, "SELECT seq, hash FROM links WHERE chain_id = ? ORDER BY seq DESC LIMIT 1", orgKey(chain))
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return Head{}, err
	}
	return Head{Chain: chain, Seq: last.Seq, Hash: last.Hash}, nil
}

// rootID is the first organisation of every database: the street.
const rootID party.OrgID = "1"

// linkHash binds a link to the one before it.
func linkHash(before []byte, seq int64, k kind, row int64, digest []byte) []byte {
	var b []byte
	b = append(b, before...)
	b = binary.BigEndian.AppendUint64(b, uint64(seq)) //nolint:gosec // counts up from 1
	b = append(b, string(k)...)
	b = append(b, 0)
	b = binary.BigEndian.AppendUint64(b, uint64(row)) //nolint:gosec // a row's id
	b = append(b, digest...)
	sum := sha256.Sum256(b)
	return sum[:]
}

// Head is the last link of one chain.
type Head struct {
	Chain party.OrgID
	Seq   int64
	Hash  []byte
}

// Heads returns the last link of every chain, by chain.
func (v *View) Heads() ([]Head, error) {
	var rows []struct {
		ChainID int64
		Seq     int64
		Hash    []byte
	}
	err := v.all(&rows, `SELECT l.chain_id, l.seq, l.hash FROM links l
		WHERE l.seq = (SELECT max(x.seq) FROM links x WHERE x.chain_id = l.chain_id) ORDER BY l.chain_id`)
	out := make([]Head, len(rows))
	for i, r := range rows {
		out[i] = Head{Chain: orgID(r.ChainID), Seq: r.Seq, Hash: r.Hash}
	}
	return out, err
}

// Root is one hash over all heads: what is written down outside the database.
func Root(heads []Head) []byte {
	var b []byte
	for _, h := range heads {
		b = binary.BigEndian.AppendUint64(b, uint64(orgKey(h.Chain))) //nolint:gosec // a row's id
		b = binary.BigEndian.AppendUint64(b, uint64(h.Seq))           //nolint:gosec // counts up from 1
		b = append(b, h.Hash...)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// Break is one place where the chain does not hold.
type Break struct {
	Chain party.OrgID
	Seq   int64
	Kind  string
	Row   int64
	Why   string // Chinese
}

// Verify walks every chain and every linked row, the texts and the trail, and
// returns where they do not hold: a changed row, a changed or missing link, a
// row that no link knows.
func (v *View) Verify() ([]Break, error) {
	out, err := v.verifyLinks()
	if err != nil {
		return nil, err
	}
	for _, more := range [...]func() ([]Break, error){v.unlinked, v.verifyTexts, v.verifyTrail} {
		found, err := more()
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// atOnce is how many links are held in memory while the chains are walked.
const atOnce = 1000

// storedLink is a row of links.
type storedLink struct {
	ChainID int64
	Seq     int64
	Kind    string
	RowID   int64
	Digest  []byte
	Hash    []byte
}

// linksAfter returns the next links in the order of the chains; nil asks for the
// first, wherever somebody may have put one.
func (v *View) linksAfter(last *storedLink) (links []storedLink, err error) {
	const columns, order = "SELECT chain_id, seq, kind, row_id, digest, hash FROM links", " ORDER BY chain_id, seq LIMIT ?"
	if last == nil {
		err = v.all(&links, columns+order, atOnce)
	} else {
		err = v.all(&links, columns+" WHERE (chain_id, seq) > (?, ?)"+order, last.ChainID, last.Seq, atOnce)
	}
	return links, err
}

// verifyLinks walks every chain and looks at every linked row.
func (v *View) verifyLinks() (out []Break, err error) {
	var chain, seq int64
	var last *storedLink
	for {
		links, err := v.linksAfter(last)
		if err != nil || len(links) == 0 {
			return out, err
		}
		for i := range links {
			l := &links[i]
			if last == nil || l.ChainID != chain {
				chain, seq, last = l.ChainID, 0, &storedLink{}
			}
			say := func(why string) { out = append(out, Break{orgID(chain), l.Seq, l.Kind, l.RowID, why}) }
			seq++
			if l.Seq != seq {
				say(fmt.Sprintf("缺了第 %d 环", seq))
				seq = l.Seq
			}
			if !bytes.Equal(l.Hash, linkHash(last.Hash, l.Seq, kind(l.Kind), l.RowID, l.Digest)) {
				say("这一环与前一环不相连")
			}
			last = l
			switch now, err := v.digest(kind(l.Kind), l.RowID); {
			case fault.CodeOf(err) == fault.NotFound:
				say("这一行不见了")
			case err != nil:
				return nil, err
			case !bytes.Equal(now, l.Digest):
				say("这一行被改过")
			}
		}
	}
}

// unlinked finds rows that no link knows.
func (v *View) unlinked() ([]Break, error) {
	var out []Break
	for _, t := range []struct {
		k     kind
		table string
	}{
		{linkAffiliation, "affiliations"}, {linkFact, "facts"}, {linkEnactment, "enactments"}, {linkDraft, "drafts"}, {linkWithdrawal, "withdrawals"}, {linkActivity, "activities"},
		{linkAttendance, "attendance"}, {linkEntry, "entries"}, {linkReversal, "reversals"}, {linkDecision, "decisions"}, {linkPeriod, "periods"},
	} {
		var ids []int64
		err := v.all(&ids, "SELECT r.id FROM "+t.table+" r WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.kind = ? AND l.row_id = r.id) ORDER BY r.id", string(t.k))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out = append(out, Break{Kind: string(t.k), Row: id, Why: "这一行不在链上"})
		}
	}
	return out, nil
}
