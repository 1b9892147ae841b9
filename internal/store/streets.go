package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/store/engine"
)

// Whoever writes is alone in a street until the transaction ends, so that what was
// read is still so when what was made of it is kept: one records an entry while
// another locks its period, two decide one request. In a file there is one writer
// anyway. On a server the rows of the streets in orgs are locked, in the order of
// their ids; a write that names none locks all, so that forgetting is safe.

// inStreets names the value of a context that says in which streets is written.
type inStreets struct{}

// InStreets returns a context whose writes concern the streets at or above some paths.
// Work that turns out to write in another street is
// run again with all of them.
func InStreets(ctx context.Context, paths []string) context.Context {
	return context.WithValue(ctx, inStreets{}, paths)
}

// noStreet names the value of a context that says that what is written is of no street.
type noStreet struct{}

// OfNoStreet returns a context whose writes are alone in no street: what they read and
// write they hold themselves. Work that appends to a chain after all is run again with
// all streets.
func OfNoStreet(ctx context.Context) context.Context { return context.WithValue(ctx, noStreet{}, true) }

// errOtherStreet ends work that writes where it is not alone.
var errOtherStreet = errors.New("a street that is not locked")

// locked lists the streets that a transaction is alone in.
type locked struct {
	all     bool
	streets []int64
}

// lock makes the transaction alone in the streets at or above some paths, in all where
// there is none.
func (tx *Tx) lock(paths []string) error {
	args := []any{domain.Street.String()}
	for _, p := range paths {
		for i := range p {
			if p[i] == '.' {
				args = append(args, p[:i+1])
			}
		}
	}
	if len(args) > 1 {
		ids, err := tx.writer.Lock("SELECT id FROM orgs WHERE level = ? AND path IN (?"+
			strings.Repeat(", ?", len(args)-2)+") ORDER BY id", args...)
		tx.locked.streets = ids
		if err != nil || len(ids) > 0 {
			return err
		}
	}
	tx.locked.all = true
	_, err := tx.writer.Lock("SELECT id FROM orgs WHERE level = ? OR parent_id IS NULL ORDER BY id", args[0])
	return err
}

// alone refuses to write in a street in which the transaction is not alone; what
// stands above the streets and what is of none needs all.
func (tx *Tx) alone(street int64) error {
	if !tx.many || tx.locked.all || slices.Contains(tx.locked.streets, street) {
		return nil
	}
	return errOtherStreet
}

// standsIn returns the organisation of a chain with the row of its street, 0 for one above
// streets. What concerns somebody who belongs to none stands in the root's.
func (tx *Tx) standsIn(chain domain.OrgID) (of domain.OrgID, street int64, err error) {
	if chain == "" {
		if tx.root == "" {
			var root int64
			if err := tx.get(&root, "SELECT id FROM orgs WHERE parent_id IS NULL ORDER BY id LIMIT 1"); err != nil {
				return "", 0, err
			}
			tx.root = orgID(root)
		}
		chain = tx.root
	}
	street, err = tx.streetOfChain(place{org: orgKey(chain)})
	return chain, street, err
}

// streetOfChain returns the row of the street that a chain is of. It is asked of the
// database once for every organisation; what a transaction founds, once in it.
func (tx *Tx) streetOfChain(at place) (int64, error) {
	if at.month != "" {
		return at.org, nil
	}
	known := tx.chains.streets
	if tx.founds { // what is not kept may not be remembered
		known = &tx.founded
	}
	if street, ok := known.Load(at.org); ok {
		return street.(int64), nil
	}
	street, err := tx.streetOf(orgID(at.org))
	if err == nil {
		known.Store(at.org, street)
	}
	return street, err
}

// write runs work with the streets of its context locked, and once more with all of
// them if it wrote elsewhere. Where the server did not say whether it has committed
// what is answered once under a key, the same work asks by running again.
func (db *DB) write(
	ctx context.Context, run func(context.Context, func(engine.Writer) error) error, work func(*Tx) error,
) error {
	paths, _ := ctx.Value(inStreets{}).([]string)
	none, _ := ctx.Value(noStreet{}).(bool)
	var last *Tx
	err := run(ctx, db.work(work, paths, none, &last))
	if errors.Is(err, errOtherStreet) {
		paths, none = nil, false
		err = run(ctx, db.work(work, paths, none, &last))
	}
	if errors.Is(err, engine.ErrUnknown) && last.keyed {
		if again := run(ctx, db.work(work, paths, none, &last)); again == nil {
			return nil
		}
	}
	return err
}

// work makes a transaction of f, with all streets locked where no paths are given,
// or with none.
func (db *DB) work(f func(*Tx) error, paths []string, none bool, last **Tx) func(engine.Writer) error {
	return func(w engine.Writer) error {
		tx := &Tx{
			Snapshot: Snapshot{query: w, chains: db.chains}, random: db.opts.Random, writer: w, many: OnServer(db.opts.Path),
		}
		*last = tx
		if tx.many && !none {
			if err := tx.lock(paths); err != nil {
				return err
			}
		}
		tx.now = w.Now() // after whoever was there before
		tx.unsettled = tx.settle
		if err := f(tx); err != nil {
			return err
		}
		return tx.settle()
	}
}
