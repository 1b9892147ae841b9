package store

import (
	"bytes"
	"math"

	"github.com/jmoiron/sqlx"

	"jifen/internal/vault"
)

// textsAtOnce is the number of texts that are read at once, or one by one
// where some of them cannot be read.
const textsAtOnce = 200

// verifyTexts finds texts that are not the ones committed to, and texts that were
// erased without a row that says so.
func (w *verification) verifyTexts() error {
	var last int64
	if err := w.get(&last, "SELECT coalesce(max(id), 0) FROM texts"); Unreadable(err) {
		w.add(place{}, 0, textKind, 0, "磁盘坏了，文字读不出来，没有查")
		return nil
	} else if err != nil {
		return err
	}
	const next = " WHERE t.id >= ? ORDER BY t.id LIMIT ?"
	for from := int64(math.MinInt64); ; {
		read, err := w.verifySome(next, from, textsAtOnce)
		if err != nil && !Unreadable(err) {
			return err
		}
		switch {
		case read == nil && err == nil:
			return nil
		case read != nil && *read >= last:
			return nil
		case read != nil:
			from = *read + 1
			continue
		}
		from = max(from, 1)
		for id := from; id < from+textsAtOnce && id <= last; id++ {
			if _, err := w.verifySome(" WHERE t.id = ?", id); Unreadable(err) {
				w.add(place{}, 0, textKind, id, "磁盘坏了，这段文字读不出来")
			} else if err != nil {
				return err
			}
		}
		if from += textsAtOnce; from > last {
			return nil
		}
	}
}

// verifySome looks at some texts and returns the last one that could be read, nil for
// none.
func (w *verification) verifySome(where string, args ...any) (read *int64, err error) {
	err = w.each(func(rows *sqlx.Rows) error {
		var id int64
		var salt, commitment []byte
		var body string
		var recorded bool
		if err := rows.Scan(&id, &salt, &body, &commitment, &recorded); err != nil {
			return err
		}
		switch {
		case len(salt) == 0 && body == "" && !recorded:
			w.add(place{}, 0, textKind, id, "这段文字被删去了，没有删除的记录")
		case !committed(salt, body, commitment):
			w.add(place{}, 0, textKind, id, "这段文字被改过")
		}
		read = &id
		return nil
	}, `SELECT t.id, t.salt, t.body, t.commitment, e.id IS NOT NULL FROM texts t
		LEFT JOIN erasures e ON e.text_id = t.id`+where, args...)
	return read, err
}

// committed reports whether a text is the one committed to. An erased text is
// taken for it.
func committed(salt []byte, body string, commitment []byte) bool {
	if len(salt) == 0 && body == "" {
		return true
	}
	return len(salt) == vault.SaltSize && bytes.Equal(vault.Commit(salt, []byte(body)), commitment)
}
