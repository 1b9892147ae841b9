package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// Candidate is one member of a population with the standing to place.
type Candidate struct {
	Home     [domain.Levels]domain.OrgID // where the member is ranked
	Standing *domain.Standing
}

// RankResult holds the result of Rank for one candidate.
type RankResult struct {
	Places     []domain.Rank // one for each level of 排名, in the file's order; none for who is not ranked
	Benchmarks []domain.Benchmark
	Grade      string         // 等次; that of the standing unless the rulebook grades by share
	Bare       string         // 等次 without red lines, likewise
	Alerts     []domain.Alert // those of the standing's Waiting that the place makes true
}

// At returns the place at a level; ok is false for who has none there.
func (r *RankResult) At(level domain.Level) (place domain.Rank, ok bool) {
	for _, p := range r.Places {
		if p.Level == level {
			return p, true
		}
	}
	return domain.Rank{}, false
}

// Rank ranks a population at every level of 排名 and 人群, gives the grades that
// go by share, and finds benchmarks and the alerts that ask for a place. All
// standings must be of one rulebook, period and day. Ranked are those with a
// total who are not exempt from ranking. Order is by total, then by the 再比
// blocks; who is still equal shares one place (1, 2, 2, 4). The answer is in
// the order of the population and does not depend on it.
func Rank(book *ruleset.RuleSet, population []Candidate) []RankResult {
	out := make([]RankResult, len(population))
	order := ordered(book, population)
	for _, level := range book.Ranking.Levels {
		for key, group := range groups(level, population, order) {
			rankGroup(book, level, key.group, population, group, out)
		}
	}
	for i := range out {
		placed := RankedAt(book, population[i].Standing, out[i].Places)
		out[i].Grade, out[i].Bare, out[i].Alerts = placed.Grade, placed.Bare, placed.Alerts
	}
	return out
}

// RankedAt returns what follows for one member from places that are known: the grade,
// and the alerts that asked for the place.
func RankedAt(book *ruleset.RuleSet, s *domain.Standing, places []domain.Rank) RankResult {
	p := RankResult{Places: places, Grade: s.Grade, Bare: s.Bare}
	if s.ByPlace {
		p.Grade, p.Bare = gradeByShare(book, s, places), bareByShare(book, s, places)
	}
	p.Alerts = alertsByRank(book, s, &p)
	return p
}

// groupKey identifies a group that is ranked together.
type groupKey struct {
	org   domain.OrgID
	group string
}

// ordered returns the indexes of the ranked members of a population, the first first.
// Whoever is in a group has the same order there.
func ordered(book *ruleset.RuleSet, population []Candidate) []int {
	out := make([]int, 0, len(population))
	for i := range population {
		if population[i].Standing.Ranked {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b int) int {
		return cmp.Or(compare(book, population[a].Standing, population[b].Standing), cmp.Compare(a, b))
	})
	return out
}

