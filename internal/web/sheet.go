package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// SheetForm opens a sheet for an item.
func (s *Site) SheetForm(c *gin.Context) error {
	v, err := s.itemSheet(c, c.Query("item"))
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// pointsColumn is the column of points that a person chooses.
const pointsColumn = "分值"

// itemSheet is a branch's sheet for an item, with what was typed.
func (s *Site) itemSheet(c *gin.Context, item string) (ui.Sheet, error) {
	branch, _, err := s.branch(c, access.Record)
	if err != nil {
		return ui.Sheet{}, err
	}
	actor := s.Session.Actor(c)
	v := ui.Sheet{Key: s.key(), Branch: branch.ID, Name: branch.Name, Item: item, Day: s.today(), Last: s.today(), GoOn: c.PostForm("goon") == "1"}
	if on, err := day(c.PostForm("day")); err == nil {
		v.Day = on
	}
	err = s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		books, err := s.Standings.Schemes(view, branch.Path, s.today())
		if err != nil {
			return err
		}
		v.Frame, v.First = s.frame(c, &around{books[0].Title, branch.Name}), books[0].From
		v.Blocks = choices(books, item, anyItem)
		if !slices.ContainsFunc(books, func(b *ruleset.RuleSet) bool { return b.Item(item) >= 0 }) {
			v.Item = ""
			return nil
		}
		v.Columns = sheetColumns(books, item)
		people, err := s.attending(view, actor, branch, s.today())
		ticked := c.PostFormArray("tick")
		for k := range people {
			line := ui.SheetLine{Member: people[k].ID, Name: people[k].Name, Ticked: slices.Contains(ticked, string(people[k].ID))}
			for n := range v.Columns {
				line.Values = append(line.Values, c.PostForm(cell(n, people[k].ID)))
			}
			v.Rows = append(v.Rows, line)
		}
		return err
	})
	return v, err
}

// cell is the name of a row's input in a column.
func cell(column int, member domain.MemberID) string {
	return "cell." + strconv.Itoa(column) + "." + string(member)
}

// sheetColumns are what an item asks for, as the single entry's form does.
func sheetColumns(books []*ruleset.RuleSet, item string) (out []ui.SheetColumn) {
	v := ui.Entry{Item: item}
	asked(books, &v, func(string) string { return "" })
	for _, f := range v.Fields {
		col := ui.SheetColumn{Name: f.Name, Hint: f.Unit, Kind: f.Kind, Options: f.Options}
		if f.Kind == ui.YesNoField {
			col.Options = ui.Options([]string{"是", "否"}, "")
		}
		if col.Hint == "" && f.Kind == ui.NumberField {
			col.Hint = f.Hint
		}
		out = append(out, col)
	}
	if v.Chosen != nil {
		out = append(out, ui.SheetColumn{Name: pointsColumn, Hint: v.Chosen.Low.String() + " 至 " + v.Chosen.High.String(), Kind: ui.NumberField})
	}
	return out
}

// Sheet takes a sheet in.
func (s *Site) Sheet(c *gin.Context) error {
	v, err := s.itemSheet(c, c.PostForm("item"))
	if err != nil {
		return err
	}
	on, err := day(c.PostForm("day"))
	var r ledger.SheetReceipt
	if err == nil {
		r, err = s.Ledger.PostSheet(c.Request.Context(), s.Session.Actor(c), ledger.Sheet{Item: c.PostForm("item"), On: on, GoOn: v.GoOn, Rows: filled(&v)}, c.PostForm("key"))
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Forbidden, fault.Conflict, fault.TooMany:
		v.Refusal = ui.Refuse(err)
		for i := range v.Rows {
			v.Rows[i].Wrong = v.Refusal.Fields[string(v.Rows[i].Member)]
		}
		v.Refusal.Fields = nil
		s.render(c, http.StatusUnprocessableEntity, v)
		return nil
	}
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	s.Session.Put(ctx, "notice", sheetWords(&v, &r))
	s.Session.Put(ctx, "undo", undoPath(r.First, r.Last, ui.SheetPath(v.Branch)))
	return see(c, ui.SheetPath(v.Branch))
}

// filled are the rows in which something stands.
func filled(v *ui.Sheet) (out []ledger.SheetRow) {
	for i := range v.Rows {
		line := &v.Rows[i]
		row := ledger.SheetRow{Member: line.Member, Fields: map[string]string{}}
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

func sheetWords(v *ui.Sheet, r *ledger.SheetReceipt) string {
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
