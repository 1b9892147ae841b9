package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Limits of what is taken from paper at once.
const (
	maxPaperRows = 10_000
	maxPaperName = 50 // runes
)

// Paper is history from the years before the program: deeds as a paper ledger has
// them. They are marked with its name for good.
type Paper struct {
	Name  string // of the paper record: 2025年纸质台账
	Deeds []Deed
}

// PaperReceipt says what became of it.
type PaperReceipt struct {
	Posted  int
	Refused map[int]string // why not, by the deed's index; with any, nothing was written
}

// ImportPaper is the door for history: what stands on paper was agreed to on
// paper, so neither 补录 nor 审批 holds it up, and every row says where it comes
// from. It is for who may import, over whom he may. What was imported from the same
// record before is refused, so that a file may be handed in again. It writes all or
// nothing; try writes nothing at all and says what would become of it.
func (s *Service) ImportPaper(ctx context.Context, actor *access.Actor, p Paper, try bool) (PaperReceipt, error) {
	var out PaperReceipt
	p.Name = strings.TrimSpace(p.Name)
	switch {
	case !actor.May(access.Import):
		return out, noPaper()
	case p.Name == "" || utf8.RuneCountInString(p.Name) > maxPaperName:
		return out, fault.New(fault.Invalid, "要写是哪一份纸质记录，最多 %d 字", maxPaperName).WithHint("例如：2025年纸质台账")
	case len(p.Deeds) == 0:
		return out, fault.New(fault.Invalid, "一行也没有")
	case len(p.Deeds) > maxPaperRows:
		return out, fault.New(fault.TooMany, "一次最多 %d 行", maxPaperRows).WithHint("分成几份导入")
	}
	err := s.db.Exclusive(ctx, func(tx *store.Tx) error {
		out = PaperReceipt{Refused: map[int]string{}}
		there, err := tx.PaperEntries(p.Name)
		if err != nil {
			return err
		}
		for i := range p.Deeds {
			d := p.Deeds[i]
			d.Paper = p.Name
			in, err := s.insert(tx, actor, d)
			if err == nil && slices.ContainsFunc(there[d.Member], in.entry.Alike) {
				out.Refused[i] = "这一笔已经从“" + p.Name + "”导入过（同一个人同一天真有两笔，另取一个名称导入）"
				continue
			}
			switch fault.CodeOf(err) {
			case fault.Invalid, fault.NotFound, fault.Forbidden: // judged before anything is written
				out.Refused[i] = reasonOf(err)
				continue
			}
			if err != nil {
				return err
			}
			out.Posted++
		}
		if try || len(out.Refused) > 0 {
			return errStop
		}
		return audit.Record(tx, actor, audit.Imported, audit.What{Detail: p.Name + " " + strconv.Itoa(out.Posted) + " 笔"})
	})
	if err == errStop { //nolint:errorlint // it is ours, and comes back as it went
		err = nil
	}
	return out, err
}

// checkPaper refuses what is taken from paper by who may not.
func checkPaper(actor *access.Actor, d *Deed, home string) error {
	if !actor.Scope(access.Import).Covers(home) || actor.Recording(d.Member, home) != access.Posts {
		return noPaper()
	}
	return nil
}

func noPaper() error {
	return fault.New(fault.Forbidden, "纸质记录由街道党工委导入").WithHint("本人的由另一个人来导入")
}
