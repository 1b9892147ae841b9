package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// undoCommand is jifen member undo.
type undoCommand struct {
	aboutMember
	Change string `required:"" placeholder:"编号" help:"登记过的哪一条：写 jifen member show 最后一列的编号，例如 fact.31"`
	Reason string `placeholder:"理由" help:"为什么撤销；自己当天登记的不用写"`
}

// Help shows how it is used.
func (*undoCommand) Help() string {
	return `情况、豁免、转接、转出、参加别的支部的活动都可以撤销，那一条划掉留着，写着谁撤的、为什么。

例子：
  jifen member undo P0007 --db data/jifen.db --change fact.31 --reason 登记错了人 --as jiedao
`
}

// Run takes back one thing that was recorded of a member.
func (k *undoCommand) Run(c *console) error {
	change, err := domain.ParseChangeID(strings.TrimSpace(k.Change))
	if err != nil {
		return misused(fault.New(fault.Invalid, "“%s”不是登记过的一条的编号", fault.Quote(k.Change)).
			WithHint("用 jifen member show 看最后一列，例如 fact.31、affiliation.7"))
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		done, err := h.ledger.ReverseChange(ctx, actor, members.ChangeReversal{Member: k.id(), Change: change,
			Reason: k.Reason}, "")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "撤销了：%s 的 %s%s；经办 %s\n", k.id(), change, effectText(&done), actor.Name)
		return err
	})
}

// effectText says in a few words what a change did to totals and grades, "" for nothing.
func effectText(done *members.Registered) string {
	var b strings.Builder
	for i := range done.Effect {
		e := &done.Effect[i]
		if e.Before.Total != e.After.Total || e.Before.Scored != e.After.Scored {
			fmt.Fprintf(&b, "，%s总分由 %s 变为 %s", e.Period.Label(), outcomeText(e.Before.Scored, e.Before.Total),
				outcomeText(e.After.Scored, e.After.Total))
		}
	}
	return b.String()
}

func outcomeText(scored bool, total domain.Points) string {
	if !scored {
		return "没有"
	}
	return total.String()
}

// renamePersonCommand is jifen member rename.
type renamePersonCommand struct {
	aboutMember
	Name   string `required:"" placeholder:"姓名" help:"对的、现在的姓名，照身份证写"`
	From   string `placeholder:"日期" help:"本人改了名的，写改名的那一天；原来写错了的不写"`
	Reason string `required:"" placeholder:"理由" help:"为什么改"`
}

// Help shows how it is used.
func (*renamePersonCommand) Help() string {
	return `写了 --from，那一天以前的名单照旧写从前的姓名；不写，从前的名单也照对的写。从前的姓名、谁改的、为什么，都查得到。
分不动，身份证号不变；自己的由别人登记。

例子：
  jifen member rename P0007 --db data/jifen.db --name 示例甲 --reason 名册上写错了 --as jiedao
`
}

// Run records another name of a member.
func (k *renamePersonCommand) Run(c *console) error {
	var from calendar.Day
	if k.From != "" {
		var err error
		if from, err = calendar.Parse(k.From); err != nil {
			return misused(err)
		}
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		r := members.Renaming{Member: k.id(), Name: k.Name, From: from, Reason: k.Reason}
		if _, err := h.ledger.Rename(ctx, actor, r, ""); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "登记了：%s 叫“%s”；经办 %s\n", k.id(), strings.TrimSpace(k.Name), actor.Name)
		return err
	})
}
