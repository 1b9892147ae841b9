package main

import (
	"context"
	"fmt"
	"io"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
)

// ofRecovery names what commands about one account take that may bring the last
// administrator back.
type ofRecovery struct {
	recovering
	Login string `required:"" placeholder:"帐号" help:"哪个帐号"`
}

// do does something with the account.
func (k *ofRecovery) do(
	c *console, work func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error,
) error {
	return k.as(c, k.Login, func(ctx context.Context, h *house, actor *access.Actor) error {
		a, err := h.signing().Find(ctx, actor, k.Login)
		if err != nil {
			return err
		}
		return work(ctx, h, actor, a)
	})
}

// unlockCommand is jifen user unlock.
type unlockCommand struct{ ofRecovery }

// Help shows how it is used.
func (*unlockCommand) Help() string {
	return `密码连错以后，再登录要等一会儿，最长 15 分钟。这个命令让这个帐号不用再等，密码不变。
网站上是“帐号”一页的“不用再等”。密码忘了的，要重发激活条。

例子：
  jifen user unlock --db data/jifen.db --as anquan --login shuji
  jifen user unlock --db data/jifen.db --login anquan
`
}

// Run forgets the failed sign-ins of an account.
func (k *unlockCommand) Run(c *console) error {
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		if err := h.signing().Unlock(ctx, actor, a.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "帐号 %s 可以马上登录，从前连错的不算了\n", a.Login)
		return err
	})
}

// resetCommand is jifen user reset.
type resetCommand struct{ ofRecovery }

// Help shows how it is used.
func (*resetCommand) Help() string {
	return `给一个帐号重发激活条，激活码只印这一次，本人凭它在网站的“启用帐号”里重定密码。原来的密码、登录和凭证都作废。
只剩一个安全管理员、密码又忘了的，在这台机器上这样找回，不用写 --as；会记进审计。

例子：
  jifen user reset --db data/jifen.db --as anquan --login shuji
  jifen user reset --db data/jifen.db --login anquan
`
}

// Run gives an account a new slip and prints it.
func (k *resetCommand) Run(c *console) error {
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		a, code, err := h.signing().Reset(ctx, actor, a.ID)
		if err != nil {
			return err
		}
		_, err = io.WriteString(c.out, activationSlip(&accounts.Opening{Login: a.Login, Name: a.Name}, code))
		return err
	})
}
