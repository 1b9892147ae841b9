package demo

// rank is the grade at which a person's year is meant to end. The rules decide
// that; the plan only loads the dice, so that a street has a bell and not a heap.
type rank uint8

const (
	unranked rank = iota
	oneStar
	twoStars
	threeStars
	fourStars
	fiveStars
)

// plan holds a person's year.
type plan struct {
	rank     rank
	review   int // 民主评议 in whole points; 0 = none
	absences int // meetings missed without leave
	dues     int // months in which dues come late or not at all
	halves   int // volunteering in half hours
	hundreds int // donations in hundreds of yuan
}

// span is a pair of bounds, both included.
type span struct{ lo, hi int }

func (d dice) in(s span) int { return d.between(s.lo, s.hi) }

// course is one way to end at a rank: the bounds of a plan, and how often it is
// taken among the ways to the same rank.
type course struct {
	weight                                   int
	review, absences, dues, halves, hundreds span
}

// plan draws a plan for everybody.
func (b *build) plan(d dice) {
	for _, p := range b.people {
		r, way := p.plan.rank, p.lifeAt(b.last)
		if r == unranked {
			r = drawRank(d, way, p.officer)
		}
		var ways []course
		switch {
		case way <= cared:
			ways = frailCourses(r)
		case way == away:
			ways = awayCourses(r)
		default:
			ways = courses(r)
		}
		weights := make([]int, len(ways))
		for i, c := range ways {
			weights[i] = c.weight
		}
		c := ways[d.weighted(weights...)]
		p.plan = plan{r, d.in(c.review), d.in(c.absences), d.in(c.dues), d.in(c.halves), d.in(c.hundreds)}
		if p.stages.unpaid.count > 0 { // the silence takes the points already
			p.plan.dues = 0
		}
	}
}

func drawRank(d dice, way life, officer bool) rank {
	weights := []int{28, 245, 560, 147, 20} // one star to five
	switch {
	case officer:
		weights = []int{0, 90, 560, 300, 50}
	case way <= cared:
		weights = []int{10, 90, 470, 415, 15}
	case way == away:
		weights = []int{25, 160, 660, 150, 5}
	}
	return oneStar + rank(d.weighted(weights...))
}

// courses returns the courses of those who start at 80 and whom an absence costs 5, the second
// and later ones 10. Points: review × 0.2; from 20, 40 and 100 half hours on 2,
// 5 and 10; 1 for each hundred yuan; −5 for each month of late dues.
func courses(r rank) []course {
	switch r {
	case fiveStars: // ≥ 105
		return []course{
			{40, span{95, 98}, span{}, span{}, span{100, 150}, span{0, 3}},
			{40, span{95, 98}, span{}, span{}, span{40, 98}, span{3, 10}},
			{20, span{95, 98}, span{}, span{}, span{20, 38}, span{5, 60}},
		}
	case fourStars: // ≥ 95
		return []course{
			{50, span{76, 92}, span{}, span{}, span{0, 19}, span{0, 1}},
			{35, span{75, 92}, span{}, span{}, span{20, 39}, span{0, 2}},
			{15, span{72, 88}, span{}, span{}, span{40, 98}, span{0, 1}},
		}
	case threeStars: // ≥ 80
		return []course{
			{52, span{60, 73}, span{}, span{}, span{0, 19}, span{}},
			{20, span{62, 82}, span{1, 1}, span{}, span{0, 39}, span{0, 1}},
			{16, span{62, 82}, span{}, span{1, 1}, span{0, 39}, span{0, 1}},
			{7, span{66, 88}, span{}, span{2, 2}, span{0, 60}, span{0, 1}},
			{5, span{72, 88}, span{1, 1}, span{1, 1}, span{0, 60}, span{}},
		}
	case twoStars: // ≥ 60
		return []course{
			{55, span{60, 72}, span{2, 2}, span{}, span{0, 19}, span{}},
			{25, span{60, 84}, span{3, 3}, span{}, span{0, 39}, span{}},
			{20, span{60, 80}, span{1, 1}, span{3, 4}, span{0, 39}, span{}},
		}
	default:
		return []course{
			{60, span{60, 72}, span{4, 4}, span{}, span{0, 19}, span{}},
			{30, span{60, 75}, span{5, 6}, span{0, 1}, span{0, 10}, span{}},
			{10, span{60, 72}, span{4, 4}, span{2, 3}, span{0, 10}, span{}},
		}
	}
}

// awayCourses returns the courses of floating members: they start at 80, absences cost nothing.
func awayCourses(r rank) []course {
	switch r {
	case fiveStars:
		return []course{{1, span{95, 98}, span{}, span{}, span{100, 140}, span{0, 3}}}
	case fourStars:
		return []course{
			{70, span{76, 92}, span{}, span{}, span{0, 19}, span{0, 1}},
			{30, span{75, 90}, span{}, span{}, span{20, 39}, span{}},
		}
	case threeStars:
		return []course{
			{60, span{60, 73}, span{}, span{}, span{0, 19}, span{}},
			{25, span{62, 82}, span{}, span{1, 1}, span{0, 39}, span{}},
			{15, span{66, 88}, span{}, span{2, 2}, span{0, 39}, span{}},
		}
	case twoStars:
		return []course{
			{60, span{60, 85}, span{}, span{4, 4}, span{0, 19}, span{}},
			{40, span{60, 88}, span{}, span{5, 5}, span{0, 19}, span{}},
		}
	default:
		return []course{{1, span{60, 72}, span{}, span{7, 8}, span{0, 19}, span{}}}
	}
}

// frailCourses returns the courses of the old and the weak: they start at 85, absences cost
// nothing, and three stars begin at 75.
func frailCourses(r rank) []course {
	switch r {
	case fiveStars:
		return []course{{1, span{95, 98}, span{}, span{}, span{20, 60}, span{1, 5}}}
	case fourStars:
		return []course{
			{60, span{60, 80}, span{}, span{}, span{0, 19}, span{0, 1}},
			{30, span{66, 82}, span{}, span{}, span{20, 39}, span{0, 1}},
			{10, span{76, 92}, span{}, span{1, 1}, span{0, 39}, span{}},
		}
	case threeStars:
		return []course{
			{58, span{60, 73}, span{}, span{1, 1}, span{0, 19}, span{}},
			{27, span{60, 84}, span{}, span{2, 2}, span{0, 39}, span{}},
			{15, span{}, span{}, span{}, span{0, 39}, span{}}, // too ill for the review
		}
	case twoStars:
		return []course{
			{60, span{60, 72}, span{}, span{5, 5}, span{0, 10}, span{}},
			{40, span{60, 80}, span{}, span{6, 6}, span{0, 10}, span{}},
		}
	default:
		return []course{{1, span{60, 72}, span{}, span{8, 9}, span{0, 10}, span{}}}
	}
}
