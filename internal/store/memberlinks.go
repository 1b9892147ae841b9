package store

import (
	"bytes"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
)

// MemberLink is one row that concerns a member, with its link of the chain.
type MemberLink struct {
	Kind     string       // affiliation, fact, attendance, entry, reversal or decision
	About    string       // of a reversal or a decision: what it is about: entry, attendance or fact
	What     string       // item, kind of activity, attribute or organisation; "" for leaving
	Status   party.Status // of attendance, and of what is decided about it
	Tie      string       // of an affiliation: home, host or participant
	Accepted bool         // of a decision
	Ended    bool         // of an affiliation
	On       calendar.Day // when it happened, or from when it holds; 0 = always
	ByName   string       // "" for the program itself
	At       string       // recorded_at
	Record   RecordID     // of what is about an entry or attendance: whose story tells it
	Seal
}

// Seal is a row's link of the chain, and whether the two hold.
type Seal struct {
	Chain     party.OrgID // "" for a row without a link
	ChainName string
	Seq       int64
	Hash      []byte
	Wrong     string // why row and link do not hold, in Chinese; "" while they do
}

// concerning is every linked row that concerns the member ?1 and was recorded by
// ?2. An activity belongs to its branch; it is read with who was there.
const concerning = `
	SELECT 'entry' AS kind, e.id AS row_id, 'entry' AS about, e.item AS what, '' AS detail, 0 AS flag, e.occurred_on AS on_day, NULL AS activity_id,
		e.id AS of_id, e.note AS text_id, e.recorded_at, e.recorded_by
		FROM entries e WHERE e.member_id = ?1 AND e.recorded_at <= ?2
	UNION ALL SELECT 'reversal', r.id, 'entry', e.item, '', 0, e.occurred_on, NULL, e.id, r.reason, r.recorded_at, r.recorded_by
		FROM entries e JOIN reversals r ON r.entry_id = e.id WHERE e.member_id = ?1 AND r.recorded_at <= ?2
	UNION ALL SELECT 'decision', d.id, 'entry', e.item, '', d.accepted, e.occurred_on, NULL, e.id, d.reason, d.recorded_at, d.recorded_by
		FROM entries e JOIN decisions d ON d.kind = 'entry' AND d.row_id = e.id WHERE e.member_id = ?1 AND d.recorded_at <= ?2
	UNION ALL SELECT 'attendance', x.id, 'attendance', coalesce(a.kind, ''), x.status, 0, a.occurred_on, x.activity_id, x.activity_id, x.reason, x.recorded_at, x.recorded_by
		FROM attendance x LEFT JOIN activities a ON a.id = x.activity_id WHERE x.member_id = ?1 AND x.recorded_at <= ?2
	UNION ALL SELECT 'decision', d.id, 'attendance', coalesce(a.kind, ''), x.status, d.accepted, a.occurred_on, NULL, x.activity_id, d.reason, d.recorded_at, d.recorded_by
		FROM attendance x JOIN decisions d ON d.kind = 'attendance' AND d.row_id = x.id LEFT JOIN activities a ON a.id = x.activity_id
		WHERE x.member_id = ?1 AND d.recorded_at <= ?2
	UNION ALL SELECT 'decision', d.id, 'fact', f.attribute, '', d.accepted, f.from_on, NULL, NULL, d.reason, d.recorded_at, d.recorded_by
		FROM facts f JOIN decisions d ON d.kind = 'fact' AND d.row_id = f.id WHERE f.member_id = ?1 AND d.recorded_at <= ?2
	UNION ALL SELECT 'fact', f.id, '', f.attribute, '', 0, f.from_on, NULL, NULL, NULL, f.recorded_at, f.recorded_by
		FROM facts f WHERE f.member_id = ?1 AND f.recorded_at <= ?2
	UNION ALL SELECT 'affiliation', h.id, '', coalesce(o.name, ''), h.kind, h.ended, h.from_on, NULL, NULL, NULL, h.recorded_at, h.recorded_by
		FROM affiliations h LEFT JOIN orgs o ON o.id = h.org_id WHERE h.member_id = ?1 AND h.recorded_at <= ?2`

type memberLinkRow struct {
	Kind       string
	RowID      int64
	About      string
	What       string
	Detail     string // status or tie
	Flag       bool   // accepted or ended
	OnDay      day
	ActivityID *int64
	OfID       *int64 // the entry or activity it is about
	TextID     *int64
	RecordedAt string
	ByName     *string
	sealRow
}

// sealRow is a link as it is read, every column NULL for a row without one.
type sealRow struct {
	ChainID   *int64
	ChainName *string
	Seq       *int64
	Hash      []byte
}

// seal is the link without a judgement.
func (r *sealRow) seal() Seal {
	s := Seal{Hash: r.Hash}
	if r.ChainID != nil && r.Seq != nil {
		s.Chain, s.Seq = orgID(*r.ChainID), *r.Seq
	}
	if r.ChainName != nil {
		s.ChainName = *r.ChainName
	}
	return s
}

