package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/web/ui"
)

// fieldPrefix begins the names of the inputs of an item's fields.
const fieldPrefix = "field."

// EntryForm asks for member and item, and then for what the item needs.
func (s *Site) EntryForm(c *gin.Context) error {
	v, err := s.entry(c, c.Query, access.Record)
	if err != nil {
		return err
	}
	v.Key = s.key()
	s.render(c, http.StatusOK, v)
	return nil
}

// entry builds the form from what was chosen or typed so far: to record of the
// members of the scope, or (by access.Claim) to claim for oneself.
func (s *Site) entry(c *gin.Context, typed func(string) string, by access.Permission) (ui.Entry, error) {
	actor := s.Session.Actor(c)
	q := entries.FormQuery{
		Branch: domain.OrgID(typed("branch")), Member: domain.MemberID(typed("member")), Item: typed("item"),
		Own: by == access.Claim,
	}
	if on, err := day(typed("day")); err == nil {
		q.Day = on
	}
	v := ui.Entry{Item: typed("item"), Note: typed("note"), Own: q.Own}
	switch {
	case q.Own:
		q.Branch, v.Draft, v.Follows = "", typed("draft"), typed("follows")
	case q.Branch == "":
		q.Branch = s.branchOf(actor)
	}
	f, err := s.Entries.Form(c.Request.Context(), actor, q)
	if err != nil {
		return v, err
	}
	v.Frame, v.Branch, v.First, v.Last, v.Day = s.frame(c, &around{f.Scheme, f.Place}), q.Branch, f.First, f.Last, f.Day
	if f.Confirmed {
		v.Waits = "别人"
	}
	for i := range f.People {
		p := &f.People[i]
		words := p.Name + "（" + string(p.ID) + "）"
		if p.Home != "" {
			words += "，属" + p.Home
		}
		v.Members = append(v.Members, ui.Option{Value: string(p.ID), Words: words, Chosen: p.ID == q.Member,
			Find: p.Initials})
	}
	v.Blocks = itemBlocks(f.Items, v.Item)
	if f.Asked == nil {
		v.Item = ""
		return v, nil
	}
	v.Worth, v.Fields = f.Asked.Worth, fieldInputs(f.Asked, typed)
	if k := f.Asked.Choice; k != nil {
		v.Chosen = &ui.PointsRange{Low: k.Low, High: k.High, Value: typed("points"), Optional: k.Optional}
	}
	return v, nil
}

// itemBlocks returns the items of a list under their blocks.
func itemBlocks(groups []entries.ItemGroup, chosen string) (out []ui.Block) {
	for _, g := range groups {
		out = append(out, ui.Block{Name: g.Name, Items: ui.Options(g.Items, chosen)})
	}
	return out
}

// fieldInputs returns the inputs of what an item asks for, with what was typed.
func fieldInputs(a *entries.Asked, typed func(string) string) (out []ui.EntryField) {
	for _, f := range a.Fields {
		e := ui.EntryField{Name: f.Name, Unit: f.Unit, Hint: f.Hint, Optional: f.Optional, Value: typed(fieldPrefix + f.Name)}
		switch f.Type {
		case ruleset.YesNo:
			e.Kind = ui.YesNoField
		case ruleset.Options:
			e.Kind, e.Options = ui.OptionField, ui.Options(f.Options, e.Value)
		case ruleset.DayFact:
			e.Kind = ui.DayField
		case ruleset.Text:
			e.Kind = ui.TextField
		default:
			e.Kind = ui.NumberField
		}
		out = append(out, e)
	}
	return out
}

