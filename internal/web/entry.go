package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// fieldPrefix is how the inputs of an item's fields are named.
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
	scope := actor.Scope(access.Record)
	v := ui.Entry{Branch: domain.OrgID(typed("branch")), Item: typed("item"), Note: typed("note"), Last: s.today(), Day: s.today()}
	if on, err := day(typed("day")); err == nil {
		v.Day = on
	}
	if v.Own = by == access.Claim; v.Own {
		scope, v.Branch = actor.Scope(access.SeeOwn), ""
		v.Sketch, v.Follows = typed("sketch"), typed("follows")
	} else if v.Branch == "" {
		v.Branch = s.branchOf(actor)
	}
	err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		below, name := "", ""
		if v.Own {
			m, err := view.Member(scope, actor.Member)
			if err != nil {
				return hidden(err, "您的党员信息")
			}
			below, name = m.Home.Path, m.Home.Name
		}
		if v.Branch != "" {
			branch, err := view.Org(scope, v.Branch)
			if err != nil {
				return hidden(err, "这个支部")
			}
			below, name = branch.Path, branch.Name
		}
		path := below
		if t := scope.Subtrees(); path == "" && len(t) > 0 {
			path = t[0]
		}
		chosen := domain.MemberID(typed("member"))
		if v.Own {
			chosen = actor.Member
		}
		books, err := s.textsOf(view, scope, path, chosen, v.Day)
		if err != nil {
			return err
		}
		v.Frame, v.First = s.frame(c, &around{books[0].Title, name}), books[0].Since
		if v.Members, err = s.offered(view, actor, scope, below, &v, typed("member")); err != nil {
			return err
		}
		offered := anyItem
		if v.Own {
			offered = gives
		}
		v.Blocks = choices(books, v.Item, offered)
		asked(books, &v, typed)
		if m := typed("member"); m != "" && domain.MemberID(m) == actor.Member {
			v.Waits = "别人"
		}
		return nil
	})
	return v, err
}

// textsOf returns the rulebooks by which something is recorded on a day: of a member
// who is chosen those of the branch he was in then, else those of an organisation.
func (s *Site) textsOf(view *store.Snapshot, scope access.Scope, path string, chosen domain.MemberID, on calendar.Day) ([]*ruleset.RuleSet, error) {
	if chosen != "" {
		m, err := view.Member(scope, chosen)
		switch {
		case err == nil:
			if err := view.HomeOn(&m, on); err != nil {
				return nil, err
			}
			path = m.Home.Path
		case fault.CodeOf(err) != fault.NotFound: // a guest, of whom no more is known here
			return nil, err
		}
	}
	return s.Standings.Schemes(view, path, on)
}

// offered are the people of whom something can be recorded: those of the scope at
// or below a path, and the guests of a branch.
func (s *Site) offered(view *store.Snapshot, actor *access.Actor, scope access.Scope, below string, v *ui.Entry, chosen string) ([]ui.Option, error) {
	members, err := view.Members(scope, below)
	if err == nil && v.Branch != "" && !v.Own {
		members, err = s.attending(view, actor, domain.Org{ID: v.Branch, Path: below}, v.Day)
	}
	var out []ui.Option
	for i := range members {
		m := &members[i]
		if m.Left != 0 {
			continue
		}
		words := m.Name + "（" + string(m.ID) + "）"
		if !strings.HasPrefix(m.Home.Path, below) {
			words += "，属" + m.Home.Name
		}
		out = append(out, ui.Option{Value: string(m.ID), Words: words, Chosen: string(m.ID) == chosen, Find: m.Initials})
	}
	return out, err
}

// gives lets what may give points, and what is for the record only: nobody is
// asked to report himself for a deduction.
func gives(it *ruleset.Item) bool { return it.Hi > 0 || it.Block < 0 }

// anyItem lets every item be chosen.
func anyItem(*ruleset.Item) bool { return true }

// choices lists the items that people may record under several schemes, each
// item once: an entry counts in every scheme that has its item.
func choices(books []*ruleset.RuleSet, chosen string, offered func(*ruleset.Item) bool) []ui.Block {
	out := blocks(books[0], chosen, offered)
	for i := range books[1:] {
		more := blocks(books[i+1], chosen, func(it *ruleset.Item) bool {
			return offered(it) && !slices.ContainsFunc(books[:i+1], func(b *ruleset.RuleSet) bool { return b.Item(it.Name) >= 0 })
		})
		for k := range more {
			more[k].Name = books[i+1].Title + "：" + more[k].Name
		}
		out = append(out, more...)
	}
	return out
}

// blocks lists the items that people may record, under their blocks.
func blocks(book *ruleset.RuleSet, chosen string, offered func(*ruleset.Item) bool) []ui.Block {
	var out []ui.Block
	add := func(name string, block int) {
		var b ui.Block
		for i := range book.Items {
			it := &book.Items[i]
			if it.Block == block && it.Auto == nil && len(it.Kinds) == 0 && offered(it) {
				b.Items = append(b.Items, ui.Option{Value: it.Name, Words: it.Name, Chosen: it.Name == chosen})
			}
		}
		if b.Name = name; len(b.Items) > 0 {
			out = append(out, b)
		}
	}
	for i := range book.Blocks {
		add(book.Blocks[i].Name, i)
	}
	add("备查", -1)
	return out
}

