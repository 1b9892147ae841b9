package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jifen"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

// granted makes the tables on a server as their owner and opens them as the user of the
// program, who was given his rights.
func granted(t *testing.T) (owner, program *DB) {
	t.Helper()
	opts := Options{Path: pgtest.Database(t), Create: true, Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}}
	open := func() *DB {
		db, err := Open(t.Context(), opts)
		must(t, "open", err)
		t.Cleanup(func() { must(t, "close", db.Close()) })
		return db
	}
	owner = open()
	user := pgtest.AsProgram(t, opts.Path)
	for range 2 { // it may be run again
		must(t, "grant", Grant(t.Context(), opts, pgtest.Program))
	}
	opts.Path, opts.Create = user, false
	return owner, open()
}

// columnsByTable lists the columns of every table.
func columnsByTable(t *testing.T, db *DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	lines := ask(t, db.engine, `SELECT c.relname || ' ' || a.attname FROM pg_class c JOIN pg_attribute a
		ON a.attrelid = c.oid WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0`)
	for _, line := range lines {
		table, column, _ := strings.Cut(line, " ")
		out[table] = append(out[table], column)
	}
	return out
}

// TestTheProgramMayNotRewriteHistory asks for every change of every table as the user
// of the program, with the triggers off: the rights alone refuse all but what is listed.
func TestTheProgramMayNotRewriteHistory(t *testing.T) {
	owner, program := granted(t)
	columns := columnsByTable(t, owner)
	holds(t, "tables were found", len(columns) > 25)
	for table := range columns {
		try(t, owner, "ALTER TABLE "+table+" DISABLE TRIGGER USER", true)
	}
	listed := map[string]engine.Rewritable{}
	for _, r := range Rewritable() {
		listed[r.Table] = r
		holds(t, r.Table+" is a table", columns[r.Table] != nil)
	}
	for table, all := range columns {
		r, ok := listed[table]
		for _, column := range all {
			may := ok && !r.Fixed && (len(r.Columns) == 0 || slices.Contains(r.Columns, column))
			try(t, program, "UPDATE "+table+" SET "+column+" = "+column, may)
		}
		try(t, program, "DELETE FROM "+table, ok && r.Delete)
		try(t, program, "TRUNCATE "+table+" CASCADE", false)
		try(t, program, "ALTER TABLE "+table+" DISABLE TRIGGER ALL", false)
		try(t, program, "DROP TABLE "+table+" CASCADE", false)
	}
	try(t, program, "UPDATE jifen_schema SET version = 99", false)
	try(t, program, "INSERT INTO jifen_schema VALUES (false, 1, 1)", false)
}

// holds says of a condition that it does not hold.
func holds(t *testing.T, condition string, is bool) {
	t.Helper()
	if !is {
		t.Errorf("not so: %s", condition)
	}
}

// try runs a statement and takes it back: it is let through or refused for want of
// rights.
func try(t *testing.T, db *DB, statement string, may bool) {
	t.Helper()
	undo := fault.New(fault.Conflict, "taken back")
	err := db.Write(context.Background(), func(tx *Tx) error {
		if _, err := tx.exec(statement); err != nil {
			return err
		}
		if strings.HasPrefix(statement, "ALTER") && may {
			return nil
		}
		return undo
	})
	switch {
	case may && err != nil && err.Error() != undo.Error():
		t.Errorf("%s: %v, want that it is let through", statement, err)
	case !may && (err == nil || !strings.Contains(fmt.Sprint(errors.Unwrap(err)), "42501")):
		t.Errorf("%s: %v, want that it is refused for want of rights", statement, err)
	}
}

// TestRightsAndTriggersAgree holds what may be rewritten by rights to what the triggers
// let through.
func TestRightsAndTriggersAgree(t *testing.T) {
	t.Parallel()
	refused := map[string]string{} // columns, "all" or "texts" by table
	trigger := regexp.MustCompile(`(?m)^CREATE TRIGGER \w+ BEFORE UPDATE(?: OF ([\w, ]+))? ON (\w+) ` +
		`.*EXECUTE FUNCTION (\w+)`)
	for _, m := range trigger.FindAllStringSubmatch(jifen.SchemaPostgres, -1) {
		refused[m[2]] = m[1]
		if m[1] == "" && m[3] == "refuse_change" {
			refused[m[2]] = "all"
		}
	}
	listed := map[string]bool{"settings": true} // says once whose the database is
	for _, r := range Rewritable() {
		listed[r.Table] = !r.Fixed
		holds(t, r.Table+" is listed, so it may be rewritten", r.Fixed || refused[r.Table] != "all")
		for _, column := range r.Columns {
			holds(t, r.Table+"."+column+" is listed, so no trigger keeps it",
				!slices.Contains(strings.Split(refused[r.Table], ", "), column))
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`).FindAllStringSubmatch(jifen.SchemaPostgres, -1) {
		holds(t, m[1]+" is kept by a trigger, or listed", listed[m[1]] || refused[m[1]] == "all")
	}
}

// TestWhoIsGrantedNothing names the users whom rights would not bind.
func TestWhoIsGrantedNothing(t *testing.T) {
	owner, program := granted(t)
	as := func(db *DB, user string) error { return Grant(t.Context(), db.opts, user) }
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"nobody":       {as(owner, "nobody at all"), "没有用户“nobody at all”"},
		"the owner":    {as(owner, "owner"), "授权管不住他"},
		"not by him":   {as(program, pgtest.Program), "表的主人是“owner”"},
		"quoted":       {as(owner, `x"; DROP TABLE trail; --`), "没有用户"},
		"not of files": {Grant(t.Context(), Options{Path: t.TempDir() + "/t.db"}, "x"), "是文件"},
	} {
		holds(t, name+": "+c.want, c.err != nil && strings.Contains(c.err.Error(), c.want))
	}
}

// TestAMigrationGrantsAgain takes a right away, as a new table would lack it: a
// migration gives it again.
func TestAMigrationGrantsAgain(t *testing.T) {
	owner, program := granted(t)
	try(t, owner, "ALTER TABLE trail DISABLE TRIGGER USER", true)
	must(t, "revoke", owner.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.exec("REVOKE ALL ON trail FROM " + pgtest.Program)
		return err
	}))
	try(t, program, "SELECT 1 FROM trail", false)
	m, err := Migrate(t.Context(), owner.opts, Extent{Write: true})
	must(t, "migrate", err)
	expect.Equal(t, "who was granted again", strings.Join(m.Granted, " "), pgtest.Program)
	try(t, program, "SELECT 1 FROM trail", true)
}
