package standings

import (
	"slices"

	"jifen/internal/domain"
)

// Arising is one item of what arose of members by itself: how often and how much.
type Arising struct {
	Item    string
	Members int
	Entries int
	Points  domain.Points
}

// AddArising adds to a list, by item, what arose by itself of one more member.
func AddArising(list []Arising, of []PeriodStatement) []Arising {
	counted := map[string]bool{}
	for i := range of {
		order, lines := linesOf(&of[i].account)
		for _, key := range order {
			l := lines[key]
			if key.entry != "" || key.activity != "" || l.Value == 0 {
				continue
			}
			at := slices.IndexFunc(list, func(a Arising) bool { return a.Item == key.name })
			if at < 0 {
				at = len(list)
				list = append(list, Arising{Item: key.name})
			}
			list[at].Entries++
			list[at].Points += l.Value
			if !counted[key.name] {
				counted[key.name] = true
				list[at].Members++
			}
		}
	}
	return list
}
