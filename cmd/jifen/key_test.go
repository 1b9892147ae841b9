package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/machine"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit/expect"
	"jifen/internal/vault"
)

// numbered makes a street in which every member has two sealed numbers, and returns how many
// there are.
func numbered(t *testing.T, path string) (n int) {
	t.Helper()
	jifen(t, exitDone, "demo", "--db", path, "--members", "60", "--seed", "2")
	inHouse(t, path, func(ctx context.Context, h *house) error {
		return h.db.Write(store.InAllStreets(ctx, "a test seals numbers of all"), func(tx *store.Tx) error {
			list, err := tx.Members(access.System("every number is sealed under the present key"), "")
			for i := range list {
				for kind, number := range numbersOf(&list[i]) {
					box, err := h.vault.Seal(string(list[i].ID), kind, number)
					if err == nil {
						err = tx.PutSealed(list[i].ID, string(kind), box, h.vault.Seek(kind, number))
					}
					if err != nil {
						return err
					}
					n++
				}
			}
			return err
		})
	})
	return n
}

// numbersOf returns the invented numbers of a member.
func numbersOf(m *domain.Member) map[vault.Kind]string {
	return map[vault.Kind]string{vault.Identity: "99" + string(m.ID) + "X", vault.Phone: "1380000" + string(m.ID)[1:]}
}

// inHouse does something with a database as commands do.
func inHouse(t *testing.T, path string, work func(ctx context.Context, h *house) error) {
	t.Helper()
	h, err := openHouse(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := joinClose(work(t.Context(), h), h.db); err != nil {
		t.Fatal(err)
	}
}

// numbersHold looks for every number of every member, opens it, and for the lines of the trail
// about one of them, whatever the keys under which they were written.
func numbersHold(t *testing.T, when, path string, looks int) {
	t.Helper()
	inHouse(t, path, func(ctx context.Context, h *house) error {
		return h.db.LongRead(ctx, func(v *store.Snapshot) error {
			all := access.System("every number is sealed under the present key")
			list, err := v.Members(all, "")
			if err != nil {
				return err
			}
			for i := range list {
				m := &list[i]
				for kind, number := range numbersOf(m) {
					found, err := v.SeekSealed(all, string(kind), h.vault.Seeks(kind, number))
					if err != nil || len(found) != 1 || found[0].ID != m.ID {
						t.Errorf("%s: %s of %s finds %v, %v", when, kind, m.ID, found, err)
					}
					box, err := v.Sealed(all, m.ID, string(kind))
					if err != nil {
						return err
					}
					if got, err := h.vault.Open(string(m.ID), kind, box); got != number || err != nil {
						t.Errorf("%s: %s of %s opens as %q, %v", when, kind, m.ID, got, err)
					}
				}
			}
			lines, err := v.Traces(all, domain.AuditFilter{Member: "P0003", Action: "查看个人明细"}, 100)
			expect.Equal(t, when+": the looks at P0003", len(lines), looks)
			for i := range lines {
				expect.Equal(t, when+": whom a look is told of", lines[i].Member, "P0003")
			}
			return err
		})
	})
}

// looked leaves a look at P0003 in the trail.
func looked(t *testing.T, path string) {
	t.Helper()
	inHouse(t, path, func(ctx context.Context, h *house) error {
		return h.db.Write(store.InAllStreets(ctx, "a test looks"), func(tx *store.Tx) error {
			return tx.InsertTrace(domain.AuditEvent{Action: "查看个人明细", Member: "P0003", Role: "auditor"})
		})
	})
}

// TestAKeyIsReplacedHoweverOftenItIsKilled kills the command at each of the lines that it
// prints, which follow what was done: the numbers open and are found all the time, the chains hold, and the next run
// goes on to the end with the key that was begun.
func TestAKeyIsReplacedHoweverOftenItIsKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	n := numbered(t, path)
	looked(t, path)
	program, err := exec.LookPath("mortaljifen")
	if err != nil {
		t.Fatal(err)
	}
	killed := 0
	for killedAfter(t, program, map[bool]int{true: 1, false: 99}[killed < 4], "key", "rotate", "--db", path, "--as",
		"guanli") {
		killed++
		numbersHold(t, fmt.Sprintf("killed %d times", killed), path, 1)
		if out, errs := outcome(t, "verify", "--db", path); !strings.Contains(out, "环环相扣") {
			expect.Contains(t, out+errs, "换密钥没有做完")
			expect.Contains(t, out+errs, "，1 处不对")
		}
	}
	expect.Equal(t, "how often it was killed", killed, 4)
	inHouse(t, path, func(ctx context.Context, h *house) error {
		expect.Equal(t, "the keys", h.vault.Generations(), 2)
		left, err := machine.New(h.db, zone()).SealedBefore(ctx, actorOf(t, h, "guanli"), h.vault)
		expect.Equal(t, "numbers under the key before", left, 0)
		return err
	})
	looked(t, path)
	numbersHold(t, "at the end", path, 2)
	out, _ := jifen(t, exitDone, "verify", "--db", path)
	expect.Contains(t, out, "环环相扣")
	out, _ = jifen(t, exitDone, "key", "rotate", "--db", path, "--as", "guanli")
	expect.Contains(t, out, fmt.Sprintf("现在用第 3 把，重新加密了 %d 个号码", n))
	numbersHold(t, "after another one", path, 2)
}

