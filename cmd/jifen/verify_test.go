package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"jifen/internal/backup"
)

// jifen runs a command line and wants an exit code; it returns what was said on
// both sides.
func jifen(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(args, &out, &errs, givenSecret); got != want {
		t.Fatalf("%q: exit code %d, want %d\n%s%s", args, got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// TestVerify makes one street; every subtest tampers with a copy of it.
func TestVerify(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "t.db")
	jifen(t, exitDone, "demo", "--db", made, "--members", "50", "--seed", "2")
	for name, test := range map[string]func(t *testing.T, path string){
		"a changed row":                     changedRow,
		"changed texts and trail":           changedTextsAndTrail,
		"a recomputed chain":                recomputedChain,
		"a dropped tail":                    droppedTail,
		"a roots file that is wrong itself": wrongRoots,
		"a server that stops":               stoppedServer,
		"asked to write nothing":            askedReadOnly,
		"a disk that cannot be written":     readOnlyDisk,
		"cached standings":                  cachedStandings,
		"columns beside the rows":           columnsBesideRows,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "t.db")
			for from, to := range map[string]string{made: path, backup.KeyPath(made): backup.KeyPath(path)} {
				content, err := os.ReadFile(from)
				if err == nil {
					err = os.WriteFile(to, content, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			test(t, path)
		})
	}
}

// sqlite runs statements on the file as somebody with the sqlite3 shell does, and
// puts the triggers back that were in the way.
func sqlite(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, ctx := raw(t, path), context.Background()
	triggers := regexp.MustCompile(`DROP TRIGGER (\w+)`)
	for _, s := range statements {
		if m := triggers.FindStringSubmatch(s); m != nil {
			defer without(t, db, m[1])()
			continue
		}
		if _, err := db.ExecContext(ctx, s); err != nil {
			t.Fatal(s, err)
		}
	}
}

// without drops a trigger and returns what puts it back.
func without(t *testing.T, db *sql.DB, trigger string) (again func()) {
	t.Helper()
	ctx := context.Background()
	var made string
	err := db.QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE name = ?", trigger).Scan(&made)
	if err == nil {
		_, err = db.ExecContext(ctx, "DROP TRIGGER "+trigger)
	}
	if err != nil {
		t.Fatal(trigger, err)
	}
	return func() {
		if _, err := db.ExecContext(ctx, made); err != nil {
			t.Error(made, err)
		}
	}
}

// raw opens the file without the store, whose import gives the driver.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func changedRow(t *testing.T, path string) {
	out, _ := jifen(t, exitDone, "verify", "--db", path)
	if !strings.Contains(out, "环环相扣") || !strings.Contains(out, "没有和以前的根比") {
		t.Errorf("untouched: %s", out)
	}
	sqlite(t, path, "DROP TRIGGER entries_stay", "UPDATE entries SET points = 10000 WHERE id = 7")
	out, errs := jifen(t, exitNo, "verify", "--db", path, "--write-root")
	if !strings.Contains(out, "（记录第 7 行）：这一行被改过\n") || !strings.Contains(out, "，1 处不对") || errs != "" {
		t.Errorf("changed: %s%s", out, errs)
	}
	if _, err := os.Stat(backup.RootsPath(path)); err == nil {
		t.Error("the root of a changed database was written down")
	}
}

func changedTextsAndTrail(t *testing.T, path string) {
	sqlite(t, path, "DROP TRIGGER texts_stay",
		"UPDATE texts SET body = body || '改' WHERE id = (SELECT max(id) FROM texts)",
		"DROP TRIGGER trail_kept", "DELETE FROM trail WHERE id = 3")
	out, _ := jifen(t, exitNo, "verify", "--db", path)
	if !regexp.MustCompile(`文字第 \d+ 行：这段文字被改过\n`).MatchString(out) ||
		!strings.Contains(out, "审计第 4 行：这一行被改过，或者它前面少了一行\n") ||
		!strings.Contains(out, "组织关系第 1 行：审计里没有这一行是谁记的\n") || strings.Contains(out, "环环相扣") {
		t.Error(out)
	}
}

// recomputedChain tests a forgery by somebody who has the source: he changes a row and
// recomputes every later hash. The codes tell that he has no key; who looks without the
// key himself finds that the chain does not hold to the root of the day before.
func recomputedChain(t *testing.T, path string) {
	jifen(t, exitDone, "verify", "--db", path, "--write-root")
	jifen(t, exitDone, "period", "lock", "--as", "jiedao", "--db", path, "--org", "幸福街第一党支部", "--period", "2026")
	out, _ := jifen(t, exitDone, "verify", "--db", path) // what came later is no change of what was
	if !strings.Contains(out, ".roots 里的 1 个根，都对得上\n") {
		t.Errorf("after an honest step: %s", out)
	}
	sqlite(t, path, "DROP TRIGGER entries_stay", "UPDATE entries SET points = 10000 WHERE id = 7")
	chain := relink(t, path, 7)

	out, _ = jifen(t, exitNo, "verify", "--db", path)
	if !strings.Contains(out, "（记录第 7 行）：这一环的封存码不对") || strings.Contains(out, "不相连") || strings.Contains(out, "没有核对封存码") {
		t.Errorf("chain %d was recomputed without the key: %s", chain, out)
	}
	if err := os.Rename(backup.KeyPath(path), filepath.Join(t.TempDir(), "k.key")); err != nil {
		t.Fatal(err)
	}
	out, _ = jifen(t, exitNo, "verify", "--db", path)
	if strings.Contains(out, "（记录") || !strings.Contains(out, "的根）：“") ||
		!strings.Contains(out, "和写下根的时候不一样") || !strings.Contains(out, "，1 处不对") {
		t.Errorf("chain %d was recomputed: %s", chain, out)
	}

	// Against a copy kept elsewhere, when the one beside it was taken away.
	kept := filepath.Join(t.TempDir(), "kept.roots")
	if err := os.Rename(backup.RootsPath(path), kept); err != nil {
		t.Fatal(err)
	}
	if out, _ := jifen(t, exitDone, "verify", "--db", path); !strings.Contains(out, "没有核对封存码") {
		t.Error(out)
	}
	_, errs := jifen(t, exitCannot, "verify", "--db", path, "--write-root")
	if !strings.Contains(errs, "没有密钥文件 "+backup.KeyPath(path)) {
		t.Error(errs)
	}
	jifen(t, exitNo, "verify", "--db", path, "--root", kept)
}

func droppedTail(t *testing.T, path string) {
	jifen(t, exitDone, "period", "lock", "--as", "jiedao", "--db", path, "--org", "幸福街第一党支部", "--period", "2026")
	jifen(t, exitDone, "verify", "--db", path, "--write-root")
	sqlite(t, path, "DROP TRIGGER periods_kept", "DROP TRIGGER chain_entries_kept",
		"DELETE FROM periods", "DELETE FROM chain_entries WHERE kind = 'period'")
	out, _ := jifen(t, exitNo, "verify", "--db", path)
	if !strings.Contains(out, "的链：链尾少了") || !strings.Contains(out, "环不见了\n") || !strings.Contains(out, "，2 处不对") {
		t.Error(out)
	}
}

func wrongRoots(t *testing.T, path string) {
	jifen(t, exitDone, "verify", "--db", path, "--write-root")
	before, err := os.ReadFile(backup.RootsPath(path))
	if err != nil || strings.Count(string(before), "\nnumber ") != 1 {
		t.Fatalf("%q, %v", before, err)
	}
	jifen(t, exitDone, "verify", "--db", path, "--write-root")
	if after, err := os.ReadFile(backup.RootsPath(path)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the same root was written twice: %q, %v", after, err)
	}
	for name, broken := range map[string]string{
		"a head":  regexp.MustCompile(` 1:(\d+):`).ReplaceAllString(string(before), " 1:1${1}:"),
		"a root":  swapped(string(before)),
		"the day": "yesterday" + string(before)[10:],
		"no root": "hello\n",
	} {
		file := filepath.Join(t.TempDir(), "roots")
		if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := jifen(t, exitNo, "verify", "--db", path, "--root", file)
		if !strings.Contains(out, "第 1 行：这一行写得不对，或被改过\n") {
			t.Errorf("%s was changed: %s", name, out)
		}
	}
	if _, errs := jifen(t, exitCannot, "verify", "--db", path, "--root", path+".none"); !strings.Contains(errs, "没有这个文件") {
		t.Error(errs)
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs := jifen(t, exitNo, "verify", "--db", path, "--root", empty); !strings.Contains(errs, "里没有根") {
		t.Error(errs)
	}
	jifen(t, exitUsage, "verify")
	jifen(t, exitCannot, "verify", "--db", path+".none")
}

// stoppedServer: a real server, told to stop, writes the root down.
func stoppedServer(t *testing.T, path string) {
	server := exec.Command("jifen", "serve", "--db", path, "--listen", "127.0.0.1:0")
	errs, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(errs)
	for said := ""; !strings.HasPrefix(said, "网站开在 "); { // the day's work may be told of before
		if said, err = lines.ReadString('\n'); err != nil {
			t.Fatalf("the server said %q, %v", said, err)
		}
	}
	jifen(t, exitDone, "verify", "--db", path)
	for _, alone := range []string{"--write-root", "--read-only"} {
		if _, held := jifen(t, exitCannot, "verify", "--db", path, alone); !strings.Contains(held, "正在使用") {
			t.Error(alone, held)
		}
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Fatal(err)
	}
	if out, _ := jifen(t, exitDone, "verify", "--db", path); !strings.Contains(out, ".roots 里的 1 个根，都对得上\n") {
		t.Error(out)
	}
}

// swapped exchanges two signs of the root that differ.
func swapped(line string) string {
	b := []byte(line)
	for i := 12; ; i++ {
		if b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			return string(b)
		}
	}
}

// relink recomputes digest and hash of an entry's link and the hashes of all
// later ones, by nothing but what stands in the source, and returns the chain.
func relink(t *testing.T, path string, entry int64) (chain int64) {
	t.Helper()
	db, ctx := raw(t, path), context.Background()
	defer without(t, db, "chain_entries_stay")()
	var from int64
	if err := db.QueryRowContext(ctx, "SELECT chain_id, seq FROM chain_entries WHERE kind = 'entry' AND row_id = ?",
		entry).Scan(&chain, &from); err != nil {
		t.Fatal(err)
	}
	type link struct {
		seq, row int64
		kind     string
		digest   []byte
	}
	rows, err := db.QueryContext(ctx, "SELECT seq, row_id, kind, digest FROM chain_entries "+
		"WHERE chain_id = ? AND seq >= ? ORDER BY seq", chain, from)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read only; rows.Err is asked
	var later []link
	for rows.Next() {
		var l link
		if err := rows.Scan(&l.seq, &l.row, &l.kind, &l.digest); err != nil {
			t.Fatal(err)
		}
		later = append(later, l)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	var before []byte
	if err := db.QueryRowContext(ctx, "SELECT hash FROM chain_entries WHERE chain_id = ? AND seq = ?",
		chain, from-1).Scan(&before); err != nil {
		t.Fatal(err)
	}
	later[0].digest = digestOf(t, db, entry)
	for _, l := range later {
		b := binary.BigEndian.AppendUint32([]byte("jifen entry\x00"), 1)
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, uint64(chain)), uint64(l.seq))
		b = binary.BigEndian.AppendUint64(sized(b, []byte(l.kind)), uint64(l.row))
		sum := sha256.Sum256(sized(sized(b, l.digest), before))
		before = sum[:]
		if _, err := db.ExecContext(ctx, "UPDATE chain_entries SET digest = ?, hash = ? WHERE chain_id = ? AND seq = ?",
			l.digest, before, chain, l.seq); err != nil {
			t.Fatal(err)
		}
	}
	const head = "UPDATE chain_heads SET hash = ? WHERE org_id = ? AND month = ''"
	if _, err := db.ExecContext(ctx, head, before, chain); err != nil {
		t.Fatal(err)
	}
	return chain
}

