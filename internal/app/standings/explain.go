package standings

import (
	"context"

	"jifen/internal/access"
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
	Waiting []domain.Claim    // what of his waits for others to agree; none of a past instant
	Pending domain.Points     // what that would do to the total

	// Until is set where the home of the day asked for has no such scheme: the
	// account is that of the last day on which one had.
	Until *Until

	texts *Texts
}

// Explain computes one member's account as a question asks (Below is not looked
// at), fault.NotFound outside its scope.
func (s *Service) Explain(ctx context.Context, q Question, id domain.MemberID) (*Explained, error) {
	var out *Explained
	err := s.DB.Read(ctx, func(v *store.Snapshot) error {
		v = q.View(v)
		m, err := v.Member(q.Scope, id)
		if err != nil {
			return hide(err)
		}
		if err := v.HomeOn(&m, q.day()); err != nil {
			return err
		}
		until, err := s.last(v, &m, q)
		if err != nil {
			return err
		}
		at := m
		if until != nil {
			q.AsOf, at.Home = min(q.AsOf, until.Day), until.Home
		}
		path := at.Home.Path
		if path == "" {
			path = everywhere
		}
		book, p, err := s.InForce(v, path, q.Scheme, q.Period, q.AsOf)
		if err != nil {
			return err
		}
		records, err := v.Records([]domain.Member{at})
		if err != nil {
			return err
		}
		texts, err := s.TextsOf(v, &at, book, min(q.AsOf, p.Last))
		if err != nil {
			return err
		}
		res := texts.Member(&records[0], p, q.AsOf)
		next, _ := res.Next()
		out = &Explained{Book: texts.Book(), Member: m, Account: res.Statement(), Next: next, Until: until, texts: texts}
		if err := s.pending(v, q, out, records[0]); err != nil {
			return err
		}
		one := &Population{Book: book, Period: p, AsOf: q.AsOf, Rows: []Row{{Member: at, Standing: res.Standing}}}
		if err := s.grade(v, one); err != nil {
			return err
		}
		if err := s.carry(v, one); err != nil {
			return err
		}
		out.Account.Standing = one.Rows[0].Standing
		if lack, ok := res.Requirements(one.Rows[0].Places); ok {
			out.Account.Lack = &lack
		}
		return nil
	})
	return out, err
}

// Among returns the row of a member whose account was explained among all who have
// his scheme, at the highest level that has it: his places, and the alerts and the
// benchmarks that ask for one. It is nil where he is not on that list.
func (s *Service) Among(ctx context.Context, q Question, e *Explained) (*Population, *Row, error) {
	st := &e.Account.Standing
	for _, path := range lines(e.Member.Home.Path) {
		p, err := s.Current(ctx, Question{
			Scope: access.System("a place is one among all"), Below: path, Scheme: st.Scheme, Period: st.Period.String(), AsOf: q.AsOf, KnownBy: q.KnownBy,
		})
		if fault.CodeOf(err) == fault.NotFound {
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
func (s *Service) pending(v *store.Snapshot, q Question, e *Explained, record domain.MemberHistory) error {
	if v.Past() {
		return nil
	}
	claims, err := v.ClaimsOf(q.Scope, e.Member.ID, maxPending)
	if err != nil {
		return err
	}
	for i := range claims {
		if claims[i].State == domain.ClaimWaits {
			e.Waiting = append(e.Waiting, claims[i])
			if claims[i].Kind != domain.FactClaim { // an exemption is no matter of points
				record = claims[i].With(record)
			}
		}
	}
	if len(e.Waiting) > 0 {
		st := &e.Account.Standing
		e.Pending = e.texts.Member(&record, st.Period, st.AsOf).Standing.Total - st.Total
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
