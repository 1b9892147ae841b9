package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Scrub does nothing: the log of a server is the server's, and ends with its own rules.
func (db *database) Scrub(context.Context) error { return nil }

// Grant implements engine.Engine: in one transaction everything is taken from the user
// and what he needs is given.
func (db *database) Grant(ctx context.Context, user string, rewritable []engine.Rewritable) error {
	if err := db.writes.places.Enter(ctx); err != nil {
		return mapError(err)
	}
	defer db.writes.places.Leave()
	tx, err := db.writes.db.BeginTxx(ctx, nil)
	if err != nil {
		return mapError(err)
	}
	defer func() { _ = tx.Rollback() }() // after a COMMIT it does nothing
	g := granting{reading{ctx: ctx, tx: tx}, user}
	if err := g.fit(); err != nil {
		return err
	}
	if err := g.give(rewritable); err != nil {
		return err
	}
	if err := g.bound(rewritable); err != nil {
		return err
	}
	return mapError(tx.Commit())
}

// Granted implements engine.Engine: whoever may read the mark of the database beside
// its owner.
func (db *database) Granted(ctx context.Context) (users []string, err error) {
	err = db.long.look(ctx, func(r engine.Reader) error {
		return r.All(&users, `SELECT DISTINCT pg_get_userbyid(a.grantee)::text FROM pg_class c, aclexplode(c.relacl) a
			WHERE c.oid = to_regclass('jifen_schema') AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
				AND a.grantee <> 0 ORDER BY 1`)
	})
	return users, err
}

// granting gives a user his rights within one transaction.
type granting struct {
	reading
	user string
}

// fit refuses a user whom no rights would bind, and whoever may not give them.
func (g granting) fit() error {
	var owner string
	if err := g.Get(&owner, `SELECT pg_get_userbyid(relowner)::text FROM pg_class
		WHERE oid = to_regclass('jifen_schema')`); err != nil {
		return err
	}
	var mine bool
	if err := g.Get(&mine, "SELECT pg_has_role(CAST(? AS name), 'USAGE')", owner); err != nil {
		return err
	}
	if !mine {
		return fault.New(fault.Invalid, "表的主人是“%s”，只有他能授权", owner).WithHint("--db 里写上他的用户名再来")
	}
	var free []bool // whether he may do everything; none where there is no such user
	if err := g.All(&free, `SELECT rolsuper OR pg_has_role(oid, CAST(? AS name), 'MEMBER') FROM pg_roles
		WHERE rolname = ?`, owner, g.user); err != nil {
		return err
	}
	switch {
	case len(free) == 0:
		return fault.New(fault.Invalid, "数据库里没有用户“%s”", g.user).WithHint("请数据库的管理员先建：CREATE ROLE %s LOGIN",
			pgx.Identifier{g.user}.Sanitize())
	case free[0]:
		return fault.New(fault.Invalid, "“%s”是表的主人或超级用户，什么都能改，授权管不住他", g.user).
			WithHint("给程序另建一个普通的用户")
	}
	return nil
}

// give grants reading of everything, inserting into every table, and rewriting of what
// is listed.
func (g granting) give(rewritable []engine.Rewritable) error {
	user := pgx.Identifier{g.user}.Sanitize()
	lines := []string{
		"REVOKE ALL ON ALL TABLES IN SCHEMA %s FROM " + user + ", PUBLIC", "GRANT USAGE ON SCHEMA %s TO " + user,
		"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA %s TO " + user,
		"REVOKE INSERT ON %s.jifen_schema FROM " + user,
	}
	for _, r := range rewritable {
		var may []string
		switch {
		case len(r.Columns) > 0:
			may = append(may, "UPDATE ("+strings.Join(r.Columns, ", ")+")")
		case !r.Fixed:
			may = append(may, "UPDATE")
		}
		if r.Delete {
			may = append(may, "DELETE")
		}
		lines = append(lines, "GRANT "+strings.Join(may, ", ")+" ON %s."+r.Table+" TO "+user)
	}
	var schema string
	if err := g.Get(&schema, "SELECT quote_ident(current_schema())"); err != nil {
		return err
	}
	script := strings.ReplaceAll(strings.Join(lines, ";\n"), "%s", schema)
	_, err := g.tx.ExecContext(g.ctx, script)
	return mapError(err)
}

// bound refuses a user who may rewrite more all the same, by what he is a member of.
func (g granting) bound(rewritable []engine.Rewritable) error {
	var more []string
	if err := g.All(&more, `SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
			AND relkind IN ('r', 'p') AND (has_any_column_privilege(CAST(?1 AS name), oid, 'UPDATE')
				OR has_table_privilege(CAST(?1 AS name), oid, 'DELETE')
				OR has_table_privilege(CAST(?1 AS name), oid, 'TRUNCATE'))
		ORDER BY relname COLLATE "C"`, g.user); err != nil {
		return err
	}
	for _, table := range more {
		if !slices.ContainsFunc(rewritable, func(r engine.Rewritable) bool { return r.Table == table }) {
			return fault.New(fault.Invalid, "“%s”从别的角色那里还能改 %s，授权管不住他", g.user, table).
				WithHint("让他退出那些角色，或给程序另建一个普通的用户")
		}
	}
	return nil
}
