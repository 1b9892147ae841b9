package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/orgs"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// listCommand is jifen org list.
type listCommand struct{ acting }

// Help shows how it is used.
func (*listCommand) Help() string {
	return `从街道往下，一行一个：名称、级别、支部的类型、现在有几名党员。

例子：
  jifen org list --db data/jifen.db --as jiedao
`
}

// Run lists the organisations.
func (k *listCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		tree, err := h.orgs.Tree(ctx, by)
		if err != nil {
			return err
		}
		rows := [][]string{{"组织", "级别", "类型", "党员"}}
		for i := range tree {
			o := &tree[i]
			row := []string{strings.Repeat("  ", o.Depth) + o.Name, o.Level.String(), string(o.Kind), ""}
			switch {
			case o.Closed != 0:
				row[3] = o.Closed.String() + " 撤销"
			case o.Level == domain.Branch:
				row[3] = strconv.Itoa(o.Members)
			}
			rows = append(rows, row)
		}
		var b strings.Builder
		writeGrid(&b, rows)
		_, err = io.WriteString(c.out, b.String())
		return err
	})
}

// foundCommand is jifen org add.
type foundCommand struct {
	acting
	Parent string `required:"" placeholder:"组织" help:"设在哪个组织之下：社区设在街道之下，支部设在社区之下；有区的，街道设在区之下，由系统管理员设"`
	Name   string `required:"" placeholder:"名称" help:"新组织的全名，1 到 50 个字"`
	Kind   string `placeholder:"类型" help:"支部的类型，例如 社区、两新、市场；不写就是 社区；设社区不写"`
	Sure   bool   `help:"名称和已有的、以前的差不多，确实是另一个"`
}

// Help shows how it is used.
func (*foundCommand) Help() string {
	return `同一个组织之下不能有同名的。写错了名称用 jifen org rename 改。

例子：
  jifen org add --db data/jifen.db --as jiedao --parent 示例街道 --name 幸福社区
  jifen org add --db data/jifen.db --as jiedao --parent 幸福社区 --name 幸福街第九党支部 --kind 两新
`
}

// Run adds an organisation.
func (k *foundCommand) Run(c *console) error {
	if strings.TrimSpace(k.Parent) == "" {
		return misused(fault.New(fault.Invalid, "设在哪个组织之下是空的").WithHint("写街道或社区的全名"))
	}
	if _, err := orgs.ParseName(k.Name); err != nil {
		return misused(err)
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		up, err := h.managedOrg(ctx, by, strings.TrimSpace(k.Parent))
		if err != nil {
			return err
		}
		made, err := h.orgs.Create(ctx, by, orgs.Creation{
			Parent: up.ID, Name: k.Name, Kind: domain.BranchKind(strings.TrimSpace(k.Kind)), Sure: k.Sure,
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "设了%s“%s”，在“%s”之下\n", made.Level, made.Name, up.Name)
		return err
	})
}

// orgStep names what the commands take that change an organisation.
type orgStep struct {
	acting
	Org  string `required:"" placeholder:"组织" help:"哪个组织"`
	From string `required:"" placeholder:"日期" help:"从哪一天起，例如 2026-05-01；写批准的那一天"`
}

// change makes a step and says what was done.
func (k *orgStep) change(c *console, kind domain.OrgChangeKind, name string, sure bool) error {
	from, err := calendar.Parse(k.From)
	if err != nil {
		return misused(err)
	}
	if strings.TrimSpace(k.Org) == "" {
		return misused(fault.New(fault.Invalid, "哪个组织是空的").WithHint("写社区或支部的全名"))
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		was, err := h.managedOrg(ctx, by, strings.TrimSpace(k.Org))
		if err != nil {
			return err
		}
		now, err := h.orgs.Change(ctx, by, domain.OrgChange{Org: was.ID, Kind: kind, Name: name, From: from, Sure: sure})
		if err != nil {
			return err
		}
		words := fmt.Sprintf("“%s”自 %s 起%s", was.Name, from, kind)
		if kind == domain.OrgRenamed {
			words = fmt.Sprintf("“%s”自 %s 起叫“%s”", was.Name, from, now.Name)
		}
		_, err = fmt.Fprintln(c.out, words)
		return err
	})
}

// renameCommand is jifen org rename.
type renameCommand struct {
	orgStep
	Name string `required:"" placeholder:"名称" help:"新的全名，1 到 50 个字"`
	Sure bool   `help:"名称和已有的、以前的差不多，确实是另一个"`
}

// Help shows how it is used.
func (*renameCommand) Help() string {
	return `记录、党员、帐号都不动，各处显示新的名称；从前叫什么，在网站“组织”一页看。

例子：
  jifen org rename --db data/jifen.db --as jiedao --org 幸福街第九党支部 --name 幸福里党支部 --from 2026-05-01
`
}

// Run gives an organisation another name.
func (k *renameCommand) Run(c *console) error {
	if _, err := orgs.ParseName(k.Name); err != nil {
		return misused(err)
	}
	return k.change(c, domain.OrgRenamed, k.Name, k.Sure)
}

// closeOrgCommand is jifen org close.
type closeOrgCommand struct{ orgStep }

// Help shows how it is used.
func (*closeOrgCommand) Help() string {
	return `先把党员的组织关系转到别的支部。从前的记录、名单都还在；撤销错了，用 jifen org reopen 恢复。

例子：
  jifen org close --db data/jifen.db --as jiedao --org 幸福街第九党支部 --from 2026-05-01
`
}

// Run closes an organisation.
func (k *closeOrgCommand) Run(c *console) error { return k.change(c, domain.OrgClosed, "", false) }

// reopenOrgCommand is jifen org reopen.
type reopenOrgCommand struct{ orgStep }

// Help shows how it is used.
func (*reopenOrgCommand) Help() string {
	return `例子：
  jifen org reopen --db data/jifen.db --as jiedao --org 幸福街第九党支部 --from 2026-05-01
`
}

// Run opens a closed organisation again.
func (k *reopenOrgCommand) Run(c *console) error { return k.change(c, domain.OrgReopened, "", false) }
