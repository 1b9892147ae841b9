package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/app/accounts"
	"jifen/internal/testkit"
	"jifen/internal/testkit/effort"
	"jifen/internal/testkit/expect"
)

// inStorm counts the people who sign in at once in a storm, each at an address of his own.
const inStorm = 200

// knocks sends a sign-in of a login that nobody has, which costs as much as any, from an
// address of its own, and returns the status; 0 where none came.
func knocks(ctx context.Context, client *http.Client, site string, n int) int {
	form := url.Values{"login": {fmt.Sprintf("nobody %d", n)}, "password": {"a password that nobody has"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+site+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("198.18.%d.%d", n>>8&255, n&255))
	resp, err := client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// storming returns a client that keeps as many connections open as a storm has people.
func storming(tb testing.TB) *http.Client {
	tb.Helper()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: inStorm}}
	tb.Cleanup(client.CloseIdleConnections)
	return client
}

// resident returns how much memory a process has, and the most it ever had.
func resident(t *testing.T, pid int) (now, most int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if os.IsNotExist(err) {
		t.Skip("this system does not tell how much memory a process has")
	}
	expect.NoError(t, "the memory of the program", err)
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) != 3 || words[0] != "VmRSS:" && words[0] != "VmHWM:" {
			continue
		}
		kib, err := strconv.Atoi(words[1])
		expect.NoError(t, line, err)
		if words[0] == "VmRSS:" {
			now = kib << 10
		} else {
			most = kib << 10
		}
	}
	return now, most
}

// TestAStormOfSignInsIsBounded: 200 people sign in at once at the program as it ships. It takes
// 64 MiB more than before at most, and all of them are answered.
func TestAStormOfSignInsIsBounded(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "it hashes two hundred passwords at full cost")
	folder := t.TempDir()
	db := filepath.Join(folder, "t.db")
	jifen(t, exitDone, "demo", "--db", db, "--members", "50", "--seed", "3")
	program := exec.CommandContext(context.WithoutCancel(t.Context()), "jifen", "serve", "--db", db, "--listen",
		"127.0.0.1:0", "--behind-proxy")
	line, _ := started(t, program, "http://")
	_, rest, _ := strings.Cut(line, "http://")
	site, _, _ := strings.Cut(rest, " ")
	client := storming(t)
	for n := range 3 {
		expect.Equal(t, "one alone", knocks(t.Context(), client, site, 1000+n), http.StatusUnprocessableEntity)
	}
	quiet, _ := resident(t, program.Process.Pid)
	var all sync.WaitGroup
	var judged, full atomic.Int32
	for n := range inStorm {
		all.Go(func() {
			switch knocks(t.Context(), client, site, n) {
			case http.StatusUnprocessableEntity:
				judged.Add(1)
			case http.StatusServiceUnavailable:
				full.Add(1)
			}
		})
	}
	all.Wait()
	_, most := resident(t, program.Process.Pid)
	t.Logf("before %d MiB, at most %d MiB; %d judged, %d sent away", quiet>>20, most>>20, judged.Load(), full.Load())
	expect.Equal(t, "who was answered", judged.Load()+full.Load(), inStorm)
	expect.True(t, judged.Load() >= inStorm/2, "most were judged", judged.Load())
	more := uint64(64 << 20)
	if effort.Raced() { // which keeps a shadow of all memory, several times as large
		more *= 5
	}
	expect.True(t, uint64(most) <= uint64(quiet)+more, "64 MiB more at most, five times that under the race detector",
		(most-quiet)>>20)
}

// BenchmarkInAStorm measures, in turns of one run, how long another person's page and entry
// take while 200 people sign in at once and while nobody does: the ratio of the 99th of a
// hundred, and that of the middle.
func BenchmarkInAStorm(b *testing.B) {
	shareCores()
	town := testkit.NewSized(b, 40)
	signing := accounts.New(town.DB, &testkit.Steps{}, accounts.NewHasher(accounts.StandardCost()))
	g := openTarget(b, town, func(w *siteParts, _ *http.Server) { w.signing = signing })
	token := g.token(b, "secretary", time.Hour)
	person, client := g.from(b, "192.0.2.1"), storming(b)
	took := map[string][]time.Duration{}
	measure := func(weather string) {
		for n := range 50 {
			start := time.Now()
			page := person.api("/api/v1/members", token, "")
			between := time.Now()
			entry := person.api("/api/v1/entries", token,
				fmt.Sprintf(`{"member":"E%d","item":"好事","on":"2026-05-20"}`, n%40+1))
			if page.status != http.StatusOK || entry.status != http.StatusCreated {
				b.Fatal(page.status, entry.status, entry.body)
			}
			took[weather+" page"] = append(took[weather+" page"], between.Sub(start))
			took[weather+" entry"] = append(took[weather+" entry"], time.Since(between))
		}
	}
	for turn := 0; b.Loop(); turn++ {
		measure("quiet")
		ctx, stop := context.WithCancel(b.Context())
		var all sync.WaitGroup
		begun := make(chan struct{}, inStorm)
		for n := range inStorm {
			all.Go(func() {
				begun <- struct{}{}
				for k := 0; ctx.Err() == nil; k++ {
					knocks(ctx, client, g.site, turn*20_000+n*100+k)
				}
			})
		}
		for range inStorm {
			<-begun
		}
		for signing.Counts().Hashing < inStorm/2 && ctx.Err() == nil {
			person.get("/healthz")
		}
		measure("storm")
		stop()
		all.Wait()
	}
	for _, what := range []string{"page", "entry"} {
		quiet, storm := took["quiet "+what], took["storm "+what]
		slices.Sort(quiet)
		slices.Sort(storm)
		b.ReportMetric(float64(storm[len(storm)*99/100])/float64(quiet[len(quiet)*99/100]), what+"-p99/quiet")
		b.ReportMetric(float64(storm[len(storm)/2])/float64(quiet[len(quiet)/2]), what+"-p50/quiet")
	}
}
