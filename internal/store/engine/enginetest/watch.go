package enginetest

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/jmoiron/sqlx"

	"jifen/internal/store/engine"
)

// Question is one question that was asked of a database, with what it took to answer.
type Question struct {
	Text  string
	Plan  []string // in a file: the steps of its plan
	Rows  int64    // on a server: rows and places of indexes that were looked at
	Pages int64    // on a server: pages that were looked at
}

// Watch looks at what is asked of databases.
type Watch struct {
	Server bool // they are on a server

	mu     sync.Mutex
	looks  bool
	asked  []Question
	failed error
}

// Over returns a driver whose databases are watched.
func (w *Watch) Over(d engine.Driver) engine.Driver { return watchedDriver{d, w} }

// During returns what is asked while f runs, locks apart. Everything is answered twice
// meanwhile, once with the account of how.
func (w *Watch) During(f func()) ([]Question, error) {
	w.mu.Lock()
	w.looks, w.asked, w.failed = true, nil, nil
	w.mu.Unlock()
	f()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks = false
	return w.asked, w.failed
}

// look asks how a question is answered.
func (w *Watch) look(r engine.Reader, query string, args []any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.looks {
		return
	}
	q, err := account(w.Server, r, query, slices.Clone(args))
	w.asked = append(w.asked, q)
	if w.failed == nil {
		w.failed = err
	}
}

// account asks a database how it answers a question: a server answers it, too.
func account(server bool, r engine.Reader, query string, args []any) (Question, error) {
	q := Question{Text: query}
	if !server {
		var steps []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		err := r.All(&steps, "EXPLAIN QUERY PLAN "+query, args...)
		for i := range steps {
			q.Plan = append(q.Plan, steps[i].Detail)
		}
		return q, err
	}
	var text []byte
	if err := r.Get(&text, "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "+query, args...); err != nil {
		return q, err
	}
	var plans []struct{ Plan node }
	err := json.Unmarshal(text, &plans)
	for i := range plans {
		q.Pages += plans[i].Plan.Hit + plans[i].Plan.Read
		q.Rows += plans[i].Plan.rows()
	}
	return q, err
}

// node is a node of a server's plan. What it tells of rows is of one of its runs.
type node struct {
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Rows     int64  `json:"Actual Rows"`
	Removed  int64  `json:"Rows Removed by Filter"`
	Recheck  int64  `json:"Rows Removed by Index Recheck"`
	Loops    int64  `json:"Actual Loops"`
	Hit      int64  `json:"Shared Hit Blocks"`
	Read     int64  `json:"Shared Read Blocks"`
	Plans    []node
}

func (n *node) rows() (sum int64) {
	if n.Relation != "" || n.Index != "" {
		sum = n.Loops * (1 + n.Rows + n.Removed + n.Recheck)
	}
	for i := range n.Plans {
		sum += n.Plans[i].rows()
	}
	return sum
}

// watchedDriver opens databases that are watched.
type watchedDriver struct {
	engine.Driver
	watch *Watch
}

// Open implements engine.Driver.
func (d watchedDriver) Open(ctx context.Context, opts engine.Options) (engine.Engine, error) {
	e, err := d.Driver.Open(ctx, opts)
	if err != nil {
		return nil, err
	}
	return watchedEngine{e, d.watch}, nil
}

// watchedEngine is an engine that is watched.
type watchedEngine struct {
	engine.Engine
	watch *Watch
}

func (e watchedEngine) reading(f func(engine.Reader) error) func(engine.Reader) error {
	return func(r engine.Reader) error { return f(watchedReader{r, e.watch}) }
}

func (e watchedEngine) writing(f func(engine.Writer) error) func(engine.Writer) error {
	return func(w engine.Writer) error { return f(watchedWriter{w, watchedReader{w, e.watch}}) }
}

// Read implements engine.Engine.
func (e watchedEngine) Read(ctx context.Context, f func(engine.Reader) error) error {
	return e.Engine.Read(ctx, e.reading(f))
}

// LongRead implements engine.Engine.
func (e watchedEngine) LongRead(ctx context.Context, f func(engine.Reader) error) error {
	return e.Engine.LongRead(ctx, e.reading(f))
}

// Write implements engine.Engine.
func (e watchedEngine) Write(ctx context.Context, work func(engine.Writer) error) error {
	return e.Engine.Write(ctx, e.writing(work))
}

// Exclusive implements engine.Engine.
func (e watchedEngine) Exclusive(ctx context.Context, work func(engine.Writer) error) error {
	return e.Engine.Exclusive(ctx, e.writing(work))
}

// watchedReader is a reader that is watched.
type watchedReader struct {
	engine.Reader
	watch *Watch
}

// Aged implements engine.Aged.
func (r watchedReader) Aged() bool {
	a, ok := r.Reader.(engine.Aged)
	return ok && a.Aged()
}

// Get implements engine.Reader.
func (r watchedReader) Get(dest any, query string, args ...any) error {
	r.watch.look(r.Reader, query, args)
	return r.Reader.Get(dest, query, args...)
}

// All implements engine.Reader.
func (r watchedReader) All(dest any, query string, args ...any) error {
	r.watch.look(r.Reader, query, args)
	return r.Reader.All(dest, query, args...)
}

// Each implements engine.Reader.
func (r watchedReader) Each(f func(*sqlx.Rows) error, query string, args ...any) error {
	r.watch.look(r.Reader, query, args)
	return r.Reader.Each(f, query, args...)
}

// watchedWriter is a writer whose questions are watched.
type watchedWriter struct {
	engine.Writer
	reader watchedReader
}

// Get implements engine.Reader.
func (w watchedWriter) Get(dest any, query string, args ...any) error {
	return w.reader.Get(dest, query, args...)
}

// All implements engine.Reader.
func (w watchedWriter) All(dest any, query string, args ...any) error {
	return w.reader.All(dest, query, args...)
}

// Each implements engine.Reader.
func (w watchedWriter) Each(f func(*sqlx.Rows) error, query string, args ...any) error {
	return w.reader.Each(f, query, args...)
}
