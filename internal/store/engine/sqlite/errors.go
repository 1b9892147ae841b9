package sqlite

import (
	"errors"

	"github.com/mattn/go-sqlite3"

	"jifen/internal/store/engine"
)

// mapError makes the fault of an error of SQLite.
func mapError(err error) error { return engine.Fault(err, classify) }

// classify returns the meaning of an error of SQLite.
func classify(err error) engine.Class {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return engine.Unforeseen
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return engine.Duplicate
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrInterrupt:
		return engine.Busy
	case sqlite3.ErrFull:
		return engine.Full
	case sqlite3.ErrIoErr, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrReadonly:
		return engine.Broken
	}
	return engine.Unforeseen
}

// notADatabase reports whether SQLite found no database in a file.
func notADatabase(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrNotADB
}
