package ledger

import (
	"slices"

	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// entryKind is the row of entries that wait.
func (s *Service) entryKind() requests.Kind {
	return requests.Kind{
		Code: domain.EntryRequest, Title: "记录", Mends: true,
		Knows:   func(item string) func(*ruleset.RuleSet) bool { return standings.Knows(item) },
		Details: s.entryDetails, Accept: s.acceptEntry,
	}
}

func (s *Service) entryDetails(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
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
	out.Fields, err = s.Words(v, &q.Member, &e.Entry)
	return out, err
}

func (s *Service) acceptEntry(tx *store.Tx, q *domain.Request, _ bool) error {
	x, err := s.reckonEntry(&tx.Snapshot, &q.Member, q.Subject, q.On)
	if err != nil {
		return err
	}
	return s.checkOpen(&tx.Snapshot, x, q.Member.Home, q.On)
}

// Words returns what an entry of a member records, in the words of the rules that
// admit its item.
func (s *Service) Words(v *store.Snapshot, m *domain.Member, e *domain.Entry) ([]requests.Word, error) {
	book, err := s.standings.TextOn(v, m, e.On, standings.Knows(e.Item))
	if err != nil {
		return nil, err
	}
	out := make([]requests.Word, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = requests.Word{Name: f.Name, Text: f.Value.Text}
		if at := book.Item(e.Item); at >= 0 {
			fields := book.Items[at].Fields
			if k := slices.IndexFunc(fields, func(a ruleset.Attribute) bool { return a.Name == f.Name }); k >= 0 {
				out[i].Text, out[i].Unit = fields[k].Text(f.Value), fields[k].Unit
			}
		}
	}
	return out, nil
}
