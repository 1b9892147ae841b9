package standings

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Explained is one member's standing with its account.
type Explained struct {
	Book    *ruleset.RuleSet
	Member  domain.Member
	Account domain.Statement
	Next    scoring.NextGrade // the zero value where there is none
	Waiting []domain.Request  // what of his waits for others to agree; none of a past instant
	Pending domain.Points     // what that would do to the total
	Facts   []domain.Fact     // what is known of him, by day

	// Until is set where the home of the day asked for has no such scheme: the
	// account is that of the last day on which one had.
	Until *Until

	texts *Texts
}

// subject holds the member that a question is about, with the scheme and period that
// answer it.
type subject struct {
	Question
	member domain.Member // at home where he was on the day asked for
	then   domain.Member // at home where the scheme was, see Until
	until  *Until
	book   *ruleset.RuleSet
	period calendar.Period
}

// subject finds whom a question is about, as the view knows it; fault.NotFound
// outside its scope.
func (s *Service) subject(v *store.Snapshot, q Question, id domain.MemberID) (out subject, err error) {
	m, err := v.Member(q.Scope, id)
	if err != nil {
		return out, fault.Hide(err, "这名党员")
	}
	if err = v.HomeOn(&m, q.day()); err != nil {
		return out, err
	}
	out = subject{Question: q, member: m, then: m}
	if out.until, err = s.last(v, &m, q); err != nil {
		return out, err
	}
	if u := out.until; u != nil {
		out.AsOf, out.then.Home = min(q.AsOf, u.Day), u.Home
	}
	path := out.then.Home.Path
	if path == "" {
		if path, err = v.StreetOf(""); err != nil {
			return out, err
		}
	}
	out.book, out.period, err = s.InForce(v, path, q.Scheme, q.Period, out.AsOf)
	return out, err
}

// Explain computes one member's account as a question asks (Below is not looked
// at), fault.NotFound outside its scope.
func (s *Service) Explain(ctx context.Context, q Question, id domain.MemberID) (out *Explained, err error) {
	err = s.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		out, err = s.ExplainOn(v, q, id)
		return err
	})
	return out, err
}

// ExplainOn is Explain on a snapshot that is open already.
func (s *Service) ExplainOn(v *store.Snapshot, q Question, id domain.MemberID) (*Explained, error) {
	v = q.View(v)
	x, err := s.subject(v, q, id)
	if err != nil {
		return nil, err
	}
	records, err := v.Records([]domain.Member{x.then})
	if err != nil {
		return nil, err
	}
	texts, err := s.TextsOf(v, &x.then, x.book, min(x.AsOf, x.period.Last))
	if err != nil {
		return nil, err
	}
	res := texts.Member(&records[0], x.period, x.AsOf)
	next, _ := res.Next()
	out := &Explained{
		Book: texts.Book(), Member: x.member, Account: res.Statement(), Next: next, Facts: records[0].Facts,
		Until: x.until, texts: texts,
	}
	if err := s.pending(v, x.Question, out, &x.then); err != nil {
		return nil, err
	}
	one := &Population{Book: x.book, Period: x.period, AsOf: x.AsOf, Rows: []Row{{Member: x.then, Standing: res.Standing}}}
	if err := s.grade(v, one); err != nil {
		return nil, err
	}
	if err := s.carry(v, one); err != nil {
		return nil, err
	}
	out.Account.Standing = one.Rows[0].Standing
	if lack, ok := res.Requirements(one.Rows[0].Places); ok {
		out.Account.Requirements = &lack
	}
	return out, nil
}

// Peers is everybody among whom a member has his places, computed before the
// snapshot is opened that shows them. nil is nobody.
type Peers struct {
	asked Question
	past  bool // nothing that is recorded from now on is in it
	p     *Population
}

// Peers computes among whom a member has his places, once for all who ask the same:
// everybody who has his scheme, at the highest level that has it.
func (s *Service) Peers(ctx context.Context, scope access.Scope, w When, id domain.MemberID) (*Peers, error) {
	var q Question
	var x subject
	past := false
	err := s.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		if q, err = s.Ask(v, scope, w); err == nil {
			past = !q.KnownBy.IsZero() && q.KnownBy.Before(v.Complete())
			x, err = s.subject(q.View(v), q, id)
		}
		return err
	})
	if err != nil || x.until != nil {
		return nil, err
	}
	for _, path := range lines(x.member.Home.Path) {
		asked := among(&x.Question, path, x.book.Code, x.period)
		p, err := s.Current(ctx, asked)
		if fault.CodeOf(err) == fault.NotFound {
			continue // a scheme of one community
		}
		if err != nil {
			return nil, err
		}
		return &Peers{asked, past, p}, nil
	}
	return nil, nil //nolint:nilnil // nobody else has it
}

// among asks for everybody of an organisation under a scheme.
func among(q *Question, path, scheme string, period calendar.Period) Question {
	return Question{
		Scope: access.System("a place is one among all"), Below: path, Scheme: scheme, Period: period.String(), AsOf: q.AsOf,
		KnownBy: q.KnownBy,
	}
}

// AmongOn returns the row of a member whose account was explained on the same
// snapshot among all who have his scheme, at the highest level that has it: his
// places, and the alerts and the benchmarks that ask for one. It is nil where he is
// not on that list.
func (s *Service) AmongOn(v *store.Snapshot, q Question, e *Explained, peers *Peers) (*Population, *Row, error) {
	st := &e.Account.Standing
	for _, path := range lines(e.Member.Home.Path) {
		asked := among(&q, path, st.Scheme, st.Period)
		var p *Population
		var err error
		if peers != nil && peers.past && peers.asked.same(&asked) {
			p = peers.p
		} else if p, err = s.CurrentOn(v, asked); fault.CodeOf(err) == fault.NotFound {
			continue // a scheme of one community
		}
		if err != nil {
			return nil, nil, err
		}
		p.Place()
		for i := range p.Rows {
			if p.Rows[i].Member.ID == e.Member.ID {
				return p, &p.Rows[i], nil
			}
		}
		break
	}
	return nil, nil, nil
}

// lines are the paths of an organisation and of those above it, the highest first.
func lines(path string) (out []string) {
	for i := range path {
		if path[i] == '.' {
			out = append(out, path[:i+1])
		}
	}
	return out
}

// pending fills in what of a member's waits, and what it would come to if all of
// it were agreed to.
func (s *Service) pending(v *store.Snapshot, q Question, e *Explained, member *domain.Member) (err error) {
	if v.Past() {
		return nil
	}
	if e.Waiting, err = v.WaitingOf(q.Scope, e.Member.ID); err != nil || len(e.Waiting) == 0 {
		return err
	}
	records, err := v.SupposingAll().Records([]domain.Member{*member})
	if err != nil {
		return err
	}
	st := &e.Account.Standing
	e.Pending = e.texts.Member(&records[0], st.Period, st.AsOf).Standing.Total - st.Total
	return nil
}
