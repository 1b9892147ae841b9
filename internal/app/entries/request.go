package entries

import (
	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Kind returns the row of entries that wait for somebody to agree.
func Kind(s *standings.Service) requests.Kind {
	return requests.Kind{
		Code: domain.EntryRequest, Title: "记录", Mends: true,
		Knows: func(item string) recording.Knows { return standings.Knows(item) },
		Details: func(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
			return details(s, v, q)
		},
		Accept: func(tx *store.Tx, _ *access.Actor, q *domain.Request, _ bool) error {
			x, err := recording.ReckonEntry(s, &tx.Snapshot, &q.Member, q.Subject, q.On)
			if err != nil {
				return err
			}
			return recording.CheckOpen(s, &tx.Snapshot, x, q.Member.Home, q.On)
		},
	}
}

func details(s *standings.Service, v *store.Snapshot, q *domain.Request) (requests.Details, error) {
	e, err := v.EntryOf(q.ID)
	if err != nil {
		return requests.Details{}, err
	}
	out := requests.Details{Label: e.Entry.Item, Note: e.Note, Entry: e.ID}
	if e.Entry.Chosen {
		out.Points = &e.Entry.Points
	}
	if e.Reversed && q.State == domain.RequestAccepted {
		out.Undone = e.Reason
	}
	out.Fields, err = recording.Words(s, v, &q.Member, &e.Entry)
	return out, err
}
