package postgres

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
)

// reading asks within one transaction.
type reading struct {
	ctx context.Context
	tx  *sqlx.Tx

	aged bool // it is of a replica
}

// Aged implements engine.Aged.
func (r reading) Aged() bool { return r.aged }

// Get implements engine.Reader.
func (r reading) Get(dest any, query string, args ...any) error {
	return mapError(r.tx.GetContext(r.ctx, dest, numbered(query), plain(args)...))
}

// All implements engine.Reader.
func (r reading) All(dest any, query string, args ...any) error {
	return mapError(r.tx.SelectContext(r.ctx, dest, numbered(query), plain(args)...))
}

// Each implements engine.Reader. The connection answers one question at a time, so
// f asks nothing.
func (r reading) Each(f func(*sqlx.Rows) error, query string, args ...any) (err error) {
	rows, err := r.tx.QueryxContext(r.ctx, numbered(query), plain(args)...)
	if err != nil {
		return mapError(err)
	}
	defer func() { err = errors.Join(err, mapError(rows.Close())) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return mapError(err)
		}
	}
	return mapError(rows.Err())
}

// Integrity implements engine.Reader. The server checks its own pages.
func (r reading) Integrity() ([]string, error) { return nil, nil }

// exec runs a statement that writes.
func (r reading) exec(query string, args ...any) (sql.Result, error) {
	res, err := r.tx.ExecContext(r.ctx, numbered(query), plain(args)...)
	return res, mapError(err)
}

// texts are the statements as PostgreSQL numbers their placeholders, by what they
// were. There are as many as the store has written out.
type texts struct{ known sync.Map }

var statements texts //nolint:gochecknoglobals // a memory of a pure function

// numbered writes ? as $1, $2 … in order, and ?2 as $2; what stands in quotes stays.
func numbered(query string) string {
	if known, ok := statements.known.Load(query); ok {
		return known.(string)
	}
	made := renumber(query)
	statements.known.Store(query, made)
	return made
}

func renumber(query string) string {
	var b strings.Builder
	n, quoted := 0, false
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case c == '\'':
			quoted = !quoted
		case c == '?' && !quoted:
			end := i + 1
			for end < len(query) && query[end] >= '0' && query[end] <= '9' {
				end++
			}
			b.WriteByte('$')
			if end > i+1 {
				b.WriteString(query[i+1 : end])
			} else {
				n++
				b.WriteString(strconv.Itoa(n))
			}
			i = end - 1
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// plain hands on truth as 0 and 1, as columns keep it, and a list of bytes that is
// not there as NULL.
func plain(args []any) []any {
	for i, a := range args {
		v := reflect.ValueOf(a)
		if v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Bool {
			v = v.Elem()
		}
		if v.Kind() == reflect.Bool {
			args[i] = int64(0)
			if v.Bool() {
				args[i] = int64(1)
			}
		}
	}
	return args
}
