package main

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/audit"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// aged makes a database of a street that is ten months old and has a line of the trail in each of
// the months: aged FILE. The months are in $MX (the oldest) to $M0.
func aged(ts *testscript.TestScript, _ bool, args []string) {
	year, month, _ := today().UTC().Date()
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	now := first.AddDate(0, -10, 0)
	path := ts.MkAbs(args[0])
	h, err := openIn(context.Background(), backup.World{Now: func() time.Time { return now }, Random: rand.Reader}, path,
		backup.KeyPath(path), true)
	ts.Check(err)
	ctx := store.InAllStreets(context.Background(), "nobody else is there")
	program := access.Program("测试")
	var street domain.Org
	ts.Check(h.db.Write(ctx, func(tx *store.Tx) (err error) {
		if street, err = tx.InsertOrg(domain.Org{Name: "示例街道", Level: domain.Street}); err != nil {
			return err
		}
		for login, role := range map[string]domain.Role{"shenji": domain.RoleAuditor, "anquan": domain.RoleSecurity,
			"guanli": domain.RoleAdministrator} {
			o := accounts.Opening{Login: login, Name: role.String(), Roles: []accounts.Role{{Role: role}}}
			if _, err := accounts.OpenTx(tx, program, o, "-"); err != nil {
				return err
			}
		}
		return audit.Record(tx, program, audit.MadeOrg, audit.What{Org: street.ID})
	}))
	for ago := 10; ago >= 0; ago-- {
		now = first.AddDate(0, -ago, 0)
		ts.Setenv("M"+string("0123456789X"[ago]), now.Format("2006-01"))
		ts.Check(h.db.Write(ctx, func(tx *store.Tx) error {
			return audit.Record(tx, program, audit.ChangedOrg, audit.What{Org: street.ID})
		}))
	}
	ts.Check(h.db.Close())
}
