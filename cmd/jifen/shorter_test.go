package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/expect"
)

// TestADatabaseWithoutItsLogIsShorterThanItsRoot takes away the -wal of a database that was not
// closed, with what was recorded last in it: the server that starts says so, and so do doctor and
// verify. Beside its log it is whole.
func TestADatabaseWithoutItsLogIsShorterThanItsRoot(t *testing.T) {
	t.Parallel()
	folder, killed := t.TempDir(), t.TempDir()
	from, to := filepath.Join(folder, "t.db"), filepath.Join(killed, "t.db")
	jifen(t, exitDone, "demo", "--db", from, "--members", "50", "--seed", "3")
	jifen(t, exitDone, "verify", "--db", from, "--write-root", "--no-standings")
	inHouse(t, from, func(ctx context.Context, h *house) error {
		err := h.db.Write(store.InAllStreets(ctx, "a test looks"), func(tx *store.Tx) error {
			return tx.InsertTrace(domain.AuditEvent{Action: "查看个人明细", Member: "P0003", Role: "auditor"})
		})
		expect.NoError(t, "a look", err)
		_, err = world().WriteRoot(ctx, h.db, from)
		expect.NoError(t, "a root", err)
		for _, file := range []string{"t.db", "t.db-wal", "t.db.key", "t.db.roots", "t.db.signkey", "t.db.signkey.pub"} {
			content, err := os.ReadFile(filepath.Join(folder, file))
			expect.NoError(t, file, err)
			expect.NoError(t, file, os.WriteFile(filepath.Join(killed, file), content, 0o600))
		}
		return nil
	})
	said := func() string {
		var b bytes.Buffer
		inHouse(t, to, func(ctx context.Context, h *house) error {
			sayShorter(ctx, h, to, slog.New(slog.NewTextHandler(&b, nil)))
			return nil
		})
		return b.String()
	}
	wal, err := os.ReadFile(to + "-wal")
	expect.NoError(t, "the log", err)
	expect.True(t, len(wal) > 0, "something stands in the log alone", len(wal))
	whole, err := os.ReadFile(to)
	expect.NoError(t, "the file", err)
	expect.Equal(t, "what is said of the whole", said(), "")

	expect.NoError(t, "the file again", os.WriteFile(to, whole, 0o600))
	for _, beside := range []string{"-wal", "-shm"} {
		if err := os.Remove(to + beside); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	expect.Contains(t, said(), "数据库比最近写下的根短")
	out, _ := outcome(t, "doctor", "--db", to)
	expect.Contains(t, out, "库和最近写下的根（")
	out, _ = outcome(t, "verify", "--db", to, "--no-standings")
	expect.Contains(t, out, "不见了")
}
