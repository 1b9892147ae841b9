package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

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

// PostBulk takes the form in.
func (s *Site) PostBulk(c *gin.Context) error {
	var in bulkInput
	bad := bind.Form(c, &in)
	v, err := s.bulkForm(c, &in)
	if err != nil {
		return err
	}
	var r entries.BulkReceipt
	if err = bad; err == nil {
		r, err = s.Entries.PostBulk(c.Request.Context(), s.Session.Actor(c),
			entries.BulkEntry{Item: in.Item, On: bind.Day(in.Day), GoOn: v.GoOn, Rows: filled(&v)}, in.Key)
	}
	if fault.Correctable(err) {
		v.Refusal = ui.Refuse(err)
		for i := range v.Rows {
			v.Rows[i].Wrong = v.Refusal.Fields[string(v.Rows[i].Member)]
		}
		v.Refusal.Fields = map[string]string{"day": v.Refusal.Fields["day"]}
		return s.form(c, v, err)
	}
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	s.Session.Put(ctx, "notice", bulkMessage(&v, &r))
	s.Session.Put(ctx, "undo", undoPath(r.First, r.Last, ui.BulkPath(v.Branch)))
	return see(c, ui.BulkPath(v.Branch))
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
