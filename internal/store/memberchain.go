package store

import (
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// concerning returns the SELECT of every row in the chains that concerns a member
// and was recorded by an instant, with its placeholders' values.
func (c *chains) concerning(member domain.MemberID, by string) (query string, args []any) {
	var parts []string
	for _, k := range c.list {
		for _, one := range k.concerning {
			parts = append(parts, "SELECT '"+string(k.kind)+"' AS kind, "+one)
			args = append(args, string(member), by)
		}
	}
	return strings.Join(parts, "\n\tUNION ALL "), args
}

type memberEntryRow struct {
	Kind       string
	RowID      int64
	What       string
	Status     string
	Detail     string // kind of affiliation or of step
	Flag       bool   // ended
	OnDay      day
	EntryID    *int64
	ActivityID *int64
	RecordedAt string
	ByName     *string
	proofRow
}

// proofRow is an entry as it is read, every column NULL for a row without one.
type proofRow struct {
	ChainID   *int64
	ChainName *string
	Seq       *int64
	Hash      []byte
}

// proof is the entry without a judgement.
func (r *proofRow) proof() domain.Proof {
	s := domain.Proof{Hash: r.Hash}
	if r.ChainID != nil && r.Seq != nil {
		s.Chain, s.Seq = orgID(*r.ChainID), *r.Seq
	}
	if r.ChainName != nil {
		s.ChainName = *r.ChainName
	}
	return s
}

func (r *memberEntryRow) entry() domain.ChainEntry {
	m := domain.ChainEntry{Kind: r.Kind, What: r.What, Status: domain.AttendanceStatus(r.Status),
		On: calendar.Day(r.OnDay), At: r.RecordedAt, ByName: text(r.ByName), Proof: r.proof()}
	switch kind(r.Kind) {
	case kindAffiliation, kindChangeReversal:
		m.Affiliation, m.Ended = domain.AffiliationKind(r.Detail), r.Flag
	case kindRequestStep:
		m.Step = domain.StepKind(r.Detail)
	}
	switch {
	case r.EntryID != nil:
		m.Record.Entry = domain.EntryID(*r.EntryID)
	case r.ActivityID != nil:
		m.Record.Activity = domain.ActivityID(*r.ActivityID)
	}
	return m
}

// MemberChain returns what stands in the chains of one member, the latest
// recorded first, at most n, and of each whether it holds: the row as it was
// recorded, its texts, for attendance the activity, and the entry tied to the one
// before. An entry whose row is gone names no member any more, and a chain whose
// every later hash was reckoned anew holds; those are for Verify and its roots.
// fault.NotFound outside the scope.
func (v *Snapshot) MemberChain(scope access.Scope, id domain.MemberID, n int) ([]domain.ChainEntry, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	var rows []memberEntryRow
	concerning, args := v.chains.concerning(id, v.knownBy())
	err := v.all(&rows, `SELECT u.kind, u.row_id, u.what, u.status, u.detail, u.flag, u.on_day, u.entry_id, u.activity_id,
		u.recorded_at, b.name AS by_name, l.chain_id, c.name AS chain_name, l.seq, l.hash
		FROM (`+concerning+`) u LEFT JOIN chain_entries l ON l.kind = u.kind AND l.row_id = u.row_id
		LEFT JOIN orgs c ON c.id = l.chain_id LEFT JOIN accounts b ON b.id = u.recorded_by
		ORDER BY u.recorded_at DESC, coalesce(l.chain_id, 0) DESC, coalesce(l.seq, 0) DESC, u.kind, u.row_id DESC
		LIMIT ?`, append(args, n)...)
	if err != nil {
		return nil, err
	}
	out := make([]domain.ChainEntry, len(rows))
	activities := map[int64]string{}
	for i := range rows {
		out[i] = rows[i].entry()
		if out[i].Wrong, err = v.wrongEntry(&rows[i], activities); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// wrongEntry returns the reason why a row, or the row it is about, does not hold. What was found of
// activities is kept, for several rows may be of one.
func (v *Snapshot) wrongEntry(r *memberEntryRow, activities map[int64]string) (string, error) {
	why, err := v.wrong(kind(r.Kind), r.RowID)
	if err != nil || kind(r.Kind) != kindAttendance || r.ActivityID == nil {
		return why, err
	}
	of, known := activities[*r.ActivityID]
	if !known {
		if of, err = v.broken(kindActivity, *r.ActivityID); err != nil {
			return "", err
		}
		activities[*r.ActivityID] = of
	}
	if of != "" {
		why = alsoWrong(why, "那次活动不对："+of)
	}
	return why, nil
}

// wrong returns the reason why a row, its entry and its texts do not hold, "" while they do.
func (v *Snapshot) wrong(k kind, row int64) (string, error) {
	why, err := v.broken(k, row)
	if err != nil {
		return "", err
	}
	kept, err := v.textsHold(v.chains.kinds[k], row)
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

// broken returns the reason why a row and its entry do not hold, "" while they do, in the words
// of Verify.
func (v *Snapshot) broken(k kind, row int64) (string, error) {
	var e struct {
		chainEntry
		Before []byte
	}
	err := v.get(&e, `SELECT l.chain_id, l.seq, l.format, l.kind, l.row_id, l.digest, l.hash, l.mac, p.hash AS before
		FROM chain_entries l
		LEFT JOIN chain_entries p ON p.chain_id = l.chain_id AND p.seq = l.seq - 1 WHERE l.kind = ?
		AND l.row_id = ?`, string(k), row)
	if fault.CodeOf(err) == fault.NotFound {
		return "这一行不在链上", nil
	}
	if err != nil {
		return "", err
	}
	why, err := v.changed(&e.chainEntry)
	if err == nil && why == "" {
		why = v.chains.seals().unjoined(&e.chainEntry, e.Before)
	}
	return why, err
}

// textsHold reports whether the texts of a row are the ones committed to, or erased.
func (v *Snapshot) textsHold(k *chainedKind, row int64) (bool, error) {
	for _, c := range k.columns {
		if c.typ != freeText {
			continue
		}
		var t struct {
			TextID     *int64
			Salt       []byte
			Body       *string
			Commitment []byte
		}
		err := v.get(&t, "SELECT r."+c.name+" AS text_id, t.salt, t.body, t.commitment FROM "+k.table+" r "+
			"LEFT JOIN texts t ON t.id = r."+c.name+
			" WHERE r.id = ?", row)
		if fault.CodeOf(err) == fault.NotFound {
			return true, nil // the row itself is gone, which is told
		}
		if err != nil || t.TextID != nil && (t.Body == nil || !committed(t.Salt, *t.Body, t.Commitment)) {
			return false, err
		}
	}
	return true, nil
}
