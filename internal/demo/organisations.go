package demo

import "jifen/internal/domain"

// branch is a Party branch in the making.
type branch struct {
	id        domain.OrgID
	kind      domain.BranchKind
	community domain.OrgID
	seat      bool      // the community's officers are at home here
	size      int       // home members, or participants wanted
	members   []*person // home members, or participants
	groups    []*group  // building Party groups; community branches only
	hubs      []domain.OrgID
	themeDay  int // the day of the month on which the 主题党日 is usually held
	reviewDay int // the day of December of 组织生活会 and 民主评议
}

// group is a building Party group (楼栋党小组).
type group struct {
	id              domain.OrgID
	members         []*person
	holdsActivities bool // holds a 党小组会 of its own each month
}

// organise lays out the organisations; the people come later.
func (b *build) organise(d dice) {
	names := communityNames()
	communities := make([]domain.OrgID, min(len(names), max(1, b.Members/110)))
	b.org(streetName, KindStreet, "", "")
	for i := range communities {
		communities[i] = b.org(names[i]+"社区", KindCommunity, "", streetName)
	}
	markets, twoNew := b.scaled(3), b.scaled(21)
	var sizes []int // of market and two-new branches, in this order
	rest := b.Members
	for i := range markets + twoNew {
		mean := max(7, b.Members*5/100/markets)
		if i >= markets {
			mean = max(6, b.Members*13/100/twoNew)
		}
		size := max(5, mean+d.between(-mean/3, mean/3))
		sizes, rest = append(sizes, size), rest-size
	}
	b.communityBranches(d, communities, rest)
	for i, size := range sizes {
		kind, name := domain.BranchKind("市场"), nth(marketNames(), i, "党支部")
		if i >= markets {
			kind, name = "两新", nth(twoNewNames(), i-markets, "党支部")
		}
		b.homes = append(b.homes, b.branch(d, name, kind, communities[(i+1)%len(communities)], size))
	}
	for i := range b.scaled(11) {
		b.sides = append(b.sides, b.branch(d, nth(functionalNames(), i, "党支部"), "功能型", communities[i%len(communities)],
			b.participants(d)))
	}
	for i := range b.scaled(27) {
		b.sides = append(b.sides, b.branch(d, nth(onlineNames(), i, "网络党支部"), "网络", communities[i%len(communities)],
			b.participants(d)))
	}
}

// participants draws how many take part in a functional or online branch.
func (b *build) participants(d dice) int { return min(d.between(18, 32), b.Members/5) }

// communityBranches spreads n members over numbered branches of the communities
// and gives each branch its building groups and hub households.
func (b *build) communityBranches(d dice, communities []domain.OrgID, n int) {
	sizes := branchSizes(d, n)
	names := communityNames()
	order := make([]int, len(sizes)) // the community of each branch, ascending
	for i := range order {
		order[i] = i * len(communities) / len(sizes)
	}
	nthHere := 0
	var mine []*branch
	for i, c := range order {
		nthHere++
		if i > 0 && order[i-1] != c {
			nthHere = 1
		}
		br := b.branch(d, names[c]+"第"+numeral(nthHere)+"党支部", "社区", communities[c], sizes[i])
		br.seat = nthHere == 1
		mine = append(mine, br)
	}
	b.homes = append(b.homes, mine...)
	perCommunity := make([]int, len(communities))
	for i := range b.scaled(36) {
		at := i % len(mine)
		perCommunity[order[at]]++
		name := names[order[at]] + numeral(perCommunity[order[at]]) + "号楼党小组"
		g := &group{id: b.org(name, KindGroup, "", mine[at].id), holdsActivities: i == 0 || d.chance(750)}
		mine[at].groups = append(mine[at].groups, g)
	}
	for i := range b.scaled(126) {
		br := mine[i%len(mine)]
		name := string(br.id) + numeral(len(br.hubs)+1) + "号党员中心户"
		br.hubs = append(br.hubs, b.org(name, KindHub, "", br.id))
	}
}

// branchSizes splits n members into branches of 25 to 50, about 42 on average;
// the first has about 40 where there are enough to choose from.
func branchSizes(d dice, n int) []int {
	const least, most, mean, first = 25, 50, 42, 40
	k := 1
	if n > most {
		k = max(2, (n+mean/2)/mean)
	}
	sizes := make([]int, k)
	for i := range sizes {
		sizes[i] = (n + i) / k
	}
	for i := 1; i+1 < k; i++ {
		if step := d.between(0, 9); sizes[i]-step >= least && sizes[i+1]+step <= most {
			sizes[i], sizes[i+1] = sizes[i]-step, sizes[i+1]+step
		}
	}
	for i := 1; i < k && sizes[0] != first; i++ {
		for sizes[0] > first && sizes[i] < most {
			sizes[0], sizes[i] = sizes[0]-1, sizes[i]+1
		}
		for sizes[0] < first && sizes[i] > least {
			sizes[0], sizes[i] = sizes[0]+1, sizes[i]-1
		}
	}
	return sizes
}

// branch makes a branch and its organisation.
func (b *build) branch(d dice, name string, kind domain.BranchKind, community domain.OrgID, size int) *branch {
	return &branch{
		id: b.org(name, KindBranch, kind, community), kind: kind, community: community, size: size,
		themeDay: d.between(8, 20), reviewDay: d.between(8, 21),
	}
}

func (b *build) org(name string, kind OrgKind, branch domain.BranchKind, parent domain.OrgID) domain.OrgID {
	id := domain.OrgID(name)
	b.street.Orgs = append(b.street.Orgs, Org{ID: id, Kind: kind, Branch: branch, Parent: parent})
	return id
}
