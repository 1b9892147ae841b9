package postgres

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/testkit/pgtest"
)

// raises lets the server refuse a statement with an error of a code.
func raises(w engine.Writer, code string) error {
	_, err := w.Exec("DO $$ BEGIN RAISE EXCEPTION 'of the test' USING ERRCODE = '" + code + "'; END $$")
	return err
}

// TestOnlyWhatOthersHaveCausedIsRunAgain: the whole of it, at most five times, and
// nothing of the runs that failed is kept.
func TestOnlyWhatOthersHaveCausedIsRunAgain(t *testing.T) {
	t.Parallel()
	db := opened(t, pgtest.Database(t))
	for _, c := range []struct {
		code  string
		runs  int
		fault fault.Code
		words string
	}{
		{"40001", maxRuns, fault.Unavailable, "数据库正忙（过一会儿再试）"},
		{"40P01", maxRuns, fault.Unavailable, "数据库正忙（过一会儿再试）"},
		{"23505", 1, fault.Conflict, "已经有了，不能重复"},
		{"25006", 1, fault.Unavailable, "数据库现在只能读，没有写入（主备正在切换的话，过一会儿再试）"},
		{"53100", 1, fault.Unavailable, "磁盘满了，没有写入（请系统管理员腾出空间）"},
		{"55P03", 1, fault.Unavailable, "数据库正忙（过一会儿再试）"},
		{"42501", 1, fault.Unavailable, "数据库不许程序的用户这样做（请系统管理员按 docs/city.md 的“权限”一节授权）"},
		{"XX001", 1, fault.Unavailable, "磁盘出错，没有写入（请系统管理员查看）"},
		{"ZZ123", 1, fault.Internal, "数据库报错（代码 ZZ123），没有做成（请把这句话和请求编号告诉系统管理员）"},
	} {
		runs := 0
		err := db.Write(t.Context(), func(w engine.Writer) error {
			runs++
			if err := add(c.code)(w); err != nil {
				return err
			}
			return raises(w, c.code)
		})
		if fault.CodeOf(err) != c.fault || err.Error() != c.words {
			t.Errorf("%s: %s, %v", c.code, fault.CodeOf(err), err)
		}
		if runs != c.runs {
			t.Errorf("%s was run %d times, want %d", c.code, runs, c.runs)
		}
		if f := fault.From(err); f.Err == nil || !strings.Contains(f.Err.Error(), c.code) {
			t.Errorf("%s: the log is told %v", c.code, f.Err)
		}
	}
	if n, err := count(t.Context(), db); err != nil || n != 0 {
		t.Errorf("%d things are kept: %v", n, err)
	}
}

// TestADeadlockIsRunAgain lets two take two rows in different orders: both end well. The
// second run of the one that was stopped begins after the other has ended; otherwise it may
// take its first row before the other wakes, and both stand against each other once more.
func TestADeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	db := opened(t, pgtest.Database(t))
	both := func(w engine.Writer) error { return errors.Join(add("a")(w), add("b")(w)) }
	if err := db.Write(t.Context(), both); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	runs := 0
	var first, wait sync.WaitGroup
	first.Add(2)
	ended := []chan struct{}{make(chan struct{}), make(chan struct{})}
	for n, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		wait.Go(func() {
			defer close(ended[n])
			own := 0
			err := db.Write(t.Context(), func(w engine.Writer) error {
				if own++; own > 1 {
					<-ended[1-n]
				}
				mu.Lock()
				runs++
				mu.Unlock()
				for i, name := range order {
					_, err := w.Lock("SELECT id FROM things WHERE name = ?", name)
					if err != nil {
						return err
					}
					if i == 0 && own == 1 {
						first.Done()
						first.Wait()
					}
				}
				return add(order[0] + " first")(w)
			})
			if err != nil {
				t.Errorf("%v: %v", order, err)
			}
		})
	}
	wait.Wait()
	if n, err := count(t.Context(), db); runs != 3 || n != 4 || err != nil {
		t.Errorf("%d runs of two pieces of work, want 3; %d things are there, want 4: %v", runs, n, err)
	}
}

