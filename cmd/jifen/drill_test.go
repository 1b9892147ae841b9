package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Bounds of a drill.
const (
	drillNodes   = 3
	drillSwitch  = 2 * time.Minute  // until another node leads, or a fallen one follows again
	drillRecover = 10 * time.Second // from then on until somebody is acknowledged
)

// drill is a cluster of three nodes under Patroni, with etcd, on the loopback.
type drill struct {
	t      *testing.T
	dir    string
	by     []string // begins every command: a server refuses to run as root
	ports  []int    // of the nodes' servers
	rest   []int    // of what tells of the nodes
	agents []*exec.Cmd
}

// TestLeaderFalls kills the leader of a cluster under 32 writers, JIFEN_DRILL times, its
// server alone or Patroni beside it: another leads and somebody is acknowledged within ten
// seconds of that; every acknowledged entry is there, none twice, and the chains verify.
func TestLeaderFalls(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("JIFEN_DRILL"))
	if err != nil {
		t.Skip("JIFEN_DRILL says how often: make drillha")
	}
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("JIFEN_DRILL_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("JIFEN_DRILL_SEED=%d", seed)
	d := newDrill(t)
	s := d.besiege()
	chance := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the test's own, to be thrown again
	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for w := range writers {
		own := rand.New(rand.NewPCG(seed, uint64(w)+1)) //nolint:gosec // as above
		wait.Go(func() { s.write(ctx, w, own) })
	}
	defer wait.Wait()
	defer stop()
	for round := range rounds {
		s.hear(20 + chance.IntN(60))
		d.fall(s, round, chance.IntN(2) == 0)
	}
	s.hear(2 * writers)
	stop()
	wait.Wait()
	t.Logf("%d entries were acknowledged, %d of them again by another answer; %d calls were told nothing",
		len(s.receipts), s.replayed.Load(), s.failed.Load())
	for p := range s.running {
		s.running[p].kill(t)
	}
	acknowledged := map[string]bool{}
	for note := range s.receipts {
		acknowledged[note] = true
	}
	verifyAll(t, s.db, acknowledged)
	if out := ran(t, s.program, "verify", "--db", s.db); !strings.Contains(out, "环环相扣") {
		t.Errorf("verify: %s", out)
	}
}

// fall kills the leader and returns when it follows the new one.
func (d *drill) fall(s *siege, round int, agentToo bool) {
	d.t.Helper()
	leader := d.leader(-1)
	if agentToo {
		d.end(d.agents[leader])
	}
	d.strike(leader, syscall.SIGKILL)
	begun := time.Now()
	next := d.leader(leader)
	switched := time.Since(begun)
	for len(s.heard) > 0 { // acknowledged before
		<-s.heard
	}
	begun = time.Now()
	s.hear(1)
	again := time.Since(begun)
	d.t.Logf("round %d: node %d fell (Patroni too: %t), node %d leads after %.1f s, acknowledged %.1f s later",
		round, leader, agentToo, next, switched.Seconds(), again.Seconds())
	if again > drillRecover {
		d.t.Errorf("round %d: nobody was acknowledged for %s after node %d led", round, again, next)
	}
	if agentToo {
		d.start(leader)
	}
	d.await("a second node that is told of every commit", d.mirrored)
}

// newDrill starts etcd and three nodes, and returns when one leads and another mirrors it.
func newDrill(t *testing.T) *drill {
	t.Helper()
	for _, program := range []string{"etcd", "patroni"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not there: it comes with the packages etcd-server and patroni", program)
		}
	}
	dir, err := os.MkdirTemp("", "drill")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &drill{
		t: t, dir: dir, ports: freePorts(t, drillNodes), rest: freePorts(t, drillNodes),
		agents: make([]*exec.Cmd, drillNodes),
	}
	if os.Geteuid() == 0 {
		d.by = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}
		if out, err := exec.CommandContext(t.Context(), "chown", "postgres", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	ports := freePorts(t, 2)
	client, peer := fmt.Sprintf("http://127.0.0.1:%d", ports[0]), fmt.Sprintf("http://127.0.0.1:%d", ports[1])
	etcd := d.run("etcd.log", "etcd", "--name", "one", "--data-dir", filepath.Join(dir, "etcd"),
		"--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
		"--initial-advertise-peer-urls", peer,
		"--initial-cluster", "one="+peer)
	t.Cleanup(func() { d.end(etcd) })
	t.Cleanup(d.stop)
	for n := range drillNodes {
		err := os.WriteFile(d.path(n, ".yml"), []byte(d.settings(n, ports[0])), 0o644) //nolint:gosec // another user reads it
		if err != nil {
			t.Fatal(err)
		}
		d.start(n)
	}
	d.leader(-1)
	d.await("a second node that is told of every commit", d.mirrored)
	return d
}

// settings are Patroni's of a node.
func (d *drill) settings(n, etcd int) string {
	bin, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bin) == 0 {
		d.t.Fatalf("no programs of PostgreSQL: %v", err)
	}
	return fmt.Sprintf(`scope: drill
name: n%[1]d
restapi: {listen: "127.0.0.1:%[2]d", connect_address: "127.0.0.1:%[2]d"}
etcd3: {hosts: "127.0.0.1:%[3]d"}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    maximum_lag_on_failover: 0
    master_start_timeout: 0
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters: {max_connections: 120, synchronous_commit: "on", wal_log_hints: "on", shared_buffers: 32MB,
        wal_retrieve_retry_interval: 500ms}
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}]
  pg_hba: [local all all trust, host all all 127.0.0.1/32 trust, host replication all 127.0.0.1/32 trust]
postgresql:
  listen: "127.0.0.1:%[4]d"
  connect_address: "127.0.0.1:%[4]d"
  data_dir: %[5]s
  bin_dir: %[6]s
  authentication:
    superuser: {username: owner, password: of-the-drill}
    replication: {username: mirror, password: of-the-drill}
  parameters: {unix_socket_directories: %[7]s}
`, n, d.rest[n], etcd, d.ports[n], d.path(n, ""), bin[len(bin)-1], d.dir)
}

