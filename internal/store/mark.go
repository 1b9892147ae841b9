package store

import (
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Mark counts the changes that a list may show: it grows with every entry of a chain
// that the list depends on.
type Mark int64

// Mark returns the mark of the lists of what stands at or below paths, of all where
// none is given. It is the sum of the heads of the chains there, of those on the line
// upwards (rules, names, accounts), and of those where somebody who ever belonged
// there belonged too.
func (v *Snapshot) Mark(paths ...string) (mark Mark, err error) {
	if err := v.settled(); err != nil {
		return 0, err
	}
	if len(paths) == 0 {
		err = v.get(&mark, "SELECT CAST(coalesce(sum(seq), 0) AS BIGINT) FROM chain_heads WHERE month = ''")
		return mark, err
	}
	also, err := v.movedBeyond(paths)
	if err != nil {
		return 0, err
	}
	err = v.each(func(rows *sqlx.Rows) error {
		var path string
		var seq Mark
		if err := rows.Scan(&path, &seq); err != nil {
			return err
		}
		above := func(p string) bool { return strings.HasPrefix(p, path) }
		if within(paths, path) || slices.ContainsFunc(paths, above) || slices.ContainsFunc(also, above) {
			mark += seq
		}
		return nil
	}, "SELECT o.path, h.seq FROM chain_heads h JOIN orgs o ON o.id = h.org_id WHERE h.month = ''")
	return mark, err
}

// movedBeyond returns the paths of all homes of those who had several, one of them
// at or below paths: of a day past a list has them too, and what is recorded of
// them since stands in another chain.
func (v *Snapshot) movedBeyond(paths []string) (out []string, err error) {
	var rows []struct {
		MemberID string
		Path     string
	}
	err = v.all(&rows, `SELECT DISTINCT a.member_id, o.path FROM affiliations a JOIN orgs o ON o.id = a.org_id
		WHERE a.kind = 'home' AND a.member_id IN (SELECT b.member_id FROM affiliations b WHERE b.kind = 'home'
		AND b.org_id IS NOT NULL
			GROUP BY b.member_id HAVING min(b.org_id) <> max(b.org_id)) ORDER BY a.member_id`)
	for len(rows) > 0 {
		n, here := 0, false
		for n < len(rows) && rows[n].MemberID == rows[0].MemberID {
			here = here || within(paths, rows[n].Path)
			n++
		}
		for _, r := range rows[:n] {
			if here {
				out = append(out, r.Path)
			}
		}
		rows = rows[n:]
	}
	slices.Sort(out)
	return slices.Compact(out), err
}

// within reports whether a path lies at or below one of some others.
func within(paths []string, path string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(path, p) })
}
