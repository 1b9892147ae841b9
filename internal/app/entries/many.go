package entries

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// many records entries of many members in one transaction: what they are judged by is
// read once for all of them.
type many struct {
	s    *Service
	tx   *store.Tx
	held map[domain.MemberID]*store.Held
}

// many reads what entries of some members are judged by.
func (s *Service) many(tx *store.Tx, members []domain.MemberID) (*many, error) {
	slices.Sort(members)
	held, err := tx.Hold(slices.Compact(members))
	return &many{s, tx, held}, err
}

// insert judges and inserts one entry. What is refused by what is held is judged by
// what the transaction finds.
func (m *many) insert(actor *access.Actor, d EntryInput) (posted, error) {
	h := m.held[d.Member]
	if h == nil {
		return m.s.insert(m.tx, actor, d)
	}
	input := d
	p, err := m.s.prepare(m.tx.Recall(h), actor, &input)
	if err != nil {
		return m.s.insert(m.tx, actor, d)
	}
	if p, err = m.s.insertJudged(m.tx, actor, &input, p); err == nil && len(p.route) == 0 {
		m.held[d.Member] = h.With(p.entry)
	}
	return p, err
}

// PostPaperTx judges and inserts entries that a paper record has, in the caller's
// transaction, all or none.
func (s *Service) PostPaperTx(tx *store.Tx, actor *access.Actor, list []EntryInput) error {
	m, err := s.many(tx, membersOf(list))
	if err != nil {
		return err
	}
	for i := range list {
		if _, err := m.insert(actor, list[i]); err != nil {
			return err
		}
	}
	return nil
}

func membersOf(list []EntryInput) []domain.MemberID {
	out := make([]domain.MemberID, len(list))
	for i := range list {
		out[i] = list[i].Member
	}
	return out
}
