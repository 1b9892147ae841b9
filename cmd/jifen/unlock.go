package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/app/accounts"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// unlockCommand is jifen user unlock.
type unlockCommand struct {
	database
	Login string `required:"" placeholder:"帐号" help:"哪个帐号"`
}

// Help shows how it is used.
func (*unlockCommand) Help() string {
	return `密码连错以后，再登录要等一会儿，最长 15 分钟。这个命令让这个帐号不用再等，密码不变。
网站开着的时候，在“帐号”一页点“不用再等”。密码忘了的，要重设密码。

例子：
  jifen user unlock --db data/jifen.db --login guanli
`
}

// Run forgets the failed sign-ins of an account.
func (k *unlockCommand) Run(c *console) error {
	return k.with(func(ctx context.Context, h *house) error {
		login := strings.TrimSpace(k.Login)
		err := h.db.Write(ctx, func(tx *store.Tx) error { return accounts.UnlockTx(tx, login) })
		if fault.CodeOf(err) == fault.NotFound {
			return noAccount(err, k.Login)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "帐号 %s 可以马上登录，从前连错的不算了\n", login)
		return err
	})
}
