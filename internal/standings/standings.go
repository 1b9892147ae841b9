// Package standings is where what is recorded meets the engine: the current
// standing of every member, computed when it is asked for and remembered as
// long as nothing changed. Nothing stale is ever shown, nothing is computed
// twice.
package standings

import (
	"context"
	"sync"
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/formula"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Service computes and remembers standings.
type Service struct {
	db    *store.DB
	mu    sync.RWMutex
	books map[string]*rulebook.Rulebook // by hash; a few texts a year
	held  held
}

// New makes the service.
func New(db *store.DB) *Service {
	return &Service{db: db, books: map[string]*rulebook.Rulebook{}}
}

// engine names the program's way of computing: what was remembered under
// another one is behind.
const engine = "/2"

// Row is one member of a population with the standing that holds.
type Row struct {
	Member   store.Member
	Standing party.Standing
	scoring.Placement
}

// Question asks for the standings of a population.
type Question struct {
	Scope  access.Scope
	Below  string       // the path of an organisation; "" for the whole scope
	Scheme string       // 编号; "" for the main one
	Period string       // key of a cycle; "" for the one that holds AsOf
	AsOf   calendar.Day // the day asked for

	// KnownBy is an instant: what was recorded later is not seen. The zero time
	// is now.
	KnownBy time.Time
}

// day is the day on which a question looks at who belongs where.
func (q *Question) day() calendar.Day {
	if p, err := calendar.ParsePeriod(q.Period); err == nil {
		return min(q.AsOf, p.Last)
	}
	return q.AsOf
}

// View is the view that a question looks at.
func (q *Question) View(v *store.View) *store.View {
	if q.KnownBy.IsZero() {
		return v
	}
	return v.KnownBy(q.KnownBy)
}

// Population is an answer: everybody's standing under one rulebook. It is
// shared by whoever asks the same: nobody changes it.
type Population struct {
	Book   *rulebook.Rulebook
	Period calendar.Period
	AsOf   calendar.Day
	Rows   []Row // by member

	place sync.Once
}

// Current returns the standings of a population. What is remembered and still
// good is taken as it is, the rest is computed and remembered.
func (s *Service) Current(ctx context.Context, q Question) (*Population, error) {
	var p *Population
	var fresh []store.Remembered
	err := s.db.Read(ctx, func(v *store.View) (err error) {
		p, fresh, err = s.holding(v, q)
		return err
	})
	if err != nil || len(fresh) == 0 {
		return p, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		for i := range fresh {
			if err := tx.Remember(p.Book.Code, p.Period.String(), fresh[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// holding answers from memory where no member changed since.
func (s *Service) holding(v *store.View, q Question) (*Population, []store.Remembered, error) {
	if v = q.View(v); !q.KnownBy.IsZero() {
		p, _, err := s.current(v, q)
		if err == nil {
			err = s.grade(v, p)
		}
		return p, nil, err // neither held nor remembered
	}
	mark, err := v.Mark()
	if err != nil {
		return nil, nil, err
	}
	book, _, err := s.InForce(v, rootOf(q), q.Scheme, q.Period, q.AsOf)
	if err != nil {
		return nil, nil, err
	}
	key := keyOf(q, book)
	if p := s.held.get(key, mark); key != "" && p != nil {
		return p, nil, nil
	}
	p, fresh, err := s.current(v, q)
	if err != nil {
		return nil, nil, err
	}
	if err := s.grade(v, p); err != nil {
		return nil, nil, err
	}
	if key != "" {
		s.held.put(key, mark, p)
	}
	return p, fresh, nil
}

// current answers within one view and returns what is worth remembering.
func (s *Service) current(v *store.View, q Question) (*Population, []store.Remembered, error) {
	book, period, err := s.InForce(v, rootOf(q), q.Scheme, q.Period, q.AsOf)
	if err != nil {
		return nil, nil, err
	}
	p := &Population{Book: book, AsOf: q.AsOf, Period: period}
	known, err := v.Population(q.Scope, q.Below, book.Code, p.Period.String(), p.Period.First, min(q.AsOf, p.Period.Last))
	if err != nil {
		return nil, nil, err
	}
	own, known, err := s.booksBelow(v, p, rootOf(q), known)
	if err != nil {
		return nil, nil, err
	}
	p.Rows = make([]Row, len(known))
	var behind []int
	words := lexicon{}
	for i := range known {
		k := &known[i]
		p.Rows[i].Member = k.Member
		r := &k.Remembered
		if !v.Past() && k.Any && r.Version == k.Member.Version && r.Rules == own[k.Member.Home.Path].rules && r.AsOf <= q.AsOf && q.AsOf <= r.Until {
			if st, err := decode(r.Body, words); err == nil {
				st.Member, st.AsOf, st.Day = k.Member.ID, q.AsOf, min(q.AsOf, p.Period.Last)
				p.Rows[i].Standing = st
				continue
			}
		}
		behind = append(behind, i)
	}
	fresh, err := s.compute(v, p, known, behind, own)
	return p, fresh, err
}

// compute scores those who are behind. A standing of an earlier day than the
// remembered one is computed and not kept.
func (s *Service) compute(v *store.View, p *Population, known []store.Known, behind []int, own branchBooks) ([]store.Remembered, error) {
	members := make([]store.Member, len(behind))
	for n, i := range behind {
		members[n] = known[i].Member
	}
	records, err := v.Records(members)
	if err != nil {
		return nil, err
	}
	var fresh []store.Remembered
	for n, i := range behind {
		k := &known[i]
		own := own[k.Member.Home.Path]
		res := scoring.Member(own.book, &records[n], p.Period, p.AsOf)
		p.Rows[i].Standing = res.Standing
		if k.Then || k.Any && k.Remembered.Version == k.Member.Version && k.Remembered.Rules == own.rules && p.AsOf < k.Remembered.AsOf {
			continue
		}
		fresh = append(fresh, store.Remembered{
			Member: k.Member.ID, Version: k.Member.Version, Rules: own.rules, AsOf: p.AsOf, Until: max(p.AsOf, res.StableUntil), Body: encode(&res.Standing),
		})
	}
	return fresh, nil
}

// branchBooks are the rulebooks of a population's branches by path: its own, or
// with what the branch has added.
type branchBooks map[string]branchBook

type branchBook struct {
	book  *rulebook.Rulebook
	rules string // by which what is remembered is told to be behind
}

// booksBelow finds the rulebook of every branch of a population, and leaves out
// the members of branches that the population's scheme is not for. Mostly all
// have the same.
func (s *Service) booksBelow(v *store.View, p *Population, path string, known []store.Known) (branchBooks, []store.Known, error) {
	on := min(p.AsOf, p.Period.Last)
	usual := branchBook{p.Book, p.Book.Version() + engine}
	books, err := s.Schemes(v, path, on)
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return nil, nil, err
	}
	below, err := v.EnactedBelow(path)
	if err != nil {
		return nil, nil, err
	}
	out := branchBooks{}
	if len(books) <= 1 && !below {
		for i := range known {
			out[known[i].Member.Home.Path] = usual
		}
		return out, known, nil
	}
	other := map[string]bool{}
	kept := known[:0]
	for i := range known {
		at := known[i].Member.Home.Path
		if _, ok := out[at]; !ok && !other[at] {
			book, err := s.Scheme(v, at, p.Book.Code, on)
			switch {
			case fault.CodeOf(err) == fault.NotFound:
				other[at] = true
			case err != nil:
				return nil, nil, err
			default:
				out[at] = branchBook{book, book.Version() + engine}
			}
		}
		if !other[at] {
			kept = append(kept, known[i])
		}
	}
	return out, kept, nil
}

// rootOf returns the path by which the rulebook of a question is found: that
// of the organisation asked for, or of the first subtree of the scope.
func rootOf(q Question) string {
	if q.Below != "" {
		return q.Below
	}
	if t := q.Scope.Subtrees(); len(t) > 0 {
		return t[0]
	}
	return everywhere
}

// everywhere is the path of the root, which every database has.
const everywhere = "1."

// Place gives everybody of a population his places. The population must be
// whole at every level asked for: places are places among all.
func (p *Population) Place() { p.place.Do(p.placeAll) }

func (p *Population) placeAll() {
	candidates := make([]scoring.Candidate, len(p.Rows))
	for i := range p.Rows {
		r := &p.Rows[i]
		candidates[i] = scoring.Candidate{Home: store.Line(r.Member.Home.Path), Standing: &r.Standing}
	}
	for i, placement := range scoring.Place(p.Book, candidates) {
		p.Rows[i].Placement = placement
		settle(&p.Rows[i].Standing, &placement)
	}
}

// Mean returns the mean total of those who are scored, rounded half up to one
// place; ok is false if nobody is.
func Mean(rows []Row) (mean party.Points, ok bool) {
	var sum party.Points
	n := int64(0)
	for i := range rows {
		if st := &rows[i].Standing; st.Scored {
			sum += st.Total
			n++
		}
	}
	q, ok := formula.Hundredths(int64(sum)).Quo(formula.Int(n))
	if !ok {
		return 0, false
	}
	return party.Points(q.Round(1, formula.HalfUp)), true
}
