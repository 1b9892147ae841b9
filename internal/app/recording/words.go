package recording

import (
	"slices"

	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Words returns what an entry of a member records, in the words of the rules that
// admit its item.
func Words(
	s *standings.Service, v *store.Snapshot, m *domain.Member, e *domain.Entry,
) ([]requests.Word, error) {
	book, err := s.TextOn(v, m, e.On, standings.Knows(e.Item))
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