// sized appends bytes after their length.
func sized(b, body []byte) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(body))), body...)
}

// digestOf is the digest of an entry as it is now.
func digestOf(t *testing.T, db *sql.DB, entry int64) []byte {
	t.Helper()
	columns := strings.Fields(`member_id t item t occurred_on t points i fields t ` +
		`words b note b request_id i paper b recorded_at t recorded_by i`)
	values := make([]any, len(columns)/2)
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	if err := db.QueryRowContext(context.Background(), `SELECT member_id, item, occurred_on, points, fields,
		(SELECT t.commitment FROM texts t WHERE t.id = words),
		(SELECT t.commitment FROM texts t WHERE t.id = note), request_id,
		(SELECT t.commitment FROM texts t WHERE t.id = paper), recorded_at, recorded_by
		FROM entries WHERE id = ?`, entry).Scan(into...); err != nil {
		t.Fatal(err)
	}
	b := binary.BigEndian.AppendUint32([]byte("jifen row\x00"), 1)
	b = binary.BigEndian.AppendUint32(sized(b, []byte("entry")), uint32(len(values)))
	for i, v := range values {
		b = append(sized(b, []byte(columns[2*i])), columns[2*i+1]...)
		switch x := v.(type) {
		case nil:
			b = append(b, 0)
		case int64:
			b = sized(append(b, 1), binary.BigEndian.AppendUint64(nil, uint64(x)))
		case string:
			b = sized(append(b, 1), []byte(x))
		case []byte:
			b = sized(append(b, 1), x)
		}
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// Every route's permission has words: a role that sees English would be told
// nothing.
func TestPermissionsHaveWords(t *testing.T) {
	t.Parallel()
	out, _ := jifen(t, exitDone, "routes")
	for line := range strings.Lines(out) {
		words := strings.Fields(line)
		if len(words) != 3 || words[2][0] < 0x80 {
			t.Errorf("%q", line)
		}
	}
	if len(out) == 0 {
		t.Error("no routes")
	}
}
