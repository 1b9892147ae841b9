package entries

import (
	"context"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// BulkEntry is one item recorded of many members on one day: the dues of a month,
// the scores of an appraisal.
type BulkEntry struct {
	Item string
	On   calendar.Day
	Rows []BulkRow
	GoOn bool // rows that are wrong are left out, and told; else nothing is written
}

// BulkRow is one member's row as a person wrote it.
type BulkRow struct {
	Member domain.MemberID
	Points string
	Fields map[string]string
}

// BulkReceipt counts what became of one.
type BulkReceipt struct {
	Posted  int
	Waiting int
	Refused map[domain.MemberID]string // why, by member; only with GoOn
	First   domain.EntryID             // of what it recorded, to Last, by which it is taken back
	Last    domain.EntryID
	Replay  bool
}

// PostBulk records one item of many members in one transaction. A row that the
// rules do not allow is fault.Invalid with the reasons by member in Fields, and
// nothing is written, unless GoOn is set.
func (s *Service) PostBulk(ctx context.Context, actor *access.Actor, b BulkEntry, key string) (BulkReceipt, error) {
	var out BulkReceipt
	if err := b.check(); err != nil {
		return out, err
	}
	err := s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, b, func() (BulkReceipt, error) {
			return s.postBulk(tx, actor, &b)
		})
		return err
	}, access.Record)
	return out, err
}

func (s *Service) postBulk(tx *store.Tx, actor *access.Actor, b *BulkEntry) (out BulkReceipt, err error) {
	members := make([]domain.MemberID, len(b.Rows))
	for i := range b.Rows {
		members[i] = b.Rows[i].Member
	}
	m, err := s.many(tx, members)
	if err != nil {
		return out, err
	}
	out.Refused, err = b.each(func(d EntryInput) error {
		p, err := m.insert(actor, d)
		if err != nil {
			return err
		}
		if out.Last = p.id; out.First == 0 {
			out.First = p.id
		}
		if len(p.route) > 0 {
			out.Waiting++
		} else {
			out.Posted++
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	detail := b.Item + " " + b.On.String() + " " + strconv.Itoa(out.Posted+out.Waiting) + " 人"
	return out, audit.Record(tx, actor, audit.PostedBulk, audit.What{Detail: detail})
}

// check refuses a form with no row, or with more than one write takes.
func (b *BulkEntry) check() error {
	switch n := len(b.Rows); {
	case n == 0:
		return fault.New(fault.Invalid, "一个人也没有填").WithHint("填好再保存")
	case n > kernel.MaxPeople:
		return fault.New(fault.TooMany, "一张表最多 %d 人", kernel.MaxPeople)
	}
	return nil
}

// each calls do with the entry of every row, and returns the reasons of the rows that
// it refused before it wrote anything. Without GoOn any such reason is
// fault.Invalid, and so is a form of which no row is left.
func (b *BulkEntry) each(do func(EntryInput) error) (map[domain.MemberID]string, error) {
	wrong, seen, done := map[domain.MemberID]string{}, map[domain.MemberID]bool{}, 0
	for _, row := range b.Rows {
		if seen[row.Member] {
			wrong[row.Member] = "这张表里有两行"
			continue
		}
		seen[row.Member] = true
		err := do(EntryInput{Member: row.Member, Item: b.Item, On: b.On, Points: row.Points, Fields: row.Fields})
		switch fault.CodeOf(err) {
		case fault.Invalid, fault.NotFound, fault.Forbidden:
			wrong[row.Member] = kernel.Reason(err)
			continue
		}
		if err != nil {
			return nil, err
		}
		done++
	}
	if len(wrong) > 0 && !b.GoOn {
		f := fault.New(fault.Invalid, "有 %d 行不对，整张表没有记", len(wrong)).WithHint("改好再保存，或者勾上“不对的先放着，其余记上”")
		f.Fields = map[string]string{}
		for id, why := range wrong {
			f.Fields[string(id)] = why
		}
		return nil, f
	}
	if done == 0 {
		return nil, fault.New(fault.Invalid, "没有一行能记")
	}
	return wrong, nil
}
