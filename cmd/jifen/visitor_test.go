package main

import (
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/effort"
	"jifen/internal/testkit/expect"
)

// aloneCommands are refused beside a running server.
func aloneCommands() []string { return []string{"trail drop", "key rotate", "key rotate-sign"} }

// scripted returns the program of the scripts, to which a secret is given.
func scripted(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("jifen")
	expect.NoError(t, "the program of the scripts", err)
	return path
}

// TestCommandsWorkBesideAServer runs every command of the table in a program of its own
// beside a server on the same file: they are done, or refused for what they ask, but for those
// that must be alone. What they have changed the server knows with the next request.
func TestCommandsWorkBesideAServer(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "it runs each command beside a server")
	dir := t.TempDir()
	path, db := scripted(t), filepath.Join(dir, "t.db")
	ran(t, path, "demo", "--db", db, "--members", "50", "--seed", "3")
	token := secretaryToken(t, path, filepath.Join(dir, "demo-accounts.txt"), db)
	s := serveFor(t, path, db)
	asked := func() int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.url+"/api/v1/me", nil)
		expect.NoError(t, "a request", err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		expect.NoError(t, "an answer", err)
		expect.NoError(t, "its end", resp.Body.Close())
		return resp.StatusCode
	}
	expect.Equal(t, "the token opens the API", asked(), http.StatusOK)
	ran(t, path, "user", "revoke-token", "--db", db, "--as", "anquan", "--login", "shuji", "--id", "1")
	expect.Equal(t, "and no longer, once a command has revoked it", asked(), http.StatusUnauthorized)

	for _, row := range commandTable(t) {
		args := append(row.in(t, dir), "--db", db, "--as", row.may[0])
		out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
		refused := strings.Contains(string(out), "另一个 jifen 程序正在使用")
		if alone := slices.Contains(aloneCommands(), row.command); refused != alone || !alone && missingRight().Match(out) {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
	ran(t, path, "verify", "--db", db)
	out, err := exec.CommandContext(t.Context(), path, "verify", "--write-root", "--db", db).CombinedOutput()
	expect.True(t, err != nil && strings.Contains(string(out), "另一个 jifen 程序正在使用"), "the root is the server's",
		string(out))
	expect.NoError(t, "the server stops", s.cmd.Process.Signal(syscall.SIGTERM))
	_ = s.cmd.Wait() // by the signal
	expect.Equal(t, "the server logged mistakes", len(s.mistakes()), 0)
	ran(t, path, "verify", "--db", db)
}

// TestNothingIsLostBesideAServer kills servers under writers and under commands that look at
// members, and commands as well: whatever a command has shown has its line in the trail, what
// the server acknowledged is there, and all chains verify.
func TestNothingIsLostBesideAServer(t *testing.T) {
	effort.Whole(t, "servers and commands are killed again and again")
	dir := t.TempDir()
	path, db := scripted(t), filepath.Join(dir, "t.db")
	ran(t, path, "demo", "--db", db, "--members", "60")
	token := secretaryToken(t, path, filepath.Join(dir, "demo-accounts.txt"), db)
	show := func() *exec.Cmd {
		return exec.CommandContext(t.Context(), path, "member", "show", "P0007", "--db", db, "--as", "jiedao")
	}
	expect.NoError(t, "a look before", show().Run()) // which gives the account its password
	var shown atomic.Int64
	var members []string
	acknowledged := map[string]bool{}
	for round := range rounds(t, 4) {
		s := serveFor(t, path, db)
		if members == nil {
			members = listed(t, s.url, token)
		}
		end := make(chan struct{})
		var looks sync.WaitGroup
		for n := range 2 {
			looks.Go(func() {
				for count := n; ; count++ {
					select {
					case <-end:
						return
					default:
					}
					c := show()
					if err := c.Start(); err != nil {
						t.Error(err)
						return
					}
					if count%3 == 2 {
						_ = c.Process.Kill() // it may have ended by itself
					}
					if c.Wait() == nil {
						shown.Add(1)
					}
				}
			})
		}
		for _, note := range storm(t, s, token, members, round, 300) {
			acknowledged[note] = true
		}
		close(end)
		looks.Wait()
	}
	t.Logf("%d entries were acknowledged, %d looks were answered", len(acknowledged), shown.Load())
	expect.True(t, shown.Load() > 4, "commands were answered beside the servers", shown.Load())
	verifyAll(t, db, acknowledged)
	ran(t, path, "verify", "--db", db)
	h, err := openHouse(context.Background(), db, false)
	expect.NoError(t, "the database", err)
	defer h.db.Close() //nolint:errcheck // read only
	var lines []domain.AuditEvent
	err = h.db.Read(context.Background(), func(v *store.Snapshot) (err error) {
		lines, err = v.Traces(access.System("the test looks at all"), domain.AuditFilter{}, 1<<20)
		return err
	})
	expect.NoError(t, "the trail", err)
	of := int64(0)
	for i := range lines {
		if lines[i].Route == "jifen member show" && lines[i].Result == "" {
			of++
		}
	}
	expect.True(t, of >= shown.Load(), "every look has its line", of)
}
