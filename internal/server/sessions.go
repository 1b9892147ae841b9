package server

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/fault"
)

// refusalKey keys what is wrong with a request in its context.
type refusalKey struct{}

// refusing answers every request with the error in its context.
func (s *Server) refusing() http.Handler {
	refusals := gin.New()
	refusals.NoRoute(func(c *gin.Context) {
		err, _ := c.Request.Context().Value(refusalKey{}).(error)
		s.refuse(c, err)
	})
	return refusals
}

// withoutSession answers a request whose session cannot be read or written as nobody's,
// with the page that says why. What was to be answered is not sent: who gets it would
// take his session for kept.
func (s *Server) withoutSession(w http.ResponseWriter, r *http.Request, err error) {
	for _, name := range []string{"Content-Type", "Content-Disposition", "Location"} {
		w.Header().Del(name)
	}
	s.refuseOutside(w, r, err)
	if a, ok := w.(*answer); ok {
		a.sealed = true
	}
}

// refuseOutside answers a request as nobody's with what is wrong with it.
func (s *Server) refuseOutside(w http.ResponseWriter, r *http.Request, err error) {
	ctx := context.WithValue(r.Context(), refusalKey{}, err)
	ctx, nobodys := s.sessions.Load(ctx, "") // which reads nothing
	if nobodys != nil {
		http.Error(w, fault.From(err).Error(), http.StatusServiceUnavailable)
		return
	}
	s.refusals.ServeHTTP(w, r.WithContext(ctx))
}

// answer is the one answer to a request.
type answer struct {
	http.ResponseWriter
	sealed bool // nothing more is sent
}

// once lets nothing follow an answer that is sealed.
func once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&answer{ResponseWriter: w}, r) })
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if !a.sealed {
		a.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	if a.sealed {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap returns what http.ResponseController works on.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
