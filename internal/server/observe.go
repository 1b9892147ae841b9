package server

import (
	"context"
	"net/http"
	"time"

	"jifen/internal/problem"
)

// Observation holds how a request was answered.
type Observation struct {
	ID     string // of the request
	Route  string // its row in the table, "GET /members/:id"; "" for an address that nobody has
	Status int
	Took   time.Duration
}

// observationKey is the key of the observation in a request's context.
type observationKey struct{}

// observed reports how every request was answered, those that reach no handler too.
func (s *Server) observed(next http.Handler) http.Handler {
	if s.opts.Observe == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := &Observation{ID: problem.ID(r.Context()), Status: http.StatusOK}
		begun := s.opts.Now()
		defer func() {
			o.Took = s.opts.Now().Sub(begun)
			s.opts.Observe(*o)
		}()
		ctx := context.WithValue(r.Context(), observationKey{}, o)
		next.ServeHTTP(&statusWriter{ResponseWriter: w, seen: o}, r.WithContext(ctx))
	})
}

// seen notes which row of the table a request has.
func seen(ctx context.Context, r Route) {
	if o, ok := ctx.Value(observationKey{}).(*Observation); ok && r.Path != "" {
		o.Route = r.Method + " " + r.Path
	}
}

// statusWriter notes the status that is answered.
type statusWriter struct {
	http.ResponseWriter
	seen    *Observation
	written bool
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if !w.written && status >= http.StatusOK { // before the answer there may be 1xx
		w.written, w.seen.Status = true, status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap returns what http.ResponseController works on.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