// TestAConflictOfSnapshotsIsRunAgain lets another change what a transaction of one
// snapshot has read and will change.
func TestAConflictOfSnapshotsIsRunAgain(t *testing.T) {
	t.Parallel()
	db := opened(t, pgtest.Database(t))
	if err := db.Write(t.Context(), add("a")); err != nil {
		t.Fatal(err)
	}
	rename := func(w engine.Writer, to string) error {
		_, err := w.Exec("UPDATE things SET name = ?", to)
		return err
	}
	var read []string
	err := db.Write(t.Context(), func(w engine.Writer) error {
		if _, err := w.Exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"); err != nil {
			return err
		}
		var name string
		if err := w.Get(&name, "SELECT name FROM things"); err != nil {
			return err
		}
		if read = append(read, name); len(read) == 1 {
			done := make(chan error, 1) // elsewhere: a Write within a Write is refused
			go func() { done <- db.Write(t.Context(), func(w engine.Writer) error { return rename(w, "b") }) }()
			if err := <-done; err != nil {
				return err
			}
		}
		return rename(w, name+"c")
	})
	if err != nil || strings.Join(read, " ") != "a b" {
		t.Errorf("read %v, want a, then b: %v", read, err)
	}
	var name string
	if err := db.Peek(&name, "SELECT name FROM things"); err != nil || name != "bc" {
		t.Errorf("the name is %q, want bc: %v", name, err)
	}
}

// TestAServerThatCanOnlyBeReadIsLeft: whoever writes is told; no connection to it is used
// again.
func TestAServerThatCanOnlyBeReadIsLeft(t *testing.T) {
	t.Parallel()
	address := pgtest.Database(t)
	db := opened(t, address)
	set := func(words string) {
		t.Helper()
		raw, err := sql.Open("pgx", address)
		if err == nil {
			_, err = raw.ExecContext(t.Context(), "BEGIN READ WRITE; ALTER DATABASE "+Name(address)+" "+words+"; COMMIT")
			err = errors.Join(err, raw.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set("SET default_transaction_read_only = on")
	db.writes.renew()
	fill(t, db) // all connections are of such a server
	if _, err := db.Ready(t.Context(), "SELECT 1"); err == nil || !strings.Contains(err.Error(), "只能读") {
		t.Errorf("ready: %v", err)
	}
	set("RESET default_transaction_read_only")
	if err := db.Write(t.Context(), add("a")); fault.CodeOf(err) != fault.Unavailable ||
		!strings.Contains(err.Error(), "只能读") {
		t.Errorf("written to what can only be read: %v", err)
	}
	for i := range maxWriters {
		if err := db.Write(t.Context(), add(fmt.Sprint(i))); err != nil {
			t.Errorf("write %d afterwards: %v", i, err)
		}
	}
	err := db.Write(t.Context(), func(w engine.Writer) error { // the server changes between two statements
		if err := add("b")(w); err != nil {
			return err
		}
		if _, err := w.Exec("SET TRANSACTION READ ONLY"); err != nil {
			return err
		}
		return add("c")(w)
	})
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "只能读") {
		t.Errorf("in the middle of it: %v", err)
	}
	if n, err := count(t.Context(), db); err != nil || n != maxWriters {
		t.Errorf("%d things are there, want %d: %v", n, maxWriters, err)
	}
}

// TestACommitWithoutAnAnswer cuts the connection at a COMMIT, before it has reached the
// server and after: the caller is told that it is not known, and once more is not tried.
func TestACommitWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	address := pgtest.Database(t)
	wire := pgtest.NewWire(t, address)
	db := opened(t, wire.Address())
	for reaches, kept := range map[bool]int{false: 0, true: 1} {
		name, runs := fmt.Sprint(reaches), 0
		wire.Cut("commit", reaches)
		err := db.Write(t.Context(), func(w engine.Writer) error { runs++; return add(name)(w) })
		if !errors.Is(err, engine.ErrUnknown) || fault.CodeOf(err) != fault.Unavailable ||
			!strings.Contains(err.Error(), "不知道写进去没有（刷新页面看看有没有，没有再来一次）") {
			t.Errorf("reached %t: %v", reaches, err)
		}
		var n int
		if err := db.Peek(&n, "SELECT count(*) FROM things WHERE name = ?", name); err != nil || n != kept || runs != 1 {
			t.Errorf("reached %t: %d are kept, want %d, after %d runs: %v", reaches, n, kept, runs, err)
		}
	}
	if wire.Cuts() != 2 {
		t.Errorf("%d connections were cut", wire.Cuts())
	}
}

// TestACommitThatWasRolledBackIsKnown lets work take no notice of a refused statement,
// after which the server keeps nothing.
func TestACommitThatWasRolledBackIsKnown(t *testing.T) {
	t.Parallel()
	db := opened(t, pgtest.Database(t))
	err := db.Write(t.Context(), func(w engine.Writer) error {
		_ = raises(w, "ZZ123") // overlooked
		return nil
	})
	if errors.Is(err, engine.ErrUnknown) || fault.CodeOf(err) != fault.Internal {
		t.Errorf("nothing was kept, and it is told %v", err)
	}
}
