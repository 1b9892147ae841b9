package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// bulkInput declares one item recorded of many members. What stands in the cells of
// a row is judged by the rules, row by row.
type bulkInput struct {
	Item   string            `form:"item" binding:"runes=100" label:"项目"`
	Day    string            `form:"day" binding:"day"`
	Ticked []string          `form:"tick" binding:"dive,runes=100" label:"勾选的编号"`
	Cells  map[string]string `form:"cell.*"`
	GoOn   string            `form:"goon"`
	Key    string            `form:"key"`
	Do     string            `form:"do" binding:"button=preview save edit"`
}

// pairs returns what was typed, to be posted again behind the preview.
func (in *bulkInput) pairs() []ui.Pair {
	out := []ui.Pair{{Name: "item", Value: in.Item}, {Name: "day", Value: in.Day}, {Name: "goon", Value: in.GoOn}}
	for _, id := range in.Ticked {
		out = append(out, ui.Pair{Name: "tick", Value: id})
	}
	for _, cell := range slices.Sorted(maps.Keys(in.Cells)) {
		if in.Cells[cell] != "" {
			out = append(out, ui.Pair{Name: "cell." + cell, Value: in.Cells[cell]})
		}
	}
	return out
}

// BulkForm opens the form of an item for the members of a branch.
func (s *Site) BulkForm(c *gin.Context) error {
	var q struct {
		Item string `form:"item" binding:"runes=100" label:"项目"`
	}
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	v, err := s.bulkForm(c, &bulkInput{Item: q.Item})
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// pointsColumn is the column of points that a person chooses.
const pointsColumn = "分值"

// bulkForm returns the form of an item for the members of a branch, with what was typed.
func (s *Site) bulkForm(c *gin.Context, in *bulkInput) (ui.BulkEntry, error) {
	f, err := s.Entries.BulkForm(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")), in.Item)
	if err != nil {
		return ui.BulkEntry{}, err
	}
	v := ui.BulkEntry{
		Frame: s.frame(c, &around{f.Scheme, f.Branch.Name}), Key: s.key(), Branch: f.Branch.ID, Name: f.Branch.Name,
		Blocks: itemBlocks(f.Items, in.Item), Day: f.Last, First: f.First, Last: f.Last, GoOn: in.GoOn == "1",
	}
	if on := bind.Day(in.Day); on != 0 {
		v.Day = on
	}
	if f.Asked == nil {
		return v, nil
	}
	v.Item, v.Columns = in.Item, bulkColumns(f.Asked)
	for k := range f.People {
		id := f.People[k].ID
		line := ui.BulkLine{Member: id, Name: f.People[k].Name, Ticked: slices.Contains(in.Ticked, string(id))}
		for n := range v.Columns {
			line.Values = append(line.Values, in.Cells[strconv.Itoa(n)+"."+string(id)])
		}
		v.Rows = append(v.Rows, line)
	}
	return v, nil
}

// bulkColumns returns a column for each input of the single entry's form.
func bulkColumns(a *entries.Asked) (out []ui.BulkColumn) {
	for _, f := range fieldInputs(a, nil) {
		col := ui.BulkColumn{Name: f.Name, Hint: f.Unit, Kind: f.Kind, Options: f.Options}
		if f.Kind == ui.YesNoField {
			col.Options = ui.Options([]string{"是", "否"}, "")
		}
		if col.Hint == "" && f.Kind == ui.NumberField {
			col.Hint = f.Hint
		}
		out = append(out, col)
	}
	if k := a.Choice; k != nil {
		out = append(out, ui.BulkColumn{Name: pointsColumn, Hint: k.Low.String() + " 至 " + k.High.String(),
			Kind: ui.NumberField})
	}
	return out
}

// PostBulk takes the form in: preview first, then save, or back to mend.
func (s *Site) PostBulk(c *gin.Context) error {
	var in bulkInput
	bad := bind.Form(c, &in)
	v, err := s.bulkForm(c, &in)
	if err != nil {
		return err
	}
	b := entries.BulkEntry{Item: in.Item, On: bind.Day(in.Day), GoOn: v.GoOn, Rows: filled(&v)}
	switch {
	case in.Do == "edit":
		return s.form(c, v, nil)
	case bad != nil:
		err = bad
	case in.Do == "save":
		err = s.saveBulk(c, &v, b, in.Key)
	default:
		err = s.previewBulk(c, &v, b, &in)
	}
	if !fault.Correctable(err) {
		return err
	}
	v.Refusal = ui.Refuse(err)
	for i := range v.Rows {
		v.Rows[i].Wrong = v.Refusal.Fields[string(v.Rows[i].Member)]
	}
	v.Refusal.Fields = map[string]string{"day": v.Refusal.Fields["day"]}
	return s.form(c, v, err)
}

// saveBulk records the form and leads back to an empty one.
func (s *Site) saveBulk(c *gin.Context, v *ui.BulkEntry, b entries.BulkEntry, key string) error {
	ctx := c.Request.Context()
	r, err := s.Entries.PostBulk(ctx, s.Session.Actor(c), b, key)
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", bulkMessage(v, &r))
	s.Session.Put(ctx, "undo", undoPath(r.First, r.Last, ui.BulkPath(v.Branch)))
	return see(c, ui.BulkPath(v.Branch))
}

// previewBulk shows what the form would do before it is recorded.
func (s *Site) previewBulk(c *gin.Context, v *ui.BulkEntry, b entries.BulkEntry, in *bulkInput) error {
	p, err := s.Entries.PreviewBulk(c.Request.Context(), s.Session.Actor(c), b)
	if err != nil {
		return err
	}
	out := ui.BulkPreview{
		Frame: v.Frame, Key: in.Key, Branch: v.Branch, Name: v.Name, Item: b.Item, Day: b.On, Basis: p.Basis,
		Posted: in.pairs(),
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		row := ui.BulkEffect{
			Name: r.Name, ShowsTotals: r.ShowsTotals, Wanted: r.Wanted, Change: r.After - r.Before, Before: r.Before,
			After: r.After, GradeBefore: r.GradeBefore, GradeAfter: r.GradeAfter, Why: r.Note, Same: r.Same,
			Waits: strings.Join(r.Asked, "、"),
		}
		for _, f := range r.Fields {
			row.Fields = append(row.Fields, ui.FieldText{Name: f.Name, Value: f.Text})
		}
		out.Rows = append(out.Rows, row)
	}
	for i := range v.Rows {
		if why := p.Refused[v.Rows[i].Member]; why != "" {
			out.Refused = append(out.Refused, ui.FieldText{Name: v.Rows[i].Name, Value: why})
		}
	}
	s.render(c, http.StatusOK, out)
	return nil
}

// filled returns the rows in which something stands.
func filled(v *ui.BulkEntry) (out []entries.BulkRow) {
	for i := range v.Rows {
		line := &v.Rows[i]
		row := entries.BulkRow{Member: line.Member, Fields: map[string]string{}}
		any := line.Ticked && v.Tick()
		for k, value := range line.Values {
			if value == "" {
				continue
			}
			any = true
			if v.Columns[k].Name == pointsColumn {
				row.Points = value
			} else {
				row.Fields[v.Columns[k].Name] = value
			}
		}
		if any {
			out = append(out, row)
		}
	}
	return out
}

// bulkMessage returns the sentence after the form was recorded.
func bulkMessage(v *ui.BulkEntry, r *entries.BulkReceipt) string {
	words := "“" + v.Item + "”记了 " + strconv.Itoa(r.Posted) + " 人"
	if r.Waiting > 0 {
		words += "，" + strconv.Itoa(r.Waiting) + " 人待确认"
	}
	if r.Replay {
		words += "（刚才已经记过，没有重复记）"
	}
	names := map[domain.MemberID]string{}
	for i := range v.Rows {
		names[v.Rows[i].Member] = v.Rows[i].Name
	}
	for _, id := range slices.Sorted(maps.Keys(r.Refused)) {
		words += "。" + names[id] + "没有记：" + r.Refused[id]
	}
	return words
}
