package store

import (
	"context"
	"errors"
	"slices"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Rewritable lists the tables that are no history, and what of them may change: what is
// kept beside the inputs so that lists are quick, what may change of an account,
// sessions, sealed numbers that were put right, what nobody has handed in yet, answers
// kept under idempotency keys, who does the work of the day, and texts and names that are
// erased. Everything else is only ever added to: the schema's triggers hold that, and on
// a server the rights of the program's user do.
func Rewritable() []engine.Rewritable {
	return []engine.Rewritable{
		{Table: "accounts", Columns: []string{"name", "password", "closed", "person", "password_at", "issuer", "subject"}},
		{Table: "chain_heads", Columns: []string{"seq", "hash", "mac"}},
		{Table: "daily_jobs"},
		{Table: "members", Columns: []string{"name", "initials", "home_id", "street_id", "joined_on", "left_on", "version"}},
		{Table: "orgs", Columns: []string{"name", "closed_on"}},
		{Table: "replies", Columns: []string{"made_at"}, Delete: true},
		{Table: "request_drafts", Columns: []string{"body", "saved_at"}, Delete: true},
		{Table: "sealed", Columns: []string{"box", "seek", "street_id"}, Delete: true},
		{Table: "sessions", Columns: []string{"data", "expires_at", "account_id", "made_at", "seen_at", "address", "agent"},
			Delete: true},
		{Table: "sign_in_brakes", Delete: true},
		{Table: "standings", Delete: true},
		{Table: "texts", Columns: []string{"salt", "body"}},
		{Table: "token_uses", Columns: []string{"used_at"}},
		{Table: "trail", Fixed: true, Delete: true}, // of a month that was dropped; see refuse_change
		{Table: "versions", Columns: []string{"number"}},
	}
}

// Grant lets another user of a database on a server work as the program does, and no
// more: he reads everything and adds rows, and rewrites what is no history. It is for
// the owner of the tables, and may be run again. fault.Invalid for a file, which has no
// users, for a user who is not there, and for one whom it would not bind.
func Grant(ctx context.Context, opts Options, user string) error {
	sh, err := present(opts.Path)
	if err != nil {
		return err
	}
	if !OnServer(opts.Path) {
		return fault.New(fault.Invalid, "%s 是文件，没有用户可以授权", opts.Path).WithHint("PostgreSQL 上的数据库才要授权")
	}
	opts.Create = false
	e, err := sh.openEngine(ctx, opts)
	if err != nil {
		return err
	}
	is, err := e.Identity(ctx)
	switch {
	case err != nil:
	case is.Empty:
		err = emptyFile(opts.Path)
	case is.Version > sh.version:
		err = sh.newer(is, Shown(opts.Path))
	case is.Version < sh.lowest():
		err = olderOnServer(is.Version, sh.version)
	default:
		err = e.Grant(ctx, user, Rewritable())
	}
	return errors.Join(err, e.Close())
}

// grantAgain gives every user of the database his rights for the tables as they are
// now, and returns who they are.
func grantAgain(ctx context.Context, e engine.Engine) ([]string, error) {
	users, err := e.Granted(ctx)
	for _, user := range slices.Clone(users) {
		if err == nil {
			err = e.Grant(ctx, user, Rewritable())
		}
	}
	return users, err
}

// olderOnServer refuses a database on a server that was not brought to the shape yet.
func olderOnServer(is, want int64) error {
	return fault.New(fault.Invalid, "数据库还是旧结构（%d），本程序要 %d", is, want).
		WithHint("用表的主人的帐号运行 jifen migrate --write；旧版的程序可以接着用")
}
