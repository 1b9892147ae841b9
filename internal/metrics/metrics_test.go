package metrics_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"jifen/internal/metrics"
)

// whole is a sample that has something of everything.
func whole() metrics.Sample {
	at := time.Unix(1_800_000_000, 0)
	return metrics.Sample{
		Ready: true, Writes: 12, Commits: 4, Queued: 3,
		Pools: []metrics.Pool{{Name: "short", InUse: 1, Max: 8, Waits: 5, Waited: 1500 * time.Millisecond}},
		Replica: &metrics.Replica{Used: true, Lag: 1500 * time.Millisecond, Bytes: 4096,
			Reads: map[string]int64{"replica": 7, "behind": 2, "unused": 1}},
		Populations: 7, Members: 2500, Damaged: 2,
		SignIns: map[string]int64{"right": 9, "wrong": 2, "slowed": 1, "failed": 0}, Hashing: 6, LostLines: 3,
		Daily: []metrics.Work{{Name: "根", Done: 3, Failed: 1, DoneAt: at}, {Name: "备份"}}, LastCopy: at,
	}
}

// asked returns what Prometheus is given of a sample, after one request.
func asked(t *testing.T, s metrics.Sample) string {
	t.Helper()
	m := metrics.New(metrics.Options{Version: "v9", Read: func(context.Context) metrics.Sample { return s }})
	m.Request("GET /members/:id", http.StatusOK, 30*time.Millisecond)
	m.Request("", http.StatusNotFound, time.Millisecond)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("answered %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// families returns the names that are given, each with its labels.
func families(t *testing.T, s metrics.Sample) map[string][]string {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	list, err := parser.TextToMetricFamilies(strings.NewReader(asked(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for name, f := range list {
		labels := map[string]bool{}
		for _, one := range f.GetMetric() {
			for _, l := range one.GetLabel() {
				labels[l.GetName()] = true
			}
		}
		out[name] = slices.Sorted(maps.Keys(labels))
	}
	return out
}

func TestASampleIsGivenAsItIs(t *testing.T) {
	t.Parallel()
	text := asked(t, whole())
	for _, line := range []string{
		`jifen_http_requests_total{class="2xx",route="GET /members/:id"} 1`,
		`jifen_http_requests_total{class="4xx",route="none"} 1`,
		`jifen_http_request_seconds_bucket{route="GET /members/:id",le="0.02"} 0`,
		`jifen_http_request_seconds_bucket{route="GET /members/:id",le="0.05"} 1`,
		`jifen_ready 1`,
		`jifen_writes_total 12`, `jifen_commits_total 4`, `jifen_write_queue 3`,
		`jifen_pool_in_use{pool="short"} 1`, `jifen_pool_size{pool="short"} 8`, `jifen_pool_waits_total{pool="short"} 5`,
		`jifen_pool_wait_seconds_total{pool="short"} 1.5`,
		`jifen_replica_used 1`, `jifen_replica_lag_seconds 1.5`, `jifen_replica_lag_bytes 4096`,
		`jifen_replica_reads_total{outcome="replica"} 7`, `jifen_replica_reads_total{outcome="behind"} 2`,

		`jifen_populations_computed_total 7`, `jifen_standings_computed_total 2500`,
		`jifen_standings_damaged_total 2`,
		`jifen_sign_ins_total{outcome="wrong"} 2`, `jifen_sign_ins_total{outcome="failed"} 0`, `jifen_hashing_queue 6`,
		`jifen_trail_lost_total 3`,
		`jifen_daily_runs_total{outcome="failed",work="根"} 1`, `jifen_daily_runs_total{outcome="done",work="备份"} 0`,
		`jifen_daily_done_timestamp_seconds{work="根"} 1.8e+09`,
		`jifen_last_copy_timestamp_seconds 1.8e+09`,
		`jifen_build_info{version="v9"} 1`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("%s is not given", line)
		}
	}
	if strings.Contains(text, `jifen_daily_done_timestamp_seconds{work="备份"}`) {
		t.Error("work that was never done is given an instant")
	}
}

// TestWhatIsNotThereIsNotGiven: an age of what was never made would be one of half a
// century.
func TestWhatIsNotThereIsNotGiven(t *testing.T) {
	t.Parallel()
	text := asked(t, metrics.Sample{})
	if !strings.Contains(text, "\njifen_ready 0\n") {
		t.Error("a database that cannot be written is ready")
	}
	if strings.Contains(text, "timestamp_seconds") && strings.Contains(text, "jifen_last_copy_timestamp_seconds ") {
		t.Error("a copy that does not exist has an age")
	}
}

func TestNothingElseIsAnswered(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.Options{Read: func(context.Context) metrics.Sample { return metrics.Sample{} }})
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/", http.NoBody), httptest.NewRequest(http.MethodPost, "/metrics", http.NoBody),
	} {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, r)
		if w.Code == http.StatusOK {
			t.Errorf("%s %s: %d", r.Method, r.URL, w.Code)
		}
	}
}
