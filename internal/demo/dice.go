package demo

import "math/rand/v2"

// Each step draws from its own stream, so that a change to one step leaves what
// the others draw as it was.
const (
	streamOrganisations uint64 = iota + 0x6a6966656e // "jifen"
	streamPeople
	streamChanges
	streamAffiliations
	streamPlans
	streamActivities
	streamAbsences
	streamEntries
	streamHosts
)

// dice is a seeded source of whole numbers; nothing here draws fractions.
type dice struct{ *rand.Rand }

func roll(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// chance returns true permille times in a thousand.
func (d dice) chance(permille int) bool { return d.IntN(1000) < permille }

// weighted returns an index, each as often as its weight says.
func (d dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := d.IntN(sum)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	panic("unreachable: n is less than the sum of the weights")
}

// one returns one of the values.
func one[T any](d dice, of []T) T { return of[d.IntN(len(of))] }

// shuffled returns a shuffled copy.
func shuffled[T any](d dice, of []T) []T {
	c := append([]T(nil), of...)
	d.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
	return c
}
