package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
)

// textsCommand is jifen member texts.
type textsCommand struct{ aboutMember }

// Help shows how it is used.
func (*textsCommand) Help() string {
	return `一行一段：号码、在哪里、写了什么。删过的写着为什么、哪天删的。看过会记进审计。

例子：
  jifen member texts P0007 --db data/jifen.db --as jiedao
`
}

// Run prints the free texts about a member.
func (k *textsCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		written, err := h.members.Texts(ctx, actor, k.id())
		if err != nil {
			return answered(err)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s，%s\n", written.Member.ID, written.Member.Name, written.Member.Home.Name)
		rows := [][]string{{"号码", "在哪里", "写了什么"}}
		for i := range written.Texts {
			t := &written.Texts[i]
			rows = append(rows, []string{strconv.FormatInt(int64(t.ID), 10), t.Where, strings.Join(strings.Fields(t.Body), " ")})
		}
		writeGrid(&b, rows)
		_, err = io.WriteString(c.out, b.String())
		return err
	})
}

// eraseCommand is jifen member erase.
type eraseCommand struct {
	aboutMember
	Text   []domain.TextID `required:"" placeholder:"号码" help:"jifen member texts 列出的号码；可以写几个，用逗号隔开"`
	Reason string          `required:"" placeholder:"理由" help:"为什么删，例如 本人要求；删去的地方都写着它"`
}

// Help shows how it is used.
func (*eraseCommand) Help() string {
	return `只删写的话，分、日期、谁记的都照旧；删去的地方写着理由和日期，verify 照样查得过去。
删了就找不回来。以前的备份里还有，到期删去备份；从旧备份恢复的，再删一次。

例子：
  jifen member erase P0007 --text 12 --reason 本人要求 --db data/jifen.db --as jiedao
`
}

// Run erases free texts about a member.
func (k *eraseCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		e := members.TextErasure{Member: k.id(), Texts: k.Text, Reason: k.Reason}
		if _, err := h.ledger.EraseTexts(ctx, actor, e, ""); err != nil {
			return answered(err)
		}
		_, err := fmt.Fprintf(c.out, "删除了 %d 段；经办 %s\n", len(k.Text), actor.Name)
		return err
	})
}