// compare orders two standings: by total, then by the 再比 blocks.
func compare(book *ruleset.RuleSet, x, y *domain.Standing) int {
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

// groups returns the indexes of the ranked members of each organisation and
// 人群, in order.
func groups(level domain.Level, population []Candidate, order []int) map[groupKey][]int {
	by := map[groupKey][]int{}
	for _, i := range order {
		if org := population[i].Home[level]; org != "" {
			key := groupKey{org, population[i].Standing.Group}
			by[key] = append(by[key], i)
		}
	}
	return by
}

// gradeByShare returns the first row of 等次 that the member's place reaches:
// within the rounded shares down to it among all who are ranked with him. Who
// is within the share but fails 当 falls to the next row, and the place is not
// filled again. Then red lines have their say.
func gradeByShare(book *ruleset.RuleSet, s *domain.Standing, places []domain.Rank) string {
	rank := book.Ranking
	grade := domain.Unplaced
	at := slices.IndexFunc(places, func(p domain.Rank) bool { return p.Level == rank.Quota })
	if at >= 0 && places[at].Of >= rank.Least {
		if i := rowByPlace(book, s.Claims, places[at]); i >= 0 {
			grade = s.Claims[i].Grade
		}
	}
	if s.Forced != "" {
		grade = s.Forced
	}
	if k := slices.Index(book.GradeNames, grade); k >= 0 && s.Bound != "" {
		grade = book.GradeNames[max(k, slices.Index(book.GradeNames, s.Bound))]
	}
	return grade
}

// bareByShare is gradeByShare without what red lines say.
func bareByShare(book *ruleset.RuleSet, s *domain.Standing, places []domain.Rank) string {
	without := *s
	without.Forced, without.Bound = "", ""
	return gradeByShare(book, &without, places)
}

// rowByPlace returns the first claim that a place reaches, but no better one
// than a row whose 至少 takes it from the last place up; −1 for none. Equals at
// a line are in or out (压线) of whichever row the line belongs to.
func rowByPlace(book *ruleset.RuleSet, claims []domain.GradeClaim, p domain.Rank) int {
	rank := book.Ranking
	place, fromLast := p.Place, p.Of-(p.Place+p.Tied-1)+1
	if rank.Out {
		place, fromLast = place+p.Tied-1, fromLast+p.Tied-1
	}
	reached, worst := -1, -1
	for i := range claims {
		c := &claims[i]
		if reached < 0 && !c.Unmet && (!c.Within.Set() || place <= rank.Round.Places(c.Within, p.Of)) {
			reached = i
		}
		if fromLast <= rank.Round.Places(c.Last, p.Of) {
			worst = i
		}
	}
	return max(reached, worst)
}

// alertsByRank returns the alerts that waited for the place and hold.
func alertsByRank(book *ruleset.RuleSet, s *domain.Standing, p *RankResult) []domain.Alert {
	var out []domain.Alert
	for _, waiting := range s.Waiting {
		for i := range book.Alerts {
			if a := &book.Alerts[i]; a.Name == waiting.Name && a.Rank.Eval(&rankEnv{book, p}) == formula.True {
				out = append(out, waiting)
			}
		}
	}
	return out
}

// rankEnv reads what is known of a member among others. Places are those of the
// first level of 范围.
type rankEnv struct {
	book *ruleset.RuleSet
	*RankResult
}

// Number implements formula.Env.
func (r *rankEnv) Number(slot int) (formula.Number, bool) {
	kind, i := ruleset.Slot(slot)
	for _, p := range r.Places {
		if kind == ruleset.SlotPlace && p.Level == r.book.Ranking.Levels[0] {
			last := p.Of - (p.Place + p.Tied - 1) + 1
			return formula.Int(int64([...]int{p.Place, last, p.Of}[i])), true
		}
	}
	return formula.Number{}, false
}

// Choice implements formula.Env.
func (r *rankEnv) Choice(slot int) (int, bool) {
	if kind, _ := ruleset.Slot(slot); kind != ruleset.SlotGrade {
		return 0, false
	}
	k := slices.Index(r.book.GradeNames, r.Grade)
	return k, k >= 0
}

// Flag implements formula.Env.
func (r *rankEnv) Flag(int) formula.Tri { return formula.Unknown }

func rankGroup(book *ruleset.RuleSet, level domain.Level, name string, population []Candidate, group []int,
	out []RankResult) {
	for from := 0; from < len(group); {
		to := from + 1
		for to < len(group) && compare(book, population[group[from]].Standing, population[group[to]].Standing) == 0 {
			to++
		}
		for _, i := range group[from:to] {
			p := domain.Rank{Level: level, Group: name, Place: from + 1, Of: len(group), Tied: to - from}
			if out[i].Places == nil {
				out[i].Places = make([]domain.Rank, 0, len(book.Ranking.Levels))
			}
			out[i].Places = append(out[i].Places, p)
			out[i].Benchmarks = append(out[i].Benchmarks, benchmarks(book, population[i].Standing, p)...)
		}
		from = to
	}
}

// benchmarks returns those of a level that a place reaches: within the first n
// and the condition. Nobody moves up from below, and equals at the line are
// all in.
func benchmarks(book *ruleset.RuleSet, s *domain.Standing, p domain.Rank) []domain.Benchmark {
	var out []domain.Benchmark
	for i := range book.Benchmarks {
		b := &book.Benchmarks[i]
		if b.Level == p.Level && p.Place <= quota(b, p.Of) && slices.Contains(s.Meets, b.Name) {
			out = append(out, domain.Benchmark{Name: b.Name, Clause: b.Clause})
		}
	}
	return out
}

// quota returns how many the first n are among so many, a share rounded half
// up.
func quota(b *ruleset.Benchmark, of int) int {
	if b.Count > 0 {
		return b.Count
	}
	return ruleset.NearestPlace.Places(b.Share, of)
}
