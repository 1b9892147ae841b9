package standings

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Moving holds the effect of a change of branch on a member's points.
type Moving struct {
	Before, After domain.Points // the main total, where there is one before and after
	Scored        bool          // there are both
	Losses        []string      // what does not count any more, and why, in sentences; none where all of it goes with him
}

// maxLosses bounds the entries that are listed one by one.
const maxLosses = 10

// Moving tells, before it is recorded, what comes of it that a member belongs to
// another branch from a day on, as of today.
func (s *Service) Moving(v *store.Snapshot, m *domain.Member, to domain.Org, from, today calendar.Day) (Moving, error) {
	r, err := s.Reckoner(v, today, *m)
	if err != nil {
		return Moving{}, err
	}
	old := r.homes(m)
	next := slices.DeleteFunc(slices.Clone(old), func(h domain.Residence) bool { return h.From >= from })
	next = append(next, domain.Residence{From: from, Home: to})
	for _, h := range old {
		if h.From > from {
			next = append(next, h)
		}
	}
	return r.moving(m, old, next, from, max(from, today))
}

// Moved returns the effect of a recorded change of branch, on the first day in the
// new one.
func (s *Service) Moved(v *store.Snapshot, m *domain.Member, from calendar.Day) (Moving, error) {
	r, err := s.Reckoner(v, from, *m)
	if err != nil {
		return Moving{}, err
	}
	next := upTo(r.homes(m), from)
	n := len(next)
	if n < 2 || next[n-1].From != from {
		return Moving{}, nil
	}
	return r.moving(m, next[:n-1], next, from, from)
}

// moving compares a member's ledgers as of a day with one list of homes and with
// another, in which he belongs to the last one from a day on.
func (r *Reckoner) moving(
	m *domain.Member, old, next []domain.Residence, from, day calendar.Day,
) (out Moving, err error) {
	records, err := r.v.Records([]domain.Member{*m})
	if err != nil {
		return out, err
	}
	to := upTo(next, from)
	place := to[len(to)-1].Home
	list, err := r.t.Schemes(r.v, upTo(old, day)[len(upTo(old, day))-1].Home.Path, day)
	if err != nil {
		return out, err
	}
	codes := []string{""}
	for i := range list {
		if list[i].Text.Beside {
			codes = append(codes, list[i].Text.Code)
		}
	}
	for _, code := range codes {
		was, err := r.t.Texts(r.v, upTo(old, day), code, day)
		if err != nil {
			return out, err
		}
		is, err := r.t.Texts(r.v, upTo(next, day), code, day)
		if err != nil {
			return out, err
		}
		switch {
		case was == nil:
		case was == is && code == "": // all of it goes with him
			st := is.account(&records[0], day).Standing
			out.Before, out.After, out.Scored = st.Total, st.Total, st.Scored
		case was == is:
		case is == nil:
			words, err := r.ends(&records[0], old, code, from, &place)
			if err != nil {
				return out, err
			}
			out.Losses = append(out.Losses, words...)
		default:
			out.compare(&records[0], was, is, code, day)
		}
	}
	return out, nil
}

// compare adds the difference that another text of a ledger makes for a member. The
// ledger of code "" is the main one, whose totals are kept.
func (out *Moving) compare(record *domain.MemberHistory, was, is *Texts, code string, day calendar.Day) {
	before, after := was.account(record, day), is.account(record, day)
	if !before.Standing.Scored {
		return
	}
	name := ""
	if code == "" {
		out.Before, out.After, out.Scored = before.Standing.Total, after.Standing.Total, after.Standing.Scored
	} else {
		name = "“" + was.Book().Title + "”"
	}
	if !after.Standing.Scored {
		out.Losses = append(out.Losses, name+"没有总分了："+after.Standing.Why)
		return
	}
	out.Losses = append(out.Losses, lost(&before, &after)...)
	if a, b := before.Standing.Total, after.Standing.Total; a != b {
		out.Losses = append(out.Losses,
			name+"截至 "+day.String()+"，总分由 "+a.String()+" 变为 "+b.String()+"（按“"+is.Book().Title+"”算）")
	}
}

// ends says until when a ledger that the new branch has not is counted.
func (r *Reckoner) ends(
	record *domain.MemberHistory, old []domain.Residence, code string, from calendar.Day, to *domain.Org,
) ([]string, error) {
	last, err := r.t.Texts(r.v, upTo(old, from-1), code, from-1)
	if err != nil || last == nil {
		return nil, err
	}
	st := last.account(record, from-1).Standing
	if !st.Scored {
		return nil, nil
	}
	if code != "" {
		return []string{"“" + last.Book().Title + "”的 " + st.Total.String() + " 分停在 " + (from - 1).String() + "：“" +
			to.Name + "”没有这份办法，以后不再增加，以前的还查得到"}, nil
	}
	return []string{"“" + to.Name + "”（" + string(to.Kind) + "）没有适用的办法：从 " + from.String() + " 起没有总分；" +
		(from - 1).String() + " 的 " + st.Total.String() + " 分和明细还查得到"}, nil
}

// account scores a member in the period that holds a day.
func (t *Texts) account(record *domain.MemberHistory, day calendar.Day) domain.Statement {
	return t.Member(record, t.Book().Cycle.Unit.Of(day), day).Statement()
}

// lost tells the entries that count in one account and stand idle in another.
func lost(before, after *domain.Statement) []string {
	idle := map[line]string{}
	for i := range after.Idle {
		idle[lineOf(&after.Idle[i])] = after.Idle[i].Note
	}
	var out []string
	order, was := linesOf(before)
	for _, key := range order {
		if note, is := idle[key]; is && was[key].Value != 0 {
			out = append(out, key.ended(was[key].Value, note))
		}
	}
	return first(out, " 笔也不再计入")
}
