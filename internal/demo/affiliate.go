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

// host lets a few floating members report in at another branch. The first goes to
// the first branch with the new year, so that its sheet always has a guest.
func (b *build) host(d dice) {
	n := 0
	for _, p := range shuffled(d, b.people) {
		at, from := b.homes[0], b.first
		if n > 0 {
			at, from = one(d, b.homes), b.firstOf(d, 1, 9)
		}
		if p.life != away || p.stages.turn != 0 || p.Joined != 0 || p.Left != 0 || p.home == at {
			continue
		}
		p.Host = Guest{at.id, from}
		if n++; n == b.scaled(12) {
			return
		}
	}
}
