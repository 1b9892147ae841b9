package members

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// errSame says that what was to be recorded is so already.
var errSame = errors.New("is so already")

// notSame refuses a fact that holds already on its day, the end of an exemption or of discipline
// that there is not, and an exemption while another one holds.
func notSame(tx *store.Tx, m *domain.Member, a *ruleset.Attribute, exempts bool, f domain.Fact) error {
	records, err := tx.Records([]domain.Member{*m})
	if err != nil {
		return err
	}
	var holds *domain.Fact
	facts := records[0].Facts
	for i := range facts { // by day
		if facts[i].Attribute == f.Attribute && facts[i].From <= f.From {
			holds = &facts[i]
		}
	}
	is := holds != nil && holds.Value.Text != domain.NoExemption
	switch ends := f.Value.Text == domain.NoExemption; {
	case ends && !is && (exempts || f.Attribute == discipline):
		return fault.New(fault.Conflict, "%s 在 %s 没有%s，不用结束", m.Name, f.From, f.Attribute).
			WithHint("看看登记过的是从哪一天起；登记错了的，撤销那一条")
	case holds == nil:
		return nil
	case holds.Value == f.Value:
		since := "自 " + holds.From.String() + " 起"
		if holds.From == 0 {
			since = "一直"
		}
		return fault.Wrap(errSame, fault.Conflict, "已经是这样：%s %s，%s是%s", m.Name, since, f.Attribute, a.Text(f.Value)).
			WithHint("不用再登记；日期写错了的，撤销那一条再登记")
	case exempts && is && !ends:
		return fault.New(fault.Conflict, "%s 自 %s 起已经有豁免“%s”，两种豁免不能叠在一起", m.Name, holds.From, holds.Value.Text).
			WithHint("先从 %s 起结束它（写“无”），再登记“%s”", f.From, f.Value.Text)
	}
	return nil
}

// shown returns what tells what a change does from what another does, or the same one later; ""
// for nothing at all.
func (r *Registered) shown() string {
	if len(r.Effect)+len(r.Losses)+len(r.Ends)+len(r.Offices) == 0 {
		return noEffect
	}
	return digestOf(r.Effect, r.Losses, r.Ends, r.Offices)
}

// noEffect stands for what a change does that does nothing.
const noEffect = "none"

// digestOf returns a few characters that tell some values from others.
func digestOf(values ...any) string {
	text, err := json.Marshal(values)
	if err != nil { // of plain values, which have a form
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// asShown refuses what does another thing than was shown before; "" where nothing was shown.
func asShown(shown, does string) error {
	if shown == "" || shown == does {
		return nil
	}
	return fault.New(fault.Conflict, "核对以后，有人登记了别的，作用和刚才写的不一样了：什么也没有登记").WithHint("看过现在的，再登记")
}
