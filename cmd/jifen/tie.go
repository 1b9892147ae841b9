package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/fault"
)

// tieCommand is jifen member tie.
type tieCommand struct {
	dated
	Branch string `required:"" placeholder:"支部" help:"去哪个支部参加活动；同名的写成 社区/支部"`
	End    bool   `help:"从那一天起不再去"`
}

// Help shows how it is used.
func (*tieCommand) Help() string {
	return `流入别的支部的，参加功能型、网络支部活动的：组织关系不动，那边的出勤名单上有他，由自己的支部同意，分记在自己的支部。
由自己的支部登记，去的可以是街道里任何一个支部。还没有到的日子，到那一天再登记。

例子：
  jifen member tie P0007 --db data/jifen.db --branch 幸福街第二党支部 --from 2026-05-01 --as jiedao
  jifen member tie P0007 --db data/jifen.db --branch 幸福街第二党支部 --end --from 2026-09-01 --as jiedao
`
}

// Run records that a member attends at another branch, or does so no longer.
func (k *tieCommand) Run(c *console) error {
	from, err := k.day()
	if err != nil {
		return err
	}
	if strings.TrimSpace(k.Branch) == "" {
		return misused(fault.New(fault.Invalid, "去哪个支部是空的").WithHint("写支部的全名"))
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		branch, err := h.nearbyOrg(ctx, actor, strings.TrimSpace(k.Branch))
		if err != nil {
			return err
		}
		t := members.SecondaryInput{Member: k.id(), Org: branch.ID, From: from, Ended: k.End}
		if _, err := h.ledger.RecordSecondary(ctx, actor, t, ""); err != nil {
			return err
		}
		words := "在" + branch.Name + "参加活动"
		if k.End {
			words = "不再" + words
		}
		_, err = fmt.Fprintf(c.out, "登记了：%s 自 %s 起，%s；经办 %s\n", k.id(), from, words, actor.Name)
		return err
	})
}
