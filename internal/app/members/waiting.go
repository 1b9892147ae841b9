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
	Unread  error // why Details has no more than the label: the rules of its day are gone
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
	return s.detailed(v, queued), nil
}

// detailed returns of requests what they are about; at least their subject.
func (s *Service) detailed(v *store.Snapshot, queued []requests.Queued) []Waiting {
	out := make([]Waiting, len(queued))
	for i := range queued {
		q, w := &queued[i], &out[i]
		w.Queued = *q
		if w.Details, w.Unread = s.ledger.Requests.Details(v, &q.Request); w.Unread != nil {
			w.Details = requests.Details{Label: q.Subject}
		}
	}
	return out
}

// words returns what an entry records; nothing where the rules of its day are gone.
func (s *Service) words(v *store.Snapshot, m *domain.Member, e *domain.Entry) []requests.Word {
	words, err := recording.Words(s.standings, v, m, e)
	if err != nil {
		return nil
	}
	return words
}
