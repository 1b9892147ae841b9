package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"

	"jifen/internal/store/engine"
)

// beside is a file that is looked at while another process may write it.
type beside struct{ pool *pool }

var _ engine.Still = (*beside)(nil)

// OpenBeside opens a file to be looked at, as a reader of its WAL. Where no WAL is,
// no program of ours is at work, and none is made.
func (Driver) OpenBeside(ctx context.Context, opts engine.Options) (engine.Still, error) {
	path, err := realFile(opts.Path)
	if err == nil {
		_, err = stands(path)
	}
	if err == nil {
		err = oneName(path)
	}
	if err != nil {
		return nil, err
	}
	how := url.Values{"_query_only": {"1"}, "mode": {"ro"}}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		how.Set("immutable", "1")
	}
	handle, err := open(ctx, path, how)
	if err != nil {
		return nil, err
	}
	b := &beside{poolOf(handle, 1, opts.Now)}
	is, err := identify(ctx, handle, path)
	if err == nil && opts.Accept != nil {
		err = opts.Accept(is)
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// Read implements engine.Still.
func (b *beside) Read(f func(engine.Reader) error) error { return b.pool.look(context.Background(), f) }

// Close implements engine.Still.
func (b *beside) Close() error { return b.pool.close() }
