package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// maxRuns limits how often one job is begun before it is given up.
const maxRuns = 5

// writing is a write transaction.
type writing struct {
	reading
	clock func() time.Time
	now   time.Time
}

// Exec implements engine.Writer.
func (w *writing) Exec(query string, args ...any) (sql.Result, error) { return w.exec(query, args...) }

// Now implements engine.Writer. It is read once, after what was locked first.
func (w *writing) Now() time.Time {
	if w.now.IsZero() {
		w.now = w.clock()
	}
	return w.now
}

// Insert implements engine.Writer.
func (w *writing) Insert(query string, args ...any) (id int64, err error) {
	err = w.Get(&id, query+" RETURNING id", args...)
	return id, err
}

// Hold implements engine.Writer.
func (w *writing) Hold(dest any, query string, args ...any) error {
	return w.Get(dest, query+" FOR NO KEY UPDATE", args...)
}

// Dropping implements engine.Writer: refuse_change lets the rows go.
func (w *writing) Dropping(_, _ string, work func() error) error { return work() }

// Lock implements engine.Writer.
func (w *writing) Lock(query string, args ...any) (ids []int64, err error) {
	err = w.All(&ids, query+" FOR NO KEY UPDATE", args...)
	return ids, err
}

// Write implements engine.Engine. A job that failed because of others (a deadlock, a
// conflict) is run again as a whole, at most five times.
func (db *database) Write(ctx context.Context, work func(engine.Writer) error) error {
	return db.write(ctx, work)
}

// Exclusive implements engine.Engine: work locks what it needs; a server has no
// transaction that is alone.
func (db *database) Exclusive(ctx context.Context, work func(engine.Writer) error) error {
	return db.write(ctx, work)
}

func (db *database) write(ctx context.Context, work func(engine.Writer) error) error {
	if err := engine.Nested(); err != nil {
		return err // it may wait for what it has locked itself
	}
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.closed {
		return fault.New(fault.Unavailable, "程序正在停下")
	}
	if err := db.writes.places.Enter(ctx); err != nil {
		return fault.Wrap(err, fault.Unavailable, "没有写入：请求已中断")
	}
	defer db.writes.places.Leave()
	defer db.decided.Add(1)
	for run := 1; ; run++ {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(err, fault.Unavailable, "没有写入：请求已中断")
		}
		err := db.once(ctx, work)
		db.room.Note(codeOf(err) == diskFull, err == nil, db.opts.Now())
		if err == nil || !again(err) || run == maxRuns {
			return err
		}
	}
}

// once runs work in one transaction. Once it has begun it goes on whatever becomes
// of the caller: an answer that is not known must not be called refused.
func (db *database) once(ctx context.Context, work func(engine.Writer) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
	defer cancel()
	conn, tx, err := db.writes.begin(ctx)
	if err != nil {
		return mapError(err)
	}
	defer func() { _ = conn.Close() }() // gives it back; what is wrong with it the next one finds
	w := &writing{reading: reading{ctx: ctx, tx: tx}, clock: db.opts.Now}
	if err := engine.Run(work, w); err != nil {
		_ = tx.Rollback() // the server rolls back what is not committed
		if codeOf(err) == readOnlyTransaction {
			db.writes.drop(conn)
		}
		return err
	}
	err = committed(tx.Commit())
	if codeOf(err) == readOnlyTransaction {
		db.writes.drop(conn)
	}
	if err == nil {
		db.commits.Add(1)
		db.tell(ctx, conn)
	}
	return err
}

// committed returns the error of a COMMIT. That a server did not answer says nothing
// of whether it has committed.
func committed(err error) error {
	if errors.Is(err, pgx.ErrTxCommitRollback) { // it has answered that it did not
		return fault.Wrap(err, fault.Internal, "程序出错，没有写入")
	}
	if err != nil && (codeOf(err) == "" || lost(err)) {
		return fault.Wrap(errors.Join(engine.ErrUnknown, err), fault.Unavailable, "数据库在最后一步没有回话，不知道写进去没有").
			WithHint("刷新页面看看有没有，没有再来一次")
	}
	return mapError(err)
}

// brokenStream reports whether a connection ended in the middle.
func brokenStream(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, pgconn.ErrConnClosed) || pgconn.SafeToRetry(err)
}
