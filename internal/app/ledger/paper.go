package ledger

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// MaxPaperRows is how much is taken from paper at once.
const MaxPaperRows = 10_000

const maxPaperName = 50 // runes

// Paper is history from the years before the program: deeds as a paper ledger has
// them. They are marked with its name for good.
type Paper struct {
	Name  string // of the paper record: 2025年纸质台账
	Deeds []EntryInput
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
	var err error
	if p.Name, err = checkRecord(actor, p.Name, len(p.Deeds)); err != nil {
		return out, err
	}
	err = s.DB.Exclusive(ctx, func(tx *store.Tx) error {
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
				out.Refused[i] = kernel.Reason(err)
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

// MeetingsReceipt says what became of meetings from a paper record.
type MeetingsReceipt struct {
	Meetings int
	People   int       // of all of them together, each counted once for every meeting
	Refused  []Refusal // with any, nothing was written
}

// Refusal is why a meeting, or one of its lines, is not taken.
type Refusal struct {
	Meeting int // its index
	Line    int // the line's index in it; -1 for the whole meeting
	Why     string
}

// ImportMeetings is the same door for attendance lists. Everybody on a list counts at
// once, wherever he belongs; the line of who imports it is for somebody else. A
// meeting that is there already, from this record or another or recorded as it
// happened, is refused.
func (s *Service) ImportMeetings(ctx context.Context, actor *access.Actor, paper string, meetings []Meeting, try bool) (MeetingsReceipt, error) {
	var out MeetingsReceipt
	people := 0
	for i := range meetings {
		people += len(meetings[i].Lines)
	}
	paper, err := checkRecord(actor, paper, people)
	if err != nil {
		return out, err
	}
	err = s.DB.Exclusive(ctx, func(tx *store.Tx) error {
		out = MeetingsReceipt{}
		for i, m := range meetings {
			m.Paper = paper
			r, err := s.MeetTx(tx, actor, m)
			refused, err := refusals(i, err)
			if err != nil {
				return err
			}
			if out.Refused = append(out.Refused, refused...); len(refused) == 0 {
				out.Meetings, out.People = out.Meetings+1, out.People+r.Posted
			}
		}
		if try || len(out.Refused) > 0 {
			return errStop
		}
		return audit.Record(tx, actor, audit.Imported, audit.What{Detail: paper + " " + strconv.Itoa(out.Meetings) + " 次活动 " + strconv.Itoa(out.People) + " 人次"})
	})
	if err == errStop { //nolint:errorlint // it is ours, and comes back as it went
		err = nil
	}
	return out, err
}

// refusals tells what was judged of a meeting, before anything of it was written,
// from what went wrong.
func refusals(meeting int, err error) ([]Refusal, error) {
	var lines linesError
	if errors.As(err, &lines) {
		var out []Refusal
		for _, i := range lines.wrong() {
			out = append(out, Refusal{meeting, i, kernel.Reason(lines[i])})
		}
		return out, nil
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Conflict, fault.TooMany:
		return []Refusal{{meeting, -1, kernel.Reason(err)}}, nil
	}
	return nil, err
}

// checkRecord refuses a paper record that cannot be taken, or not from whom it
// comes, and returns its name.
func checkRecord(actor *access.Actor, name string, rows int) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case !actor.May(access.Import):
		return "", noPaper()
	case name == "" || utf8.RuneCountInString(name) > maxPaperName:
		return "", fault.New(fault.Invalid, "要写是哪一份纸质记录，最多 %d 字", maxPaperName).WithHint("例如：2025年纸质台账")
	case rows == 0:
		return "", fault.New(fault.Invalid, "一行也没有").WithHint("表头下面写要导入的，一行一条")
	case rows > MaxPaperRows:
		return "", fault.New(fault.TooMany, "一次最多 %d 行", MaxPaperRows).WithHint("分成几份导入")
	}
	return name, nil
}

// checkPaper refuses what is taken from paper of a member by who may not.
func checkPaper(actor *access.Actor, member domain.MemberID, home string) error {
	switch {
	case !actor.Scope(access.Import).Covers(home):
		return noPaper()
	case actor.Recording(member, home) != access.Posts:
		return fault.New(fault.Forbidden, "自己的不能自己导入").WithHint("整份请街道党工委的另一个人来导入")
	}
	return nil
}

func noPaper() error {
	return fault.New(fault.Forbidden, "纸质记录由街道党工委导入").WithHint("把这一份交给街道党工委")
}
