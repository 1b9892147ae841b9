// Package standings is where what is recorded meets the engine: the current
// standing of every member, computed when it is asked for and remembered as
// long as nothing changed. Nothing stale is ever shown, nothing is computed
// twice.
package standings

import (
	"context"
	"slices"
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

// Schemes returns the rulebooks that score the members of an organisation on a
// day, each with what organisations on the line upwards have added: of a branch
// its main one first (the nearest text for its kind), then those beside it; of a
// committee all that some branch below may have. fault.NotFound if none is in
// force.
func (s *Service) Schemes(v *store.View, path string, on calendar.Day) ([]*rulebook.Rulebook, error) {
	list, kind, err := v.Schemes(path, on)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "%s 还没有启用办法", on).WithHint("请街道党工委启用一份办法")
	}
	books := make([]*rulebook.Rulebook, len(list))
	for i := range list {
		if books[i], err = s.book(list[i].Hash, func() (string, error) { return v.Source(list[i].Hash) }); err != nil {
			return nil, err
		}
	}
	out := forKind(list, books, kind)
	if len(out) == 0 { // a functional or online branch: its participants belong elsewhere
		out = forKind(list, books, "")
	}
	for i, base := range out {
		added, err := v.Supplements(base.Code, path, on)
		if err != nil {
			return nil, err
		}
		if out[i], err = s.supplemented(v, base, added); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// forKind picks the schemes that are for a kind of branch, "" for all kinds.
func forKind(list []store.Enactment, books []*rulebook.Rulebook, kind party.BranchKind) []*rulebook.Rulebook {
	var main, beside []*rulebook.Rulebook
	for i, book := range books {
		switch {
		case kind != "" && len(book.Kinds) > 0 && !slices.Contains(book.Kinds, kind):
		case list[i].Beside:
			beside = append(beside, book)
		case kind != "" && len(main) > 0, covered(book, main): // a nearer or a later one took its place
		default:
			main = append(main, book)
		}
	}
	// Of a committee's, the one that is for most comes first.
	slices.SortStableFunc(main, func(a, b *rulebook.Rulebook) int { return breadth(b) - breadth(a) })
	return append(main, beside...)
}

// breadth is for how many kinds of branch a scheme is.
func breadth(b *rulebook.Rulebook) int {
	if len(b.Kinds) == 0 {
		return len(party.BranchKinds())
	}
	return len(b.Kinds)
}

// covered reports whether every kind of branch that a scheme is for has another
// one already.
func covered(book *rulebook.Rulebook, others []*rulebook.Rulebook) bool {
	for _, kind := range party.BranchKinds() {
		is := func(b *rulebook.Rulebook) bool { return len(b.Kinds) == 0 || slices.Contains(b.Kinds, kind) }
		if is(book) && !slices.ContainsFunc(others, is) {
			return false
		}
	}
	return true
}

// Book returns the main rulebook of an organisation on a day; fault.NotFound if
// none is in force.
func (s *Service) Book(v *store.View, path string, on calendar.Day) (*rulebook.Rulebook, error) {
	return s.BookThat(v, path, on, func(*rulebook.Rulebook) bool { return true })
}

// BookThat returns the first of an organisation's rulebooks that has something,
// the main one where none has: what is recorded is judged by who knows it.
func (s *Service) BookThat(v *store.View, path string, on calendar.Day, has func(*rulebook.Rulebook) bool) (*rulebook.Rulebook, error) {
	books, err := s.Schemes(v, path, on)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(books, has); i > 0 {
		return books[i], nil
	}
	return books[0], nil
}

// supplemented returns a rulebook with supplements, loading each combination
// once. One that no longer fits the scheme (it was checked under another text)
// is left out: what a scheme grants is the scheme's to say.
func (s *Service) supplemented(v *store.View, base *rulebook.Rulebook, added []store.Enactment) (*rulebook.Rulebook, error) {
	key := base.Hash
	for i := range added {
		key += "+" + added[i].Hash
	}
	s.mu.RLock()
	b := s.books[key]
	s.mu.RUnlock()
	if b != nil {
		return b, nil
	}
	b = base
	for i := range added {
		text, err := v.Source(added[i].Hash)
		if err != nil {
			return nil, err
		}
		if r := rulebook.LoadSupplement(b, "补充", []byte(text)); r.Book != nil {
			b = r.Book
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books[key] = b
	return b, nil
}

// InForce returns the rulebook of a period as it is asked for on a day, and the
// period: the text of the period's own days, not the one of today. scheme "" is
// the main one, period "" the one that holds the day.
func (s *Service) InForce(v *store.View, path, scheme, period string, asOf calendar.Day) (*rulebook.Rulebook, calendar.Period, error) {
	book, err := s.Scheme(v, path, scheme, asOf)
	if err != nil {
		return nil, calendar.Period{}, err
	}
	p := book.Cycle.Unit.Of(asOf)
	if period == "" {
		return book, p, nil
	}
	if p, err = book.Period(period); err != nil || p.Last >= asOf {
		return book, p, err
	}
	then, err := s.Scheme(v, path, scheme, p.Last)
	if fault.CodeOf(err) == fault.NotFound {
		return book, p, nil // before the first scheme: nobody is scored
	}
	if err != nil {
		return nil, p, err
	}
	p, err = then.Period(period)
	return then, p, err
}

// Scheme returns one of an organisation's rulebooks by its 编号, "" for the main
// one.
func (s *Service) Scheme(v *store.View, path, code string, on calendar.Day) (*rulebook.Rulebook, error) {
	books, err := s.Schemes(v, path, on)
	if err != nil {
		return nil, err
	}
	if code == "" {
		return books[0], nil
	}
	if i := slices.IndexFunc(books, func(b *rulebook.Rulebook) bool { return b.Code == code }); i >= 0 {
		return books[i], nil
	}
	return nil, fault.New(fault.NotFound, "%s 没有编号“%s”的办法", on, code).WithHint("也可能不管这个支部")
}

// book returns a text loaded, loading it once.
func (s *Service) book(hash string, source func() (string, error)) (*rulebook.Rulebook, error) {
	s.mu.RLock()
	b := s.books[hash]
	s.mu.RUnlock()
	if b != nil {
		return b, nil
	}
	text, err := source()
	if err != nil {
		return nil, err
	}
	r := rulebook.Load("办法", []byte(text))
	if r.Book == nil {
		return nil, fault.New(fault.Internal, "启用的办法读不出来").WithHint("请系统管理员报告：%s", hash)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books[hash] = r.Book
	return r.Book, nil
}

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

// Explained is one member's standing with its account.
type Explained struct {
	Book    *rulebook.Rulebook
	Member  store.Member
	Account party.Account
	Next    scoring.NextGrade // the zero value where there is none
	Waiting []store.Claim     // what of his waits for others to agree; none of a past instant
	Pending party.Points      // what that would do to the total
}

// Explain computes one member's account as a question asks (Below is not looked
// at), fault.NotFound outside its scope.
func (s *Service) Explain(ctx context.Context, q Question, id party.MemberID) (*Explained, error) {
	var out *Explained
	err := s.db.Read(ctx, func(v *store.View) error {
		v = q.View(v)
		m, err := v.Member(q.Scope, id)
		if err != nil {
			return hide(err)
		}
		if err := v.HomeOn(&m, q.day()); err != nil {
			return err
		}
		path := m.Home.Path
		if path == "" {
			path = everywhere
		}
		book, p, err := s.InForce(v, path, q.Scheme, q.Period, q.AsOf)
		if err != nil {
			return err
		}
		records, err := v.Records([]store.Member{m})
		if err != nil {
			return err
		}
		res := scoring.Member(book, &records[0], p, q.AsOf)
		next, _ := res.Next()
		out = &Explained{Book: book, Member: m, Account: res.Account(), Next: next}
		if err := s.pending(v, q, out, records[0]); err != nil {
			return err
		}
		one := &Population{Book: book, Period: p, AsOf: q.AsOf, Rows: []Row{{Member: m, Standing: res.Standing}}}
		if err := s.grade(v, one); err != nil {
			return err
		}
		out.Account.Standing = one.Rows[0].Standing
		return nil
	})
	return out, err
}

// pending fills in what of a member's waits, and what it would come to if all of
// it were agreed to.
func (s *Service) pending(v *store.View, q Question, e *Explained, record party.Record) error {
	if v.Past() {
		return nil
	}
	claims, err := v.ClaimsOf(q.Scope, e.Member.ID, maxPending)
	if err != nil {
		return err
	}
	for i := range claims {
		if claims[i].State == store.ClaimWaits {
			e.Waiting = append(e.Waiting, claims[i])
			if claims[i].Kind != store.FactClaim { // an exemption is no matter of points
				record = claims[i].With(record)
			}
		}
	}
	if len(e.Waiting) > 0 {
		st := &e.Account.Standing
		e.Pending = scoring.Member(e.Book, &record, st.Period, st.AsOf).Standing.Total - st.Total
	}
	return nil
}

// maxPending is how many claims of one member are looked at.
const maxPending = 100

// hide says the same of a member who is absent and of one who is hidden.
func hide(err error) error {
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "没有这名党员").WithHint("也可能不在您的范围里")
	}
	return err
}
