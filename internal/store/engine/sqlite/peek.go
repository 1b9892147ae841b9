package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"

	"github.com/jmoiron/sqlx"
)

// peeker asks for one row of one column, by the driver itself: it is asked at every request,
// and what stands between costs several times the question. Nothing is remembered, because
// a visitor may have written.
type peeker struct {
	handle *sqlx.DB

	mu   sync.Mutex // guards the connection
	conn *connection
}

func newPeeker(ctx context.Context, path string) (*peeker, error) {
	handle, err := open(ctx, path, url.Values{"_query_only": {"1"}, "mode": {"ro"}})
	if err != nil {
		return nil, err
	}
	handle.SetMaxOpenConns(1)
	conn, err := connect(handle)
	if err != nil {
		return nil, errors.Join(err, handle.Close())
	}
	return &peeker{handle: handle, conn: conn}, nil
}

// Peek implements engine.Engine.
func (db *database) Peek(dest any, query string, args ...any) error {
	return mapError(db.peek.ask(dest, query, args))
}

// ask puts the one value of a question into an *int64 or a *string.
func (p *peeker) ask(dest any, query string, args []any) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, err := p.conn.write(query)
	if err != nil {
		return err
	}
	values, err := valuesOf(s, args)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), values) // one that can end would cost more than the question
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var found [1]driver.Value
	if err := rows.Next(found[:]); errors.Is(err, io.EOF) {
		return sql.ErrNoRows
	} else if err != nil {
		return err
	}
	switch to := dest.(type) {
	case *int64:
		n, ok := found[0].(int64)
		if *to = n; ok {
			return nil
		}
	case *string:
		text, ok := found[0].(string)
		if *to = text; ok {
			return nil
		}
	}
	return fmt.Errorf("a %T does not go into a %T", found[0], dest)
}

func (p *peeker) close() error {
	if p == nil {
		return nil
	}
	return errors.Join(p.conn.close(), p.handle.Close())
}