// asked fills in what the chosen item needs, by the first scheme that has it.
func asked(books []*ruleset.RuleSet, v *ui.Entry, typed func(string) string) {
	at := slices.IndexFunc(books, func(b *ruleset.RuleSet) bool { return b.Item(v.Item) >= 0 })
	if at < 0 {
		v.Item = ""
		return
	}
	book := books[at]
	it := &book.Items[book.Item(v.Item)]
	if it.Clause >= 0 && book.Clauses[it.Clause].Basis != "" {
		v.Worth = "依据" + book.Clauses[it.Clause].Basis
	}
	if it.Varies() {
		basis := v.Worth
		if v.Worth = strings.Join(book.Ranges(it), "；") + " 分"; basis != "" {
			v.Worth += "，" + basis
		}
	}
	if lo, hi, free := it.Choice(); free {
		v.Chosen = &ui.PointsRange{Low: lo, High: hi, Value: typed("points"), Optional: it.HasFixedCase()}
	}
	for k := range it.Fields {
		f := &it.Fields[k]
		e := ui.EntryField{Name: f.Name, Unit: f.Unit, Value: typed(fieldPrefix + f.Name)}
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
			if f.Unit == "" {
				e.Hint = domain.Points(f.Lo).String() + " 至 " + domain.Points(f.Hi).String()
			}
		}
		v.Fields = append(v.Fields, e)
	}
	if it.Highest {
		v.Fields = append(v.Fields, ui.EntryField{Name: domain.MatterField, Kind: ui.TextField, Optional: true, Value: typed(fieldPrefix + domain.MatterField),
			Hint: "同一件事记了几笔的，各笔写同样的名称，只取最高的一笔；没有就空着"})
	}
}

// Entry takes the form in: preview first, then save, or back to mend.
func (s *Site) Entry(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	d, err := deedOf(c)
	var effect ledger.Effect
	switch what := c.PostForm("do"); {
	case err != nil:
	case what == "edit":
		return s.mendEntry(c, nil, access.Record)
	case what == "save":
		if effect, err = s.Ledger.Post(ctx, actor, d, c.PostForm("key")); err == nil {
			s.Session.Put(ctx, "notice", said(d, effect))
			s.Session.Put(ctx, "undo", undoPath(effect.Entry, effect.Entry, ui.EntryPath(domain.OrgID(c.PostForm("branch")), "")))
			return see(c, ui.EntryPath(domain.OrgID(c.PostForm("branch")), ""))
		}
	default:
		if effect, err = s.Ledger.Preview(ctx, actor, d); err == nil {
			return s.preview(c, d, effect, false)
		}
	}
	if code := fault.CodeOf(err); code != fault.Invalid && code != fault.Conflict && code != fault.Forbidden && code != fault.NotFound {
		return err
	}
	return s.mendEntry(c, err, access.Record)
}

// deedOf reads a deed as the form says it.
func deedOf(c *gin.Context) (ledger.EntryInput, error) {
	on, err := day(c.PostForm("day"))
	d := ledger.EntryInput{
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

// said is the sentence after an entry was kept.
func said(d ledger.EntryInput, e ledger.Effect) string {
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
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnprocessableEntity
	}
	s.render(c, status, v)
	return nil
}

// preview shows what an entry would do before it is kept.
func (s *Site) preview(c *gin.Context, d ledger.EntryInput, e ledger.Effect, own bool) error {
	ctx := c.Request.Context()
	v := ui.EntryPreview{
		Key: c.PostForm("key"), Branch: domain.OrgID(c.PostForm("branch")), Member: d.Member, Item: d.Item, Day: d.On,
		Wanted: e.Wanted, Before: e.Before, After: e.After, Change: e.After - e.Before, Why: e.Note,
		GradeBefore: e.GradeBefore, GradeAfter: e.GradeAfter, Waits: strings.Join(e.Asked, "、"), Same: e.Same, Told: e.Told, Own: own,
	}
	for name, values := range c.Request.PostForm {
		if name != "do" && name != "key" && name != "branch" && len(values) > 0 {
			v.Posted = append(v.Posted, ui.Pair{Name: name, Value: values[0]})
		}
	}
	err := s.DB.Read(ctx, func(view *store.Snapshot) error {
		m, err := view.Member(access.System("of whom it may be recorded, the preview has judged"), d.Member)
		if err != nil {
			return err
		}
		book, err := s.Standings.TextOn(view, &m, d.On, standings.Knows(d.Item))
		if err != nil {
			return err
		}
		v.Frame, v.Name = s.frame(c, &around{book.Title, m.Home.Name}), m.Name
		if i := book.Item(d.Item); i >= 0 {
			it := &book.Items[i]
			for k := range it.Fields {
				if text := d.Fields[it.Fields[k].Name]; text != "" {
					v.Said = append(v.Said, ui.Said{Name: it.Fields[k].Name, Value: text + it.Fields[k].Unit})
				}
			}
			if text := d.Fields[domain.MatterField]; text != "" {
				v.Said = append(v.Said, ui.Said{Name: domain.MatterField, Value: text})
			}
			v.Basis = it.Basis
		}
		if d.Points != "" {
			v.Said = append(v.Said, ui.Said{Name: "分值", Value: d.Points})
		}
		if d.Note != "" {
			v.Said = append(v.Said, ui.Said{Name: "说明", Value: d.Note})
		}
		return nil
	})
	if err != nil {
		return hidden(err, "这名党员")
	}
	s.render(c, http.StatusOK, v)
	return nil
}
