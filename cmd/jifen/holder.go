package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
)

// accountsCommand is jifen user list.
type accountsCommand struct{ acting }

// Help shows how it is used.
func (*accountsCommand) Help() string {
	return `一行一个：帐号、姓名、持有人、角色、状态。持有人是本人的党员编号，或者“不是党员”；“待核对”的，用 jifen user holder 写明。

例子：
  jifen user list --db data/jifen.db --as anquan
`
}

// Run lists the accounts.
func (k *accountsCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		d, err := h.signing().Directory(ctx, by)
		if err != nil {
			return err
		}
		rows := [][]string{{"帐号", "姓名", "持有人", "角色", "状态"}}
		for i := range d.Accounts {
			a := &d.Accounts[i]
			state := "可用"
			if a.Closed {
				state = "已停用"
			}
			rows = append(rows, []string{a.Login, a.Name, holderWords(a), rolesWords(a.Roles), state})
		}
		var b strings.Builder
		writeGrid(&b, rows)
		_, err = io.WriteString(c.out, b.String())
		return err
	})
}

// holderWords returns who holds an account.
func holderWords(a *accounts.Managed) string {
	switch who := a.Holder(); {
	case who.Settled:
		return cmp.Or(string(who.Member), "不是党员")
	case a.Unsettled():
		return "待核对"
	}
	return ""
}

// rolesWords returns roles with their organisations.
func rolesWords(roles []accounts.HeldRole) string {
	out := make([]string, len(roles))
	for i := range roles {
		out[i] = roles[i].Role.String()
		if name := roles[i].Org.Name; name != "" {
			if group := roles[i].Group; group != "" {
				name += "，" + group
			}
			out[i] = roles[i].Role.String() + "（" + name + "）"
		}
	}
	return strings.Join(out, "、")
}

// holderCommand is jifen user holder.
type holderCommand struct {
	aboutAccount
	Member string `placeholder:"编号" help:"用这个帐号的人，他的党员编号"`
	None   bool   `name:"no-member" help:"用这个帐号的人不是名册上的党员"`
}

// Help shows how it is used.
func (*holderCommand) Help() string {
	return `管积分的帐号，要认得出是哪个人在用：同一名党员的几个帐号，在“自己的事由别人来定”“两个人各自确认”上都算一个人。
写错了再写一遍，以后写的为准；每一次都留底。

例子：
  jifen user holder --db data/jifen.db --as anquan --login jiedao --member P0007
  jifen user holder --db data/jifen.db --as anquan --login shequ --no-member
`
}

// Run records who holds an account.
func (k *holderCommand) Run(c *console) error {
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		who := accounts.Holder{Member: domain.MemberID(k.Member), None: k.None}
		if err := h.signing().Settle(ctx, actor, a.ID, who); err != nil {
			return err
		}
		words := "不是名册上的党员"
		if !k.None {
			words = "是编号 " + k.Member + " 的党员"
		}
		_, err := fmt.Fprintf(c.out, "帐号 %s：持有人%s\n", a.Login, words)
		return err
	})
}
