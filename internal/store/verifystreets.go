package store

import (
	"fmt"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
)

// What is told of a row, beside the row it belongs to, by whose street the database may
// be divided.
const (
	chainsOfStreets = `SELECT l.chain_id, l.seq, l.kind, l.row_id FROM chain_entries l JOIN orgs o ON o.id = l.chain_id
		WHERE l.street_id <> coalesce(o.street_id, 0) ORDER BY l.chain_id, l.seq`
	headsOfStreets = `SELECT h.org_id, h.month, h.seq FROM chain_heads h LEFT JOIN orgs o ON o.id = h.org_id
		WHERE h.street_id <> CASE WHEN h.month = '' THEN coalesce(o.street_id, 0) ELSE h.org_id END
		ORDER BY h.org_id, h.month`
)

// verifyStreets finds entries and heads of chains that are not of the street of their
// organisation, and texts that are not of the street of their row.
func (w *verification) verifyStreets() error {
	err := w.readable(func(rows *sqlx.Rows) error {
		var at place
		var seq, row int64
		var kind string
		err := rows.Scan(&at.org, &seq, &kind, &row)
		w.add(at, seq, kind, row, "这一环记的街道不是它的组织的街道")
		return err
	}, chainsOfStreets)
	if err != nil {
		return err
	}
	err = w.readable(func(rows *sqlx.Rows) error {
		var at place
		var seq int64
		err := rows.Scan(&at.org, &at.month, &seq)
		w.add(at, seq, HeadKind, at.org, "链头记的街道不是它的组织的街道")
		return err
	}, headsOfStreets)
	if err != nil {
		return err
	}
	for i := range w.chains.list {
		k := &w.chains.list[i]
		for _, c := range k.columns {
			if c.typ != freeText {
				continue
			}
			if err := w.readable(func(rows *sqlx.Rows) error {
				var id int64
				err := rows.Scan(&id)
				w.add(place{}, 0, textKind, id, "这段文字记的街道不是写它的那一行的街道")
				return err
			}, "SELECT DISTINCT t.id FROM "+k.table+" r JOIN texts t ON t.id = r."+c.name+
				" WHERE t.street_id <> r.street_id ORDER BY t.id"); err != nil {
				return err
			}
		}
	}
	return nil
}

// readable calls f for every row of a question as far as the rows can be read; what cannot
// is told where it is looked at one by one.
func (w *verification) readable(f func(*sqlx.Rows) error, query string) error {
	if err := w.each(f, query); err != nil && !Unreadable(err) {
		return err
	}
	return nil
}

// recountStreets compares the street of members with that of their home, and that of what
// is kept beside them with theirs.
func (v *Snapshot) recountStreets() (out []domain.Miscount, err error) {
	for _, kept := range [...]struct{ what, query string }{
		{"所在街道", `SELECT m.id, m.name, m.street_id, coalesce(o.street_id, 0) AS counted FROM members m
			LEFT JOIN orgs o ON o.id = m.home_id WHERE m.street_id <> coalesce(o.street_id, 0) ORDER BY m.id`},
		{"证号和手机号所在街道", `SELECT DISTINCT m.id, m.name, s.street_id, m.street_id AS counted FROM members m
			JOIN sealed s ON s.member_id = m.id WHERE s.street_id <> m.street_id ORDER BY m.id`},
		{"存着的得分所在街道", `SELECT DISTINCT m.id, m.name, s.street_id, m.street_id AS counted FROM members m
			JOIN standings s ON s.member_id = m.id WHERE s.street_id <> m.street_id ORDER BY m.id`},
	} {
		err := v.each(func(rows *sqlx.Rows) error {
			var m domain.Miscount
			var street, counted int64
			if err := rows.Scan(&m.Member, &m.Name, &street, &counted); err != nil {
				return err
			}
			m.Why = fmt.Sprintf("%s存的是第 %d 号组织，按所在支部应当是第 %d 号", kept.what, street, counted)
			out = append(out, m)
			return nil
		}, kept.query)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
