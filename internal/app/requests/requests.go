// Package requests carries what counts only when somebody has agreed (申报): who
// takes the next step, the steps themselves, taking back, the queue of who decides
// and what authors are still writing. It knows no kind of request: each noun that
// has one gives its row.
package requests

import (
	"slices"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Kind is one kind of request: all in which kinds differ.
type Kind struct {
	Code  domain.RequestKind
	Title string // what is handed in, as people call it
	Mends bool   // its author may take a returned one up again
	Keeps string // why its author does not withdraw it, as a hint; "" = he may
	// Answers says that who agrees writes what he did.
	Answers bool

	// Knows returns which rule files know a subject; nil for what is no matter of
	// points.
	Knows func(subject string) func(*ruleset.RuleSet) bool
	// Details returns what pages and the API show of a request.
	Details func(v *store.Snapshot, q *domain.Request) (Details, error)
	// Accept runs with every step that agrees, before it is written. It refuses what
	// may count no more; what a kind writes of its own it writes at the last step.
	Accept func(tx *store.Tx, actor *access.Actor, q *domain.Request, last bool) error
}

// Details tell a request to pages and the API.
type Details struct {
	Label   string         // in one line
	Note    string         // as its author wrote it
	Points  *domain.Points // as chosen, where the item leaves a range
	Fields  []Word         // what it records
	Remarks []Word         // what a page says beside, computed from the rules
	Undone  string         // why it was taken back after it had counted; "" for what was not

	Entry    domain.EntryID    // of an entry
	Activity domain.ActivityID // of attendance
	Status   domain.AttendanceStatus
	MadeUpOn calendar.Day
	Exempt   string             // of an exemption: its code
	Corrects domain.DossierPart // of a correction: what is to be corrected
	Transfer domain.OrgID       // of a transfer: where to
}

// Word is one thing that a request says, as a person writes it.
type Word struct{ Name, Text, Unit string }

// Service decides.
type Service struct {
	kernel.Kernel
	kinds []Kind
}

// New makes the service over a table of kinds. zone is that of the organisation.
func New(db *store.DB, zone *time.Location, kinds ...Kind) *Service {
	return &Service{kernel.Kernel{DB: db, Zone: zone}, kinds}
}

// Kinds returns the table.
func (s *Service) Kinds() []Kind { return slices.Clone(s.kinds) }

// Kind returns the row of a kind; fault.Internal for one that the program does not
// know.
func (s *Service) Kind(code domain.RequestKind) (*Kind, error) {
	if i := slices.IndexFunc(s.kinds, func(k Kind) bool { return k.Code == code }); i >= 0 {
		return &s.kinds[i], nil
	}
	return nil, fault.New(fault.Internal, "不认识“%s”这种申报", code)
}

// Details returns what a request is about.
func (s *Service) Details(v *store.Snapshot, q *domain.Request) (Details, error) {
	k, err := s.Kind(q.Kind)
	if err != nil {
		return Details{}, err
	}
	return k.Details(v, q)
}

// Withdrawable reports whether an actor may take a request back: his own, which
// waits.
func (s *Service) Withdrawable(actor *access.Actor, q *domain.Request) bool {
	k, err := s.Kind(q.Kind)
	return err == nil && k.Keeps == "" && q.By == actor.Account && q.State == domain.RequestWaits
}

// Mendable reports whether an actor may take a request up again: his own, which
// was returned and not taken up yet.
func (s *Service) Mendable(actor *access.Actor, q *domain.Request) bool {
	k, err := s.Kind(q.Kind)
	return err == nil && k.Mends && q.By == actor.Account && q.State == domain.RequestReturned && !q.TakenUp
}
