package main

import (
	"context"
	"fmt"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/backup"
	"jifen/internal/store"
)

// erasePersonCommand is jifen member forget.
type erasePersonCommand struct {
	aboutMember
	Reason string `placeholder:"理由" help:"为什么删，例如 本人要求；删去的地方都写着它"`
	Typed  string `name:"confirm" placeholder:"编号" help:"再写一遍编号，才真的删；不写只列出要删什么"`
}

// Help shows how it is used.
func (*erasePersonCommand) Help() string {
	return `组织关系已经不在这里的人，要求删除个人信息的：姓名、身份证号、手机号、写过的话、草稿都删去，帐号停用。
分、日期、谁记的按编号留着，合计和链都照旧。先不写 --confirm 看一遍要删什么，再写上去删。删了就找不回来。
谁删过记在“库文件.erased”里，和备份分开放：从旧备份恢复以后，打开时照它再删一次。以前的备份到期删去。

例子：
  jifen member forget P0007 --db data/jifen.db --as jiedao
  jifen member forget P0007 --reason 本人要求 --confirm P0007 --db data/jifen.db --as jiedao
`
}

// Run lists what an erasure of a person would take away, or does it.
func (k *erasePersonCommand) Run(c *console) error {
	company := store.Visitor
	if k.Typed != "" { // the list beside the database, and the log
		company = store.Alone
	}
	return k.in(company, c, func(ctx context.Context, h *house, actor *access.Actor) error {
		if k.Typed != "" {
			e := members.PersonErasure{Member: k.id(), Typed: k.Typed, Reason: k.Reason}
			if err := h.ledger.ErasePerson(ctx, actor, e); err != nil {
				return answered(err)
			}
			_, err := fmt.Fprintf(c.out, "删除了 %s 的个人信息；经办 %s\n  记在 %s\n", k.id(), actor.Name,
				backup.ErasuresPath(k.DB))
			return err
		}
		held, err := h.members.Held(ctx, actor, k.id())
		if err != nil {
			return answered(err)
		}
		m, d := &held.Member, held.Data
		said := fmt.Sprintf("%s %s：姓名 %d 处、证件和电话 %d 个、写过的话 %d 段、申报草稿 %d 份\n", m.ID, m.Name, d.Names,
			d.Numbers, d.Texts, d.Drafts)
		if d.Account {
			said += "  帐号停用；登录名留着\n"
		}
		if d.Namesake {
			said += "  有别人的姓名里也有这个姓名：别处写到它的话不动，要删的用 jifen member erase 逐段删\n"
		}
		if held.Refuse != "" {
			said += "  现在删不了：" + held.Refuse + "\n"
		} else {
			said += "  没有删。要删的，加上 --reason 理由 --confirm " + string(m.ID) + "\n"
		}
		_, err = fmt.Fprint(c.out, said)
		return err
	})
}
