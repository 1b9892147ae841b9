// Package standings is where what is recorded meets the engine: the current
// standing of every member, computed when it is asked for and remembered as
// long as nothing changed. Nothing stale is ever shown, nothing is computed
// twice.
package standings

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Service computes and remembers standings.
type Service struct {
	kernel.Kernel
	mu    sync.RWMutex
	books map[string]*ruleset.RuleSet // by hash; a few texts a year
	held  held                        // answers about the present
	past  held                        // answers as known at an earlier instant
	runs  runs
	old   oneByOne // what computes answers of the past

	// OnDamage is told of a list that found so many cached standings which are not what the
	// program has kept; it may be nil.
	OnDamage func(n int)

	timetable map[bool]*Timetable // of the present; what was read on a replica (true) is held apart
	under     map[string]*Texts   // by what Texts.Rules says

	part     int    // how many standings are computed at once
	computes func() // called for every standing that is computed; for tests

	populations, members atomic.Int64 // that were computed
	damaged              atomic.Int64 // that were cached, as they were found
}

// New makes the service. zone is that of the organisation. db may be nil for one
// that is only asked about views.
func New(db *store.DB, zone *time.Location) *Service {
	return &Service{
		Kernel: kernel.Kernel{DB: db, Zone: zone}, books: map[string]*ruleset.RuleSet{}, old: newOneByOne(maxPast),
		computes: func() {}, part: partSize, timetable: map[bool]*Timetable{},
		held: held{max: maxHeld}, past: held{max: maxHeldPast},
	}
}

// engine names the program's way of computing: what was remembered under
// another one is behind.
const engine = "/4"

// Row is one member of a population with the standing that holds.
type Row struct {
	Member   domain.Member
	Standing domain.Standing
	scoring.RankResult

	placed bool // among a whole that is more than the population
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

	most int // how many are computed at once, or a tenth; 0 = all
}

// day is the day on which a question looks at who belongs where.
func (q *Question) day() calendar.Day {
	if p, err := calendar.ParsePeriod(q.Period); err == nil {
		return min(q.AsOf, p.Last)
	}
	return q.AsOf
}

// View is the view that a question looks at.
func (q *Question) View(v *store.Snapshot) *store.Snapshot {
	if q.KnownBy.IsZero() {
		return v
	}
	return v.KnownBy(q.KnownBy)
}

// Population is an answer: everybody's standing under one rulebook. It is
// shared by whoever asks the same: nobody changes it.
type Population struct {
	Root   string // the path of the organisation whose rules these are
	Book   *ruleset.RuleSet
	Period calendar.Period
	AsOf   calendar.Day
	Rows   []Row // by member

	place  sync.Once
	mu     sync.Mutex
	orders map[domain.Level][]*Row // everybody in the order of the places at a level
	made   map[string][]byte       // see Ranking.Once
}

// Current returns the standings of a population. What is remembered and still
// good is taken as it is, the rest is computed and remembered, once for all who ask
// the same at the same time.
func (s *Service) Current(ctx context.Context, q Question) (*Population, error) {
	return s.currentBy(ctx, s.DB.Read, "", q)
}

// currentLong is Current that computes where nobody waits for it, for as long as it
// takes.
func (s *Service) currentLong(ctx context.Context, q Question) (*Population, error) {
	return s.currentBy(ctx, s.DB.LongRead, "long ", q)
}

func (s *Service) currentBy(ctx context.Context, read read, runs string, q Question) (*Population, error) {
	key := ""
	var p *Population
	err := s.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		key, p, err = s.known(v, q)
		return err
	})
	if err != nil || p != nil {
		return p, err
	}
	if key == "" {
		return s.answer(ctx, read, q)
	}
	return s.runs.do(ctx, runs+key, func(ctx context.Context) (*Population, error) {
		if q.KnownBy.IsZero() {
			return s.answer(ctx, read, q)
		}
		return s.old.do(ctx, func() (*Population, error) {
			ctx, cancel := context.WithTimeout(ctx, pastLimit)
			defer cancel()
			return s.answer(ctx, s.DB.LongRead, q)
		})
	})
}

// known returns an answer that is held and still good, nil for none, and the key
// of the question.
func (s *Service) known(v *store.Snapshot, q Question) (key string, p *Population, err error) {
	key, mark, err := s.key(v, q)
	if err != nil || key == "" {
		return "", nil, err
	}
	return key, s.heldFor(q).get(key, mark), nil
}

// heldFor returns where the answers of a question are held.
func (s *Service) heldFor(q Question) *held {
	if q.KnownBy.IsZero() {
		return &s.held
	}
	return &s.past
}

// read runs a function in one read transaction.
type read func(context.Context, func(*store.Snapshot) error) error

// CurrentOn is Current on a snapshot that is open already, for what shows more
// than the population. What it computes is held and not cached.
func (s *Service) CurrentOn(v *store.Snapshot, q Question) (*Population, error) {
	p, _, err := s.holding(v, q)
	return p, err
}

// holding answers from memory where nothing it depends on changed since, and holds what it
// computes.
func (s *Service) holding(v *store.Snapshot, q Question) (*Population, []domain.CachedStanding, error) {
	key, mark, err := s.key(v, q)
	if err != nil {
		return nil, nil, err
	}
	if p := s.heldFor(q).get(key, mark); key != "" && p != nil {
		return p, nil, nil
	}
	then := q.View(v)
	p, fresh, err := s.current(then, q)
	if err != nil {
		return p, fresh, err
	}
	if err := s.settle(then, q, p); err != nil {
		return nil, nil, err
	}
	if err := s.carry(then, p); err != nil {
		return nil, nil, err
	}
	if key != "" {
		s.heldFor(q).put(key, mark, p)
	}
	if then.Past() {
		fresh = nil // standings of the past are not remembered
	}
	return p, fresh, nil
}

