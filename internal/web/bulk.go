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
	"jifen/internal/web/ui"
)

// BulkForm opens the form of an item for the members of a branch.
func (s *Site) BulkForm(c *gin.Context) error {
	v, err := s.bulkForm(c, c.Query("item"))
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// pointsColumn is the column of points that a person chooses.
const pointsColumn = "分值"

// bulkForm returns the form of an item for the members of a branch, with what was typed.
func (s *Site) bulkForm(c *gin.Context, item string) (ui.BulkEntry, error) {
	f, err := s.Entries.BulkForm(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")), item)
	if err != nil {
		return ui.BulkEntry{}, err
	}
	v := ui.BulkEntry{
		Frame: s.frame(c, &around{f.Scheme, f.Branch.Name}), Key: s.key(), Branch: f.Branch.ID, Name: f.Branch.Name,
		Blocks: itemBlocks(f.Items, item), Day: f.Last, First: f.First, Last: f.Last, GoOn: c.PostForm("goon") == "1",
	}
	if on, err := day(c.PostForm("day")); err == nil {
		v.Day = on
	}
	if f.Asked == nil {
		return v, nil
	}
	v.Item, v.Columns = item, bulkColumns(f.Asked)
	ticked := c.PostFormArray("tick")
	for k := range f.People {
		id := f.People[k].ID
		line := ui.BulkLine{Member: id, Name: f.People[k].Name, Ticked: slices.Contains(ticked, string(id))}
		for n := range v.Columns {
			line.Values = append(line.Values, c.PostForm(cell(n, id)))
		}
		v.Rows = append(v.Rows, line)
	}
	return v, nil
}

// cell returns the name of a row's input in a column.
func cell(column int, member domain.MemberID) string {
	return "cell." + strconv.Itoa(column) + "." + string(member)
}

// bulkColumns returns a column for each input of the single entry's form.
func bulkColumns(a *entries.Asked) (out []ui.BulkColumn) {
	for _, f := range fieldInputs(a, func(string) string { return "" }) {
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
	v, err := s.bulkForm(c, c.PostForm("item"))
	if err != nil {
		return err
	}
	on, err := day(c.PostForm("day"))
	var r entries.BulkReceipt
	if err == nil {
		r, err = s.Entries.PostBulk(c.Request.Context(), s.Session.Actor(c),
			entries.BulkEntry{Item: c.PostForm("item"), On: on, GoOn: v.GoOn, Rows: filled(&v)}, c.PostForm("key"))
	}
	if fault.Correctable(err) {
		v.Refusal = ui.Refuse(err)
		for i := range v.Rows {
			v.Rows[i].Wrong = v.Refusal.Fields[string(v.Rows[i].Member)]
		}
		v.Refusal.Fields = nil
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
