package store

import (
	"fmt"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
)

// readStreets reads the streets of organisations, as far as they can be read.
func (w *verification) readStreets() error {
	return w.readable(func(rows *sqlx.Rows) error {
		var org, street int64
		err := rows.Scan(&org, &street)
		w.streets[org] = street
		return err
	}, "SELECT id, coalesce(street_id, 0) FROM orgs")
}

// verifyStreets tells of the entries and finds the heads of chains that are not of the
// street of their organisation.
func (w *verification) verifyStreets() error {
	w.found = append(w.found, w.elsewhere...)
	return w.readable(func(rows *sqlx.Rows) error {
		var at place
		var seq int64
		err := rows.Scan(&at.org, &at.month, &seq)
		w.add(at, seq, HeadKind, at.org, "链头记的街道不是它的组织的街道")
		return err
	}, `SELECT h.org_id, h.month, h.seq FROM chain_heads h LEFT JOIN orgs o ON o.id = h.org_id
		WHERE h.street_id <> CASE WHEN h.month = '' THEN coalesce(o.street_id, 0) ELSE h.org_id END
		ORDER BY h.org_id, h.month`)
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
