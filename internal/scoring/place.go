package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/formula"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// Candidate is one member of a population with the standing to place.
type Candidate struct {
	Home     [party.Levels]party.OrgID // where the member is ranked
	Standing *party.Standing
}

// Placement is what Place gives one candidate.
type Placement struct {
	Places     []party.Place // one for each level of 排名, in the file's order; none for who is not ranked
	Benchmarks []party.Benchmark
}

// Place ranks a population at every level of 排名 and finds its benchmarks.
// All standings must be of one rulebook, period and day. Ranked are those with
// a total who are not exempt from ranking. Order is by total, then by the 再比
// blocks; who is still equal shares one place (1, 2, 2, 4). The answer is in
// the order of the population and does not depend on it.
func Place(book *rulebook.Rulebook, population []Candidate) []Placement {
	out := make([]Placement, len(population))
	for _, level := range book.Ranking.Levels {
		for _, group := range groups(level, population) {
			placeGroup(book, level, population, group, out)
		}
	}
	return out
}

// groups returns the indexes of the ranked members of each organisation.
func groups(level party.Level, population []Candidate) map[party.OrgID][]int {
	by := map[party.OrgID][]int{}
	for i := range population {
		if org := population[i].Home[level]; org != "" && population[i].Standing.Ranked {
			by[org] = append(by[org], i)
		}
	}
	return by
}

func placeGroup(book *rulebook.Rulebook, level party.Level, population []Candidate, group []int, out []Placement) {
	compare := func(a, b int) int {
		x, y := population[a].Standing, population[b].Standing
		if c := cmp.Compare(y.Total, x.Total); c != 0 {
			return c
		}
		for _, block := range book.Ranking.TieBreak {
			if block == book.Total() {
				continue // compared already
			}
			if c := cmp.Compare(y.Blocks[block].Value, x.Blocks[block].Value); c != 0 {
				return c
			}
		}
		return 0
	}
	slices.SortStableFunc(group, compare)
	for from := 0; from < len(group); {
		to := from + 1
		for to < len(group) && compare(group[from], group[to]) == 0 {
			to++
		}
		for _, i := range group[from:to] {
			p := party.Place{Level: level, Place: from + 1, Of: len(group), Tied: to - from}
			out[i].Places = append(out[i].Places, p)
			out[i].Benchmarks = append(out[i].Benchmarks, benchmarks(book, population[i].Standing, p)...)
		}
		from = to
	}
}

// benchmarks returns those of a level that a place reaches: within the first n
// and the condition. Nobody moves up from below, and equals at the line are
// all in.
func benchmarks(book *rulebook.Rulebook, s *party.Standing, p party.Place) []party.Benchmark {
	var out []party.Benchmark
	for i := range book.Benchmarks {
		b := &book.Benchmarks[i]
		if b.Level == p.Level && p.Place <= quota(b, p.Of) && slices.Contains(s.Meets, b.Name) {
			out = append(out, party.Benchmark{Name: b.Name, Clause: b.Clause})
		}
	}
	return out
}

// quota returns how many the first n are among so many, a share rounded half
// up.
func quota(b *rulebook.Benchmark, of int) int {
	if b.Count > 0 {
		return b.Count
	}
	share := formula.Hundredths(b.Percent).Mul(formula.Int(int64(of)))
	n, _ := share.Quo(formula.Int(100))
	return int(n.Round(0, formula.HalfUp) / 100)
}
