package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// factsForm declares one attribute of many members. What stands in the cells is judged by the
// rules, row by row.
type factsForm struct {
	Attribute string            `form:"attribute" binding:"runes=100" label:"哪一项"`
	Lacking   string            `form:"lacking"`
	Day       string            `form:"day" binding:"required,day" label:"从哪天起"`
	Cells     map[string]string `form:"cell.*"`
	Reason    string            `form:"reason" binding:"runes=500" label:"理由"`
	Shown     string            `form:"shown" binding:"runes=40"`
	Key       string            `form:"key"`
	Do        string            `form:"do" binding:"button=preview save edit"`
}

// asked returns what the form records: the cells in which something stands.
func (in *factsForm) asked() members.BulkFact {
	b := members.BulkFact{Attribute: in.Attribute, From: bind.Day(in.Day), Reason: in.Reason, Seen: in.Do == "save",
		Shown: in.Shown}
	for _, id := range slices.Sorted(maps.Keys(in.Cells)) {
		if in.Cells[id] != "" {
			b.Rows = append(b.Rows, members.FactRow{Member: domain.MemberID(id), Value: in.Cells[id]})
		}
	}
	return b
}

// pairs returns what was typed, to be posted again behind the preview.
func (in *factsForm) pairs() []ui.Pair {
	out := []ui.Pair{{Name: "attribute", Value: in.Attribute}, {Name: "day", Value: in.Day},
		{Name: "lacking", Value: in.Lacking}}
	for _, id := range slices.Sorted(maps.Keys(in.Cells)) {
		if in.Cells[id] != "" {
			out = append(out, ui.Pair{Name: "cell." + id, Value: in.Cells[id]})
		}
	}
	return out
}

// Facts opens the form of an attribute for the members of a branch.
func (s *Site) Facts(c *gin.Context) error {
	var q struct {
		Attribute string `form:"attribute" binding:"runes=100" label:"哪一项"`
		Lacking   string `form:"lacking"`
	}
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	v, err := s.facts(c, &factsForm{Attribute: q.Attribute, Lacking: q.Lacking})
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// facts returns the form of an attribute for the members of a branch, with what was typed.
func (s *Site) facts(c *gin.Context, in *factsForm) (ui.Facts, error) {
	lacking := in.Lacking == "1"
	f, err := s.Members.FactForm(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")), in.Attribute,
		lacking)
	if err != nil {
		return ui.Facts{}, err
	}
	v := ui.Facts{
		Frame: s.frame(c, &around{f.Scheme, f.Branch.Name}), Key: s.key(), Branch: f.Branch.ID, Name: f.Branch.Name,
		Attributes: ui.Options(f.Attributes, in.Attribute), Lacking: lacking, Unrecorded: f.Unrecorded, Day: f.Today,
		Reason: in.Reason, Reasons: in.Reason != "",
	}
	if on := bind.Day(in.Day); on != 0 {
		v.Day = on
	}
	if f.Asked == nil {
		return v, nil
	}
	v.Attribute, v.Unit, v.Kind, v.Choices = f.Asked.Name, f.Asked.Unit, ui.TextField, f.Asked.Options
	switch f.Asked.Type {
	case ruleset.YesNo:
		v.Kind, v.Choices = ui.YesNoField, []string{"是", "否"}
	case ruleset.Options:
		v.Kind = ui.OptionField
	case ruleset.Decimal:
		v.Kind = ui.NumberField
	case ruleset.DayFact:
		v.Kind = ui.DayField
	case ruleset.Named:
		v.Choices, v.Names = nil, f.Asked.Options
	}
	called := map[string]int{}
	for i := range f.People {
		called[f.People[i].Name]++
	}
	for i := range f.People {
		p := &f.People[i]
		line := ui.FactLine{Member: p.ID, Name: p.Name, Now: p.Now, Own: p.Own, Value: in.Cells[string(p.ID)]}
		if called[p.Name] > 1 {
			line.Name += "（" + string(p.ID) + "）"
		}
		if p.Since != 0 {
			line.Since = p.Since.String()
		}
		v.Rows = append(v.Rows, line)
	}
	return v, nil
}

// PostFacts takes the form in: preview first, then record, or back to mend.
func (s *Site) PostFacts(c *gin.Context) error {
	var in factsForm
	bad := bind.Form(c, &in)
	v, err := s.facts(c, &in)
	if err != nil {
		return err
	}
	switch {
	case in.Do == "edit":
		return s.form(c, v, nil)
	case bad != nil:
		err = bad
	case in.Do == "save":
		err = s.saveFacts(c, &v, &in)
	default:
		err = s.previewFacts(c, &v, &in, nil)
	}
	if !fault.Correctable(err) {
		return err
	}
	v.Refusal = ui.Refuse(err)
	for i := range v.Rows {
		v.Rows[i].Wrong = v.Refusal.Fields[string(v.Rows[i].Member)]
	}
	v.Reasons = v.Reasons || v.Refusal.Fields["reason"] != ""
	v.Refusal.Fields = map[string]string{"day": v.Refusal.Fields["day"], "reason": v.Refusal.Fields["reason"]}
	return s.form(c, v, err)
}

// saveFacts records the form and leads back to an empty one.
func (s *Site) saveFacts(c *gin.Context, v *ui.Facts, in *factsForm) error {
	ctx := c.Request.Context()
	r, err := s.Ledger.RecordFacts(ctx, s.Session.Actor(c), in.asked(), in.Key)
	if err != nil && (fault.From(err).Fields["reason"] != "" || fault.CodeOf(err) == fault.Conflict) {
		return s.previewFacts(c, v, in, err)
	}
	if err != nil {
		return err
	}
	words := "“" + in.Attribute + "”登记了 " + strconv.Itoa(r.Recorded) + " 人"
	if r.Same > 0 {
		words += "，" + strconv.Itoa(r.Same) + " 人不变"
	}
	if r.Moved > 0 {
		words += "，" + strconv.Itoa(r.Moved) + " 人的分、等次、类别或预警变了"
	}
	if r.Replay {
		words += "（刚才已经登记过，没有重复登记）"
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.FactsPath(v.Branch))
}

// previewFacts shows what the form would do before it is recorded; refused is why it was not.
func (s *Site) previewFacts(c *gin.Context, v *ui.Facts, in *factsForm, refused error) error {
	f, err := s.Ledger.ForeseeFacts(c.Request.Context(), s.Session.Actor(c), in.asked())
	if err != nil {
		return err
	}
	out := ui.FactsPreview{
		Frame: v.Frame, Key: in.Key, Branch: v.Branch, Name: v.Name, Attribute: in.Attribute, Day: bind.Day(in.Day),
		Posted: append(in.pairs(), ui.Pair{Name: "shown", Value: f.Shown}), Reason: in.Reason,
		Reasons: f.Lacks != nil || in.Reason != "", Refusal: ui.Refuse(refused),
	}
	names := map[domain.MemberID]string{}
	for i := range v.Rows {
		names[v.Rows[i].Member] = v.Rows[i].Name
	}
	for i := range f.Rows {
		r := &f.Rows[i]
		row := ui.FactsRow{Name: r.Name, Value: r.Value, Near: r.Near, Same: r.Same}
		if name := names[r.Member]; name != "" {
			row.Name = name
		}
		for k := range r.Effect {
			row.Effect = append(row.Effect, changeEffect(&r.Effect[k]))
		}
		out.Rows = append(out.Rows, row)
	}
	return s.form(c, out, refused)
}
