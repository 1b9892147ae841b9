package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// entryRoutes lists the pages and forms of entries, one or many.
func (s *Site) entryRoutes() []route {
	return []route{
		{get, ui.NewEntryPath, access.Record, s.EntryForm},
		{post, ui.EntriesPath, access.Record, s.Entry},
		{post, ui.EntriesPath + "/undo", access.Record, s.UndoEntries},
		{get, ui.EntriesPath + "/:id/reverse", access.Record, s.ReverseForm},
		{post, ui.EntriesPath + "/:id/reverse", access.Record, s.Reverse},
		{get, ui.BranchesPath + "/:id/entries", access.Record, s.BulkForm},
		{post, ui.BranchesPath + "/:id/entries", access.Record, s.PostBulk},
	}
}

// fieldPrefix begins the names of the inputs of an item's fields.
const fieldPrefix = "field."

// entryForm declares an entry, of a member or (申报) of oneself. The address of the
// form begins one, as it is shown anew when more is chosen.
type entryForm struct {
	Do      string            `form:"do" binding:"button=preview save edit draft"`
	Key     string            `form:"key"`
	Branch  domain.OrgID      `form:"branch" binding:"omitempty,org"`
	Member  domain.MemberID   `form:"member" binding:"omitempty,member"`
	Item    string            `form:"item" binding:"runes=100" label:"项目"`
	Day     string            `form:"day" binding:"day"`
	Points  string            `form:"points" binding:"omitempty,points" label:"分值"`
	Fields  map[string]string `form:"field.*" binding:"dive,runes=500"`
	Note    string            `form:"note" binding:"runes=500" label:"说明"`
	Draft   string            `form:"draft"`
	Follows string            `form:"follows"`
}

// entry returns what the form records.
func (f *entryForm) entry() entries.EntryInput {
	return entries.EntryInput{
		Member: f.Member, Item: f.Item, On: bind.Day(f.Day), Points: f.Points, Note: f.Note, Fields: f.Fields,
	}
}

// typed returns what the form holds, by the names of its inputs, but for what is
// about the form itself.
func (f *entryForm) typed() map[string]string {
	out := map[string]string{
		"member": string(f.Member), "item": f.Item, "day": f.Day, "points": f.Points, "note": f.Note, "follows": f.Follows,
	}
	for name, text := range f.Fields {
		out[fieldPrefix+name] = text
	}
	maps.DeleteFunc(out, func(_, text string) bool { return strings.TrimSpace(text) == "" })
	return out
}

// begin fills in what was typed before, where nothing stands yet.
func (f *entryForm) begin(typed map[string]string) {
	for name, text := range map[string]*string{
		"item": &f.Item, "day": &f.Day, "points": &f.Points, "note": &f.Note, "follows": &f.Follows,
	} {
		*text = cmp.Or(*text, typed[name])
	}
	for name, text := range typed {
		if field, ok := strings.CutPrefix(name, fieldPrefix); ok {
			f.Fields[field] = cmp.Or(f.Fields[field], text)
		}
	}
}

// EntryForm asks for member and item, and then for what the item needs.
func (s *Site) EntryForm(c *gin.Context) error {
	var in entryForm
	_ = bind.Query(c, &in) // is judged when it is sent
	v, err := s.entry(c, &in, access.Record)
	if err != nil {
		return err
	}
	v.Key = s.key()
	s.render(c, http.StatusOK, v)
	return nil
}

// entry builds the form from what was chosen or typed so far: to record of the
// members of the scope, or (by access.Claim) to claim for oneself.
func (s *Site) entry(c *gin.Context, typed *entryForm, by access.Permission) (ui.Entry, error) {
	q := s.entryQuery(c, typed, by)
	f, err := s.Entries.Form(c.Request.Context(), s.Session.Actor(c), q)
	if err != nil {
		return ui.Entry{}, err
	}
	return s.entryView(c, &f, &q, typed), nil
}

// entryQuery returns the choices of a form.
func (s *Site) entryQuery(c *gin.Context, typed *entryForm, by access.Permission) entries.FormQuery {
	q := entries.FormQuery{
		Branch: typed.Branch, Member: typed.Member, Item: typed.Item, Day: bind.Day(typed.Day), Own: by == access.Claim,
	}
	switch {
	case q.Own:
		q.Branch = ""
	case q.Branch == "":
		q.Branch = s.branchOf(s.Session.Actor(c))
	}
	return q
}

