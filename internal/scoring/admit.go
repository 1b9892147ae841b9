package scoring

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// Admission holds the exemption and the approval that apply to an entry before it is recorded.
type Admission struct {
	Exempt  string         // the exemption (豁免) for which its points cannot count; "" for none
	Approve []domain.Organ // 审批: the organs that agree, in order; none where the rules do not say
}

// CheckEntry refuses a day on which the item may not happen (归期), and points that a
// person chose and the rules of the entry's day do not leave open to him for
// this member; see ruleset.RuleSet.InSeason and Suits. It is asked at every
// door by which entries come in.
func CheckEntry(book *ruleset.RuleSet, record *domain.MemberHistory, e domain.Entry) error {
	if err := book.InSeason(e.Item, e.On); err != nil {
		return err
	}
	item := book.Item(e.Item)
	if item < 0 || !book.Items[item].Varies() {
		return nil
	}
	r, on := singleEntryRun(book, record, e), book.CountsOn(e.Item, e.On)
	look := r.borrowEnv(on, r.segmentAt(on), r.entryCategory(on))
	look.item, look.fields, look.late = &book.Items[item], e.Fields, e.Late()
	return book.CheckChosenPoints(&e, look)
}

// Admit returns what the rules require of one entry of a member. Its worth is
// reckoned by itself, for 审批 may depend on it: what else is recorded is only
// counted, where the rules count.
func Admit(book *ruleset.RuleSet, record *domain.MemberHistory, e domain.Entry) Admission {
	var out Admission
	item := book.Item(e.Item)
	if item < 0 {
		return out
	}
	r := singleEntryRun(book, record, e)
	on := book.CountsOn(e.Item, e.On)
	it, seg := &book.Items[item], r.segmentAt(on)
	if x := seg.exemption; x >= 0 && it.Amount.Set() { // what gives no points is recorded of everybody
		if ex := &book.Exemptions[x]; ex.NotScored || slices.Contains(ex.Items, item) {
			out.Exempt = ex.Code
		}
	}
	look := r.borrowEnv(on, seg, r.entryCategory(on))
	look.item, look.fields, look.late = it, e.Fields, e.Late()
	for i := range r.outcomes {
		if r.outcomes[i].class == byHand {
			look.points = r.outcomes[i].wanted
		}
	}
	out.Approve, _, _ = it.Workflow.Approve.At(on, look)
	return out
}

// singleEntryRun returns a run of which one entry is the only event. Where it hangs on
// counters, they see the whole record.
func singleEntryRun(book *ruleset.RuleSet, record *domain.MemberHistory, e domain.Entry) *run {
	texts, period := Under(book), book.Cycle.Unit.Of(book.CountsOn(e.Item, e.On))
	one := *record
	if item := book.Item(e.Item); item < 0 || !book.Items[item].Counts {
		one.Entries, one.Attendance = []domain.Entry{e}, nil
		return newRun(texts, &one, period, e.On)
	}
	at := slices.IndexFunc(one.Entries, func(o domain.Entry) bool { return e.ID != "" && o.ID == e.ID })
	if at < 0 {
		at = len(one.Entries)
		one.Entries = append(slices.Clone(one.Entries), e)
	}
	return preparedRun(texts, &one, period, e.On, func(r *run) {
		r.events[byHand] = slices.DeleteFunc(r.events[byHand], func(ev event) bool { return int(ev.ref) != at })
		r.events[attended], r.events[automatic] = nil, nil
	})
}
