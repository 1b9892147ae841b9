package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"reflect"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// maxPut limits the rows that are handed over at once, and their bytes.
const (
	maxPut      = 1000
	maxPutBytes = 4 << 20
)

// CopyOver writes all rows that a view sees into an empty database of any kind, ids
// and all. Every row and every chain of it is compared with the view before anything
// is kept: all of it is there afterwards, or nothing. tell is called after each table.
func (v *Snapshot) CopyOver(ctx context.Context, to Options, tell func(table string, rows int64)) error {
	if err := v.whole(); err != nil {
		return err
	}
	broken, err := v.Verify()
	if err != nil {
		return err
	}
	if len(broken) > 0 {
		return fault.New(fault.Invalid, "要抄的库链断了 %d 处，没有抄", len(broken)).WithHint("用 jifen verify 逐处查；从备份里恢复一份没有断的再来")
	}
	sh, err := present(to.Path)
	if err != nil {
		return err
	}
	e, err := sh.openEngine(ctx, to)
	if err != nil {
		return err
	}
	err = e.Fill(ctx, sh.fresh(), func(f engine.Filler) error {
		for _, t := range tables() {
			rows, err := v.copyTable(ctx, &t, f)
			if err != nil {
				return fault.Wrap(err, fault.CodeOf(err), "抄 %s 没有抄成：%s", t.name, messageOf(err))
			}
			tell(t.name, rows)
		}
		return v.sameIn(&Snapshot{now: v.now, query: f, chains: v.chains})
	})
	return errors.Join(err, e.Close())
}

// copyTable copies the rows of a table and reads them again.
func (v *Snapshot) copyTable(ctx context.Context, t *table, f engine.Filler) (count int64, err error) {
	var rows [][]any
	size := 0
	put := func() error {
		err := f.Put(t.name, t.columns, rows)
		rows, size = nil, 0
		return err
	}
	read, count, err := digestTable(v.query, t, func(row []any, bytes int) error {
		rows, size = append(rows, row), size+bytes
		if len(rows) < maxPut && size < maxPutBytes {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fault.Wrap(err, fault.Unavailable, "中断了")
		}
		return put()
	})
	if err == nil && len(rows) > 0 {
		err = put()
	}
	if err != nil {
		return 0, err
	}
	written, _, err := digestTable(f, t, func([]any, int) error { return nil })
	if err == nil && read != written {
		err = fault.New(fault.Internal, "抄过去的和原来的不一样")
	}
	if err == nil && t.numbered {
		err = f.Follow(t.name, t.columns)
	}
	return count, err
}

// digestTable calls f for every row of a table, in the order of its key, and returns
// the digest of all and their number.
func digestTable(
	r engine.Reader, t *table, f func(row []any, bytes int) error,
) (sum [sha256.Size]byte, n int64, err error) {
	h := sha256.New()
	err = r.Each(func(rows *sqlx.Rows) error {
		row, err := rows.SliceScan()
		if err != nil {
			return err
		}
		n++
		bytes := 0
		for _, cell := range row {
			written, err := digestCell(h, cell)
			if err != nil {
				return err
			}
			bytes += written
		}
		return f(row, bytes)
	}, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" ORDER BY "+strings.Join(t.key, ", "))
	h.Sum(sum[:0])
	return sum, n, err
}

// digestCell adds a value with its kind and length, and returns how many bytes it is.
func digestCell(h hash.Hash, cell any) (int, error) {
	var head [9]byte
	body := []byte(nil)
	switch x := cell.(type) {
	case nil:
	case int64:
		head[0] = 'i'
		binary.BigEndian.PutUint64(head[1:], uint64(x)) //nolint:gosec // only told apart
	case string:
		head[0], body = 's', []byte(x)
	case []byte:
		head[0], body = 'b', x
	default:
		return 0, fmt.Errorf("a cell is a %T", cell)
	}
	if head[0] != 'i' {
		binary.BigEndian.PutUint64(head[1:], uint64(len(body)))
	}
	h.Write(head[:])
	h.Write(body)
	return len(head) + len(body), nil
}

// sameIn compares every chain with those of another view.
func (v *Snapshot) sameIn(other *Snapshot) error {
	broken, err := other.Verify()
	if err == nil && len(broken) > 0 {
		err = fault.New(fault.Internal, "抄过去的链断了 %d 处，没有留下：%s", len(broken), broken[0].Why)
	}
	if err != nil {
		return err
	}
	for _, heads := range []func(*Snapshot) (any, error){
		func(v *Snapshot) (any, error) { return v.Heads() }, func(v *Snapshot) (any, error) { return v.TrailHeads() },
	} {
		here, err := heads(v)
		if err != nil {
			return err
		}
		there, err := heads(other)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(here, there) {
			return fault.New(fault.Internal, "抄过去的链头和原来的不一样，没有留下")
		}
	}
	return nil
}
