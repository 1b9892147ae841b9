package demo

// affiliate fills the functional and online branches: mostly people of the same
// community; online, floating members before others. Nobody joins more than two.
func (b *build) affiliate(d dice) {
	pool := shuffled(d, b.people)
	next := 0
	for _, br := range b.sides {
		// A turn round the pool, starting where the last branch stopped.
		for turn := 0; turn < len(pool) && len(br.members) < br.size; turn++ {
			p := pool[next]
			next = (next + 1) % len(pool)
			if b.joins(d, br, p) {
				p.Joins = append(p.Joins, br.id)
				br.members = append(br.members, p)
			}
		}
	}
}

// joins draws whether a person who comes up takes part in a branch.
func (b *build) joins(d dice, br *branch, p *person) bool {
	if len(p.Joins) >= 2 || (len(p.Joins) == 1 && p.Joins[0] == br.id) {
		return false
	}
	likely := 60
	if p.home.community == br.community {
		likely = 400
	}
	switch {
	case br.kind == "网络" && p.life == away:
		likely *= 2
	case br.kind == "网络" && p.life <= cared:
		likely /= 4
	case br.kind == "功能型" && p.life == away:
		likely /= 4
	}
	return d.chance(likely)
}