// current answers within one view and returns what is worth remembering.
func (s *Service) current(v *store.Snapshot, q Question) (*Population, []domain.CachedStanding, error) {
	path, err := root(v, q)
	if err != nil {
		return nil, nil, err
	}
	book, period, err := s.InForce(v, path, q.Scheme, q.Period, q.AsOf)
	if err != nil {
		return nil, nil, err
	}
	p := &Population{Root: path, Book: book, AsOf: q.AsOf, Period: period}
	known, err := v.Population(q.Scope, q.Below, book.Code, p.Period.String(), p.Period.First, min(q.AsOf, p.Period.Last))
	if err != nil {
		return nil, nil, err
	}
	if err := callThen(v, &q, known); err != nil {
		return nil, nil, err
	}
	s.found(known)
	own, known, err := s.textsOf(v, q, p, known)
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
		if !v.Past() && k.Any && r.Version == k.Member.Version && r.Rules == own[i].Rules && r.AsOf <= q.AsOf &&
			q.AsOf <= r.Until {
			if st, err := decode(r.Body, words); err == nil {
				st.Member, st.AsOf, st.Day = k.Member.ID, q.AsOf, min(q.AsOf, p.Period.Last)
				p.Rows[i].Standing = st
				continue
			}
		}
		behind = append(behind, i)
	}
	most := max(q.most, len(known)/maxParts)
	part := q.most > 0 && len(behind) > most
	if part {
		behind = behind[:most]
	}
	s.populations.Add(1)
	s.members.Add(int64(len(behind)))
	fresh, err := s.compute(v, p, known, behind, own)
	if err == nil && part {
		err = errPart
	}
	return p, fresh, err
}

// callThen gives members and their homes the names that they had on the day that a question is
// about.
func callThen(v *store.Snapshot, q *Question, known []domain.MemberStanding) error {
	names, err := v.NamesOn(q.day())
	if err != nil {
		return err
	}
	people, err := v.MemberNamesOn(q.day())
	if err != nil || len(names) == 0 && len(people) == 0 {
		return err
	}
	for i := range known {
		m := &known[i].Member
		m.Name = cmp.Or(people[m.ID], m.Name)
		home := &known[i].Member.Home
		home.Name = cmp.Or(names[home.ID], home.Name)
	}
	return nil
}

// compute scores those who are behind. A standing of an earlier day than the
// remembered one is computed and not kept.
func (s *Service) compute(
	v *store.Snapshot, p *Population, known []domain.MemberStanding, behind []int, own []*Texts,
) ([]domain.CachedStanding, error) {
	members := make([]domain.Member, len(behind))
	for n, i := range behind {
		members[n] = known[i].Member
	}
	records, err := v.Records(members)
	if err != nil {
		return nil, err
	}
	var fresh []domain.CachedStanding
	for n, i := range behind {
		k := &known[i]
		s.computes()
		res := own[i].Member(&records[n], p.Period, p.AsOf)
		p.Rows[i].Standing = res.Standing
		if k.Then || k.Any && k.Remembered.Version == k.Member.Version && k.Remembered.Rules == own[i].Rules &&
			p.AsOf < k.Remembered.AsOf {
			continue
		}
		fresh = append(fresh, domain.CachedStanding{
			Member: k.Member.ID, Version: k.Member.Version, Rules: own[i].Rules, AsOf: p.AsOf,
			Until: max(p.AsOf, res.StableUntil), Body: encode(&res.Standing),
		})
	}
	return fresh, nil
}

// textsOf finds the texts that score each of a population, in its order, and
// leaves out who is scored by another scheme. Mostly all have the same. Whom no
// scheme is for at all stays, to be told so.
func (s *Service) textsOf(
	v *store.Snapshot, q Question, p *Population, known []domain.MemberStanding,
) (own []*Texts, kept []domain.MemberStanding, err error) {
	on := min(p.AsOf, p.Period.Last)
	t, err := s.Timetable(v)
	if err != nil {
		return nil, nil, err
	}
	movers, err := v.Movers(q.Scope, q.Below, on)
	if err != nil {
		return nil, nil, err
	}
	settled := map[string]*Texts{} // of who never moved, by home
	kept = known[:0]
	for i := range known {
		path, moved := known[i].Member.Home.Path, movers[known[i].Member.ID]
		texts, found := settled[path]
		if len(moved) > 0 || !found {
			if texts, err = t.texts(v, p, &known[i].Member, moved, on); err != nil {
				return nil, nil, err
			}
			if len(moved) == 0 {
				settled[path] = texts
			}
		}
		if texts != nil {
			own, kept = append(own, texts), append(kept, known[i])
		}
	}
	return own, kept, nil
}

// texts finds the texts of one member of a population; nil for who is scored by
// another scheme.
func (t *Timetable) texts(
	v *store.Snapshot, p *Population, m *domain.Member, moved []domain.Residence, on calendar.Day,
) (*Texts, error) {
	if len(moved) == 0 {
		moved = []domain.Residence{{Home: m.Home}}
	}
	out, err := t.Texts(v, moved, p.Book.Code, on)
	if err != nil || out != nil {
		return out, err
	}
	other, err := t.Pick(v, m.Home.Path, "", on)
	if err != nil || other != nil {
		return nil, err
	}
	return t.s.texts([]stretch{{Book: p.Book}}), nil
}

// root returns the path by which the rules of a question are found: that of the
// organisation asked for, or of the first subtree of the scope; where that holds
// several streets, the first of them.
func root(v *store.Snapshot, q Question) (string, error) {
	path := q.Below
	if t := q.Scope.Subtrees(); path == "" && len(t) > 0 {
		path = t[0]
	}
	return v.StreetOf(path)
}
