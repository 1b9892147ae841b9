package entries

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Preview is an entry before it is recorded, with its effect.
type Preview struct {
	Effect
	Member domain.MemberID // as the register has the number
	Place  string          // the branch of the member
	Scheme string          // the title of the one it is judged by
	Basis  string          // the clause of the item
	Fields []FieldText
}

// FieldText is one thing that was written, for reading.
type FieldText struct{ Name, Text string }

// unrecorded is the id of an entry that is not recorded yet: it comes after all that
// are.
const unrecorded = "9223372036854775807"

// Preview returns what an entry would do, limits included. It is a read, and waits for
// nobody who writes.
func (s *Service) Preview(ctx context.Context, actor *access.Actor, d EntryInput) (out Preview, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if d.Member, err = recording.Meant(v, d.Member); err != nil {
			return err
		}
		p, err := s.prepare(v, actor, &d)
		if err != nil {
			return err
		}
		p.entry.ID = unrecorded
		out = Preview{
			Effect: p.effect(), Member: d.Member, Place: p.member.Home.Name, Scheme: p.Book.Title,
			Basis: p.Book.Items[p.Book.Item(d.Item)].Basis, Fields: p.fieldTexts(&d),
		}
		return nil
	}, access.Record, access.Claim)
	return out, err
}

// fieldTexts puts what was written of a judged entry into words.
func (p *posted) fieldTexts(d *EntryInput) (out []FieldText) {
	add := func(name, text, unit string) {
		if text != "" {
			out = append(out, FieldText{name, text + unit})
		}
	}
	for _, f := range p.Book.Items[p.Book.Item(d.Item)].Fields {
		add(f.Name, d.Fields[f.Name], f.Unit)
	}
	add(domain.MatterField, d.Fields[domain.MatterField], "")
	add("分值", d.Points, "")
	add("说明", d.Note, "")
	return out
}
