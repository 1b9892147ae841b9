package scoring

import "strings"

// IdleRepair says in Chinese that an entry by hand which repairs red lines (解除)
// does not repair them, and why: the member is not scored or exempt on its day,
// the item does not apply to him, or a heavier entry on the same matter beats
// it. "" where it repairs, and for any other entry.
func (r *Result) IdleRepair(entry string) string {
	for i := range r.run.outcomes {
		o := &r.run.outcomes[i]
		if o.class != byHand || o.item < 0 || r.run.record.Entries[o.ref].ID != entry {
			continue
		}
		repairs := r.run.book.Items[o.item].Repairs
		if len(repairs) == 0 || o.happened && o.reason != beaten {
			return ""
		}
		names := make([]string, len(repairs))
		for k, line := range repairs {
			names[k] = "“" + r.run.book.RedLines[line].Name + "”"
		}
		at := r.run.origin(o)
		return at.idleReason(r.run.day, &at.outcomes[o.of], false) + "，红线" + strings.Join(names, "、") + "不因这一笔解除"
	}
	return ""
}
