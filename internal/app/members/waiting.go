package members

import (
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Waiting (待确认) is a request about a member with the step it is at.
type Waiting struct {
	requests.Queued
	Details requests.Details
}

// waiting returns of requests what they are about and which step each is at.
func (s *Service) waiting(v *store.Snapshot, list []domain.Request) ([]Waiting, error) {
	if len(list) == 0 {
		return nil, nil
	}
	queued, err := s.ledger.Requests.Staged(v, list)
	if err != nil {
		return nil, err
	}
	out := make([]Waiting, len(queued))
	for i := range queued {
		q := &queued[i]
		out[i].Queued = *q
		if out[i].Details, err = s.ledger.Requests.Details(v, &q.Request); err != nil {
			out[i].Details = requests.Details{Label: q.Subject} // the rules of its day are gone
		}
	}
	return out, nil
}

// words returns what an entry records; nothing where the rules of its day are gone.
func (s *Service) words(v *store.Snapshot, m *domain.Member, e *domain.Entry) []requests.Word {
	words, err := recording.Words(s.standings, v, m, e)
	if err != nil {
		return nil
	}
	return words
}
