package server

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/fault"
)

// Limits of asking for the password again.
const (
	proofHolds = 10 * time.Minute // after the password was written, no route asks again
	maxKept    = 256 << 10        // bytes of a form that is kept while the password is asked for
	maxInputs  = 3000             // of such a form
)

// ProofField names the input of a form in which the password is written again.
const ProofField = "proof"

// provedKey is the key in the session of when the password was written last.
const provedKey = "proved"

// Input is one input of a form.
type Input struct{ Name, Value string }

// Question asks who is signed in for his password, before a form is taken in or a page is
// shown.
type Question struct {
	Kept   []Input // what the form said, to be sent again with the password; it goes to the same address
	Page   string  // the address to show afterwards; "" where a form is kept
	Idle   bool    // he was not seen for too long
	Wrong  error   // what is wrong with the password that he wrote; nil for nothing
	Status int
	// Provider reports that he signed in at the provider of identities, and may do so again
	// instead.
	Provider bool
}

// asks reports whether a request is answered only by who has written his password a short
// while ago.
func (s *Server) asks(c *gin.Context, r *Route) bool {
	if !r.Asks || r.API {
		return false
	}
	since := s.opts.Now().Sub(time.Unix(s.sessions.GetInt64(c.Request.Context(), provedKey), 0))
	return since < -time.Minute || since >= proofHolds
}

// proves asks for the password of an account, and lets through who writes it with the form.
func (s *Server) proves(c *gin.Context, r *Route, actor *access.Actor, idle bool) bool {
	q := Question{Idle: idle, Status: http.StatusUnprocessableEntity, Provider: s.byProvider(c.Request.Context())}
	var form url.Values
	kept := false
	if r.Method == http.MethodPost && !r.Aged { // which holds passwords
		form, kept = s.opts.Kept(c, maxKept, maxInputs)
	}
	if password := form.Get(ProofField); kept && password != "" {
		ctx := c.Request.Context()
		err := s.opts.Accounts.ProveAgain(ctx, actor.ID(), password)
		if err == nil {
			s.sessions.Put(ctx, provedKey, s.opts.Now().Unix())
			return true
		}
		if !fault.Correctable(err, fault.TooMany, fault.Unavailable) {
			s.refuseAs(c, false, err)
			return false
		}
		q.Wrong = err
	}
	switch {
	case kept:
		for _, name := range sorted(form) {
			for _, value := range form[name] {
				if name != ProofField {
					q.Kept = append(q.Kept, Input{name, value})
				}
			}
		}
	case r.Method == http.MethodGet:
		q.Page = c.Request.URL.RequestURI()
	default: // what was sent is too large to be kept, or a file: it is sent again from its page
		q.Page = "/"
		if from, err := url.Parse(c.GetHeader("Referer")); err == nil && from.Host == c.Request.Host {
			q.Page = from.RequestURI()
		}
	}
	c.Abort()
	s.opts.Ask(c, q)
	return false
}

// sorted returns the names of a form in their order.
func sorted(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
