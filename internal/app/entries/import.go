package entries

import (
	"context"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Paper is history from the years before the program: entries as a paper ledger has
// them. They are marked with its name for good.
type Paper struct {
	Name    string // of the paper record: 2025年纸质台账
	Entries []EntryInput
}

// ImportReceipt counts what was taken from paper.
type ImportReceipt struct {
	Posted  int
	Refused map[int]string // why not, by the index; with any, nothing was written
}

// Import is the door for history: what stands on paper was agreed to on
// paper, so neither 补录 nor 审批 holds it up, and every row says where it comes
// from. It is for who may import, over whom he may. What was imported from the same
// record before is refused, so that a file may be handed in again. It writes all or
// nothing; try writes nothing at all and says what would become of it.
func (s *Service) Import(ctx context.Context, actor *access.Actor, p Paper, try bool) (ImportReceipt, error) {
	var out ImportReceipt
	var err error
	if p.Name, err = recording.PaperName(actor, p.Name, len(p.Entries)); err != nil {
		return out, err
	}
	if try {
		err = s.DB.LongRead(ctx, func(v *store.Snapshot) (err error) {
			out, err = s.tryImport(v, actor, p)
			return err
		})
		return out, err
	}
	err = s.DB.Exclusive(kernel.InStreets(ctx, actor), func(tx *store.Tx) error {
		m, err := s.many(tx, membersOf(p.Entries))
		if err != nil {
			return err
		}
		out, err = takeRows(&tx.Snapshot, p, func(d EntryInput) (domain.Entry, error) {
			in, err := m.insert(actor, d)
			return in.entry, err
		})
		if err != nil {
			return err
		}
		if len(out.Refused) > 0 {
			return kernel.ErrStop
		}
		return audit.Record(tx, actor, audit.Imported, audit.What{Detail: strconv.Itoa(out.Posted) + " 笔"})
	})
	if err == kernel.ErrStop { //nolint:errorlint // it is ours, and comes back as it went
		err = nil
	}
	return out, err
}

// tryImport judges every row as Import does, each with those before it, and writes
// nothing.
func (s *Service) tryImport(v *store.Snapshot, actor *access.Actor, p Paper) (ImportReceipt, error) {
	taken := map[domain.MemberID][]domain.Entry{}
	return takeRows(v, p, func(d EntryInput) (domain.Entry, error) {
		v.Yield()
		d.before = taken[d.Member]
		in, err := s.prepare(v, actor, &d)
		if err == nil && len(in.route) == 0 {
			in.entry.ID = unrecorded
			taken[d.Member] = append(slices.Clip(d.before), in.entry)
		}
		return in.entry, err
	})
}

// takeRows takes the rows of a paper record one by one, and tells which are refused.
func takeRows(v *store.Snapshot, p Paper, take func(EntryInput) (domain.Entry, error)) (ImportReceipt, error) {
	out := ImportReceipt{Refused: map[int]string{}}
	ids := make([]domain.MemberID, len(p.Entries))
	for i := range p.Entries {
		ids[i] = p.Entries[i].Member
	}
	there, err := v.PaperEntries(p.Name, ids)
	if err != nil {
		return out, err
	}
	for i := range p.Entries {
		d := p.Entries[i]
		d.Paper = p.Name
		entry, err := take(d)
		if err == nil && slices.ContainsFunc(there[d.Member], entry.Alike) {
			out.Refused[i] = "这一笔已经从“" + p.Name + "”导入过（同一个人同一天真有两笔，另取一个名称导入）"
			continue
		}
		switch fault.CodeOf(err) {
		case fault.Invalid, fault.NotFound, fault.Forbidden: // judged before anything is written
			out.Refused[i] = kernel.Reason(err)
			continue
		}
		if err != nil {
			return out, err
		}
		out.Posted++
	}
	return out, nil
}