func (r *memberLinkRow) link() MemberLink {
	m := MemberLink{Kind: r.Kind, About: r.About, What: r.What, On: calendar.Day(r.OnDay), At: r.RecordedAt, Seal: r.seal()}
	switch kind(r.Kind) {
	case linkAffiliation:
		m.Tie, m.Ended = r.Detail, r.Flag
	case linkDecision:
		m.Status, m.Accepted = party.Status(r.Detail), r.Flag
	case linkAttendance:
		m.Status = party.Status(r.Detail)
	}
	if r.ByName != nil {
		m.ByName = *r.ByName
	}
	if r.OfID != nil {
		switch ClaimKind(r.About) {
		case EntryClaim:
			m.Record.Entry = EntryID(*r.OfID)
		case AttendanceClaim:
			m.Record.Activity = ActivityID(*r.OfID)
		}
	}
	return m
}

// MemberLinks returns what stands in the chains of one member, the latest
// recorded first, at most n, and of each whether it holds: the row as it was
// sealed, its text, for attendance the activity, and the link tied to the one
// before. A link whose row is gone names no member any more, and a chain whose
// every later hash was reckoned anew holds; those are for Verify and its roots.
// fault.NotFound outside the scope.
func (v *View) MemberLinks(scope access.Scope, id party.MemberID, n int) ([]MemberLink, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	var rows []memberLinkRow
	err := v.all(&rows, `SELECT u.kind, u.row_id, u.about, u.what, u.detail, u.flag, u.on_day, u.activity_id, u.of_id, u.text_id, u.recorded_at,
		b.name AS by_name, l.chain_id, c.name AS chain_name, l.seq, l.hash
		FROM (`+concerning+`) u LEFT JOIN links l ON l.kind = u.kind AND l.row_id = u.row_id
		LEFT JOIN orgs c ON c.id = l.chain_id LEFT JOIN accounts b ON b.id = u.recorded_by
		ORDER BY u.recorded_at DESC, l.chain_id DESC, l.seq DESC, u.kind, u.row_id DESC LIMIT ?3`, string(id), v.knownBy(), n)
	if err != nil {
		return nil, err
	}
	out := make([]MemberLink, len(rows))
	activities := map[int64]string{}
	for i := range rows {
		out[i] = rows[i].link()
		if out[i].Wrong, err = v.wrongLink(&rows[i], activities); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// wrongLink says why a row does not hold, or what it is about. What was found of
// activities is kept, for several rows may be of one.
func (v *View) wrongLink(r *memberLinkRow, activities map[int64]string) (string, error) {
	why, err := v.wrong(kind(r.Kind), r.RowID, r.TextID)
	if err != nil || r.ActivityID == nil {
		return why, err
	}
	of, known := activities[*r.ActivityID]
	if !known {
		if of, err = v.broken(linkActivity, *r.ActivityID); err != nil {
			return "", err
		}
		activities[*r.ActivityID] = of
	}
	if of != "" {
		why = alsoWrong(why, "那次活动不对："+of)
	}
	return why, nil
}

// wrong says why a row, its link and its text do not hold, "" while they do.
func (v *View) wrong(k kind, row int64, text *int64) (string, error) {
	why, err := v.broken(k, row)
	if err != nil || text == nil {
		return why, err
	}
	kept, err := v.textHolds(*text)
	if err == nil && !kept {
		why = alsoWrong(why, "写的话被改过")
	}
	return why, err
}

func alsoWrong(why, more string) string {
	if why == "" {
		return more
	}
	return why + "；" + more
}

// broken says why a row and its link do not hold, "" while they do, in the words
// of Verify.
func (v *View) broken(k kind, row int64) (string, error) {
	var l struct {
		Seq    int64
		Digest []byte
		Hash   []byte
		Before []byte
	}
	err := v.get(&l, `SELECT l.seq, l.digest, l.hash, p.hash AS before FROM links l
		LEFT JOIN links p ON p.chain_id = l.chain_id AND p.seq = l.seq - 1 WHERE l.kind = ? AND l.row_id = ?`, string(k), row)
	if fault.CodeOf(err) == fault.NotFound {
		return "这一行不在链上", nil
	}
	if err != nil {
		return "", err
	}
	now, err := v.digest(k, row)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return "这一行不见了", nil
	case err != nil:
		return "", err
	case !bytes.Equal(now, l.Digest):
		return "这一行被改过", nil
	case !bytes.Equal(l.Hash, linkHash(l.Before, l.Seq, k, row, l.Digest)):
		return "这一环与前一环不相连", nil
	}
	return "", nil
}

// textHolds reports whether a text is the one committed to, or erased.
func (v *View) textHolds(id int64) (bool, error) {
	var t struct {
		Salt       []byte
		Body       string
		Commitment []byte
	}
	err := v.get(&t, "SELECT salt, body, commitment FROM texts WHERE id = ?", id)
	if fault.CodeOf(err) == fault.NotFound {
		return false, nil
	}
	return committed(t.Salt, t.Body, t.Commitment), err
}
