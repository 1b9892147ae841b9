package entries

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// BulkPreview is one item of many members on one day before it is recorded, with its
// effect on each of them.
type BulkPreview struct {
	Basis   string // the clause of the item
	Rows    []BulkEffect
	Refused map[domain.MemberID]string // the reasons of the rows left out; only with GoOn
}

// BulkEffect is the effect of one row.
type BulkEffect struct {
	Effect
	Member domain.MemberID
	Fields []FieldText
}

// PreviewBulk returns what PostBulk would do, limits and caps included, and refuses
// what it would refuse. It is a read, and waits for nobody who writes.
func (s *Service) PreviewBulk(ctx context.Context, actor *access.Actor, b BulkEntry) (out BulkPreview, err error) {
	if err := b.check(); err != nil {
		return out, err
	}
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out.Refused, err = b.each(func(d EntryInput) error {
			p, err := s.prepare(v, actor, &d)
			if err != nil {
				return err
			}
			p.entry.ID = unrecorded
			out.Rows = append(out.Rows, BulkEffect{Effect: p.effect(), Member: d.Member, Fields: p.fieldTexts(&d)})
			out.Basis = p.Book.Items[p.Book.Item(d.Item)].Basis
			return nil
		})
		return err
	}, access.Record)
	return out, err
}
