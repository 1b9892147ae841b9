// Package metrics tells Prometheus how the program is doing. It has a registry of
// its own, and is the only place that knows Prometheus: what is counted is counted
// where it happens, in plain numbers, and comes here as a Sample.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Pool holds the places of who is at work at once.
type Pool struct {
	Name       string
	InUse, Max int
	Waits      int64 // who found none free
	Waited     time.Duration
}

// Replica holds how a replica stands that is read from.
type Replica struct {
	Used  bool
	Lag   time.Duration
	Bytes int64            // of the log that it has still to replay
	Reads map[string]int64 // by who answered, and why
}

// Work counts the runs of a piece of the day's work.
type Work struct {
	Name         string
	Done, Failed int64
	DoneAt       time.Time // zero where none was done since the start
}

// Sample holds the numbers of one moment; counts are since the start.
type Sample struct {
	Ready bool // the database can be read and written

	Writes, Commits int64
	Queued          int
	Pools           []Pool
	Replica         *Replica // nil where there is none

	Populations, Members int64 // that were computed
	Damaged              int64 // cached standings that are not what the program has kept, as they were found

	SignIns map[string]int64 // by outcome
	Hashing int

	LostLines int64 // of the trail: looks at lists and refusals

	Daily    []Work
	LastCopy time.Time // zero where none is, or none is made here
}

// Options names the source of the numbers.
type Options struct {
	Version string
	Read    func(context.Context) Sample
}

// Metrics keeps the numbers of requests and asks for the others.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

// buckets returns the bounds of the durations, in seconds: what a page, a meeting and
// a ranking may take, and what is too long for anybody.
func buckets() []float64 { return []float64{.005, .01, .02, .05, .1, .25, 1, 5} }

// New makes the metrics.
func New(o Options) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jifen_http_requests_total", Help: "Requests by row of the route table and class of the status.",
		}, []string{"route", "class"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jifen_http_request_seconds", Help: "How long requests took, by row of the route table.", Buckets: buckets(),
		}, []string{"route"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "jifen_build_info", Help: "1, with the version of the program.",
		ConstLabels: prometheus.Labels{"version": o.Version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.took, build, &sampler{read: o.Read, each: described()},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts a request. A route that is "" is an address that nobody has.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

// Limits of who asks.
const (
	maxAsking = 2
	askLimit  = 10 * time.Second
)

// Handler answers GET /metrics, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: maxAsking, Timeout: askLimit,
	}))
	return mux
}
