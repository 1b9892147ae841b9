package standings

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ranking"
	"jifen/internal/store"
)

// History is one member of a population with what his standing was computed from.
type History struct {
	Row    *Row
	Record domain.MemberHistory
	Homes  []domain.Residence // by the last day of the period; one for who never moved
	Texts  *Texts
}

// Histories returns the members of a population with what is recorded of them, in its order.
// v is the view that the population was computed on.
func (s *Service) Histories(v *store.Snapshot, q Question, p *Population) ([]History, error) {
	v = q.View(v)
	on := min(p.AsOf, p.Period.Last)
	t, err := s.Timetable(v)
	if err != nil {
		return nil, err
	}
	movers, err := v.Movers(q.Scope, q.Below, on)
	if err != nil {
		return nil, err
	}
	list := make([]domain.Member, len(p.Rows))
	for i := range p.Rows {
		list[i] = p.Rows[i].Member
	}
	records, err := v.Records(list)
	if err != nil {
		return nil, err
	}
	out := make([]History, len(p.Rows))
	for i := range p.Rows {
		v.Yield()
		row := &p.Rows[i]
		h := History{Row: row, Record: records[i], Homes: movers[row.Member.ID]}
		if h.Texts, err = t.texts(v, p, &row.Member, h.Homes, on); err != nil {
			return nil, err
		}
		if h.Texts == nil { // scored by another scheme, and left out of the population
			h.Texts = s.texts([]stretch{{Book: p.Book}})
		}
		if len(h.Homes) == 0 {
			h.Homes = []domain.Residence{{Home: row.Member.Home}}
		}
		out[i] = h
	}
	return out, nil
}

// Give runs f for a file that is handed on: with the population of an organisation, on one
// snapshot, where nobody waits for it. It takes access.Export and leaves a line in the trail
// with the detail that f returns, before the file goes out. fault.NotFound outside the scope.
func (s *Service) Give(
	ctx context.Context, actor *access.Actor, ask ListQuery,
	f func(v *store.Snapshot, org domain.Org, q Question, p *Population) (detail string, err error),
) error {
	if !actor.May(access.Export) {
		return fault.New(fault.Forbidden, "没有导出的权限").WithHint("请支部书记或上级党委办理")
	}
	scope := actor.Scope(access.Export)
	return s.lookLong(ctx, actor, func(v *store.Snapshot) (Question, error) {
		_, q, err := s.askOf(v, scope, ask)
		return q, err
	}, func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error) {
		org, q, err := s.askOf(v, scope, ask)
		if err != nil {
			return "", audit.What{}, err
		}
		detail, err := f(v, org, q, p)
		seen := actor.See(len(p.Rows), func(i int) domain.MemberID { return p.Rows[i].Member.ID })
		return audit.Exported, audit.What{Org: org.ID, Members: seen, Detail: detail}, err
	}, access.Export)
}

// Placed returns the population in the order of its places in an organisation, for a table.
// names are those of organisations, as far as they are to be said.
func (p *Population) Placed(org domain.Org, names map[domain.OrgID]string) []ranking.Member {
	out := ranked(rank(p, org, "").Listed)
	for i := range out {
		for level, id := range out[i].Home {
			if domain.Level(level) != domain.Branch {
				out[i].In[level] = names[id]
			}
		}
	}
	return out
}
