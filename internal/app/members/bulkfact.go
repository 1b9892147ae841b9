package members

import (
	"context"
	"errors"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxFacts limits the rows of one form: each member is scored before and after.
const maxFacts = 300

// BulkFact is one attribute recorded of many members from one day on.
type BulkFact struct {
	Attribute string
	From      calendar.Day
	Rows      []FactRow
	Reason    string // for what began longer ago than a branch may record; "" where none is asked for
	Seen      bool   // as in FactChange
	Shown     string // the BulkFactForeseen.Shown that who records it looked at; "" for none
}

// FactRow is one member's value as a person wrote it.
type FactRow struct {
	Member domain.MemberID
	Value  string
}

// BulkFactForeseen holds what a form of one attribute would do.
type BulkFactForeseen struct {
	Rows  []FactEffect
	Shown string // what tells this from what it would do later
	Lacks error  // it is refused as long as nobody gives a reason; nil where none is asked for
}

// FactEffect holds what one row does.
type FactEffect struct {
	Member domain.MemberID
	Name   string
	Value  string
	Effect []standings.Consequence
	Near   string // as in Registered
	Same   string // it is so already, and nothing is recorded, in a sentence; "" where it is not
}

// BulkFactReceipt counts what was recorded.
type BulkFactReceipt struct {
	Recorded int
	Same     int // of whom it was so already
	Moved    int // members of whom a total, grade, category, entry or alert became another
	Replay   bool
}

// ForeseeFacts returns what recording one attribute of many members would do, and refuses what
// recording it would refuse, but for a reason that is still to be given: everything is recorded
// in one transaction, and nothing of it is kept.
func (s *Recorder) ForeseeFacts(ctx context.Context, actor *access.Actor, b BulkFact) (out BulkFactForeseen,
	err error) {
	if err := b.check(); err != nil {
		return out, err
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		b.Seen = true // by who is shown it now
		if out, err = s.changeFacts(tx, actor, &b); err != nil {
			return err
		}
		return kernel.ErrStop
	}, access.ManageMembers)
	if errors.Is(err, kernel.ErrStop) {
		err = nil
	}
	return out, err
}

// RecordFacts records one attribute of many members, all of them or none; a row that cannot be
// is fault.Invalid with the reasons by member in Fields. Each is judged as ChangeFact judges it.
func (s *Recorder) RecordFacts(
	ctx context.Context, actor *access.Actor, b BulkFact, key string,
) (out BulkFactReceipt, err error) {
	if err := b.check(); err != nil {
		return out, err
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, b, func() (BulkFactReceipt, error) {
			done, err := s.changeFacts(tx, actor, &b)
			if err == nil {
				err = done.Lacks
			}
			if err == nil {
				err = asShown(b.Shown, done.Shown)
			}
			r := BulkFactReceipt{}
			for i := range done.Rows {
				if done.Rows[i].Same != "" {
					r.Same++
					continue
				}
				r.Recorded++
				if len(done.Rows[i].Effect) > 0 {
					r.Moved++
				}
			}
			return r, err
		})
		return err
	}, access.ManageMembers)
	return out, err
}

// check refuses a form with no row, with more than one write takes, and what is recorded of one
// member at a time.
func (b *BulkFact) check() error {
	switch n := len(b.Rows); {
	case !inBulk(b.Attribute):
		return fault.New(fault.Invalid, "“%s”不成批登记", b.Attribute).WithHint("在各人的“登记变动”里一个一个登记")
	case n == 0:
		return fault.New(fault.Invalid, "一个人也没有填").WithHint("填好再预览")
	case n > maxFacts:
		return fault.New(fault.TooMany, "一张表最多 %d 人", maxFacts).WithHint("分几次登记")
	}
	return nil
}

// inBulk reports whether an attribute is recorded of many members at once: what organs have to
// agree to, and what a committee has decided on one, is not.
func inBulk(attribute string) bool {
	return attribute != domain.Exemption && attribute != discipline
}

// changeFacts records a form in the caller's transaction.
func (s *Recorder) changeFacts(tx *store.Tx, actor *access.Actor, b *BulkFact) (out BulkFactForeseen, err error) {
	wrong, seen := map[string]string{}, map[domain.MemberID]bool{}
	for _, row := range b.Rows {
		if seen[row.Member] {
			wrong[string(row.Member)] = "这张表里有两行"
			continue
		}
		seen[row.Member] = true
		r, err := s.changeFact(tx, actor, &FactChange{
			Member: row.Member, Attribute: b.Attribute, Value: row.Value, From: b.From, Reason: b.Reason, Seen: b.Seen,
		})
		same := ""
		switch code := fault.CodeOf(err); {
		case lacksReason(err):
			out.Lacks = err
		case errors.Is(err, errSame):
			same = kernel.Reason(err)
		case code == fault.Invalid, code == fault.NotFound, code == fault.Forbidden, code == fault.Conflict:
			wrong[string(row.Member)] = kernel.Reason(err)
			continue
		case err != nil:
			return out, err
		}
		m, err := tx.Member(access.System("what became of whom the actor changed"), row.Member)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, FactEffect{row.Member, m.Name, row.Value, r.Effect, r.Near, same})
	}
	if len(wrong) > 0 {
		f := fault.New(fault.Invalid, "有 %d 行不对，整张表没有登记", len(wrong)).WithHint("改好再登记")
		f.Fields = wrong
		return out, f
	}
	does := make([]FactEffect, len(out.Rows)) // without what asks whether a name is another
	for i, row := range out.Rows {
		row.Near = ""
		does[i] = row
	}
	out.Shown = digestOf(does)
	return out, nil
}
