package store

import (
	"bytes"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// droppable is the condition on a line of the trail, OLD, that its month was dropped.
const droppable = "EXISTS (SELECT 1 FROM trail_drops d WHERE d.trail_street = OLD.street_id AND d.month = OLD.month)"

// TrailMonths returns the months of the trail of every street, and of none, in order.
func (v *Snapshot) TrailMonths() ([]domain.TrailMonth, error) {
	if err := v.settled(); err != nil {
		return nil, err
	}
	var rows []struct {
		OrgID   int64
		Month   string
		Seq     int64
		Hash    []byte
		Dropped int64
	}
	err := v.all(&rows, `SELECT h.org_id, h.month, h.seq, h.hash,
		(SELECT count(d.id) FROM trail_drops d WHERE d.trail_street = h.org_id AND d.month = h.month) AS dropped
		FROM chain_heads h WHERE h.month <> '' ORDER BY h.org_id, h.month`)
	out := make([]domain.TrailMonth, len(rows))
	for i, r := range rows {
		out[i] = domain.TrailMonth{Street: streetID(r.OrgID), Month: r.Month, Lines: r.Seq, Hash: r.Hash,
			Dropped: r.Dropped > 0}
	}
	return out, err
}

// streetID returns the id of the row of a street, "" for none.
func streetID(row int64) domain.OrgID {
	if row == 0 {
		return ""
	}
	return orgID(row)
}

// DropTrail drops a month of the trail: what is kept of it is recorded first, then its lines
// go. Lines, Hash and Before of the drop are those of the database. fault.Conflict where
// the month is not there, an earlier one still is, or none is after it.
func (tx *Tx) DropTrail(d *domain.TrailDrop) error {
	months, err := tx.TrailMonths()
	if err != nil {
		return err
	}
	var is, before *domain.TrailMonth
	later := false
	for i := range months {
		switch m := &months[i]; {
		case m.Street != d.Street:
		case m.Month < d.Month && !m.Dropped:
			return fault.New(fault.Conflict, "%s 的审计还没有清理", m.Month).WithHint("从最早的一个月清起")
		case m.Month < d.Month:
			before = m
		case m.Month == d.Month:
			is = m
		default:
			later = true
		}
	}
	switch {
	case is == nil:
		return fault.New(fault.Conflict, "没有 %s 的审计", d.Month).WithHint("用 jifen trail months 看有哪几个月")
	case is.Dropped:
		return fault.New(fault.Conflict, "%s 的审计已经清理了", d.Month)
	case !later:
		return fault.New(fault.Conflict, "%s 是最后一个有审计的月，不能清理", d.Month)
	}
	if !bytes.Equal(is.Hash, d.Hash) || is.Lines != d.Lines {
		return fault.New(fault.Stale, "%s 的审计刚刚变了", d.Month).WithHint("再来一遍")
	}
	var tied any
	if before != nil {
		tied = before.Hash
	}
	street := int64(0)
	if d.Street != "" {
		street = orgKey(d.Street)
	}
	if _, err := tx.record(d.Street, kindTrailDrop, street, d.Month, is.Lines, tied, is.Hash, d.Note, int64(d.Asked),
		tx.stamp(), int64(d.Agreed)); err != nil {
		return err
	}
	return tx.writer.Dropping("trail", droppable, func() error {
		_, err := tx.exec("DELETE FROM trail WHERE street_id = ? AND month = ?", street, d.Month)
		return err
	})
}

// TrailDrops returns what was dropped of the trail, in the order of streets and months.
func (v *Snapshot) TrailDrops() ([]domain.TrailDrop, error) {
	var rows []struct {
		TrailStreet int64
		Month       string
		Seq         int64
		Before      []byte
		Hash        []byte
		Note        string
		AskedBy     int64
		RecordedAt  string
		RecordedBy  int64
	}
	err := v.all(&rows, `SELECT trail_street, month, seq, before, hash, note, asked_by, recorded_at, recorded_by
		FROM trail_drops ORDER BY trail_street, month`)
	out := make([]domain.TrailDrop, len(rows))
	for i, r := range rows {
		out[i] = domain.TrailDrop{
			TrailMonth: domain.TrailMonth{Street: streetID(r.TrailStreet), Month: r.Month, Lines: r.Seq, Hash: r.Hash,
				Dropped: true},
			Before: r.Before, Note: r.Note, Asked: domain.AccountID(r.AskedBy), At: r.RecordedAt,
			Agreed: domain.AccountID(r.RecordedBy),
		}
	}
	return out, err
}

// droppedAt returns what was dropped of the trail, by place.
func (v *Snapshot) droppedAt() (map[place]*domain.TrailDrop, error) {
	list, err := v.TrailDrops()
	out := map[place]*domain.TrailDrop{}
	for i := range list {
		d := &list[i]
		at := place{month: d.Month}
		if d.Street != "" {
			at.org = orgKey(d.Street)
		}
		out[at] = d
	}
	return out, err
}

// Dropped reports whether a head is of a month of the trail that was dropped, so that only
// that of its last line can be compared.
func (v *Snapshot) Dropped(h domain.ChainHead) (d *domain.TrailDrop, err error) {
	at := placeOf(h.Chain)
	if at.month == "" {
		return d, nil
	}
	all, err := v.droppedAt()
	return all[at], err
}
