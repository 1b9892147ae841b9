package main

import (
	"context"
	"fmt"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
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

// Run previews an import of paper, and does it when told to.
func (k *entriesCommand) Run(c *console) error {
	table, err := k.table(importer.EntryHeader)
	if err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		var read *importer.PaperEntries
		err := h.db.LongRead(ctx, func(v *store.Snapshot) error {
			people, err := k.people(v, actor)
			if err != nil {
				return err
			}
			books, err := h.allSchemes(v, actor.Scope(access.Import), calendar.FromTime(today()))
			if err != nil {
				return err
			}
			read, err = importer.ReadPaperEntries(table, people, books)
			return err
		})
		if err != nil {
			return err
		}
		return k.take(ctx, c, h, actor, read)
	})
}

// take hands the entries to the ledger and says what became of them.
func (k *entriesCommand) take(
	ctx context.Context, c *console, h *house, actor *access.Actor, read *importer.PaperEntries,
) error {
	wrong := &complaints{}
	wrong.read(read.Problems)
	p := entries.Paper{Name: k.Paper}
	for i := range read.Entries {
		e := &read.Entries[i]
		p.Entries = append(p.Entries, entries.EntryInput{Member: e.Member, Item: e.Item, On: e.On, Points: e.Points,
			Fields: e.Fields, Note: e.Note})
	}
	var r entries.ImportReceipt
	if len(p.Entries) > 0 || wrong.rows == 0 {
		var err error
		if r, err = h.entries.Import(ctx, actor, p, !k.Write || wrong.rows > 0); err != nil {
			return answered(err)
		}
	}
	for i, why := range r.Refused {
		wrong.add(why, read.Entries[i].Line)
	}
	return k.finish(c, wrong, read.Notes, fmt.Sprintf("%d 笔", r.Posted))
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
