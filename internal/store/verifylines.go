package store

import (
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// linesSince names the setting that says from which instant on every row has its line in
// the trail: databases of before were brought here by a migration. Without it all have.
const linesSince = "lines since"

// Unlined returns the rows that stand in a chain and of which the trail has no line: none of
// their instant by who is written as their author, or by anybody where no author is
// written. Rows of a month that was dropped anywhere, and of before, are not asked.
func (v *Snapshot) Unlined() (out []domain.ChainBreak, err error) {
	since, err := v.linedSince()
	if err != nil {
		return nil, err
	}
	for i := range v.chains.list {
		k := &v.chains.list[i]
		at, by := "recorded_at", ""
		if k.kind == kindToken {
			at = "made_at"
		}
		if k.author() >= 0 {
			by = " AND (r.recorded_by IS NULL OR t.account_id = r.recorded_by)"
		}
		err := v.each(func(rows *sqlx.Rows) error {
			b := domain.ChainBreak{Kind: string(k.kind), Why: "审计里没有这一行是谁记的"}
			err := rows.Scan(&b.Row)
			out = append(out, b)
			return err
		}, "SELECT r.id FROM "+k.table+" r WHERE r."+at+" > ? AND NOT EXISTS (SELECT 1 FROM trail t WHERE t.at = r."+
			at+by+") ORDER BY r.id", since)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// linedSince returns the instant after which every row has a line that is still there.
func (v *Snapshot) linedSince() (since string, err error) {
	err = v.get(&since, "SELECT value FROM settings WHERE name = ?", linesSince)
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return "", err
	}
	var dropped string
	if err := v.get(&dropped, "SELECT coalesce(max(month), '') FROM trail_drops"); err != nil || dropped == "" {
		return since, err
	}
	month, err := time.Parse("2006-01", dropped)
	if err != nil {
		return since, nil // told where drops are verified
	}
	return max(since, Instant(month.AddDate(0, 1, 0))), nil
}
