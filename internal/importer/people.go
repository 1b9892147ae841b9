package importer

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// People finds members by what a cell calls them: a number, or a name that one alone has.
type People struct {
	byNumber map[string][]domain.MemberID
	byName   map[string][]domain.MemberID
}

// NewPeople makes an empty People.
func NewPeople() *People {
	return &People{byNumber: map[string][]domain.MemberID{}, byName: map[string][]domain.MemberID{}}
}

// Add adds a member.
func (p *People) Add(id domain.MemberID, name string) {
	key := numberKey(string(id))
	p.byNumber[key] = append(p.byNumber[key], id)
	key = NameKey(name)
	p.byName[key] = append(p.byName[key], id)
}

// Named returns whom a cell may mean: the one with a number, or all of a name.
func (p *People) Named(text string) []domain.MemberID {
	if some := p.byNumber[numberKey(text)]; len(some) > 0 {
		if slices.Contains(some, domain.MemberID(text)) {
			return []domain.MemberID{domain.MemberID(text)}
		}
		return some
	}
	if key := NameKey(text); key != "" {
		return p.byName[key]
	}
	return nil
}

// Find returns the one whom a cell means. Where nobody or more than one is meant, the error
// says what to write.
func (p *People) Find(text string) (domain.MemberID, error) {
	switch who := p.Named(text); len(who) {
	case 1:
		return who[0], nil
	case 0:
		return "", fault.New(fault.NotFound, "没有党员“%s”", fault.Quote(text)).WithHint("写编号，或写全名")
	default:
		return "", fault.New(fault.Invalid, "叫“%s”的有 %d 人", fault.Quote(text), len(who)).
			WithHint("写编号：%s", joinNumbers(who))
	}
}

// numberKey returns the form in which members' numbers are compared.
func numberKey(text string) string {
	return strings.ToUpper(strings.TrimSpace(strings.Map(narrow, unprotected(text))))
}

// joinNumbers lists the first members' numbers.
func joinNumbers(who []domain.MemberID) string {
	const shown = 5
	words := make([]string, 0, shown)
	for _, id := range who[:min(shown, len(who))] {
		words = append(words, string(id))
	}
	return strings.Join(words, "、") + andMore(len(who) > shown)
}
