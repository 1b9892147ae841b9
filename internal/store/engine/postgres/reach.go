package postgres

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
)

// maxReaches limits how often the beginning of a transaction is asked for.
const maxReaches = 3

// reach runs ask, which may run more than once, on a connection that leads somewhere:
// where one was open that the server has ended meanwhile, all of the pool are new.
func (p *pool) reach(ask func() error) error {
	for n := 1; ; n++ {
		err := ask()
		if !stale(err) || n == maxReaches {
			return err
		}
		p.renew()
	}
}

// begin begins a transaction on a connection, which the caller gives back.
func (p *pool) begin(ctx context.Context) (conn *sqlx.Conn, tx *sqlx.Tx, err error) {
	err = p.reach(func() (err error) {
		if conn, err = p.db.Connx(ctx); err != nil {
			return err
		}
		if tx, err = conn.BeginTxx(ctx, nil); err != nil {
			_ = conn.Close() // nothing was asked on it
		}
		return err
	})
	return conn, tx, err
}

// renew closes the connections that nobody uses.
func (p *pool) renew() {
	p.db.SetMaxIdleConns(0)
	p.db.SetMaxIdleConns(p.size)
}

// drop closes a connection that leads to a server which is the primary no more, and
// those beside it.
func (p *pool) drop(conn *sqlx.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	p.renew()
}

// stale reports whether a connection was gone that had been open. Where none can be
// opened, asking once more is no use.
func stale(err error) bool {
	var connecting *pgconn.ConnectError
	return lost(err) && !errors.As(err, &connecting)
}
