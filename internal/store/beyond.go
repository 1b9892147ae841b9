package store

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// beyond holds what a database that a newer program has migrated has and this program
// does not know.
type beyond struct {
	version int64
	columns map[string][]string // of tables that it knows
}

// beyond returns what of a database is not of the shape, nil where it is not a newer one.
func (sh *shape) beyond(ctx context.Context, is engine.Identity) (*beyond, error) {
	if is.Version <= sh.version {
		return nil, nil
	}
	want, err := sh.driver.Catalogue(ctx, sh.schema)
	if err != nil {
		return nil, err
	}
	out := &beyond{is.Version, map[string][]string{}}
	known := columnsOfParts(want)
	for table, columns := range columnsOfParts(is.Catalogue) {
		for _, c := range columns {
			if known[table] != nil && !slices.Contains(known[table], c) {
				out.columns[table] = append(out.columns[table], c)
			}
		}
	}
	return out, nil
}

func columnsOfParts(c engine.Catalogue) map[string][]string {
	out := map[string][]string{}
	for line := range strings.SplitSeq(c.Parts, "\n") {
		if word, table, rest := engine.PartOf(line); word == engine.PartColumn {
			name, _, _ := strings.Cut(rest, " ")
			out[table] = append(out[table], name)
		}
	}
	return out
}

// filled is the condition that a row has a value in a column that is not known; "" where
// its table has none.
func (b *beyond) filled(k *chainedKind) string {
	if b == nil || len(b.columns[k.table]) == 0 {
		return ""
	}
	return "(" + strings.Join(b.columns[k.table], " IS NOT NULL OR ") + " IS NOT NULL)"
}

// passed reports whether a row of a kind is not what was recorded as far as this program
// knows, and a newer one has recorded more of it.
func (v *Snapshot) passed(k *chainedKind, row int64) (bool, error) {
	filled := v.chains.beyond.filled(k)
	if filled == "" {
		return false, nil
	}
	var n int64
	err := v.get(&n, "SELECT count(*) FROM "+k.table+" WHERE id = ? AND "+filled, row)
	return n > 0, err
}

// Beyond lists what a newer program has recorded and this one cannot verify: entries of
// kinds that it does not know, and rows of its own with columns that it does not know.
// It is empty for a database of the program's own version.
func (v *Snapshot) Beyond() (out []domain.Unknown, err error) {
	if v.chains.beyond == nil {
		return nil, nil
	}
	err = v.each(func(rows *sqlx.Rows) error {
		var u domain.Unknown
		err := rows.Scan(&u.Kind, &u.Rows)
		if v.chains.kinds[kind(u.Kind)] == nil {
			out = append(out, u)
		}
		return err
	}, "SELECT kind, count(*) FROM chain_entries GROUP BY kind ORDER BY kind")
	for i := range len(v.chains.list) + 1 {
		k := v.chains.trail
		if i < len(v.chains.list) {
			k = &v.chains.list[i]
		}
		filled := v.chains.beyond.filled(k)
		if err != nil || filled == "" {
			continue
		}
		u := domain.Unknown{Kind: string(k.kind), Columns: slices.Sorted(slices.Values(v.chains.beyond.columns[k.table]))}
		err = v.get(&u.Rows, "SELECT count(*) FROM "+k.table+" WHERE "+filled)
		if u.Rows > 0 {
			out = append(out, u)
		}
	}
	return out, err
}

// whole refuses a view of a database of which this program does not know everything.
func (v *Snapshot) whole() error {
	if v.chains.beyond == nil {
		return nil
	}
	return fault.New(fault.Invalid, "这个库是更新版本的 jifen 改造过的（结构 %d），本程序不认得它的全部，不能抄", v.chains.beyond.version).
		WithHint("用新版本的程序来抄")
}
