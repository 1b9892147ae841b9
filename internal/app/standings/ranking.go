package standings

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ranking"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// ListQuery asks for a list of an organisation's members with their points.
type ListQuery struct {
	Org      domain.OrgID // "" for the highest that the actor sees; of several streets one is named
	First    bool         // of several streets the first where none is named: for who shows which it is
	Category string       // "" for all
	When
}

// Ranking is a population in the order of its places at the level of one
// organisation. Places are among everybody there, whatever category is listed.
type Ranking struct {
	*Population
	Org    domain.Org
	Listed []*Row // of the category asked for, shared as the population is; who has no place stands last

	category string

	Orgs    []domain.Org // of which the actor may ask the same
	Choices Choices

	at time.Time // when it was read, in the organisation's zone
}

// Ranking returns which place everybody of an organisation has. Outside the
// actor's scope it is fault.NotFound.
func (s *Service) Ranking(ctx context.Context, actor *access.Actor, ask ListQuery) (*Ranking, error) {
	return s.ranking(ctx, actor, ask, "")
}

// Export is Ranking for a file that is handed round: it takes access.Export, leaves
// a line in the trail and refuses a category that the scheme has not.
func (s *Service) Export(ctx context.Context, actor *access.Actor, ask ListQuery) (*Ranking, RankingTable, error) {
	if !actor.May(access.Export) {
		return nil, RankingTable{}, fault.New(fault.Forbidden, "没有导出的权限").WithHint("请支部书记或上级党委办理")
	}
	r, err := s.ranking(ctx, actor, ask, audit.Exported)
	if err != nil {
		return nil, RankingTable{}, err
	}
	return r, r.Table(), nil
}

func (s *Service) ranking(
	ctx context.Context, actor *access.Actor, ask ListQuery, action audit.Action,
) (*Ranking, error) {
	var out *Ranking
	scope := actor.Scope(access.SeeMembers)
	look := s.LookAt
	if action == audit.Exported {
		look = s.lookLong // a file may take longer than a page
	}
	err := look(ctx, actor, func(v *store.Snapshot) (Question, error) {
		_, q, err := s.askOf(v, scope, ask)
		return q, err
	}, func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error) {
		org, _, err := s.askOf(v, scope, ask)
		if err != nil {
			return "", audit.What{}, err
		}
		if action == audit.Exported {
			if err := known(p.Book, ask.Category); err != nil {
				return "", audit.What{}, err
			}
		}
		out = rank(p, org, ask.Category)
		seen := actor.See(len(out.Listed), func(i int) domain.MemberID { return out.Listed[i].Member.ID })
		if out.Orgs, err = v.Orgs(scope, ""); err != nil {
			return "", audit.What{}, err
		}
		out.Orgs = slices.DeleteFunc(out.Orgs, func(o domain.Org) bool { return o.Level > domain.Street })
		if out.Choices, err = s.Choices(v, org.Path, ask.Scheme); err != nil {
			return "", audit.What{}, err
		}
		out.at = v.Now().In(s.Zone)
		return action, audit.What{
			Org: org.ID, Members: seen,
			Detail: out.Period.String() + " " + strconv.Itoa(len(out.Listed)) + " 人",
		}, nil
	}, access.SeeMembers)
	return out, err
}

// known refuses a category that a scheme has not.
func known(book *ruleset.RuleSet, category string) error {
	codes := make([]string, len(book.Categories))
	for i := range book.Categories {
		codes[i] = book.Categories[i].Code
	}
	if category == "" || slices.Contains(codes, category) {
		return nil
	}
	return fault.New(fault.NotFound, "办法里没有“%s”这个类别", category).WithHint("可写：%s", strings.Join(codes, "、"))
}

// askOf returns the organisation of a list and the question that it takes.
func (s *Service) askOf(v *store.Snapshot, scope access.Scope, ask ListQuery) (domain.Org, Question, error) {
	org, err := s.orgOf(v, scope, ask.Org, ask.First)
	switch {
	case err != nil:
		return org, Question{}, err
	case org.Level > domain.Street:
		return org, Question{}, fault.New(fault.Invalid, "“%s”有几个街道，名次是一个街道里的", org.Name).
			WithHint("写明是哪个街道、社区或支部")
	}
	q, err := s.Ask(v, scope, ask.When)
	q.Below = org.Path
	return org, q, err
}

// OrgOf returns an organisation of a scope; for "" its highest. Of several streets one
// has to be named: fault.Invalid.
func (s *Service) OrgOf(v *store.Snapshot, scope access.Scope, id domain.OrgID) (domain.Org, error) {
	return s.orgOf(v, scope, id, false)
}

func (s *Service) orgOf(v *store.Snapshot, scope access.Scope, id domain.OrgID, first bool) (domain.Org, error) {
	if id != "" {
		o, err := v.Org(scope, id)
		return o, fault.Hide(err, "这个组织")
	}
	streets, err := v.StreetsOf(scope)
	switch {
	case err != nil:
		return domain.Org{}, err
	case len(streets) > 1 && !first:
		return domain.Org{}, severalStreets(streets)
	case len(streets) > 0:
		return streets[0], nil
	}
	orgs, err := v.Orgs(scope, "")
	if err == nil && len(orgs) == 0 {
		err = fault.New(fault.NotFound, "您的范围里没有组织")
	}
	if err != nil {
		return domain.Org{}, err
	}
	return orgs[0], nil
}

// streetsOf returns the streets among some organisations.
func streetsOf(orgs []domain.Org) []domain.Org {
	return slices.DeleteFunc(slices.Clone(orgs), func(o domain.Org) bool { return o.Level != domain.Street })
}

// severalStreets refuses a question that is one of a single street.
func severalStreets(streets []domain.Org) error {
	words := make([]string, len(streets))
	for i, o := range streets {
		words[i] = o.Name + "（" + string(o.ID) + "）"
	}
	return fault.New(fault.Invalid, "有 %d 个街道，要写明是哪一个", len(streets)).
		WithHint("org 写街道、社区或支部的编号：%s", strings.Join(words, "、"))
}

// rank puts a population in the order of its places below an organisation.
func rank(p *Population, org domain.Org, category string) *Ranking {
	r := &Ranking{Population: p, Org: org, category: category, Listed: p.order(org.Level)}
	if category != "" {
		r.Listed = slices.DeleteFunc(slices.Clone(r.Listed), func(row *Row) bool { return row.Standing.Category != category })
	}
	return r
}

// Once returns what make makes of a ranking under a name. It is made once for as long as
// the population is held, of nothing but the ranking, and changed by nobody.
func (r *Ranking) Once(name string, make func() ([]byte, error)) ([]byte, error) {
	key := name + "|" + string(r.Org.ID) + "|" + r.category
	p := r.Population
	p.mu.Lock()
	defer p.mu.Unlock() // who asks meanwhile waits for it
	if known, ok := p.made[key]; ok {
		return known, nil
	}
	out, err := make()
	if err != nil {
		return nil, err
	}
	if len(p.made) >= maxMade || p.made == nil {
		p.made = map[string][]byte{} // categories that nobody asks for again
	}
	p.made[key] = out
	return out, nil
}

// maxMade limits what is held of things that were made of a population.
const maxMade = 4

// Ties describes in Chinese how equal totals are told apart.
func (p *Population) Ties() string { return ranking.Ties(p.Book) }