// killedAfter runs a command that kills itself as it tells its line of a number, and reports
// whether it came so far.
func killedAfter(t *testing.T, program string, line int, args ...string) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), killedAt+"="+strconv.Itoa(line))
	var errs strings.Builder
	cmd.Stderr = &errs
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && (!errors.As(err, &ended) || ended.ExitCode() != -1) { // -1 is killed
		t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	return err != nil
}

// killedAt names the variable that says at which of its lines the program kills itself.
const killedAt = "JIFEN_TEST_KILLED_AT"

// runKilled runs the program so that it kills itself.
func runKilled() {
	at, err := strconv.Atoi(os.Getenv(killedAt))
	if err != nil {
		panic(err)
	}
	os.Exit(run(os.Args[1:], os.Stdout, &mortal{at}, givenSecret))
}

// mortal kills the program that tells it something, at a line.
type mortal struct{ left int }

func (m *mortal) Write(text []byte) (int, error) {
	if m.left--; m.left > 0 {
		return len(text), nil
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err == nil {
		select {} // nothing more is done until it is dead
	}
	return 0, err
}

// outcome runs a command whatever its exit code.
func outcome(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	run(args, &out, &errs, givenSecret)
	return out.String(), errs.String()
}

// actorOf returns who the account of a login is.
func actorOf(t *testing.T, h *house, login string) *access.Actor {
	t.Helper()
	actor, err := h.signing().ActorOf(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// TestTheKeyBeforeForgesNothing: whoever has the file, as it was and is, and the key that
// was replaced writes nothing that verifies.
func TestTheKeyBeforeForgesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "2")
	old := contentOf(t, backup.KeyPath(path))
	copied := filepath.Join(t.TempDir(), "old.db")
	jifen(t, exitDone, "backup", copied, "--db", path)
	jifen(t, exitDone, "key", "rotate", "--db", path, "--as", "guanli")
	both := contentOf(t, backup.KeyPath(path))
	looked(t, path)
	expect.Equal(t, "the key before still stands first", strings.HasPrefix(both, old), true)

	write(t, backup.KeyPath(path), old)
	_, errs := jifen(t, exitCannot, "verify", "--db", path)
	expect.Contains(t, errs, "是换密钥以前的那一份")

	// Without the mark of the later key the program takes the old one and writes under it.
	write(t, backup.KeyPath(path), both)
	sqlite(t, path, "DELETE FROM settings WHERE name = 'key mark 2'")
	write(t, backup.KeyPath(path), old)
	looked(t, path)
	sqlite(t, path, "INSERT INTO settings VALUES ('key mark 2', '"+markOf(t, path, both)+"')")
	write(t, backup.KeyPath(path), both)
	out, _ := outcome(t, "verify", "--db", path)
	expect.Contains(t, out, "链头的封存码不对")
	expect.Contains(t, out, "已经换掉的密钥")

	// A copy from before opens with the key file of today, and says what it lacks.
	write(t, backup.KeyPath(copied), both)
	out, _ = outcome(t, "verify", "--db", copied)
	expect.Contains(t, out, "库是换密钥以前的")
	jifen(t, exitDone, "key", "rotate", "--db", copied, "--as", "guanli")
	out, _ = jifen(t, exitDone, "verify", "--db", copied)
	expect.Contains(t, out, "环环相扣")
}

// markOf returns the mark of the second key of a file.
func markOf(t *testing.T, path, keys string) (mark string) {
	t.Helper()
	write(t, backup.KeyPath(path), keys)
	inHouse(t, path, func(_ context.Context, h *house) (err error) {
		mark, err = backup.MarkAfter(backup.KeyPath(path), h.vault)
		return err
	})
	return mark
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestOnlyWhoKeepsTheMachineReplacesTheKey.
func TestOnlyWhoKeepsTheMachineReplacesTheKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "2")
	before := contentOf(t, backup.KeyPath(path))
	outcome(t, "key", "rotate", "--db", path, "--as", "anquan")
	expect.Equal(t, "the key file of who may not", contentOf(t, backup.KeyPath(path)), before)
	inHouse(t, path, func(ctx context.Context, h *house) error {
		err := machine.New(h.db, zone()).Rekey(ctx, actorOf(t, h, "anquan"), "mark")
		expect.Equal(t, "the security administrator", fault.CodeOf(err), fault.Forbidden)
		return nil
	})
}
