package api_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/calendar"
	"jifen/internal/testkit"
)

// callers counts the programs that post at once.
const callers = 64

// posts times so many posts by all callers at once and returns how many a
// second were answered 201.
func posts(b *testing.B, n int, ask func(i int) int) float64 {
	b.Helper()
	var next atomic.Int64
	done := make(chan struct{}, callers)
	start := time.Now()
	for range callers {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if code := ask(int(i)); code != http.StatusCreated {
					b.Errorf("answered %d", code)
					return
				}
			}
		}()
	}
	for range callers {
		<-done
	}
	return float64(n) / time.Since(start).Seconds()
}

// BenchmarkDurableEntry is an entry as a program posts it (token, scope, rules,
// chain, idempotency, trail, synchronous FULL, the effect after limits) against
// a POST that binds and answers the same JSON.
func BenchmarkDurableEntry(b *testing.B) {
	const members = 300
	h := openWith(b, testkit.NewSized(b, members))
	token := h.token(b, "secretary")
	body := func(i int) string {
		return fmt.Sprintf(`{"member":"E%d","item":"酌情","on":"2026-05-07","points":"0.1","note":"志愿服务站值班"}`, i%(members-1)+2)
	}
	answer := h.ask("POST", "/entries", token, body(0)).Body.Bytes()
	gin.SetMode(gin.ReleaseMode)
	bare := gin.New()
	bare.POST("/entries", func(c *gin.Context) {
		var in struct {
			Member string `json:"member"`
			Item   string `json:"item"`
			On     string `json:"on"`
			Points string `json:"points"`
			Note   string `json:"note"`
		}
		if err := c.ShouldBindJSON(&in); err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Data(http.StatusCreated, "application/json", answer)
	})
	server := httptest.NewServer(h.srv)
	defer server.Close()
	plain := httptest.NewServer(bare)
	defer plain.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	send := func(url string, i int) int {
		req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body(i)))
		if err != nil {
			return 0
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Idempotency-Key", fmt.Sprint("bench ", b.N, " ", i))
		resp, err := client.Do(req)
		if err != nil {
			return 0
		}
		_, err = io.Copy(io.Discard, resp.Body) // else the connection is not used again
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return 0
		}
		return resp.StatusCode
	}
	n := max(b.N, 2*callers)
	b.ResetTimer()
	begun := processor(b)
	durable := posts(b, n, func(i int) int { return send(server.URL+"/api/v1/entries", i) })
	b.StopTimer()
	took := processor(b) - begun
	begun = processor(b)
	bound := posts(b, n, func(i int) int { return send(plain.URL+"/entries", i) })
	bareTook := processor(b) - begun
	b.ReportMetric(durable, "durable/s")
	b.ReportMetric(bound, "bare/s")
	b.ReportMetric(durable/bound, "durable÷bare")
	// What the machine does beside it changes the rates, and hardly these.
	b.ReportMetric(float64(took.Microseconds())/float64(n), "µs-processor/durable")
	b.ReportMetric(float64(bareTook)/float64(took), "bare÷durable-processor")
}

// processor is the processor time that the program has taken so far.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkActivityOfFifty is an activity with fifty people in one request, one after
// the other.
func BenchmarkActivityOfFifty(b *testing.B) {
	h := openWith(b, testkit.NewSized(b, 60))
	token := h.token(b, "secretary")
	var lines []string
	for i := range 50 {
		lines = append(lines, fmt.Sprintf(`{"member":"E%d","status":"到会"}`, i+2))
	}
	took := make([]time.Duration, 0, max(b.N, 1))
	begun := processor(b)
	for i := range b.N {
		body := fmt.Sprintf(`{"org":%q,"kind":"党课","on":"%s","title":"第%d次","attendance":[%s]}`,
			h.East.ID, testkit.Day(b, "2026-01-01")+calendar.Day(i%120), i, strings.Join(lines, ","))
		start := time.Now()
		if answer := h.ask("POST", "/activities", token, body); answer.Code != http.StatusCreated {
			b.Fatal(answer.Code, answer.Body)
		}
		took = append(took, time.Since(start))
	}
	spent := processor(b) - begun
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "ms-processor")
}
