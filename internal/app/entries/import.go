package entries

import (
	"context"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
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
	err = s.DB.Exclusive(ctx, func(tx *store.Tx) error {
		out = ImportReceipt{Refused: map[int]string{}}
		there, err := tx.PaperEntries(p.Name)
		if err != nil {
			return err
		}
		for i := range p.Entries {
			d := p.Entries[i]
			d.Paper = p.Name
			in, err := s.insert(tx, actor, d)
			if err == nil && slices.ContainsFunc(there[d.Member], in.entry.Alike) {
				out.Refused[i] = "这一笔已经从“" + p.Name + "”导入过（同一个人同一天真有两笔，另取一个名称导入）"
				continue
			}
			switch fault.CodeOf(err) {
			case fault.Invalid, fault.NotFound, fault.Forbidden: // judged before anything is written
				out.Refused[i] = kernel.Reason(err)
				continue
			}
			if err != nil {
				return err
			}
			out.Posted++
		}
		if try || len(out.Refused) > 0 {
			return kernel.ErrStop
		}
		return audit.Record(tx, actor, audit.Imported, audit.What{Detail: p.Name + " " + strconv.Itoa(out.Posted) + " 笔"})
	})
	if err == kernel.ErrStop { //nolint:errorlint // it is ours, and comes back as it went
		err = nil
	}
	return out, err
}