// entryView fills the form with what may be chosen, and with what was typed.
func (s *Site) entryView(
	c *gin.Context, f *entries.Form, q *entries.FormQuery, typed *entryForm,
) ui.Entry {
	v := ui.Entry{Item: q.Item, Note: typed.Note, Own: q.Own}
	if q.Own {
		v.Draft, v.Follows = typed.Draft, typed.Follows
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
		return v
	}
	v.Worth, v.Fields = f.Asked.Worth, fieldInputs(f.Asked, typed.Fields)
	if k := f.Asked.Choice; k != nil {
		v.Chosen = &ui.PointsRange{Low: k.Low, High: k.High, Value: typed.Points, Optional: k.Optional}
	}
	return v
}

// itemBlocks returns the items of a list under their blocks.
func itemBlocks(groups []entries.ItemGroup, chosen string) (out []ui.Block) {
	for _, g := range groups {
		out = append(out, ui.Block{Name: g.Name, Items: ui.Options(g.Items, chosen)})
	}
	return out
}

// fieldInputs returns the inputs of what an item asks for, with what was typed.
func fieldInputs(a *entries.Asked, typed map[string]string) (out []ui.EntryField) {
	for _, f := range a.Fields {
		e := ui.EntryField{Name: f.Name, Unit: f.Unit, Hint: f.Hint, Optional: f.Optional, Value: typed[f.Name]}
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
	var in entryForm
	err := bind.Form(c, &in)
	d := in.entry()
	var effect entries.Effect
	switch {
	case in.Do == "edit":
		return s.mendEntry(c, &in, nil, access.Record)
	case err != nil:
	case in.Do == "save":
		if effect, err = s.Entries.Post(ctx, actor, d, in.Key); err == nil {
			s.Session.Put(ctx, "notice", entryMessage(d, effect))
			s.Session.Put(ctx, "undo", undoPath(effect.Entry, effect.Entry, ui.EntryPath(in.Branch, "")))
			return see(c, ui.EntryPath(in.Branch, ""))
		}
	default:
		var p entries.Preview
		if p, err = s.Entries.Preview(ctx, actor, d); err == nil {
			return s.preview(c, &in, &p, false)
		}
	}
	if code := fault.CodeOf(err); code != fault.Invalid && code != fault.Conflict && code != fault.Forbidden &&
		code != fault.NotFound {
		return err
	}
	return s.mendEntry(c, &in, err, access.Record)
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
func (s *Site) mendEntry(c *gin.Context, in *entryForm, err error, by access.Permission) error {
	v, again := s.entry(c, in, by)
	if again != nil {
		return again
	}
	v.Key, v.Refusal = in.Key, ui.Refuse(err)
	if fault.CodeOf(err) == fault.Conflict {
		v.Key = s.key()
	}
	fields := map[string]string{}
	for name, wrong := range v.Refusal.Fields { // the rules' words → the inputs' names
		switch {
		case name == "项目":
			fields["item"] = wrong
		case name == "分值":
			fields["points"] = wrong
		case slices.Contains([]string{"member", "item", "day", "points", "note"}, name), strings.HasPrefix(name, fieldPrefix):
			fields[name] = wrong
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
func (s *Site) preview(c *gin.Context, in *entryForm, p *entries.Preview, own bool) error {
	v := ui.EntryPreview{
		Frame: s.frame(c, &around{p.Scheme, p.Place}), Key: in.Key, Branch: in.Branch,
		Member: p.Member, Name: p.Name, Item: in.Item, Day: bind.Day(in.Day), Basis: p.Basis,
		Wanted: p.Wanted, Before: p.Before, After: p.After, Change: p.After - p.Before, Why: p.Note,
		GradeBefore: p.GradeBefore, GradeAfter: p.GradeAfter, Waits: strings.Join(p.Asked, "、"), Same: p.Same,
		ShowsTotals: p.ShowsTotals, Own: own,
	}
	posted := in.typed()
	if in.Draft != "" {
		posted["draft"] = in.Draft
	}
	for _, name := range slices.Sorted(maps.Keys(posted)) {
		v.Posted = append(v.Posted, ui.Pair{Name: name, Value: posted[name]})
	}
	for _, w := range p.Fields {
		v.Fields = append(v.Fields, ui.FieldText{Name: w.Name, Value: w.Text})
	}
	s.render(c, http.StatusOK, v)
	return nil
}