func (d *drill) path(n int, ending string) string {
	return filepath.Join(d.dir, fmt.Sprint("n", n, ending))
}

// run starts a program that goes on until it is ended.
func (d *drill) run(log string, line ...string) *exec.Cmd {
	d.t.Helper()
	line = append(append([]string{}, d.by...), line...)
	cmd := exec.CommandContext(context.WithoutCancel(d.t.Context()), line[0], line[1:]...) //nolint:gosec // of the test
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "HOME="+d.dir)
	into, err := os.OpenFile(filepath.Join(d.dir, log), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer into.Close() //nolint:errcheck // the program has its own
	cmd.Stdout, cmd.Stderr = into, into
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	return cmd
}

func (d *drill) start(n int) {
	d.agents[n] = d.run(fmt.Sprint("n", n, ".log"), "patroni", d.path(n, ".yml"))
}

// end kills a program that run has started; it may have ended.
func (d *drill) end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
}

// strike sends the server of a node a signal.
func (d *drill) strike(n int, signal syscall.Signal) {
	text, err := os.ReadFile(filepath.Join(d.path(n, ""), "postmaster.pid"))
	if err != nil {
		return // it does not run
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if pid, err := strconv.Atoi(line); err == nil && pid > 1 {
		_ = syscall.Kill(pid, signal)
	}
}

func (d *drill) stop() {
	for n, agent := range d.agents {
		if agent != nil {
			d.end(agent)
			d.strike(n, syscall.SIGQUIT)
		}
	}
}

// await asks until something is so, and fails when that takes too long.
func (d *drill) await(what string, so func() bool) {
	d.t.Helper()
	limit, again := time.NewTimer(drillSwitch), time.NewTicker(100*time.Millisecond)
	defer limit.Stop()
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case <-limit.C:
			d.t.Fatalf("for %s there was not %s\n%s", drillSwitch, what, d.words())
		}
	}
}

// words returns the last of what the nodes told of themselves.
func (d *drill) words() string {
	var b strings.Builder
	for n := range drillNodes {
		text, _ := os.ReadFile(d.path(n, ".log")) // what is not there tells nothing
		fmt.Fprintf(&b, "node %d:\n%s\n", n, text[max(0, len(text)-3000):])
	}
	return b.String()
}

// leader waits until a node leads that is not one of them, and returns it.
func (d *drill) leader(not int) (leads int) {
	d.t.Helper()
	d.await("a leader", func() bool {
		for n := range drillNodes {
			if n != not && d.ask(n, "primary", nil) {
				leads = n
				return true
			}
		}
		return false
	})
	return leads
}

// mirrored reports whether a node is told of every commit before it is acknowledged, and the
// third follows too.
func (d *drill) mirrored() bool {
	for n := range drillNodes {
		var cluster struct {
			Members []struct{ Role, State string }
		}
		if !d.ask(n, "cluster", &cluster) {
			continue
		}
		mirrors, follow := 0, 0
		for _, m := range cluster.Members {
			if m.State == "streaming" || m.State == "running" {
				follow++
				if m.Role == "sync_standby" {
					mirrors++
				}
			}
		}
		return mirrors > 0 && follow == drillNodes
	}
	return false
}

// ask asks Patroni of a node and reports whether the answer is yes.
func (d *drill) ask(n int, what string, into any) bool {
	ctx, stop := context.WithTimeout(d.t.Context(), time.Second)
	defer stop()
	address := fmt.Sprintf("http://127.0.0.1:%d/%s", d.rest[n], what)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	return resp.StatusCode == http.StatusOK && (into == nil || json.NewDecoder(resp.Body).Decode(into) == nil)
}

// besiege makes a street in the cluster and starts programs that know all its nodes.
func (d *drill) besiege() *siege {
	d.t.Helper()
	var hosts, ports []string
	for _, port := range d.ports {
		hosts, ports = append(hosts, "127.0.0.1"), append(ports, strconv.Itoa(port))
	}
	// A database that was made just now is not at once there on the nodes that follow, and a
	// node without it ends the search for the leader: the one that is always there is used.
	address := "postgres://owner@/postgres?host=" + strings.Join(hosts, ",") + "&port=" + strings.Join(ports, ",") +
		"&target_session_attrs=read-write"
	s := &siege{t: d.t, program: built(d.t), log: d.words, db: address,
		client:   &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: writers}},
		receipts: map[string]string{}, heard: make(chan struct{}, 1<<16)}
	dir := d.t.TempDir()
	d.t.Chdir(dir) // where the key lies
	ran(d.t, s.program, "demo", "--db", s.db, "--members", "50")
	s.token = secretaryToken(d.t, s.program, filepath.Join(dir, "demo-accounts.txt"), s.db)
	for p := range processes {
		s.start(p)
	}
	s.members = listed(d.t, s.running[0].url, s.token)
	return s
}

// freePorts returns ports of the loopback that nobody listens on just now.
func freePorts(t *testing.T, n int) (out []int) {
	t.Helper()
	for range n {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() //nolint:errcheck // all of them are open until all are known
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}
