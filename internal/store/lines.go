package store

import (
	"maps"
	"slices"

	"jifen/internal/fault"
)

// Every transaction that records something in a chain tells of it in the trail: a line of
// the same instant by who is written as its author, or by anybody where no author is
// written. What has none is not kept, and Unlined finds what another program has kept.

// lining holds who has recorded something in a transaction, and who has a line of it.
type lining struct {
	kinds map[int64]kind // of what was recorded last, by author; 0 = of nobody
	lines map[int64]bool // by account; 0 = of the program
}

// recorded takes note of a row with its values.
func (l *lining) recorded(k *chainedKind, values []any) {
	if l.kinds == nil {
		l.kinds = map[int64]kind{}
	}
	author := int64(0)
	if i := k.author(); i >= 0 {
		author, _ = values[i].(int64)
	}
	l.kinds[author] = k.kind
}

// reported takes note of a line of an account.
func (l *lining) reported(account int64) {
	if l.lines == nil {
		l.lines = map[int64]bool{}
	}
	l.lines[account] = true
}

// whole refuses rows without a line.
func (l *lining) whole() error {
	for _, author := range slices.Sorted(maps.Keys(l.kinds)) {
		if !l.lines[author] && (author != 0 || len(l.lines) == 0) {
			return fault.New(fault.Internal, "记了%s，审计里却没有一行，没有写入", EntryKindWord(string(l.kinds[author])))
		}
	}
	return nil
}

// author returns which of the columns says who recorded a row, -1 where none does.
func (k *chainedKind) author() int {
	return slices.IndexFunc(k.columns, func(c column) bool { return c.name == "recorded_by" })
}
