package store

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// NumbersMeant returns, by the number that a person typed, the number that the
// register has: the same, or the only one that differs in nothing but case and
// width of letters and blanks around it. A number that nobody has, or that might
// be several, is not in it. It says of nobody more than that the number exists, so
// it has no scope; who may know even that is judged by whoever reads the member.
func (v *Snapshot) NumbersMeant(typed []domain.MemberID) (map[domain.MemberID]domain.MemberID, error) {
	out := make(map[domain.MemberID]domain.MemberID, len(typed))
	if err := v.numbers(typed, "id", func(id domain.MemberID) { out[id] = id }); err != nil {
		return nil, err
	}
	var folded []domain.MemberID
	for _, id := range typed {
		if out[id] == "" && id.Fold() != "" {
			folded = append(folded, domain.MemberID(id.Fold()))
		}
	}
	slices.Sort(folded)
	folded = slices.Compact(folded)
	alike := map[string][]domain.MemberID{}
	err := v.numbers(folded, "lower(id)", func(id domain.MemberID) {
		alike[id.Fold()] = append(alike[id.Fold()], id)
	})
	if err != nil {
		return nil, err
	}
	for _, id := range typed {
		if found := alike[id.Fold()]; out[id] == "" && len(found) == 1 {
			out[id] = found[0]
		}
	}
	return out, nil
}

// numbers calls found for every number of which an expression is one of a list.
func (v *Snapshot) numbers(list []domain.MemberID, expression string, found func(domain.MemberID)) error {
	return chunks(list, func(marks string, of []any) error {
		var rows []string
		err := v.all(&rows, "SELECT id FROM members WHERE "+expression+" IN ("+marks+") ORDER BY id", of...)
		for _, id := range rows {
			found(domain.MemberID(id))
		}
		return err
	})
}

// NumberMeant is NumbersMeant for one number. fault.NotFound if nobody has it,
// fault.Invalid if it might be several.
func (v *Snapshot) NumberMeant(typed domain.MemberID) (domain.MemberID, error) {
	meant, err := v.NumbersMeant([]domain.MemberID{typed})
	if err != nil {
		return "", err
	}
	if id := meant[typed]; id != "" {
		return id, nil
	}
	several := 0
	if err := v.numbers([]domain.MemberID{domain.MemberID(typed.Fold())}, "lower(id)",
		func(domain.MemberID) { several++ }); err != nil {
		return "", err
	}
	if several > 1 {
		return "", fault.New(fault.Invalid, "编号“%s”分不清是哪一个：有几个编号只差大小写", typed).WithHint("大小写照名册上的写")
	}
	return "", fault.New(fault.NotFound, "没有编号“%s”的党员", typed).WithHint("编号照名册上的写，例如 P0001")
}
