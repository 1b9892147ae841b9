package audit

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Limits of what waits to be written.
const (
	maxWaiting  = 10_000 // lines; more are lost, and counted
	maxTogether = 200    // lines in one transaction
)

// Later writes the lines of lists that were looked at and of what was refused. They are
// written together, off the way of the answer; a line that cannot be is lost and counted.
// What one person's page shows has its line before it is shown: see kernel.Look.
type Later struct {
	db  *store.DB
	log *slog.Logger

	mu      sync.Mutex
	waiting []waiting
	lost    int64
	full    chan struct{} // told once many wait
}

// waiting is a line that is not written yet.
type waiting struct {
	event domain.AuditEvent
	paths []string // the streets in which it may stand
}

// NewLater makes a writer of lines.
func NewLater(db *store.DB, log *slog.Logger) *Later {
	return &Later{db: db, log: log, full: make(chan struct{}, 1)}
}

// Answered takes in how a request of somebody was answered, where that leaves a line: he was
// refused, or he looked at what is not his own and nothing else has told so. id is the
// part of the address that names a member, "" for none.
func (l *Later) Answered(actor *access.Actor, p access.Permission, method string, status int, id domain.MemberID) {
	if actor.ID() == 0 {
		return
	}
	what := What{Org: orgOf(actor), Members: actor.Origin().Seen()}
	if id != "" && !actor.IsMember(id) {
		what.Members = []domain.MemberID{id}
	}
	action := Opened
	if method != http.MethodGet && method != http.MethodHead {
		action = Tried
	}
	result := Refusal(actor.Origin().Refused())
	if result == "" {
		result = refusals()[status]
	}
	switch {
	case result != "":
		action = Denied
	case status >= http.StatusBadRequest || actor.Origin().Traced() || own(p):
		return
	case action == Opened && id != "" && actor.IsMember(id): // his own page, by whatever address
		return
	}
	what.Result = result
	l.add(waiting{event(actor, action, what), actor.Paths()})
}

// own reports whether what takes a permission is one's own or nobody's.
func own(p access.Permission) bool {
	return slices.Contains([]access.Permission{"", "anyone", access.SignedIn, access.SeeOwn, access.Claim}, p)
}

func (l *Later) add(w waiting) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= maxWaiting {
		l.lost++
		return
	}
	if l.waiting = append(l.waiting, w); len(l.waiting) >= maxTogether {
		select {
		case l.full <- struct{}{}:
		default:
		}
	}
}

// Lost returns how many lines could not be written since the program began.
func (l *Later) Lost() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// Run writes what waits at every tick and whenever many wait, until ctx ends, and then
// what is left.
func (l *Later) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			l.Flush(context.WithoutCancel(ctx))
			return
		case <-tick:
		case <-l.full:
		}
		l.Flush(ctx)
	}
}

// Flush writes what waits.
func (l *Later) Flush(ctx context.Context) {
	l.mu.Lock()
	list := l.waiting
	l.waiting = nil
	l.mu.Unlock()
	byStreet := map[string][]waiting{}
	for _, w := range list {
		key := strings.Join(w.paths, " ")
		byStreet[key] = append(byStreet[key], w)
	}
	for _, of := range byStreet {
		for part := range slices.Chunk(of, maxTogether) {
			l.write(ctx, part)
		}
	}
}

func (l *Later) write(ctx context.Context, list []waiting) {
	err := l.db.Write(store.InStreets(ctx, list[0].paths), func(tx *store.Tx) error {
		for i := range list {
			if err := tx.InsertTrace(list[i].event); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return
	}
	l.log.ErrorContext(ctx, "lines of the trail are lost", "lines", len(list), "cause", err.Error())
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost += int64(len(list))
}
