package sqlite

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Limits of the writer.
const (
	maxBatch = 256 // jobs that share one commit
	maxQueue = 1024
)

// patience is for how many milliseconds a transaction waits for that of another program.
const patience = "20000"

// writer is the one place that writes: a loop that owns one connection for
// life, begins and commits by itself, and lets many callers share a commit.
type writer struct {
	opts   engine.Options
	guard  *guard
	handle *sqlx.DB
	conn   *connection
	jobs   chan *job
	done   chan struct{}
	busy   atomic.Bool // a batch is being written

	mu     sync.RWMutex // guards closing of jobs
	closed bool
	broken atomic.Pointer[error]
	room   engine.Room

	decided, commits atomic.Int64 // pieces of work, and the transactions that kept them
}

// job is one caller's work.
type job struct {
	ctx   context.Context
	work  func(engine.Writer) error
	bare  func(*connection) error // instead of work: outside any transaction
	alone bool
	err   error
	done  chan struct{}
}

func newWriter(ctx context.Context, opts engine.Options, g *guard) (*writer, error) {
	handle, err := open(ctx, opts.Path, url.Values{"_busy_timeout": {patience}})
	if err != nil {
		return nil, err
	}
	handle.SetMaxOpenConns(1)
	conn, err := connect(handle)
	if err != nil {
		return nil, errors.Join(err, handle.Close())
	}
	w := &writer{
		opts: opts, guard: g, handle: handle, conn: conn, jobs: make(chan *job, maxQueue), done: make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

// Write runs work in a write transaction and returns when its outcome is on
// disk: nil means durable, any error means that nothing of it was kept. Many
// callers share one commit. Should one of them lose the transaction for all,
// each is run again alone, so work may run twice and touches only its Writer and
// its own result. A panic in work is an error of code internal. A Write within
// a Write is refused.
func (db *database) Write(ctx context.Context, work func(engine.Writer) error) error {
	return db.write.submit(&job{ctx: ctx, work: work, done: make(chan struct{})})
}

// Exclusive is Write in a transaction of its own, for long work.
func (db *database) Exclusive(ctx context.Context, work func(engine.Writer) error) error {
	return db.write.submit(&job{ctx: ctx, work: work, alone: true, done: make(chan struct{})})
}

// quiet runs f on the writer's connection outside any transaction, with nobody
// else at work.
func (w *writer) quiet(f func(*connection) error) error {
	return w.submit(&job{ctx: context.Background(), bare: f, alone: true, done: make(chan struct{})})
}

func (w *writer) submit(j *job) error {
	if err := engine.Nested(); err != nil {
		return err // it would wait for itself
	}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return fault.New(fault.Unavailable, "程序正在停下")
	}
	select {
	case w.jobs <- j:
		w.mu.RUnlock()
	case <-j.ctx.Done():
		w.mu.RUnlock()
		return fault.Wrap(j.ctx.Err(), fault.Unavailable, "没有写入：请求已中断")
	}
	// From here on the outcome is waited for, whatever becomes of ctx: an
	// answer that is not known must not be called refused.
	<-j.done
	return j.err
}

func (w *writer) health() error {
	if err := w.broken.Load(); err != nil {
		return *err
	}
	return w.guard.moved()
}

func (w *writer) close() error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.done
	var err error
	if !w.guard.visits { // the host would wait until nobody reads any more
		_, err = w.conn.exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return errors.Join(mapError(err), w.conn.close(), w.handle.Close())
}

func (w *writer) loop() {
	defer close(w.done)
	var next *job
	for {
		first := next
		if first == nil {
			var ok bool
			if first, ok = <-w.jobs; !ok {
				return
			}
		}
		w.busy.Store(true)
		var batch []*job
		batch, next = w.collect(first)
		w.settle(batch)
		w.busy.Store(false)
		w.noteRoom(batch)
		if batch[0].bare == nil {
			w.decided.Add(int64(len(batch)))
		}
		for _, j := range batch {
			close(j.done)
		}
	}
}

// collect takes what waits. A job that must be alone ends the batch and is
// given back.
func (w *writer) collect(first *job) (batch []*job, next *job) {
	batch = []*job{first}
	for !first.alone && len(batch) < maxBatch {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return batch, nil
			}
			if j.alone {
				return batch, j
			}
			batch = append(batch, j)
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// settle decides every job of a batch.
func (w *writer) settle(batch []*job) {
	if err := w.health(); err != nil {
		refuse(batch, err)
		return
	}
	if bare := batch[0].bare; bare != nil { // it is alone
		batch[0].err = bare(w.conn)
		return
	}
	// Hardly any work fails once it has written, and a savepoint copies every page that is
	// written after it: first without.
	if w.together(batch, false) || len(batch) > 1 && w.together(batch, true) {
		return
	}
	// The transaction was lost with everybody's work in it: each alone.
	for _, j := range batch {
		if j.err = w.health(); j.err == nil && !w.together([]*job{j}, false) && j.err == nil {
			j.err = fault.New(fault.Internal, "写入没有成功")
		}
	}
}

// together runs a batch in one transaction, each job within a savepoint or none, and
// commits it. It reports false if the transaction was lost and nothing of the batch
// was kept: without savepoints that is so where one of many failed after it had written.
func (w *writer) together(batch []*job, guarded bool) bool {
	if _, err := w.conn.exec("BEGIN IMMEDIATE"); err != nil {
		w.judge(err)
		refuse(batch, mapError(err))
		return true
	}
	now := w.opts.Now()
	for _, j := range batch {
		j.err = w.one(j, now, guarded)
		if j.err != nil && w.conn.wrote && !guarded && len(batch) > 1 {
			w.rollback()
		}
		if w.conn.lost() {
			if len(batch) > 1 {
				return false
			}
			if j.err == nil {
				j.err = fault.New(fault.Unavailable, "没有写入：事务中断")
			}
			return true
		}
	}
	if len(batch) == 1 && batch[0].err != nil {
		w.rollback()
		return true
	}
	if err := w.guard.moved(); err != nil {
		w.rollback()
		refuse(batch, err)
		return true
	}
	if _, err := w.conn.exec("COMMIT"); err != nil {
		w.rollback()
		w.judge(err)
		if len(batch) > 1 && w.health() == nil {
			return false
		}
		refuse(batch, mapError(err))
		return true
	}
	w.commits.Add(1)
	return true
}

// one runs one job, within a savepoint where it is guarded.
func (w *writer) one(j *job, now time.Time, guarded bool) error {
	w.conn.wrote = false
	if err := j.ctx.Err(); err != nil {
		return fault.Wrap(err, fault.Unavailable, "没有写入：请求已中断")
	}
	if !guarded {
		return engine.Run(j.work, writing{w.conn, now})
	}
	if _, err := w.conn.exec("SAVEPOINT job"); err != nil {
		return mapError(err)
	}
	err := engine.Run(j.work, writing{w.conn, now})
	if w.conn.lost() {
		return err
	}
	if err != nil {
		if _, undo := w.conn.exec("ROLLBACK TO job"); undo != nil {
			w.rollback() // lost on purpose: the others are run again alone
			return errors.Join(err, mapError(undo))
		}
	}
	if _, done := w.conn.exec("RELEASE job"); done != nil {
		w.rollback()
		return errors.Join(err, mapError(done))
	}
	return err
}

func (w *writer) rollback() {
	if w.conn.lost() {
		return
	}
	if _, err := w.conn.exec("ROLLBACK"); err != nil {
		w.judge(err)
	}
}

// judge stops writing for good after an error of the disk itself: what such a
// disk says next is not to be believed.
func (w *writer) judge(err error) {
	var e sqlite3.Error
	if errors.As(err, &e) && (e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB) {
		stop := error(fault.Wrap(err, fault.Unavailable, "磁盘出错，已停止写入").WithHint("请系统管理员查看磁盘，然后重启程序"))
		w.broken.Store(&stop)
	}
}

// refuse gives every job the same error.
func refuse(batch []*job, err error) {
	for _, j := range batch {
		j.err = err
	}
}
