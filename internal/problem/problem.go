// Package problem turns faults into HTTP: one table from codes to statuses, one
// form of a problem for programs. What a person reads comes from the fault,
// never from its cause.
package problem

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/fault"
)

// Status returns the HTTP status of a code; what is unknown is our mistake.
func Status(code fault.Code) int {
	switch code {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden, fault.Expired:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// requestID keys the request's id in its context.
type requestID struct{}

// WithID keeps a request's id in its context.
func WithID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestID{}, id)
}

// ID returns the request's id.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(requestID{}).(string)
	return id
}

// later bounds how soon to ask again for what cannot be done now.
const later = 10 * time.Second

// RetryAfter sets the header that says when to try again, where that may help.
func RetryAfter(c *gin.Context, f *fault.Error) {
	after := f.Retry
	if after == 0 && f.Code == fault.Unavailable {
		after = later
	}
	if after > 0 {
		c.Header("Retry-After", strconv.FormatInt(int64((after+time.Second-1)/time.Second), 10))
	}
}

// Log logs what went wrong, once, at the edge: our mistakes and the disk's as
// errors with their cause, what people got wrong not at all.
func Log(log *slog.Logger, c *gin.Context, f *fault.Error) {
	if s := Status(f.Code); s >= http.StatusInternalServerError {
		log.ErrorContext(c.Request.Context(), "request failed", "id", ID(c.Request.Context()), "method", c.Request.Method,
			"path", c.FullPath(), "code", string(f.Code), "message", f.Message, "cause", causes(f))
	}
}

// causes spells out the whole chain of an error for the log.
func causes(f *fault.Error) string {
	if f.Err == nil {
		return ""
	}
	return f.Err.Error()
}

// problem is application/problem+json (RFC 9457).
type problem struct {
	Type   string            `json:"type"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Code   string            `json:"code"`
	Hint   string            `json:"hint,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
}

// Problem answers a program with a fault. The request's id stands in a header
// only, so that what is hidden and what is absent answer with the same bytes.
func Problem(c *gin.Context, log *slog.Logger, err error) {
	f := fault.From(err)
	Log(log, c, f)
	status := Status(f.Code)
	RetryAfter(c, f)
	c.Header("Content-Type", "application/problem+json; charset=utf-8")
	c.AbortWithStatusJSON(status, problem{"about:blank", f.Message, status, string(f.Code), f.Hint, f.Fields})
}
