package members

import (
	"jifen/internal/app/ledger"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Waiting (待确认) is a claim about a member with the step it is at.
type Waiting struct {
	ledger.Queued
	Fields []ledger.Word // what a claimed entry records
	Effect string        // what an exemption does; "" where no rules are in force
}

// waiting returns of claims what they are about and which step each is at.
func (s *Service) waiting(v *store.Snapshot, claims []domain.Claim) ([]Waiting, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	queued, err := s.ledger.Staged(v, claims)
	out := make([]Waiting, len(queued))
	for i := range queued {
		q := &queued[i]
		out[i].Queued = *q
		switch q.Kind {
		case domain.FactClaim:
			if book, err := s.standings.Book(v, q.Member.Home.Path, q.Fact.From); err == nil {
				out[i].Effect = Exempts(book, q.Fact.Value.Text)
			}
		case domain.EntryClaim:
			out[i].Fields = s.words(v, &q.Member, &q.Entry.Entry)
		}
	}
	return out, err
}

// words returns what an entry records; nothing where the rules of its day are gone.
func (s *Service) words(v *store.Snapshot, m *domain.Member, e *domain.Entry) []ledger.Word {
	words, err := s.ledger.Words(v, m, e)
	if err != nil {
		return nil
	}
	return words
}
