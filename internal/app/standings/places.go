package standings

import (
	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/store"
)

// Place gives everybody of a population his places. The population must be
// whole at every level asked for: places are places among all.
func (p *Population) Place() {
	p.place.Do(func() {
		list := ranked(p.all())
		rest := list[:0]
		for i := range list {
			if !p.Rows[i].placed {
				rest = append(rest, list[i])
			}
		}
		ranking.Place(p.Book, rest)
	})
}

// order returns everybody in the order of the places at a level, which is worked out
// once.
func (p *Population) order(level domain.Level) []*Row {
	p.Place()
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.orders[level]; ok {
		return known
	}
	rows := p.all()
	out := make([]*Row, len(rows))
	for i, k := range ranking.Order(ranked(rows), level) {
		out[i] = rows[k]
	}
	if p.orders == nil {
		p.orders = map[domain.Level][]*Row{}
	}
	p.orders[level] = out
	return out
}

// all returns the rows, by member.
func (p *Population) all() []*Row {
	out := make([]*Row, len(p.Rows))
	for i := range p.Rows {
		out[i] = &p.Rows[i]
	}
	return out
}

// ranked returns rows of a population as they are ranked and laid out.
func ranked(rows []*Row) []ranking.Member {
	out := make([]ranking.Member, len(rows))
	lines := map[string][domain.Levels]domain.OrgID{} // a few hundred, not one for every member
	for i, r := range rows {
		line, ok := lines[r.Member.Home.Path]
		if !ok {
			line = store.Line(r.Member.Home.Path)
			lines[r.Member.Home.Path] = line
		}
		out[i] = ranking.Member{
			ID: r.Member.ID, Name: r.Member.Name, Home: line, Standing: &r.Standing, Result: &r.RankResult,
		}
		out[i].In[domain.Branch] = r.Member.Home.Name
	}
	return out
}
