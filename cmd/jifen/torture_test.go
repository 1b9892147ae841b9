package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/scoring"
	"jifen/internal/store"
	"jifen/internal/testkit/effort"
)

// writers counts the programs that post at once while the server is killed.
const writers = 32

// rounds returns how often something is killed: so many times, or as often as
// JIFEN_TORTURE says.
func rounds(t *testing.T, otherwise int) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("JIFEN_TORTURE"))
	if err != nil {
		return otherwise
	}
	return n
}

// built builds the program as it ships. With -short it returns the one that the
// scripts run, which spares the linker.
func built(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		path, err := exec.LookPath("jifen")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("the program of the scripts is killed instead of the one that ships; that one: go test without -short")
		return path
	}
	path := filepath.Join(t.TempDir(), "jifen")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// ran runs the program to its end and returns what it printed.
func ran(t *testing.T, path string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// served is a running server.
type served struct {
	cmd    *exec.Cmd
	url    string
	mu     sync.Mutex
	logged []string // what it has logged of its own mistakes
}

// mistakes returns what the server has logged of its own mistakes.
func (s *served) mistakes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logged)
}

// listen reads what the server logs until it ends.
func (s *served) listen(lines *bufio.Reader) {
	for {
		line, err := lines.ReadString('\n')
		if strings.Contains(line, "code=internal") {
			s.mu.Lock()
			s.logged = append(s.logged, line)
			s.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

func serveFor(t *testing.T, path, db string) *served {
	t.Helper()
	s := &served{cmd: exec.CommandContext(t.Context(), path, "serve", "--db", db, "--listen", "127.0.0.1:0")}
	said, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(said)
	for s.url == "" { // the day's work may be told of before the address
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the server said %q, %v", line, err)
		}
		if _, rest, ok := strings.Cut(line, "http://"); ok {
			s.url, _, _ = strings.Cut(rest, " ")
		}
	}
	go s.listen(lines)
	return s
}

// kill ends the server as a power cut does.
func (s *served) kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err == nil {
		t.Fatal("the server ended by itself")
	}
}

// post posts one entry and reports whether it was acknowledged.
func post(client *http.Client, url, token, member, note string) bool {
	body := fmt.Sprintf(`{"member":%q,"item":"承担工作","on":%q,"note":%q}`, member, calendar.FromTime(today()), note)
	req, err := http.NewRequest(http.MethodPost, "http://"+url+"/api/v1/entries", strings.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", note)
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	_, err = io.Copy(io.Discard, resp.Body)
	return err == nil && resp.StatusCode == http.StatusCreated
}

// storm posts by all writers until so many entries were acknowledged, kills the
// server in the midst of it, and returns what was acknowledged.
func storm(t *testing.T, s *served, token string, members []string, round, enough int) []string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: writers}}
	defer client.CloseIdleConnections()
	heard := make(chan string, 1<<16)
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := 0; ; i++ {
				note := fmt.Sprintf("第%d轮 %d-%d", round, w, i)
				if !post(client, s.url, token, members[(w+i)%len(members)], note) {
					return // the server is gone
				}
				heard <- note
			}
		})
	}
	var out []string
	for len(out) < enough {
		out = append(out, <-heard)
	}
	s.kill(t)
	wait.Wait()
	close(heard)
	for note := range heard {
		out = append(out, note)
	}
	return out
}

// TestNothingAcknowledgedIsLost kills the real program under 32 writers: every
// acknowledged entry is there, none twice, the chain verifies, and standings kept
// are those computed from scratch.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	dir := t.TempDir()
	path, db := built(t), filepath.Join(dir, "t.db")
	ran(t, path, "demo", "--db", db, "--members", "60")
	token := secretaryToken(t, path, filepath.Join(dir, "demo-accounts.txt"), db)
	var members []string
	acknowledged := map[string]bool{}
	for round := range rounds(t, effort.Size(t, 20, 1)) {
		s := serveFor(t, path, db)
		if members == nil {
			members = listed(t, s.url, token)
		}
		for _, note := range storm(t, s, token, members, round, 20+37*round%200) {
			acknowledged[note] = true
		}
	}
	t.Logf("%d entries were acknowledged", len(acknowledged))
	verifyAll(t, db, acknowledged)
	if out := ran(t, path, "verify", "--db", db); !strings.Contains(out, "环环相扣") {
		t.Errorf("verify: %s", out)
	}
}

