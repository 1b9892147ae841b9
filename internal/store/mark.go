package store

import (
	"slices"
	"strings"
)

// Mark counts the changes that a list may show: it grows with every entry of a chain
// that the list depends on.
type Mark int64

// sumOfHeads is SQL for the mark of heads h.
const sumOfHeads = "SELECT CAST(coalesce(sum(h.seq), 0) AS BIGINT) FROM chain_heads h"

// Mark returns the mark of the lists of what stands at or below paths, of all where
// none is given. It is the sum of the heads of the chains there, of those on the line
// upwards (rules, names, accounts), and of those where somebody who ever belonged
// there belonged too. It reads no other chain.
func (v *Snapshot) Mark(paths ...string) (mark Mark, err error) {
	if err := v.settled(); err != nil {
		return 0, err
	}
	if len(paths) == 0 {
		err = v.get(&mark, sumOfHeads+" WHERE h.month = ''")
		return mark, err
	}
	where, args := atOrBelow("o", paths)
	err = v.get(&mark, sumOfHeads+" JOIN orgs o ON o.id = h.org_id WHERE h.month = '' AND "+where, args...)
	if err != nil {
		return 0, err
	}
	moved, err := v.movedBeyond(paths)
	if err != nil {
		return 0, err
	}
	var lines []int64
	for _, path := range append(moved, paths...) {
		for at := path; at != ""; at = above(at) {
			if !within(paths, at) {
				lines = append(lines, rowOf(at))
			}
		}
	}
	slices.Sort(lines)
	err = chunks(slices.Compact(lines), func(marks string, args []any) error {
		var more Mark
		err := v.get(&more, sumOfHeads+" WHERE h.month = '' AND h.org_id IN ("+marks+")", args...)
		mark += more
		return err
	})
	return mark, err
}

// movedBeyond returns the paths of the other homes of those who had several, one of
// them at or below paths: of a day past a list has them too, and what is recorded of
// them since stands in another chain.
func (v *Snapshot) movedBeyond(paths []string) (out []string, err error) {
	where, args := atOrBelow("p", paths)
	err = v.all(&out, `SELECT DISTINCT o.path FROM orgs p
		JOIN affiliations b ON b.org_id = p.id AND b.kind = 'home' AND b.org_id IS NOT NULL
		JOIN affiliations a ON a.member_id = b.member_id AND a.kind = 'home' AND a.org_id IS NOT NULL
			AND a.org_id <> b.org_id
		JOIN orgs o ON o.id = a.org_id WHERE `+where, args...)
	return out, err
}

// within reports whether a path lies at or below one of some others.
func within(paths []string, path string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(path, p) })
}
