package store

import (
	"database/sql"
	"io"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store/engine"
)

// Snapshot is one instant of the database: what a read transaction sees, or a
// write transaction so far. Its methods stand in one file per noun.
type Snapshot struct {
	now       time.Time
	query     engine.Reader
	chains    *chains
	known     string // only what was recorded by this instant is seen of inputs; "" = all
	supposed  supposition
	aged      bool         // it is of a replica: others may have seen a later instant
	held      *Held        // what the view answers from, instead of the database; nil = nothing
	memory    *memory      // what is held of members; nil = the view takes nothing from there
	yield     func()       // lets those who write go first; nil where nobody waits for the view
	unsettled func() error // writes what a transaction has put off; nil = nothing
}

// Yield lets those who write go first. Whoever reads for long calls it now and then;
// elsewhere it does nothing.
func (v *Snapshot) Yield() {
	if v.yield != nil {
		v.yield()
	}
}

// settled makes what is kept beside the rows that a transaction has written as new as
// they are.
func (v *Snapshot) settled() error {
	if v.unsettled == nil {
		return nil
	}
	return v.unsettled()
}

// Kept reports whether all that the view sees of the database is kept: it is not that of
// a transaction that writes.
func (v *Snapshot) Kept() bool { return v.unsettled == nil && v.held == nil }

// KnownBy returns the view as of an instant: of facts, affiliations, entries,
// attendance, decisions, reversals and rule files only what had been recorded by
// then. Names and present homes are as they are now.
func (v *Snapshot) KnownBy(at time.Time) *Snapshot {
	past := *v
	past.known = calendar.Instant(at)
	return &past
}

// Past reports whether the view is as of an earlier instant: what is remembered
// of members is not of it.
func (v *Snapshot) Past() bool { return v.known != "" }

// knownBy is the instant for a query; what is recorded later is not seen.
func (v *Snapshot) knownBy() string {
	if v.known == "" {
		return "9999"
	}
	return v.known
}

// Tx is a write transaction. It sees its own work, and may be run twice (see
// DB.Write), so what runs in it touches only the Tx and its own result.
type Tx struct {
	Snapshot
	random  io.Reader
	writer  engine.Writer
	many    bool // there are other writers
	locked  locked
	founds  bool                           // it makes organisations
	keyed   bool                           // it keeps an answer under an idempotency key
	papers  map[paper]any                  // ids of the names of paper records, as insertPaper has found them
	heads   map[place]*headRow             // of chains, as this transaction leaves them
	moved   []place                        // of the heads that are still to be written
	waiting map[domain.AccountID]*handedIn // requests by their author, as takePlace has counted them
	raised  []raised                       // versions that are still to be raised
	wrote   int64                          // the street of what was recorded last; 0 = of none
	root    domain.OrgID                   // "" = not asked for yet
	lining  lining                         // what was recorded, and the lines of it

	founded sync.Map // by the row of an organisation: that of its street, while organisations are made

	opened  map[domain.AccountID]bool                      // accounts that were opened here
	streets map[domain.MemberID]int64                      // in which members are at home, as far as known
	started map[domain.ActivityID]map[domain.MemberID]bool // activities that were recorded here, and whose lines
}

// Now is the instant of the transaction; everything recorded in it has this
// recorded_at.
func (v *Snapshot) Now() time.Time { return v.now }

// stamp is Now as it is stored.
func (v *Snapshot) stamp() string { return calendar.Instant(v.now) }

// Instant writes an instant as it is stored.
func Instant(t time.Time) string { return calendar.Instant(t) }

// ParseInstant reads a stored instant.
func ParseInstant(s string) (time.Time, error) { return calendar.ParseInstant(s) }

func (v *Snapshot) get(dest any, query string, args ...any) error {
	return v.query.Get(dest, query, zeroOrOne(args)...)
}

func (v *Snapshot) all(dest any, query string, args ...any) error {
	return v.query.All(dest, query, zeroOrOne(args)...)
}

// each calls f for every row; f scans it.
func (v *Snapshot) each(f func(*sqlx.Rows) error, query string, args ...any) error {
	return v.query.Each(f, query, zeroOrOne(args)...)
}

// exec runs a statement that writes.
func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	return tx.writer.Exec(query, zeroOrOne(args)...)
}

// zeroOrOne turns what is true or false into 1 or 0, as columns have it: not every
// database takes the one for the other.
func zeroOrOne(args []any) []any {
	for i, a := range args {
		if is, ok := a.(bool); ok {
			args[i] = int64(0)
			if is {
				args[i] = int64(1)
			}
		}
	}
	return args
}

// insert runs an INSERT into a table with ids and returns the new row's.
func (tx *Tx) insert(query string, args ...any) (id int64, err error) {
	return tx.writer.Insert(query, zeroOrOne(args)...)
}

// mapError gives what went wrong outside a question its code.
func mapError(err error) error {
	return engine.Fault(err, func(error) engine.Class { return engine.Unforeseen })
}

// day scans a civil day.
type day calendar.Day

// Scan implements sql.Scanner.
func (d *day) Scan(src any) error {
	s, _ := src.(string)
	if s == "" {
		*d = 0
		return nil
	}
	parsed, err := calendar.Parse(s)
	*d = day(parsed)
	return err
}
