package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jifen/internal/testkit/effort"
)

// TestNumbersHaveAnAddressOfTheirOwn serves a street, asks the site, and finds that
// counted at the other address and nowhere else.
func TestNumbersHaveAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "a street is made and served")
	db := filepath.Join(t.TempDir(), "d.db")
	jifen(t, exitDone, "demo", "--db", db, "--members", "50", "--seed", "5")
	h, err := openHouse(t.Context(), db, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	said, say := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		s := serveCommand{DB: db, Listen: "127.0.0.1:0", Metrics: "127.0.0.1:0"}
		err := s.over(ctx, h, say)
		ended <- errors.Join(err, say.Close())
	}()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, h.db.Close()); err != nil {
			t.Error(err)
		}
	})
	addresses := make(chan string, 10)
	go func() {
		defer close(addresses)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if !strings.HasPrefix(lines.Text(), "time=") {
				addresses <- regexp.MustCompile(`http://[^ ，/]+`).FindString(lines.Text())
			}
		}
	}()
	numbers, site := <-addresses, <-addresses
	if status, _ := fetch(t, site+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the site answers /metrics with %d", status)
	}
	if status, _ := fetch(t, site+"/healthz"); status != http.StatusOK {
		t.Errorf("the site answers /healthz with %d", status)
	}
	status, text := fetch(t, numbers+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("the numbers are answered with %d: %s", status, text)
	}
	for _, line := range []string{
		`jifen_http_requests_total{class="2xx",route="GET /healthz"} 1`,
		`jifen_http_requests_total{class="4xx",route="none"} 1`,
		`jifen_ready 1`, `jifen_pool_size{pool="short"} 8`, `jifen_sign_ins_total{outcome="wrong"} 0`,
		`jifen_daily_runs_total{outcome="failed",work="根"} 0`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("%s is not among the numbers", line)
		}
	}
	for _, none := range []string{"jifen_last_copy_timestamp_seconds", "guanli"} {
		if strings.Contains(text, none) {
			t.Errorf("%s is among the numbers", none)
		}
	}
}

func fetch(t *testing.T, address string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// TestNumbersAreNotShownToANetwork: an address that others reach takes a word.
func TestNumbersAreNotShownToANetwork(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"127.0.0.1:9464": true, "localhost:9464": true, "[::1]:9464": true, ":9464": false, "0.0.0.0:9464": false,
		"10.1.2.3:9464": false, "9464": false,
	} {
		s := serveCommand{Listen: "127.0.0.1:8080", Metrics: address}
		if err := s.check(); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
		s.BehindProxy = true // of the site: nothing stands before the numbers
		if err := s.check(); (err == nil) != ok {
			t.Errorf("%s behind a proxy: %v", address, err)
		}
	}
	s := serveCommand{Listen: "0.0.0.0:8080", Metrics: "0.0.0.0:9464", InsecureHTTP: true}
	if err := s.check(); err != nil {
		t.Errorf("in a network that is trusted: %v", err)
	}
}
