package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// Freshness bounds the age of what a request reads, and keeps the position of what it
// wrote.
type Freshness interface {
	// Reads lets the request see an older instant: of at least a position. Without one any
	// instant will do, unless strict.
	Reads(position string, strict bool)
	// Again reports, once, that a read failed because the replica went away under it.
	Again() bool
	// Position returns what the caller is to show from now on; ok is false for nothing new.
	Position() (position string, ok bool)
}

// A program sends the position that it was told last in a header, a browser in a cookie.
// A cookie ends when no replica that is read from is behind its position any more.
const (
	positionHeader = "Jifen-Position"
	positionCookie = "jifen-position"
	positionLife   = 10 * time.Minute
)

type freshnessKey struct{}

// fresh gives every request its freshness, and tells the caller the position of what he
// wrote.
func (s *Server) fresh(next http.Handler) http.Handler {
	if s.opts.Fresh == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, f := s.opts.Fresh(r.Context())
		answer := &positionWriter{ResponseWriter: w, tell: func() { s.tell(w, r, f) }}
		next.ServeHTTP(answer, r.WithContext(context.WithValue(ctx, freshnessKey{}, f)))
		answer.once()
	})
}

// readsOnly lets a request of somebody who may, and who only reads, see an older instant.
// A program that shows no position is answered by the primary: it does not know the
// header, and may have written a moment ago.
func readsOnly(c *gin.Context, r Route) {
	f, ok := c.Request.Context().Value(freshnessKey{}).(Freshness)
	if !ok || r.Permission == Anyone || c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		return
	}
	if r.API {
		f.Reads(c.GetHeader(positionHeader), true)
		return
	}
	shown, _ := c.Cookie(positionCookie) // none is no position
	f.Reads(shown, false)
}

// Again reports, once, that a request failed because the replica went away under a read,
// and has said nothing yet: its handler is to run again, and the primary answers.
func Again(c *gin.Context) bool {
	f, ok := c.Request.Context().Value(freshnessKey{}).(Freshness)
	return ok && !c.Writer.Written() && f.Again()
}

// tell tells the caller what to show from now on.
func (s *Server) tell(w http.ResponseWriter, r *http.Request, f Freshness) {
	api := strings.HasPrefix(r.URL.Path, "/api/")
	position, ok := f.Position()
	switch {
	case !ok: // what was shown is good
	case api:
		w.Header().Set(positionHeader, position)
	default:
		http.SetCookie(w, &http.Cookie{Name: positionCookie, Value: position, Path: "/",
			MaxAge: int(positionLife.Seconds()), HttpOnly: true, Secure: s.opts.TLS, SameSite: http.SameSiteLaxMode})
	}
}

// positionWriter tells the position before the answer goes out.
type positionWriter struct {
	http.ResponseWriter
	tell func()
	done bool
}

func (w *positionWriter) once() {
	if !w.done {
		w.done = true
		w.tell()
	}
}

// WriteHeader implements http.ResponseWriter.
func (w *positionWriter) WriteHeader(status int) {
	if status >= http.StatusOK { // before the answer there may be 1xx
		w.once()
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *positionWriter) Write(body []byte) (int, error) {
	w.once()
	return w.ResponseWriter.Write(body)
}

// Unwrap returns what http.ResponseController works on.
func (w *positionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
