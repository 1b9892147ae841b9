package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/calendar"
)

// peerCallers counts the programs that post at once, peerPosts what they post in a round.
const (
	peerCallers = 64
	peerPosts   = 2000
)

// peer is a running server that takes entries.
type peer struct {
	name string
	pid  int
	send func(client *http.Client, i int) error

	took      time.Duration // of all rounds
	processor float64       // seconds of all rounds
}

// TestPeers posts the same entries to jifen and to PocketBase in turns, each a program of
// its own, and tells how many a second either took and with how much processor time. What
// they do for one is not the same: see docs/operation.md. JIFEN_PEER is the program that
// internal/tools/peers makes.
func TestPeers(t *testing.T) {
	path := os.Getenv("JIFEN_PEER")
	if path == "" {
		t.Skip("JIFEN_PEER names no program to compare with: make benchpeers builds it")
	}
	const rounds = 3
	peers := []*peer{jifenPeer(t), pocketbasePeer(t, path)}
	for round := range rounds {
		for _, p := range peers {
			p.run(t, round)
		}
	}
	rate := func(p *peer) float64 { return rounds * peerPosts / p.took.Seconds() }
	for _, p := range peers {
		t.Logf("%s: %.0f entries a second, %.0f µs of processor for one", p.name, rate(p),
			p.processor*1e6/(rounds*peerPosts))
	}
	t.Logf("jifen ÷ PocketBase: %.2f by entries a second, %.2f by processor time (over 1: jifen takes less)",
		rate(peers[0])/rate(peers[1]), peers[1].processor/peers[0].processor)
}

// run posts one round by all callers.
func (p *peer) run(t *testing.T, round int) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: peerCallers}}
	defer client.CloseIdleConnections()
	before, _ := processorOf(t, p.pid)
	start := time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	for range peerCallers {
		all.Go(func() {
			for i := next.Add(1); i <= peerPosts; i = next.Add(1) {
				if err := p.send(client, round*peerPosts+int(i)); err != nil {
					t.Errorf("%s: %v", p.name, err)
					return
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	took := time.Since(start)
	after, _ := processorOf(t, p.pid)
	p.took, p.processor = p.took+took, p.processor+after-before
	t.Logf("round %d, %s: %.0f a second, %.2f s of processor", round+1, p.name, peerPosts/took.Seconds(), after-before)
}

// sendTo posts a body and takes any answer that says it is kept.
func sendTo(client *http.Client, url, body string, header map[string]string) error {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%d %s", resp.StatusCode, text)
	}
	return err
}

// entryBody is an entry in JSON, as both take it.
func entryBody(member string, i int) string {
	return fmt.Sprintf(`{"member":%q,"item":"承担工作","on":%q,"note":"第 %d 次值班"}`, member, calendar.FromTime(today()), i)
}

func jifenPeer(t *testing.T) *peer {
	t.Helper()
	dir := t.TempDir()
	path, db := built(t), filepath.Join(dir, "t.db")
	ran(t, path, "demo", "--db", db, "--members", "120")
	token := secretaryToken(t, path, filepath.Join(dir, "demo-accounts.txt"), db)
	s := serveFor(t, path, db)
	t.Cleanup(func() { s.kill(t) })
	members := listed(t, s.url, token)
	return &peer{name: "jifen (synchronous FULL)", pid: s.cmd.Process.Pid, send: func(client *http.Client, i int) error {
		return sendTo(client, "http://"+s.url+"/api/v1/entries", entryBody(members[i%len(members)], i),
			map[string]string{"Authorization": "Bearer " + token, "Idempotency-Key": fmt.Sprint("peers ", i)})
	}}
}

func pocketbasePeer(t *testing.T, path string) *peer {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "serve", "--http="+address, "--dir="+filepath.Join(t.TempDir(), "pb"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was killed
	})
	lines := bufio.NewReader(out)
	for started := false; !started; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("PocketBase said %q, %v", line, err)
		}
		started = strings.Contains(line, "Server started at ")
	}
	go io.Copy(io.Discard, lines) //nolint:errcheck // until it ends
	url := "http://" + address + "/api/collections/entries/records"
	send := func(client *http.Client, i int) error {
		return sendTo(client, url, entryBody(fmt.Sprint("M", i%50), i), nil)
	}
	return &peer{name: "PocketBase (synchronous NORMAL)", pid: cmd.Process.Pid, send: send}
}
