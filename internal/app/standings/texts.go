package standings

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Texts are the texts that score a member: what happened on a day is admitted and
// valued by the text of the branch that was his home on that day.
type Texts struct {
	Rules string // by which what is remembered is told to be behind: it names every text that is used
	texts *scoring.Texts
}

// stretch is a text and the day from which it is a member's; nil for none.
type stretch = scoring.Text

// maxTexts bounds the combinations of texts that are kept; mostly everybody of a
// branch shares one.
const maxTexts = 2000

// Texts returns the texts of a scheme (编号; "" for the main one) that score a
// member with these homes on a day: a single stay for who never moved. It is nil
// where the home of that day has no such scheme.
//
// A main scheme takes the place of another main scheme, so each day has the main
// one of its home; one beside it has the days on which the home has it.
func (t *Timetable) Texts(v *store.Snapshot, homes []domain.Residence, code string, on calendar.Day) (*Texts, error) {
	if len(homes) == 0 {
		return nil, nil //nolint:nilnil // none is no error
	}
	last, err := t.Pick(v, homes[len(homes)-1].Home.Path, code, on)
	if err != nil || last == nil {
		return nil, err
	}
	if !last.Text.Beside {
		code = ""
	} else {
		code = last.Text.Code
	}
	home := &homes[len(homes)-1].Home
	turns, err := t.turns(v, home.Path)
	if err != nil {
		return nil, err
	}
	if on < turns[0] { // it is to come
		return t.s.texts([]stretch{{Kind: home.Kind}, {From: turns[0], Book: last.Book, Kind: home.Kind}}), nil
	}
	var list []stretch
	for i := range homes {
		path, from, to := homes[i].Home.Path, homes[i].From, on
		if i == 0 {
			from = 0
		}
		if i+1 < len(homes) {
			to = min(on, homes[i+1].From-1)
		}
		days := []calendar.Day{from}
		if turns, err = t.turns(v, path); err != nil {
			return nil, err
		}
		for _, day := range turns {
			if from < day && day <= to {
				days = append(days, day)
			}
		}
		for _, day := range days {
			found, err := t.Pick(v, path, code, day)
			if err != nil {
				return nil, err
			}
			next := stretch{From: day, Kind: homes[i].Home.Kind}
			if found != nil {
				next.Book = found.Book
			}
			if n := len(list); n == 0 || list[n-1].Book != next.Book || list[n-1].Kind != next.Kind {
				list = append(list, next)
			}
		}
	}
	return t.s.texts(list), nil
}

// TextsOf returns the texts that score a member on a day under a scheme that is in
// force, or shown, at his home of that day; that scheme alone where it is not for
// him.
func (s *Service) TextsOf(v *store.Snapshot, m *domain.Member, book *ruleset.RuleSet, on calendar.Day) (*Texts, error) {
	t, err := s.Timetable(v)
	if err != nil {
		return nil, err
	}
	residences, err := v.Residences([]domain.MemberID{m.ID}, on)
	if err != nil {
		return nil, err
	}
	homes := residences[m.ID]
	if n := len(homes); n == 0 || homes[n-1].Home.ID != m.Home.ID {
		homes = append(homes, domain.Residence{From: on, Home: m.Home})
	}
	out, err := t.Texts(v, homes, book.Code, on)
	if err == nil && out == nil {
		out = s.texts([]stretch{{Book: book}})
	}
	return out, err
}

// Pick returns one scheme of an organisation on a day by its 编号, "" for the main
// one; nil for none.
func (t *Timetable) Pick(v *store.Snapshot, path, code string, on calendar.Day) (*Scheme, error) {
	list, err := t.Schemes(v, path, on)
	i := slices.IndexFunc(list, func(s Scheme) bool { return s.Text.Code == code || code == "" && !s.Text.Beside })
	if err != nil || i < 0 {
		return nil, err
	}
	p, err := t.of(v, path)
	if err != nil {
		return nil, err
	}
	if kind := p.kinds[path]; kind.Homes() && kind != "" && !Fits(list[i].Book, kind) {
		return nil, nil //nolint:nilnil // what a functional branch is shown, not what scores
	}
	return &list[i], nil
}

// texts returns the texts of some stretches, made once.
func (s *Service) texts(list []stretch) *Texts {
	var b strings.Builder
	for _, x := range list {
		b.WriteString(x.From.String() + " " + string(x.Kind))
		if x.Book != nil {
			b.WriteString(" " + x.Book.Code + " " + x.Book.Version())
		}
		b.WriteByte('\n')
	}
	sum := sha256.Sum256([]byte(b.String()))
	key := hex.EncodeToString(sum[:]) + engine
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.under[key]; known != nil {
		return known
	}
	if len(s.under) >= maxTexts || s.under == nil {
		s.under = map[string]*Texts{}
	}
	out := &Texts{Rules: key, texts: scoring.NewTexts(list)}
	s.under[key] = out
	return out
}

// Book returns the text of the last day, by which blocks, total, grade, places,
// alerts and red lines are read, with the clauses of the others behind its own.
func (t *Texts) Book() *ruleset.RuleSet { return t.texts.Book(calendar.Forever) }

// On returns the text by which what happened on a day is admitted and valued; ok is
// false where the branch had no scheme then.
func (t *Texts) On(day calendar.Day) (book *ruleset.RuleSet, ok bool) { return t.texts.On(day) }

// Member scores one member, each day by its text.
func (t *Texts) Member(record *domain.MemberHistory, period calendar.Period, asOf calendar.Day) *scoring.Result {
	return scoring.Member(t.texts, record, period, asOf)
}
