package sqlite

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
	"jifen/internal/store/engine"
)

// still is a file opened to be looked at and nothing else: no lock file, no WAL,
// nothing is written beside it or into it. It may lie on a disk that cannot be
// written.
type still struct {
	path   string
	handle *sqlx.DB
	conn   *connection
	shared *guard // nil where no lock file is
	was    stood
}

// OpenStill opens a file without writing anything. SQLite takes the file for one
// that nobody changes and asks for no lock, so it is refused where that cannot
// be: fault.Unavailable while another program of ours holds it, and where a
// journal beside it holds what is not in the file yet.
func (Driver) OpenStill(ctx context.Context, opts engine.Options) (engine.Still, error) {
	var err error
	if opts.Path, err = realFile(opts.Path); err != nil {
		return nil, err
	}
	s := &still{path: opts.Path}
	if s.was, err = stands(s.path); err != nil {
		return nil, err
	}
	if s.shared, err = share(ctx, s.path); err != nil {
		return nil, err
	}
	if s.shared == nil {
		s.shared = &guard{}
	}
	if err := s.shared.own(s.path); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.open(ctx, opts.Accept); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *still) open(ctx context.Context, accept func(engine.Identity) error) (err error) {
	// Asked once the lock is held: a server that stops writes its WAL back.
	for _, journal := range [...]string{s.path + "-wal", s.path + "-journal"} {
		if info, err := os.Stat(journal); err == nil && info.Size() > 0 {
			refusal := fault.New(fault.Unavailable, "%s 旁边的 %s 里还有没写回的，只读打开会漏看", s.path, filepath.Base(journal))
			return refusal.WithHint("把两个文件一起拷到能写的地方再查；或者在原来的地方用 jifen backup 做一份备份，查备份")
		}
	}
	how := url.Values{"_query_only": {"1"}, "mode": {"ro"}, "immutable": {"1"}}
	if s.handle, err = open(ctx, s.path, how); err != nil {
		return err
	}
	s.handle.SetMaxOpenConns(1)
	if s.conn, err = connect(s.handle); err != nil {
		return err
	}
	is, err := identify(ctx, s.conn.conn, s.path)
	if err == nil && accept != nil {
		err = accept(is)
	}
	return err
}

// Read runs f on the file as it lies there, for as long as f takes.
// fault.Unavailable if somebody changed the file meanwhile: what f saw is then
// of no instant.
func (s *still) Read(f func(engine.Reader) error) error {
	failed := f(s.conn)
	is, err := stands(s.path)
	if err != nil || is != s.was {
		return fault.Wrap(errors.Join(failed, err), fault.Unavailable, "看的时候 %s 被别的程序改了，看到的不算", s.path).
			WithHint("先停下正在用它的程序（多半是 jifen serve），再来一次")
	}
	return failed
}

// Close lets the file go.
func (s *still) Close() error {
	var errs []error
	if s.conn != nil {
		errs = append(errs, s.conn.close())
	}
	if s.handle != nil {
		errs = append(errs, s.handle.Close())
	}
	return errors.Join(append(errs, s.shared.close())...)
}

// stood is the state of a database file on the disk; whoever writes it, or into a
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
