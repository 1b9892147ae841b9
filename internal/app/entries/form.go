package entries

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// FormQuery holds the choices made in the form of an entry so far.
type FormQuery struct {
	Branch domain.OrgID    // whose people are listed; "" for everybody of the scope
	Member domain.MemberID // chosen; "" for none yet
	Item   string          // chosen; "" for none yet
	Day    calendar.Day    // 0 for today
	Own    bool            // of the actor himself (申报)
}

// Form holds the choices of the form of an entry, and its questions.
type Form struct {
	Scheme      string       // the title of the main one
	Place       string       // the name of the organisation whose people are listed
	First, Last calendar.Day // of those that may be recorded
	Day         calendar.Day
	People      []Person
	Items       []ItemGroup
	Asked       *Asked // by the chosen item; nil while none is
	Confirmed   bool   // of the actor himself: others must confirm it
}

// Person is somebody of whom something can be recorded.
type Person struct {
	ID       domain.MemberID
	Name     string
	Initials string // pinyin, several ways to read a name apart by spaces
	Home     string // where he belongs, if that is elsewhere; "" else
}

// Form returns the form of an entry: of the members of the scope, or for the actor
// himself. An organisation outside the scope is fault.NotFound. It tells no points
// and leaves no line in the trail.
func (s *Service) Form(ctx context.Context, actor *access.Actor, q FormQuery) (out Form, err error) {
	permission := access.Record
	if q.Own {
		permission = access.Claim
	}
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = s.form(v, actor, q)
		return err
	}, permission)
	return out, err
}

// form is Form on a snapshot.
func (s *Service) form(v *store.Snapshot, actor *access.Actor, q FormQuery) (out Form, err error) {
	offered := anyItem
	if q.Own {
		offered = gives
	}
	out = Form{Last: s.Today(v), Day: q.Day, Confirmed: actor.IsMember(q.Member)}
	if out.Day == 0 {
		out.Day = out.Last
	}
	place, err := placeOf(v, actor, &q)
	if err != nil {
		return out, err
	}
	schemes, err := s.schemesOf(v, actor, place.Path, &q, out.Day)
	if err != nil {
		return out, err
	}
	out.Scheme, out.First, out.Place = schemes[0].Title, schemes[0].Since, place.Name
	out.Items, out.Asked = itemGroups(schemes, offered), asked(schemes, q.Item)
	out.People, err = people(v, actor, place, &q, out.Day)
	return out, err
}

// scope returns the scope of the people of a form.
func (q *FormQuery) scope(actor *access.Actor) access.Scope {
	if q.Own {
		return actor.Scope(access.SeeOwn)
	}
	return actor.Scope(access.Record)
}

// placeOf returns the organisation whose people a form lists; the zero Org is all
// of the scope.
func placeOf(v *store.Snapshot, actor *access.Actor, q *FormQuery) (domain.Org, error) {
	switch {
	case q.Own:
		m, err := v.Member(q.scope(actor), actor.Member)
		return m.Home, fault.Hide(err, "您的党员信息")
	case q.Branch != "":
		o, err := v.Org(q.scope(actor), q.Branch)
		return o, fault.Hide(err, "这个支部")
	}
	return domain.Org{}, nil
}

// schemesOf returns the schemes by which something is recorded on a day: of a
// member who is chosen those of the branch he was in then, else those of an
// organisation.
func (s *Service) schemesOf(
	v *store.Snapshot, actor *access.Actor, path string, q *FormQuery, on calendar.Day,
) ([]*ruleset.RuleSet, error) {
	scope, chosen := q.scope(actor), q.Member
	if t := scope.Subtrees(); path == "" && len(t) > 0 {
		path = t[0]
	}
	if q.Own {
		chosen = actor.Member
	}
	if chosen != "" {
		m, err := v.Member(scope, chosen)
		switch {
		case err == nil:
			if err := v.HomeOn(&m, on); err != nil {
				return nil, err
			}
			path = m.Home.Path
		case fault.CodeOf(err) != fault.NotFound: // a guest, of whom no more is known here
			return nil, err
		}
	}
	return s.standings.Schemes(v, path, on)
}

// people returns of whom something can be recorded: those of the scope at or below
// a place, and the guests of a branch.
func people(
	v *store.Snapshot, actor *access.Actor, place domain.Org, q *FormQuery, on calendar.Day,
) (out []Person, err error) {
	var members []domain.Member
	if q.Branch != "" && !q.Own {
		members, err = recording.Listed(v, actor, place, on)
	} else {
		members, err = v.Members(q.scope(actor), place.Path)
	}
	for i := range members {
		if m := &members[i]; m.Left == 0 {
			out = append(out, personOf(m, place.Path))
		}
	}
	return out, err
}

// personOf is a member on a list of those at or below a path.
func personOf(m *domain.Member, below string) Person {
	out := Person{ID: m.ID, Name: m.Name, Initials: m.Initials}
	if !strings.HasPrefix(m.Home.Path, below) {
		out.Home = m.Home.Name
	}
	return out
}
