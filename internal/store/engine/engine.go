// Package engine says what a database must offer so that the store can keep its
// rows in it. The store's SQL is written once, in the subset that databases have
// in common; what differs stands below this seam: how a file is opened and locked,
// how work is committed, what an error means, how a copy is made.
//
// Placeholders are ?, or ?1 ?2 where one is used twice; an engine that writes them
// otherwise rewrites them in one place. What is true or false is a number, 1 or 0;
// a NULL that several SELECTs unite has its type by CAST. Texts are ordered by their
// bytes. Ids of new rows come by Writer.Insert. Every
// error that leaves an engine is a *fault.Error (see Fault).
package engine

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrUnknown is in the error of a Write of which the database did not say whether it
// was kept.
var ErrUnknown = errors.New("the outcome of a commit is not known")

// ErrRace is in the error of work that came second where another transaction was
// quicker: it may be run again as a whole.
var ErrRace = errors.New("another transaction was quicker")

// Company names who else may have a file open to write. On a server everybody may.
type Company int

// The kinds of company.
const (
	Alone   Company = iota // nobody: whoever comes is refused, as is this one where somebody is
	Host                   // visitors may come and go
	Visitor                // is one where there is a host, and alone where nobody is
)

// Options are of opening a database.
type Options struct {
	Path    string           // the file
	Create  bool             // make an empty one where there is none
	Now     func() time.Time // the clock of Writer.Now
	Company Company

	// ReadFrom is a replica of the database, which answers the reads whose context says
	// that an older instant will do (see Freshness); "" for none. fault.Invalid for a
	// replica of another database; a file has none and does not look at it.
	ReadFrom string

	// Accept refuses a database by what it is, before anything of it is changed.
	Accept func(Identity) error
}

// Identity names whose a database is, and its shape.
type Identity struct {
	Empty       bool  // nothing is in it
	Application int64 // the mark of the program that made it
	Version     int64 // of the schema, as that program counts
	Oldest      int64 // the oldest version whose program may work on it
	Hosted      bool  // another program is at work on it, and its shape stays as it is
	Catalogue   Catalogue
}

// Change is a script that makes or changes tables, with the mark and the version
// that the database has after it.
type Change struct {
	Script      string
	Application int64
	Version     int64
	Oldest      int64 // 0 = Version

	// Check refuses what came of it, before it is kept; nil takes everything.
	Check func(Identity) error
}

// Rewritable is a table that is no history.
type Rewritable struct {
	Table   string
	Columns []string // that may be changed; none = every one
	Delete  bool     // rows may go
	Fixed   bool     // no column may be changed
}

// Reader asks within one transaction. Statements are prepared once.
type Reader interface {
	// Get scans one row; fault.NotFound if there is none.
	Get(dest any, query string, args ...any) error
	// All scans every row.
	All(dest any, query string, args ...any) error
	// Each calls f for every row, which scans it.
	Each(f func(*sqlx.Rows) error, query string, args ...any) error
	// Integrity lets the database look at all it has and returns what is wrong
	// with it, at most a hundred.
	Integrity() ([]string, error)
}

// Writer asks and writes within one transaction, and sees its own work.
type Writer interface {
	Reader
	// Hold is Get of a row that nobody else changes before the transaction ends.
	Hold(dest any, query string, args ...any) error
	Exec(query string, args ...any) (sql.Result, error)
	// Insert runs an INSERT of one row into a table with ids and returns the row's.
	Insert(query string, args ...any) (int64, error)
	// Now is the instant of the transaction.
	Now() time.Time
	// Lock holds the rows whose ids a question about one table finds until the
	// transaction ends, in the order in which it finds them: nobody else who locks them
	// is at work meanwhile. It returns the ids. Where there is one writer it does nothing.
	Lock(query string, args ...any) ([]int64, error)
	// Dropping runs work, in which rows of a table go that nothing else may take away: those
	// for which a condition over OLD holds. Where the trigger of the table knows them by
	// itself, work is only run.
	Dropping(table, condition string, work func() error) error
}

// Filler puts rows that were read elsewhere into the tables of a fresh database, and
// sees its own work.
type Filler interface {
	Reader
	// Put appends rows to a table, their values in the order of columns, ids and all.
	Put(table string, columns []string, rows [][]any) error
	// Follow makes the ids of new rows of a table follow those that were put in, and
	// refuses where an INSERT that is taken back shows that they do not.
	Follow(table string, columns []string) error
}

