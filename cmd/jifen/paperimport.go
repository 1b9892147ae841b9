package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

// entriesCommand is jifen import entries.
type entriesCommand struct{ paperwork }

// Help shows how it is used.
func (*entriesCommand) Help() string {
	return `以前记在纸上的，从这里进来：纸上已经定过，不再审批，也不受补录天数限制；每一笔都记着出自哪一份记录。
表头写 党员、项目、日期，要时加 分值、说明，和项目要记的（时长、级别……）。党员写编号，没有重名的也可以写姓名。
有一行不对就一行也不写，哪一行、为什么，都说出来。办法施行以前的日子不记。

例子：
  jifen import entries 台账.xlsx --db data/jifen.db --paper 2025年纸质台账 --as jiedao
  jifen import entries 台账.xlsx --db data/jifen.db --paper 2025年纸质台账 --as jiedao --write
`
}

// The columns that every table of entries may have.
const (
	memberColumn = "党员"
	itemColumn   = "项目"
	dayColumn    = "日期"
	pointsColumn = "分值"
	noteColumn   = "说明"
)

// Run previews an import of paper, and does it when told to.
func (k *entriesCommand) Run(c *console) error {
	table, err := k.table()
	if err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		var people register
		err := h.db.LongRead(ctx, func(v *store.Snapshot) (err error) {
			if people, err = k.people(v, actor); err != nil {
				return err
			}
			return k.columns(h, v, actor, table)
		})
		if err != nil {
			return err
		}
		inputs, lines, wrong := entryInputs(table, people)
		return k.take(ctx, c, h, actor, entries.Paper{Name: k.Paper, Entries: inputs}, lines, wrong)
	})
}

// take hands the inputs to the ledger and says what became of them. lines are those
// of the inputs in the file, wrong what is wrong with other lines.
func (k *entriesCommand) take(ctx context.Context, c *console, h *house, actor *access.Actor, p entries.Paper,
	lines []int, wrong *complaints) error {
	var r entries.ImportReceipt
	if len(p.Entries) > 0 || wrong.rows == 0 {
		var err error
		if r, err = h.entries.Import(ctx, actor, p, !k.Write || wrong.rows > 0); err != nil {
			return answered(err)
		}
	}
	for i, why := range r.Refused {
		wrong.add(why, lines[i])
	}
	return k.finish(c, wrong, fmt.Sprintf("%d 笔", r.Posted))
}

// allSchemes returns the schemes in force on a day in any street of a scope.
func (h *house) allSchemes(v *store.Snapshot, scope access.Scope, on calendar.Day) (books []*ruleset.RuleSet,
	err error) {
	streets, err := v.Orgs(scope, "")
	if err != nil {
		return nil, err
	}
	var none error
	for _, street := range streets {
		if street.Level != domain.Street {
			continue
		}
		some, err := h.standings.Schemes(v, street.Path, on)
		if fault.CodeOf(err) == fault.NotFound {
			none = err
			continue
		}
		if err != nil {
			return nil, err
		}
		books = append(books, some...)
	}
	if len(books) == 0 {
		return nil, none
	}
	return books, nil
}

// columns refuses headings that no item of the rules in force knows.
func (k *entriesCommand) columns(h *house, v *store.Snapshot, by *access.Actor, table *spreadsheet.Table) error {
	for _, must := range []string{memberColumn, itemColumn, dayColumn} {
		if !slices.Contains(table.Header, must) {
			return fault.New(fault.Invalid, "%s 没有“%s”这一列", k.Path, must).WithHint("表头写 党员、项目、日期，要时加 分值、说明，和项目要记的")
		}
	}
	books, err := h.allSchemes(v, by.Scope(access.Import), calendar.FromTime(today()))
	if err != nil {
		return err
	}
	known := []string{memberColumn, itemColumn, dayColumn, pointsColumn, noteColumn, domain.MatterField}
	for _, b := range books {
		for i := range b.Items {
			for _, f := range b.Items[i].Fields {
				known = append(known, f.Name)
			}
		}
	}
	slices.Sort(known)
	for _, heading := range table.Header {
		if !slices.Contains(known, heading) {
			return fault.New(fault.Invalid, "%s 的“%s”这一列，办法里没有项目要记", k.Path, heading).
				WithHint("可写：%s", strings.Join(slices.Compact(known), "、"))
		}
	}
	return nil
}

// entryInputs reads the rows: the entries with their lines, and what is wrong by line.
func entryInputs(table *spreadsheet.Table, people register) (inputs []entries.EntryInput, lines []int,
	wrong *complaints) {
	wrong = &complaints{}
	seen := map[string]int{}
	for _, row := range table.Rows {
		d, err := entryInput(table.Header, row.Cells, people)
		if err != nil {
			wrong.add(fault.From(err).Error(), row.Line)
			continue
		}
		same := fmt.Sprint(d.Member, d.Item, d.On, d.Points, d.Fields)
		if line, twice := seen[same]; twice {
			wrong.add(fmt.Sprintf("和第 %d 行一样（真是两回事，另取一个台账名称再导入）", line), row.Line)
			continue
		}
		seen[same] = row.Line
		inputs, lines = append(inputs, d), append(lines, row.Line)
	}
	return inputs, lines, wrong
}

func entryInput(header, cells []string, people register) (d entries.EntryInput, err error) {
	d.Fields = map[string]string{}
	for i, heading := range header {
		text := cells[i]
		switch heading {
		case memberColumn:
			if d.Member, err = people.member(text); err != nil {
				return d, err
			}
		case itemColumn:
			d.Item = text
		case dayColumn:
			if d.On, err = calendar.Parse(text); err != nil {
				return d, err
			}
		case pointsColumn:
			d.Points = text
		case noteColumn:
			d.Note = text
		default:
			if text != "" {
				d.Fields[heading] = text
			}
		}
	}
	return d, nil
}
