package store

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
)

// ReadOnly is a database file opened to be looked at and nothing else: no lock
// file, no WAL, nothing is written beside it or into it. It may lie on a disk
// that cannot be written. Close it.
type ReadOnly struct {
	opts   Options
	handle *sqlx.DB
	conn   *connection
	chains *chains
	shared *guard // nil where no lock file is
	was    stood
}

// OpenReadOnly opens a database file without writing anything. SQLite takes the
// file for one that nobody changes and asks for no lock, so it is refused where
// that cannot be: fault.Unavailable while another program of ours holds it, and
// where a journal beside it holds what is not in the file yet. fault.NotFound if
// there is none, fault.Invalid as for Open. Of the options Create and Random
// are not looked at.
func OpenReadOnly(ctx context.Context, opts Options) (*ReadOnly, error) {
	var err error
	if opts.Path, err = realFile(opts.Path); err != nil {
		return nil, err
	}
	r := &ReadOnly{opts: opts, chains: newChains(nil)}
	if r.was, err = stands(opts.Path); err != nil {
		return nil, err
	}
	if r.shared, err = share(ctx, opts.Path); err != nil {
		return nil, err
	}
	// Asked once the lock is held: a server that stops writes its WAL back.
	for _, journal := range [...]string{opts.Path + "-wal", opts.Path + "-journal"} {
		if info, err := os.Stat(journal); err == nil && info.Size() > 0 {
			refusal := fault.New(fault.Unavailable, "%s 旁边的 %s 里还有没写回的，只读打开会漏看", opts.Path, filepath.Base(journal))
			return nil, errors.Join(refusal.WithHint("把两个文件一起拷到能写的地方再查；或者在原来的地方用 jifen backup 做一份备份，查备份"), r.Close())
		}
	}
	if r.handle, err = open(ctx, opts.Path, url.Values{"_query_only": {"1"}, "mode": {"ro"}, "immutable": {"1"}}); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.handle.SetMaxOpenConns(1)
	if r.conn, err = connect(r.handle); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if fresh, err := recognise(ctx, r.conn.conn, opts.Path); err != nil || fresh {
		if fresh {
			err = fault.New(fault.Invalid, "%s 是空的，不是 jifen 的数据库", opts.Path).WithHint("看看文件名对不对")
		}
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Read runs f on the file as it lies there, for as long as f takes.
// fault.Unavailable if somebody changed the file meanwhile: what f saw is then
// of no instant.
func (r *ReadOnly) Read(f func(*Snapshot) error) error {
	failed := f(&Snapshot{now: r.opts.Now(), query: r.conn, chains: r.chains})
	is, err := stands(r.opts.Path)
	if err != nil || is != r.was {
		return fault.Wrap(errors.Join(failed, err), fault.Unavailable, "看的时候 %s 被别的程序改了，看到的不算", r.opts.Path).
			WithHint("先停下正在用它的程序（多半是 jifen serve），再来一次")
	}
	return failed
}

// Close lets the file go.
func (r *ReadOnly) Close() error {
	var errs []error
	if r.conn != nil {
		errs = append(errs, r.conn.close())
	}
	if r.handle != nil {
		errs = append(errs, r.handle.Close())
	}
	if r.shared != nil {
		errs = append(errs, r.shared.close())
	}
	return errors.Join(errs...)
}

// stood is how a database file lies on the disk; whoever writes it, or into a
// WAL beside it, changes that.
type stood struct {
	size, wal int64
	changed   time.Time
}

func stands(path string) (s stood, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, fault.New(fault.NotFound, "没有数据库文件 %s", path).WithHint("看看文件名对不对")
	}
	if err != nil {
		return s, fault.Wrap(err, fault.Unavailable, "打不开数据库文件 %s", path)
	}
	s.size, s.changed = info.Size(), info.ModTime().UTC()
	if info, err := os.Stat(path + "-wal"); err == nil {
		s.wal = info.Size()
	}
	return s, nil
}

// share holds the lock file, if there is one, as a reader: no server starts
// while somebody looks, and who starts to look while a server runs is refused.
// A lock file that cannot be locked on its disk locks nobody out either.
func share(ctx context.Context, path string) (*guard, error) {
	if _, err := os.Stat(path + ".lock"); err != nil {
		return nil, nil //nolint:nilnil,nilerr // no lock to share
	}
	g, err := hold(ctx, path, url.Values{"mode": {"ro"}})
	if err == nil {
		var n int
		err = g.held.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n) // takes the lock
	}
	if err == nil {
		return g, nil
	}
	var closed error
	if g != nil {
		closed = g.close()
	}
	if busy(err) {
		return nil, errors.Join(inUse(err, path), closed)
	}
	return nil, closed
}
