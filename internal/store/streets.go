package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Whoever writes is alone in a street until the transaction ends, so that what was
// read is still so when what was made of it is kept: one records an entry while
// another locks its period, two decide one request. In a file there is one writer
// anyway. On a server the rows of the streets in orgs are locked, in the order of
// their ids; a write that says nothing of streets locks all, so that forgetting is safe.

// whereWritten names the value of a context that says in which streets is written.
type whereWritten struct{}

// places says in which streets a transaction is to be alone.
type places struct {
	paths  []string        // at or above which streets stand
	member domain.MemberID // in whose street; "" for nobody
	rows   []int64         // of streets
	all    bool
	named  bool // is alone somewhere, so that what it refuses is refused by what is there
}

// InStreets returns a context whose writes concern the streets at or above some paths.
// Work that turns out to write in another street is run again with that one too; so
// is, with all, what is refused where there is none.
func InStreets(ctx context.Context, paths []string) context.Context {
	return InStreetsOf(ctx, paths, "")
}

// InStreetsOf is InStreets and the street of a member's home, "" for nobody's.
func InStreetsOf(ctx context.Context, paths []string, member domain.MemberID) context.Context {
	return context.WithValue(ctx, whereWritten{}, places{paths: paths, member: member, named: true})
}

// OfNoStreet returns a context whose writes are alone in no street: what they read and
// write they hold themselves. Work that records in a street after all is run again with
// it.
func OfNoStreet(ctx context.Context) context.Context {
	return context.WithValue(ctx, whereWritten{}, places{})
}

// InAllStreets returns a context whose writes are alone in all streets. The reason is for
// the reader of the code.
func InAllStreets(ctx context.Context, reason string) context.Context {
	return context.WithValue(ctx, whereWritten{}, places{all: reason != ""})
}

// maxStreets limits how many streets are found one by one to be written in, before all
// are locked.
const maxStreets = 3

// errOtherStreet ends work that writes where it is not alone.
var errOtherStreet = errors.New("a street that is not locked")

// locked lists the streets that a transaction is alone in.
type locked struct {
	all     bool
	streets []int64
	lacks   int64 // the street in which it was to write and is not alone; 0 = above streets
}

// lock makes the transaction alone in some streets.
func (tx *Tx) lock(in *places) (err error) {
	level := domain.Street.String()
	if in.all {
		tx.locked.all = true
		_, err = tx.writer.Lock("SELECT id FROM orgs WHERE level = ? OR parent_id IS NULL ORDER BY id", level)
		return err
	}
	args := []any{level}
	for _, p := range in.paths {
		for i := range p {
			if p[i] == '.' {
				args = append(args, p[:i+1])
			}
		}
	}
	at := len(args)
	for _, row := range in.rows {
		args = append(args, row)
	}
	if len(args) > 1 || in.member != "" {
		tx.locked.streets, err = tx.writer.Lock("SELECT id FROM orgs WHERE level = ? AND (path IN ("+placeholders(at-1)+
			") OR id IN ("+placeholders(len(args)-at)+`)
			OR id IN (SELECT m.street_id FROM members m WHERE m.id = ?)) ORDER BY id`, append(args, string(in.member))...)
	}
	return err
}

// astray reports whether work was refused by what it read where it was alone nowhere,
// though it is to be: what it read may be of several instants.
func (tx *Tx) astray(err error, in *places) bool {
	refused := err != nil && fault.CodeOf(err) != fault.Unavailable && fault.CodeOf(err) != fault.Internal
	return tx != nil && tx.many && refused && in.named && !tx.locked.all && len(tx.locked.streets) == 0
}

// placeholders returns so many placeholders of a list, NULL for none.
func placeholders(n int) string {
	if n == 0 {
		return "NULL"
	}
	return strings.Repeat("?, ", n-1) + "?"
}

// alone refuses to write in a street in which the transaction is not alone; what
// stands above the streets and what is of none needs all.
func (tx *Tx) alone(street int64) error {
	if !tx.many || tx.locked.all || slices.Contains(tx.locked.streets, street) {
		return nil
	}
	tx.locked.lacks = street
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

// write runs work with the streets of its context locked, and again with one more if it
// wrote elsewhere. Where the server did not say whether it has committed
// what is answered once under a key, the same work asks by running again.
func (db *DB) write(
	ctx context.Context, run func(context.Context, func(engine.Writer) error) error, work func(*Tx) error,
) error {
	in, said := ctx.Value(whereWritten{}).(places)
	in.all = in.all || !said
	var last *Tx
	err := run(ctx, db.work(work, &in, &last))
	for found := 1; errors.Is(err, errOtherStreet); found++ {
		in.rows = append(slices.Clip(in.rows), last.locked.lacks)
		in.all = last.locked.lacks == 0 || found == maxStreets
		err = run(ctx, db.work(work, &in, &last))
	}
	if last.astray(err, &in) {
		in.all = true
		err = run(ctx, db.work(work, &in, &last))
	}
	if errors.Is(err, engine.ErrUnknown) && last.keyed {
		if again := run(ctx, db.work(work, &in, &last)); again == nil {
			return nil
		}
	}
	return err
}

// work makes a transaction of f that is alone in some streets.
func (db *DB) work(f func(*Tx) error, in *places, last **Tx) func(engine.Writer) error {
	return func(w engine.Writer) error {
		tx := &Tx{
			Snapshot: Snapshot{query: w, chains: db.chains}, random: db.opts.Random, writer: w, many: OnServer(db.opts.Path),
		}
		*last = tx
		if tx.many {
			if err := tx.lock(in); err != nil {
				return err
			}
		}
		tx.now = w.Now() // after whoever was there before
		tx.unsettled = tx.settle
		if !db.opts.AnyClock {
			if err := db.newest.punctual(tx); err != nil {
				return err
			}
		}
		if err := f(tx); err != nil {
			return err
		}
		if !db.opts.Unlined {
			if err := tx.lining.whole(); err != nil {
				return err
			}
		}
		if err := tx.settle(); err != nil {
			return err
		}
		db.newest.wrote(tx.now)
		return nil
	}
}
