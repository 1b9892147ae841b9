package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/testkit/effort"
	"jifen/internal/testkit/pgtest"
)

// processes counts the programs on the one database of a siege.
const processes = 3

// patience bounds the time within which somebody is acknowledged again after
// everything that was killed has been started.
const patience = time.Minute

// siege is three programs on one database, and 32 writers who go on writing while the
// programs and the database are killed.
type siege struct {
	t       *testing.T
	program string
	db      string
	token   string
	members []string
	server  *pgtest.Cluster
	log     func() string // of the database
	running [processes]*served
	urls    [processes]atomic.Pointer[string]
	client  *http.Client

	mu       sync.Mutex
	receipts map[string]string // ids of what was acknowledged, by its note
	heard    chan struct{}     // one for each that was acknowledged
	replayed atomic.Int64      // that were told they had been answered before
	failed   atomic.Int64      // that were told nothing, or that it is not known
}

// TestNothingAcknowledgedIsLostOnAServer kills programs and their database under 32
// writers with idempotency keys, who ask another program when one does not answer:
// every acknowledged entry is there, none twice, under one receipt; the chains verify,
// and standings kept are those computed from scratch.
func TestNothingAcknowledgedIsLostOnAServer(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("JIFEN_TORTURE_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("JIFEN_TORTURE_SEED=%d", seed)
	server := pgtest.NewCluster(t, "max_connections = 120")
	s := newSiege(t, server)
	chance := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the test's own, to be thrown again
	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for w := range writers {
		own := rand.New(rand.NewPCG(seed, uint64(w)+1)) //nolint:gosec // as above
		wait.Go(func() { s.write(ctx, w, own) })
	}
	defer wait.Wait()
	defer stop()
	rounds := rounds(t, effort.Size(t, 3, 1))
	for round := range rounds {
		s.hear(20 + chance.IntN(60))
		t.Logf("round %d killed: %s", round, s.strike(chance))
		for p := range s.running {
			for _, line := range s.running[p].mistakes() {
				t.Errorf("program %d: %s", p, line)
			}
		}
	}
	s.hear(2 * writers)
	stop()
	wait.Wait()
	t.Logf("%d rounds: %d entries were acknowledged, %d of them again by another answer; %d calls were told nothing",
		rounds, len(s.receipts), s.replayed.Load(), s.failed.Load())
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

// newSiege makes a database with a street in it and starts the programs.
func newSiege(t *testing.T, server *pgtest.Cluster) *siege {
	t.Helper()
	s := &siege{t: t, program: built(t), server: server, log: server.Log, db: server.Database("siege"),
		client:   &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: writers}},
		receipts: map[string]string{}, heard: make(chan struct{}, 1<<16)}
	dir := t.TempDir()
	t.Chdir(dir) // where the key lies
	ran(t, s.program, "demo", "--db", s.db, "--members", "60")
	s.token = secretaryToken(t, s.program, filepath.Join(dir, "demo-accounts.txt"), s.db)
	for p := range processes {
		s.start(p)
	}
	s.members = listed(t, s.running[0].url, s.token)
	return s
}

func (s *siege) start(p int) {
	s.t.Helper()
	s.running[p] = serveFor(s.t, s.program, s.db)
	s.urls[p].Store(&s.running[p].url)
}

// strike kills one program, two or all, or the database, or it and a program, at once,
// starts them again and says what it was.
func (s *siege) strike(chance *rand.Rand) string {
	s.t.Helper()
	struck := chance.Perm(processes)[:max(0, chance.IntN(processes+4)-3)]
	database := len(struck) == 0 || chance.IntN(4) == 0
	if database {
		s.server.Stop()
	}
	for _, p := range struck {
		s.running[p].kill(s.t)
	}
	if database {
		s.server.Start()
	}
	for _, p := range struck {
		s.start(p)
	}
	return fmt.Sprintf("programs %v, database %t", struck, database)
}

// hear waits until so many more were acknowledged.
func (s *siege) hear(enough int) {
	s.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for range enough {
		select {
		case <-s.heard:
			if s.t.Failed() {
				s.t.FailNow()
			}
		case <-limit.C:
			s.t.Fatalf("%d are acknowledged, and nobody else within %s\n%s", len(s.receipts), patience, s.log())
		}
	}
}

// write records one entry after another. Who is told nothing asks another program with
// the same key, until he knows; now and then two are asked at once.
func (s *siege) write(ctx context.Context, w int, chance *rand.Rand) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for i := 0; ctx.Err() == nil && !s.t.Failed(); i++ {
		note := fmt.Sprintf("第%d人 %d", w, i)
		member := s.members[chance.IntN(len(s.members))]
		for p := chance.IntN(processes); ctx.Err() == nil && !s.t.Failed(); p++ {
			var both sync.WaitGroup
			known := make([]bool, 1+max(0, chance.IntN(8)-6))
			for k := range known {
				both.Go(func() { known[k] = s.post(ctx, (p+k)%processes, member, note) })
			}
			both.Wait()
			if known[0] || known[len(known)-1] {
				s.heard <- struct{}{}
				break
			}
			select {
			case <-again.C:
			case <-ctx.Done():
			}
		}
	}
}

// post asks one program for an entry and reports whether it was acknowledged.
func (s *siege) post(ctx context.Context, p int, member, note string) bool {
	body := fmt.Sprintf(`{"member":%q,"item":"承担工作","on":%q,"note":%q}`, member, calendar.FromTime(today()), note)
	url := "http://" + *s.urls[p].Load() + "/api/v1/entries"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Idempotency-Key", note)
	resp, err := s.client.Do(req)
	if err != nil {
		s.failed.Add(1)
		return false
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil || resp.StatusCode == http.StatusServiceUnavailable:
		s.failed.Add(1)
		return false
	case resp.StatusCode != http.StatusCreated:
		s.t.Errorf("%s: %s\n%s", note, resp.Status, text)
		return false
	}
	if resp.Header.Get("Idempotency-Replayed") != "" {
		s.replayed.Add(1)
	}
	return s.keep(note, text)
}

// keep keeps the receipt of a note, which has one, however often it is asked for.
func (s *siege) keep(note string, text []byte) bool {
	var receipt struct{ Entry string }
	if err := json.Unmarshal(text, &receipt); err != nil || receipt.Entry == "" {
		s.t.Errorf("%s: the receipt %s, %v", note, text, err)
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.receipts[note]; ok && was != receipt.Entry {
		s.t.Errorf("%s: acknowledged as %s and as %s", note, was, receipt.Entry)
	}
	s.receipts[note] = receipt.Entry
	return true
}
