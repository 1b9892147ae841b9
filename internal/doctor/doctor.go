// Package doctor looks at a database and at what lies around it, and says of each
// what was found and what to do about it. It works beside a running server and
// changes nothing.
package doctor

import (
	"context"
	"errors"

	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// State grades a finding.
type State int

// The states, the better first.
const (
	Well    State = iota
	Unasked       // it was not looked at: nobody said where
	Warning       // the program goes on, and somebody must see to it
	Broken        // something does not work, or would not when it is needed
)

// Finding is one thing that was looked at.
type Finding struct {
	Name  string // 密钥
	State State
	Words string // what was found
	Hint  string // what to do; "" where nothing is
}

// Options names the things to look at, and the means.
type Options struct {
	backup.World
	Database string
	Checks   []Check // that a served database makes by itself
	Backups  string  // the folder of the copies; "" where it is not looked at
	Site     string  // the address of the running web site; "" where it is not asked

	// Free returns how much room a folder's disk has, in bytes.
	Free func(folder string) (uint64, error)
	// Writable reports whether a database can be worked on where it lies.
	Writable func(path string) bool
	// Ask asks an address and returns the status of the answer.
	Ask func(ctx context.Context, address string) (status int, err error)
}

// Check names a check that a served database makes every so many days.
type Check struct {
	Name  string
	Every int
}

// Worst returns the worst state of some findings.
func Worst(list []Finding) (worst State) {
	for _, f := range list {
		worst = max(worst, f.State)
	}
	if worst == Unasked {
		return Well
	}
	return worst
}

// Look looks at everything, in the order in which it is told. Where no database is,
// nothing else is looked at.
func Look(ctx context.Context, o Options) []Finding {
	list, there := o.inside(ctx)
	if !there {
		return list
	}
	return append(list, o.modes(), o.room(), o.copies(), o.writer(ctx))
}

// inside looks at the key and into the database; there is false where none is.
func (o *Options) inside(ctx context.Context) (list []Finding, there bool) {
	db, err := o.OpenBeside(ctx, o.Database)
	if fault.CodeOf(err) == fault.NotFound {
		return []Finding{o.shape(nil, err)}, false
	}
	if err != nil {
		return []Finding{o.key(nil), o.shape(nil, err)}, true
	}
	var out []Finding
	err = db.Read(func(v *store.Snapshot) error {
		out = []Finding{o.key(v), o.shape(db, nil), o.clock(db, v), o.root(v)}
		out = append(out, holders(v)...)
		for _, c := range o.Checks {
			out = append(out, o.check(v, c))
		}
		return nil
	})
	if err == nil {
		out = append(out, server(ctx, db)...)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		out = append(out, broken("数据库", err))
	}
	return out, true
}

// broken makes a finding of an error.
func broken(name string, err error) Finding {
	f := fault.From(err)
	return Finding{Name: name, State: Broken, Words: f.Message, Hint: f.Hint}
}