// secretaryToken makes a token of a secretary of a branch of the demo.
func secretaryToken(t *testing.T, path, slips, db string) string {
	t.Helper()
	text, err := os.ReadFile(slips)
	if err != nil {
		t.Fatal(err)
	}
	login, secret := "", filepath.Join(t.TempDir(), "anquan")
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "支部书记") {
			login = strings.Fields(line)[0]
		}
		if words := strings.Fields(line); len(words) > 1 && words[0] == "anquan" {
			if err := os.WriteFile(secret, []byte(words[1]+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	out := ran(t, path, "user", "token", "--as", "anquan", "--password-file", secret, "--login", login, "--name", "试验",
		"--db", db)
	token := out[strings.LastIndex(out, "jf_"):]
	token, _, _ = strings.Cut(token, "\n")
	return strings.TrimSpace(token)
}

// listed asks for the members that a token may record for, but for who has left, and
// for who holds the token: nobody records for himself.
func listed(t *testing.T, url, token string) []string {
	t.Helper()
	get := func(path string, into any) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+url+"/api/v1"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close() //nolint:errcheck // decoded to its end
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
		}
	}
	var me struct{ Member string }
	var page struct{ Members []struct{ ID, Left string } }
	get("/me", &me)
	get("/members", &page)
	var out []string
	for _, m := range page.Members {
		if m.ID != me.Member && m.Left == "" {
			out = append(out, m.ID)
		}
	}
	if len(out) == 0 {
		t.Fatal("there is nobody to record for")
	}
	return out
}

func verifyAll(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	ctx := context.Background()
	h, err := openHouse(ctx, path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close() //nolint:errcheck // read only
	all := access.System("the test looks at all")
	p, err := h.standings.Current(ctx, standings.Question{Scope: all, AsOf: calendar.FromTime(today())})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.db.Exclusive(ctx, func(tx *store.Tx) error {
		broken, err := tx.Verify()
		if err != nil || len(broken) > 0 {
			t.Errorf("%d breaks, first %+v, %v", len(broken), broken[:min(1, len(broken))], err)
		}
		times := map[string]int{}
		members := make([]domain.Member, len(p.Rows))
		for i := range p.Rows {
			members[i] = p.Rows[i].Member
			entries, err := tx.Entries(all, members[i].ID, 1<<20)
			if err != nil {
				return err
			}
			for k := range entries {
				times[entries[k].Note]++
			}
		}
		for note := range acknowledged {
			if times[note] != 1 {
				t.Errorf("%s was acknowledged and is there %d times", note, times[note])
			}
		}
		for note, n := range times {
			if strings.HasPrefix(note, "第") && n != 1 {
				t.Errorf("%s is there %d times", note, n)
			}
		}
		return compareScratch(t, &tx.Snapshot, p, members)
	}); err != nil {
		t.Fatal(err)
	}
}

// compareScratch holds every standing to one that is computed anew.
func compareScratch(t *testing.T, v *store.Snapshot, p *standings.Population, members []domain.Member) error {
	t.Helper()
	records, err := v.Records(members)
	if err != nil {
		return err
	}
	for i := range records {
		want := scoring.Member(scoring.Under(p.Book), &records[i], p.Period, p.AsOf).Standing
		got := p.Rows[i].Standing
		if got.Total != want.Total || got.Grade != want.Grade || !reflect.DeepEqual(named(got.Blocks), named(want.Blocks)) ||
			len(got.Alerts) != len(want.Alerts) {
			t.Errorf("%s: remembered %+v, from scratch %+v", members[i].ID, got, want)
		}
	}
	return nil
}

func named(blocks []domain.BlockValue) map[string]domain.Points {
	out := map[string]domain.Points{}
	for _, b := range blocks {
		out[b.Name] = b.Value
	}
	return out
}
