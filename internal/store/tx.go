package store

import (
	"database/sql"
	"errors"
	"io"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Snapshot is one instant of the database: what a read transaction sees, or a
// write transaction so far. Its methods stand in one file per noun.
type Snapshot struct {
	now    time.Time
	query  queries
	chains *chains
	known  string // only what was recorded by this instant is seen of inputs; "" = all
}

// KnownBy returns the view as of an instant: of facts, affiliations, entries,
// attendance, decisions, reversals and rule files only what had been recorded by
// then. Names and present homes are as they are now.
func (v *Snapshot) KnownBy(at time.Time) *Snapshot {
	past := *v
	past.known = at.UTC().Format(instant)
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
	random io.Reader
	conn   *connection
	heads  map[domain.OrgID]domain.ChainHead // of the chains this transaction has added to
}

// Now is the instant of the transaction; everything recorded in it has this
// recorded_at.
func (v *Snapshot) Now() time.Time { return v.now }

// stamp is Now as it is stored.
func (v *Snapshot) stamp() string { return v.now.UTC().Format(instant) }

// instant is how instants are stored: UTC with milliseconds, which sort as text.
const instant = "2006-01-02T15:04:05.000Z"

// Instant writes an instant as it is stored.
func Instant(t time.Time) string { return t.UTC().Format(instant) }

// ParseInstant reads a stored instant.
func ParseInstant(s string) (time.Time, error) { return time.Parse(instant, s) }

// queries runs statements, prepared once, in a transaction.
type queries interface {
	get(dest any, query string, args ...any) error
	all(dest any, query string, args ...any) error
	rows(query string, args ...any) (*sqlx.Rows, error)
}

func (v *Snapshot) get(dest any, query string, args ...any) error {
	return mapError(v.query.get(dest, query, args...))
}

func (v *Snapshot) all(dest any, query string, args ...any) error {
	return mapError(v.query.all(dest, query, args...))
}

// each calls f for every row; f scans it.
func (v *Snapshot) each(f func(*sqlx.Rows) error, query string, args ...any) (err error) {
	rows, err := v.query.rows(query, args...)
	if err != nil {
		return mapError(err)
	}
	defer func() { err = errors.Join(err, mapError(rows.Close())) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return mapError(err)
		}
	}
	return mapError(rows.Err())
}

// exec runs a statement that writes.
func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	res, err := tx.conn.exec(query, args...)
	return res, mapError(err)
}

// insert runs an INSERT and returns the new row's id.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	res, err := tx.exec(query, args...)
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	return id, mapError(err)
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
