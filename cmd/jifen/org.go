package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/store"
)

// listCommand is jifen org list.
type listCommand struct{ database }

// Help shows how it is used.
func (*listCommand) Help() string {
	return `从街道往下，一行一个：名称、级别、支部的类型、现在有几名党员。

例子：
  jifen org list --db data/jifen.db
`
}

// Run lists the organisations.
func (k *listCommand) Run(c *console) error {
	return k.with(func(ctx context.Context, h *house) error {
		rows := [][]string{{"组织", "级别", "类型", "党员"}}
		err := h.db.Read(ctx, func(v *store.View) error {
			orgs, err := v.Orgs(atConsole(), "")
			if err != nil {
				return err
			}
			members, err := v.Members(atConsole(), "")
			if err != nil {
				return err
			}
			at := map[party.OrgID]int{}
			for i := range members {
				if members[i].Left == 0 {
					at[members[i].Home.ID]++
				}
			}
			for _, o := range orgs {
				row := []string{strings.Repeat("  ", int(party.Street-o.Level)) + o.Name, o.Level.String(), string(o.Kind), ""}
				if o.Level == party.Branch {
					row[3] = strconv.Itoa(at[o.ID])
				}
				rows = append(rows, row)
			}
			return nil
		})
		if err != nil {
			return err
		}
		var b strings.Builder
		writeGrid(&b, rows)
		_, err = io.WriteString(c.out, b.String())
		return err
	})
}

// foundCommand is jifen org add.
type foundCommand struct {
	database
	Parent string `required:"" placeholder:"组织" help:"设在哪个组织之下：社区设在街道之下，支部设在社区之下"`
	Name   string `required:"" placeholder:"名称" help:"新组织的全名，1 到 50 个字"`
	Kind   string `placeholder:"类型" help:"支部的类型，例如 社区、两新、市场；不写就是 社区；设社区不写"`
}

// Help shows how it is used.
func (*foundCommand) Help() string {
	return `设了就不能改名、不能删：先看清楚。同一个组织之下不能有同名的。

例子：
  jifen org add --db data/jifen.db --parent 示例街道 --name 幸福社区
  jifen org add --db data/jifen.db --parent 幸福社区 --name 幸福街第九党支部 --kind 两新
`
}

// Run adds an organisation.
func (k *foundCommand) Run(c *console) error {
	o, err := k.org()
	if err != nil {
		return misused(err)
	}
	return k.with(func(ctx context.Context, h *house) error {
		var up store.Org
		err := h.db.Exclusive(ctx, func(tx *store.Tx) (err error) {
			if up, err = findOrg(&tx.View, strings.TrimSpace(k.Parent)); err != nil {
				return err
			}
			switch {
			case up.Level == party.Branch:
				return fault.New(fault.Invalid, "“%s”是支部，之下不再设组织", up.Name).WithHint("写它所在的社区")
			case up.Level == party.Street && o.Kind != "":
				return fault.New(fault.Invalid, "设在“%s”之下的是社区，没有类型", up.Name).WithHint("去掉 --kind；要设支部，--parent 写社区")
			case up.Level == party.Community && o.Kind == "":
				o.Kind = "社区"
			}
			o.Parent, o.Level = up.ID, up.Level-1
			made, err := tx.InsertOrg(o)
			if err != nil {
				return err
			}
			return audit.Record(tx, nil, audit.MadeOrg, audit.What{Org: made.ID, Detail: made.Name})
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "设了%s“%s”，在“%s”之下\n", o.Level, o.Name, up.Name)
		return err
	})
}

// org checks what stands in the flags alone.
func (k *foundCommand) org() (o store.Org, err error) {
	if strings.TrimSpace(k.Parent) == "" {
		return o, fault.New(fault.Invalid, "设在哪个组织之下是空的").WithHint("写街道或社区的全名")
	}
	if o.Name, err = orgName(k.Name); err != nil {
		return o, err
	}
	if utf8.RuneCountInString(o.Name) > 50 {
		return o, fault.New(fault.Invalid, "组织的名称太长").WithHint("最多 50 字")
	}
	o.Kind = party.BranchKind(strings.TrimSpace(k.Kind))
	if o.Kind != "" && !slices.Contains(party.BranchKinds(), o.Kind) {
		var kinds []string
		for _, kind := range party.BranchKinds() {
			kinds = append(kinds, string(kind))
		}
		return o, fault.New(fault.Invalid, "没有“%s”这一类支部", o.Kind).WithHint("可写：%s", strings.Join(kinds, "、"))
	}
	return o, nil
}