// Entry takes the form in: preview first, then save, or back to mend.
func (s *Site) Entry(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	d, err := entryInput(c)
	var effect entries.Effect
	switch what := c.PostForm("do"); {
	case err != nil:
	case what == "edit":
		return s.mendEntry(c, nil, access.Record)
	case what == "save":
		if effect, err = s.Entries.Post(ctx, actor, d, c.PostForm("key")); err == nil {
			s.Session.Put(ctx, "notice", entryMessage(d, effect))
			s.Session.Put(ctx, "undo", undoPath(effect.Entry, effect.Entry,
				ui.EntryPath(domain.OrgID(c.PostForm("branch")), "")))
			return see(c, ui.EntryPath(domain.OrgID(c.PostForm("branch")), ""))
		}
	default:
		var p entries.Preview
		if p, err = s.Entries.Preview(ctx, actor, d); err == nil {
			return s.preview(c, d, &p, false)
		}
	}
	if code := fault.CodeOf(err); code != fault.Invalid && code != fault.Conflict && code != fault.Forbidden &&
		code != fault.NotFound {
		return err
	}
	return s.mendEntry(c, err, access.Record)
}

// entryInput reads an entry as the form has it.
func entryInput(c *gin.Context) (entries.EntryInput, error) {
	on, err := day(c.PostForm("day"))
	d := entries.EntryInput{
		Member: domain.MemberID(c.PostForm("member")), Item: c.PostForm("item"), On: on,
		Points: c.PostForm("points"), Note: c.PostForm("note"), Fields: map[string]string{},
	}
	for name, values := range c.Request.PostForm {
		if field, ok := strings.CutPrefix(name, fieldPrefix); ok && len(values) > 0 {
			d.Fields[field] = values[0]
		}
	}
	return d, err
}

// entryMessage returns the sentence after an entry was recorded.
func entryMessage(d entries.EntryInput, e entries.Effect) string {
	switch {
	case e.Replay:
		return "这一笔刚才已经记过，没有重复记"
	case e.Waiting:
		return e.Name + "的“" + d.Item + "”记下了，等" + strings.Join(e.Asked, "、") + "同意后计分"
	default:
		return e.Name + "的“" + d.Item + "”记下了，" + e.Granted.Signed() + " 分，总分 " + e.After.String()
	}
}

// mendEntry shows the form again with what was typed and what is wrong.
func (s *Site) mendEntry(c *gin.Context, err error, by access.Permission) error {
	v, again := s.entry(c, c.PostForm, by)
	if again != nil {
		return again
	}
	v.Key, v.Refusal = c.PostForm("key"), ui.Refuse(err)
	if fault.CodeOf(err) == fault.Conflict {
		v.Key = s.key()
	}
	fields := map[string]string{}
	for name, wrong := range v.Refusal.Fields { // the rules' words → the inputs' names
		switch name {
		case "项目":
			fields["item"] = wrong
		case "分值":
			fields["points"] = wrong
		default:
			fields[fieldPrefix+name] = wrong
		}
	}
	if fault.CodeOf(err) == fault.NotFound && len(fields) == 0 {
		fields["member"] = v.Refusal.Message
	}
	v.Refusal.Fields = fields
	return s.form(c, v, err)
}

// preview shows what an entry would do before it is kept.
func (s *Site) preview(c *gin.Context, d entries.EntryInput, p *entries.Preview, own bool) error {
	v := ui.EntryPreview{
		Frame: s.frame(c, &around{p.Scheme, p.Place}), Key: c.PostForm("key"), Branch: domain.OrgID(c.PostForm("branch")),
		Member: p.Member, Name: p.Name, Item: d.Item, Day: d.On, Basis: p.Basis,
		Wanted: p.Wanted, Before: p.Before, After: p.After, Change: p.After - p.Before, Why: p.Note,
		GradeBefore: p.GradeBefore, GradeAfter: p.GradeAfter, Waits: strings.Join(p.Asked, "、"), Same: p.Same,
		ShowsTotals: p.ShowsTotals, Own: own,
	}
	for name, values := range c.Request.PostForm {
		if name != "do" && name != "key" && name != "branch" && len(values) > 0 {
			v.Posted = append(v.Posted, ui.Pair{Name: name, Value: values[0]})
		}
	}
	for _, w := range p.Fields {
		v.Fields = append(v.Fields, ui.FieldText{Name: w.Name, Value: w.Text})
	}
	s.render(c, http.StatusOK, v)
	return nil
}
