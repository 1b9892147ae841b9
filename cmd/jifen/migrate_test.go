package main

import (
	"testing"

	"jifen/internal/store"
)

// TestWhatAMigrationIsToldAs: there is none yet to be run by a script.
func TestWhatAMigrationIsToldAs(t *testing.T) {
	t.Parallel()
	m := &store.Migration{From: 1, To: 3, Steps: []string{"0002_rooms", "0003_notes"}}
	for _, c := range []struct{ got, want string }{
		{triedWords("d.db", &store.Migration{From: 1, To: 1}), "d.db 的结构和本程序的一样，没有要改造的。\n"},
		{triedWords("d.db", m), "d.db 的结构是 1，本程序的是 3，要做 2 步：\n  0002_rooms\n  0003_notes\n" +
			"在副本上试成了，逐环查过；库没有动。加 --write 就先备份再改造。\n"},
		{migratedWords("d.db", nil), "d.db 的结构和本程序的一样，没有要改造的。\n"},
		{migratedWords("d.db", &store.Migration{From: 1, To: 2, Steps: m.Steps[:1], Copy: "d.db.v1-2026-11-28"}),
			"d.db 的结构从 1 改造到了 2：\n  0002_rooms\n改造以前的样子备份在 d.db.v1-2026-11-28，查过。\n"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
