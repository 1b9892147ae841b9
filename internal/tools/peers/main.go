// Command peers is PocketBase with one collection that takes what an entry of jifen
// takes, for comparing the two (make bench-peers). It has a module of its own, so that
// nothing of it is in the program's.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	app := pocketbase.New()
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if _, err := app.FindCollectionByNameOrId("entries"); err == nil {
			return e.Next()
		}
		entries := core.NewBaseCollection("entries")
		entries.Fields.Add(
			&core.TextField{Name: "member", Required: true}, &core.TextField{Name: "item", Required: true},
			&core.TextField{Name: "on", Required: true}, &core.TextField{Name: "points"}, &core.TextField{Name: "note"},
			&core.AutodateField{Name: "created", OnCreate: true},
		)
		anybody := "" // no token is asked for
		entries.CreateRule = &anybody
		if err := app.Save(entries); err != nil {
			return err
		}
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
