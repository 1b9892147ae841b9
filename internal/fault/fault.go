// Package fault holds the one error type that may reach a person.
//
// An Error says in Chinese what happened and what to do next; its Code decides
// how an edge (command line, page, JSON API) reports it. The cause is kept for
// the log and never shown.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code is the kind of failure of an Error. There are ten; edges map them
// to exit codes and HTTP statuses, so nothing else may be invented.
type Code string

// The ten codes.
const (
	Invalid         Code = "invalid"          // the input breaks a rule; the sender can mend it
	Unauthenticated Code = "unauthenticated"  // nobody is signed in
	Forbidden       Code = "forbidden"        // signed in, but without the permission
	Expired         Code = "password_expired" // signed in with a password that is to be changed first
	NotFound        Code = "not_found"        // absent, or hidden from this person
	Conflict        Code = "conflict"         // the same key with another content, or a rule of uniqueness
	Stale           Code = "stale"            // somebody else changed it first
	TooMany         Code = "too_many"         // a limit of size or rate
	Unavailable     Code = "unavailable"      // cannot be done now; later it may
	Internal        Code = "internal"         // our mistake
)

// Error is a failure that may be shown to a person.
type Error struct {
	Code    Code
	Message string            // Chinese, safe for the person at the screen
	Fields  map[string]string // per input field, Chinese; may be nil
	Hint    string            // Chinese: what to do next; may be empty
	Retry   time.Duration     // after which trying again may help; 0 = not known
	Err     error             // the cause, for the log only; may be nil
}

// Error returns the message and the hint, never the cause.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "（" + e.Hint + "）"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an Error of a code with a formatted Chinese message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes an Error of a code that keeps err as its cause.
func Wrap(err error, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// WithHint returns a copy of e that also says what to do next.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// WithRetry returns a copy of e that also says when to try again.
func (e *Error) WithRetry(after time.Duration) *Error {
	c := *e
	c.Retry = after
	return &c
}

// CodeOf returns the code of the outermost Error in err's chain, Internal when
// there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
