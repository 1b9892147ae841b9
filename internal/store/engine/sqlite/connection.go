package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// connection is the writer's one connection with its prepared statements.
type connection struct {
	conn   *sqlx.Conn
	raw    *sqlite3.SQLiteConn
	stmts  map[string]*sqlx.Stmt
	writes map[string]*sqlite3.SQLiteStmt // of the driver itself: what writes gives no rows to scan
	wrote  bool                           // the job at hand has asked for something to be written
}

func connect(handle *sqlx.DB) (*connection, error) {
	// Every statement runs with a background context: a caller who hangs up
	// must not interrupt the transaction that others share.
	conn, err := handle.Connx(context.Background())
	if err != nil {
		return nil, mapError(err)
	}
	c := &connection{conn: conn, stmts: map[string]*sqlx.Stmt{}, writes: map[string]*sqlite3.SQLiteStmt{}}
	err = conn.Raw(func(driver any) error {
		raw, ok := driver.(*sqlite3.SQLiteConn)
		if !ok {
			return fmt.Errorf("driver is a %T", driver)
		}
		c.raw = raw
		return nil
	})
	return c, err
}

// lost reports whether no transaction is open.
func (c *connection) lost() bool { return c.raw.AutoCommit() }

func (c *connection) stmt(query string) (*sqlx.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	s, err := c.conn.PreparexContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	s.Mapper = c.conn.Mapper // which sqlx forgets for a connection
	c.stmts[query] = s
	return s, nil
}

// writing is a write transaction: an engine.Writer.
type writing struct {
	*connection
	now time.Time
}

// Now implements engine.Writer.
func (w writing) Now() time.Time { return w.now }

// asks notes a question that may write.
func (w writing) asks(query string) {
	if !strings.HasPrefix(query, "SELECT ") {
		w.wrote = true
	}
}

// Get implements engine.Reader.
func (w writing) Get(dest any, query string, args ...any) error {
	w.asks(query)
	return w.connection.Get(dest, query, args...)
}

// All implements engine.Reader.
func (w writing) All(dest any, query string, args ...any) error {
	w.asks(query)
	return w.connection.All(dest, query, args...)
}

// Each implements engine.Reader.
func (w writing) Each(f func(*sqlx.Rows) error, query string, args ...any) error {
	w.asks(query)
	return w.connection.Each(f, query, args...)
}

// Hold implements engine.Writer: nobody else writes anything.
func (w writing) Hold(dest any, query string, args ...any) error { return w.Get(dest, query, args...) }

// Lock implements engine.Writer: there is one writer.
func (w writing) Lock(string, ...any) ([]int64, error) { return nil, nil }

// Dropping implements engine.Writer: the trigger that keeps the rows of the table gives way
// to one that keeps all others, and comes back as it was.
func (w writing) Dropping(table, condition string, work func() error) error {
	var kept string
	trigger := table + "_kept"
	err := w.Get(&kept, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ? AND tbl_name = ?", trigger,
		table)
	run := func(statement string) {
		if err == nil {
			_, err = w.Exec(statement)
		}
	}
	run("DROP TRIGGER " + trigger)
	run("CREATE TRIGGER " + trigger + " BEFORE DELETE ON " + table + " WHEN NOT (" + condition +
		") BEGIN SELECT RAISE(ABORT, '" + table + " is append-only'); END")
	if err == nil {
		err = work()
	}
	run("DROP TRIGGER " + trigger)
	run(kept)
	return err
}

// Exec implements engine.Writer.
func (w writing) Exec(query string, args ...any) (sql.Result, error) {
	w.wrote = true
	res, err := w.exec(query, args...)
	return res, mapError(err)
}

// Insert implements engine.Writer.
func (w writing) Insert(query string, args ...any) (int64, error) {
	w.wrote = true
	res, err := w.exec(query, args...)
	if err != nil {
		return 0, mapError(err)
	}
	id, err := res.LastInsertId()
	return id, mapError(err)
}

// exec runs a statement by the driver: the loop is the only one who uses the
// connection, so that database/sql has nothing to guard.
func (c *connection) exec(query string, args ...any) (sql.Result, error) {
	s, err := c.write(query)
	if err != nil {
		return nil, err
	}
	values, err := valuesOf(s, args)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), values)
}

// valuesOf returns the arguments of a statement as the driver takes them.
func valuesOf(s *sqlite3.SQLiteStmt, args []any) (values []driver.NamedValue, err error) {
	if n := s.NumInput(); n != len(args) {
		return nil, fmt.Errorf("%d arguments for %d placeholders", len(args), n)
	}
	values = make([]driver.NamedValue, len(args))
	for i, arg := range args {
		values[i].Ordinal = i + 1
		if values[i].Value, err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (c *connection) write(query string) (*sqlite3.SQLiteStmt, error) {
	if s := c.writes[query]; s != nil {
		return s, nil
	}
	made, err := c.raw.Prepare(query)
	if err != nil {
		return nil, err
	}
	s, ok := made.(*sqlite3.SQLiteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("statement is a %T", made), made.Close())
	}
	c.writes[query] = s
	return s, nil
}

// Get implements engine.Reader.
func (c *connection) Get(dest any, query string, args ...any) error {
	s, err := c.stmt(query)
	if err == nil {
		err = s.GetContext(context.Background(), dest, args...)
	}
	return mapError(err)
}

// All implements engine.Reader.
func (c *connection) All(dest any, query string, args ...any) error {
	s, err := c.stmt(query)
	if err == nil {
		err = s.SelectContext(context.Background(), dest, args...)
	}
	return mapError(err)
}

// Each implements engine.Reader.
func (c *connection) Each(f func(*sqlx.Rows) error, query string, args ...any) error {
	s, err := c.stmt(query)
	if err != nil {
		return mapError(err)
	}
	return each(context.Background(), s, f, args)
}

// Integrity implements engine.Reader.
func (c *connection) Integrity() (wrong []string, err error) {
	var lines []string
	err = c.All(&lines, integrityCheck)
	return wrongs(lines), err
}

func (c *connection) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	for _, s := range c.writes {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.conn.Close())...)
}
