package expect

import (
	"net/http"
	"testing"
)

// Answer holds the answer of a site to one request.
type Answer struct {
	*Page
	status int
	to     string
}

// NewAnswer takes an answer: its status, its page and where it leads to.
func NewAnswer(tb testing.TB, name string, status int, source, to string) *Answer {
	tb.Helper()
	return &Answer{Page: NewPage(tb, name, source), status: status, to: to}
}

// Status checks the status. Where it is another one nothing else of the answer
// is checked.
func (a *Answer) Status(want int) *Answer {
	a.tb.Helper()
	if a.status != want {
		a.tb.Errorf("%s: status %d, want %d; it reads: %s", a.name, a.status, want, clip(a.read()))
		a.silent = true
	}
	return a
}

// OK checks that the page was shown.
func (a *Answer) OK() *Answer {
	a.tb.Helper()
	return a.Status(http.StatusOK)
}

// Refused checks that the form came back with what is wrong with it.
func (a *Answer) Refused() *Answer {
	a.tb.Helper()
	return a.Status(http.StatusUnprocessableEntity)
}

// LeadsTo checks that the answer sends the browser on to an address.
func (a *Answer) LeadsTo(want string) *Answer {
	a.tb.Helper()
	if a.Status(http.StatusSeeOther); !a.silent && a.to != want {
		a.tb.Errorf("%s: leads to %s, want %s", a.name, a.to, want)
	}
	return a
}

// To checks that the answer sends the browser on and returns where to.
func (a *Answer) To() string {
	a.tb.Helper()
	a.Status(http.StatusSeeOther)
	return a.to
}

// Must ends the test if the answer was another one.
func (a *Answer) Must() *Answer {
	a.tb.Helper()
	if a.silent {
		a.tb.FailNow()
	}
	return a
}
