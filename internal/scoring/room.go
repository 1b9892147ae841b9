package scoring

import "jifen/internal/domain"

// room gives a run memory for many small things at once; nothing of it is given back.
type room struct {
	valuations []valuation
	points     []domain.Points
	numbers    []int32
	freeEnv    *env // the env that was handed back last
	envs       [2]env
	taken      int // of envs
}

// atOnce is the number of valuations that are made room for: a year with alerts by the
// quarter has five.
const atOnce = 6

// env returns an env that nobody reads by.
func (m *room) env() *env {
	if e := m.freeEnv; e != nil {
		m.freeEnv = e.next
		return e
	}
	if m.taken == len(m.envs) {
		return new(env)
	}
	m.taken++
	return &m.envs[m.taken-1]
}

func (m *room) valuation() *valuation {
	if len(m.valuations) == 0 {
		m.valuations = make([]valuation, atOnce)
	}
	one := &m.valuations[0]
	m.valuations = m.valuations[1:]
	return one
}

// sums returns n zeros.
func (m *room) sums(n int) []domain.Points {
	if len(m.points) < n {
		m.points = make([]domain.Points, atOnce*n)
	}
	out := m.points[:n:n]
	m.points = m.points[n:]
	return out
}

// int32s returns n zeros.
func (m *room) int32s(n int) []int32 {
	if len(m.numbers) < n {
		m.numbers = make([]int32, max(n, 256))
	}
	out := m.numbers[:n:n]
	m.numbers = m.numbers[n:]
	return out
}
