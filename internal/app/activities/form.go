package activities

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Form holds the choices of the attendance form of a branch.
type Form struct {
	Branch      domain.Org
	Scheme      string       // the title of the main one
	First, Last calendar.Day // of those that may be recorded
	Kinds       []KindGroup
	People      []Expected
}

// KindGroup is a group of kinds of activity, as the rules have them.
type KindGroup struct {
	Name  string
	Kinds []string
}

// Expected (应到) is one line of the form.
type Expected struct {
	Member domain.Member
	Status domain.AttendanceStatus // before anything is changed; "" of a guest
	Remark string                  // 豁免：暂离; 属示例街第二党支部; "" for none
	Guest  bool                    // of another branch; expected there, not here
}

// Form returns the attendance form of a branch with everybody present;
// fault.NotFound for a branch that the actor does not record for. It tells no
// points and leaves no line in the trail.
func (s *Service) Form(ctx context.Context, actor *access.Actor, branch domain.OrgID) (out Form, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		today := s.Today(v)
		if out.Branch, err = recording.Branch(v, actor, branch); err != nil {
			return err
		}
		books, err := s.standings.Schemes(v, out.Branch.Path, today)
		if err != nil {
			return err
		}
		out.Scheme, out.First, out.Last, out.Kinds = books[0].Title, books[0].From, today, kindGroups(books)
		people, err := recording.Listed(v, actor, out.Branch, today)
		if err != nil {
			return err
		}
		records, err := v.Records(people)
		if err != nil {
			return err
		}
		for i := range people {
			out.People = append(out.People, expected(&people[i], &records[i], out.Branch, today))
		}
		return nil
	}, access.Record)
	return out, err
}

// expected is the line of a member on the form of a branch. Who takes part in a
// functional or online branch belongs on its list; a guest of another is expected
// at home, and may come.
func expected(m *domain.Member, r *domain.MemberHistory, branch domain.Org, today calendar.Day) Expected {
	out := Expected{
		Member: *m, Status: domain.Present, Remark: remark(r, m, branch, today),
		Guest: m.Home.ID != branch.ID && branch.Kind.Homes(),
	}
	if out.Guest {
		out.Status = ""
	}
	return out
}

// remark returns the words beside a name: an exemption, or that he belongs elsewhere,
// so that his line waits for others. Of a guest it says no more.
func remark(r *domain.MemberHistory, m *domain.Member, branch domain.Org, today calendar.Day) string {
	if m.Home.ID != branch.ID {
		return "属" + m.Home.Name
	}
	exempt := ""
	for _, f := range r.Facts { // by day
		if f.Attribute == domain.Exemption && f.From <= today {
			exempt = f.Value.Text
		}
	}
	if exempt != "" && exempt != domain.NoExemption {
		return "豁免：" + exempt
	}
	return ""
}

// kindGroups lists the kinds of activity of several schemes, each once.
func kindGroups(books []*ruleset.RuleSet) (out []KindGroup) {
	seen := map[string]bool{}
	for _, book := range books {
		for _, g := range book.Groups {
			group := KindGroup{Name: g.Name}
			for _, k := range g.Kinds {
				if !seen[k] {
					group.Kinds = append(group.Kinds, k)
				}
				seen[k] = true
			}
			if len(group.Kinds) > 0 {
				out = append(out, group)
			}
		}
	}
	return out
}