// Readiness holds the answers of a database that can be written and read.
type Readiness struct {
	Version int64     // of its schema; 0 where nobody else can have changed it
	Time    time.Time // that it is there; zero where it has no clock of its own
}

// Engine is an open database.
type Engine interface {
	// Read runs f in one short read transaction: all that f sees is of one instant,
	// and nothing can be written. Many read at once.
	Read(ctx context.Context, f func(Reader) error) error
	// Peek is Get without a transaction, for one row of one column that an index has:
	// many ask it, and nothing else is asked of the same instant. What is asked with are
	// texts and numbers.
	Peek(dest any, query string, args ...any) error
	// LongRead is Read on a connection of its own, which no writer and no short read
	// waits for.
	LongRead(ctx context.Context, f func(Reader) error) error
	// Yield lets those who write go first: whoever reads for long calls it between two
	// pieces of work. It waits a moment at most.
	Yield()
	// Write runs work in a write transaction and returns when its outcome is known:
	// nil means durable, any error means that nothing of it was kept. Many callers may
	// share one commit, so work may run twice and touches only the Writer and its own
	// result. A panic is an error. A Write within a Write is refused.
	Write(ctx context.Context, work func(Writer) error) error
	// Exclusive is Write with nobody else in the transaction.
	Exclusive(ctx context.Context, work func(Writer) error) error

	// Identity returns whose the database is.
	Identity(ctx context.Context) (Identity, error)
	// Apply makes a change in one transaction or not at all. Nobody else is at work.
	Apply(ctx context.Context, c Change) error
	// Fill makes a change in an empty database and lets work put rows into its tables,
	// all in one transaction however long it takes, or not at all. fault.Conflict if the
	// database is not empty.
	Fill(ctx context.Context, c Change, work func(Filler) error) error
	// Copy writes the database as it is at one instant into a new file.
	Copy(ctx context.Context, to string) error
	// Scrub takes out of the database's own log what was erased, as far as the program may:
	// fault.Unavailable while somebody reads what was there before.
	Scrub(ctx context.Context) error
	// Grant takes every right from another user of the database, and lets him read all,
	// add rows, and rewrite what is listed. fault.Invalid where there are no users, and
	// for a user whom it would not bind.
	Grant(ctx context.Context, user string, rewritable []Rewritable) error
	// Granted lists the users who were granted something.
	Granted(ctx context.Context) ([]string, error)

	// Health returns why nothing can be written any more, nil while all is well.
	Health() error
	// Ready is Health, and why nothing can be written or read just now. It asks one
	// question, which the caller gives.
	Ready(ctx context.Context, question string) (Readiness, error)
	// Stats returns what was done since the database was opened, and what is at work.
	Stats() Stats
	// LookAtReplica looks at the replica and decides whether it is read from until the
	// next look. Whoever serves calls it every second; without a replica it does nothing.
	LookAtReplica(ctx context.Context)
	// Close waits for the work at hand and lets the database go.
	Close() error
	// String names the database for a log.
	String() string
}

// Still is a database opened to be looked at and nothing else.
type Still interface {
	// Read runs f for as long as it takes; fault.Unavailable if somebody changed the
	// database meanwhile.
	Read(f func(Reader) error) error
	Close() error
}

// Clock is a Still of a database that has a clock of its own.
type Clock interface {
	// Time returns the time that it is there.
	Time() (time.Time, error)
}

// Crowd is a Still of a database that others are connected to as well.
type Crowd interface {
	// Connections returns how many connections are given away, and how many can be.
	Connections() (used, limit int, err error)
	// LookAtReplica and Stats are those of Engine.
	LookAtReplica(ctx context.Context)
	Stats() Stats
}

// Driver opens databases of one kind.
type Driver interface {
	// Open opens a database to be written, in the company that the options name:
	// fault.NotFound if there is none and Create is not set, fault.Unavailable if another
	// process holds it.
	Open(ctx context.Context, opts Options) (Engine, error)
	// OpenStill opens one without writing anything.
	OpenStill(ctx context.Context, opts Options) (Still, error)
	// OpenBeside opens one to be looked at, also while another process writes it; each
	// Read is of one instant.
	OpenBeside(ctx context.Context, opts Options) (Still, error)
	// Catalogue returns what Identity tells of the catalogue that a script makes.
	Catalogue(ctx context.Context, script string) (Catalogue, error)
	// Copy writes a database as it is at one instant into a new file, also while
	// another process writes it.
	Copy(ctx context.Context, from, to string) error
}
