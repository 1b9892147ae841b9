package entries

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// BulkForm holds the choices of the form by which one item is recorded of many.
type BulkForm struct {
	Branch      domain.Org
	Scheme      string       // the title of the main one
	First, Last calendar.Day // of those that may be recorded
	Items       []ItemGroup
	Asked       *Asked   // by the chosen item; nil while none is
	People      []Person // none while no item is chosen
}

// BulkForm returns the form of a branch for an item; fault.NotFound for a branch
// that the actor does not record for. It tells no points and leaves no line in the
// trail.
func (s *Service) BulkForm(
	ctx context.Context, actor *access.Actor, branch domain.OrgID, item string,
) (out BulkForm, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out = BulkForm{Last: s.Today(v)}
		if out.Branch, err = recording.Branch(v, actor, branch); err != nil {
			return err
		}
		schemes, err := s.standings.Schemes(v, out.Branch.Path, out.Last)
		if err != nil {
			return err
		}
		out.Scheme, out.First, out.Items = schemes[0].Title, schemes[0].From, itemGroups(schemes, anyItem)
		if out.Asked = asked(schemes, item); out.Asked == nil {
			return nil
		}
		members, err := recording.Listed(v, actor, out.Branch, out.Last)
		for i := range members {
			out.People = append(out.People, personOf(&members[i], out.Branch.Path))
		}
		return err
	}, access.Record)
	return out, err
}
