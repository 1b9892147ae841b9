package main

import (
	"context"
	"fmt"

	"jifen/internal/access"
	"jifen/internal/app/machine"
	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// rotateSigningCommand is jifen key rotate-sign.
type rotateSigningCommand struct{ acting }

// Help describes what is done.
func (*rotateSigningCommand) Help() string {
	return `给根换一把签名的钥匙：先用旧的把现在的根签一次，再做一把新的，由旧的签字交给新的，写在“库文件.signkey.pub”里。以后的根用新的签；
以前的根、公示仍用旧的公钥查得出，用从前另存的公钥文件也查得出。换下来的钥匙以后再签的，jifen verify 说得出来。
签名的钥匙被人看过、管机器的人换了，就换一把。钥匙另放着的，先取回“库文件.signkey”再换，换完再另放。

网站先停下来。半路停电、被关掉，签名用的总是两把中的一把，再运行一次接着做完。
换好以后，新的“.signkey”另外放好，“.signkey.pub”另存一份，旧的“.signkey”销毁。

例子：
  jifen key rotate-sign --db data/jifen.db --as guanli
`
}

// Run replaces the key that signs, or goes on with what was begun.
func (k *rotateSigningCommand) Run(c *console) error {
	return k.in(store.Alone, c, func(ctx context.Context, h *house, by *access.Actor) error {
		if !by.May(access.ManageMachine) {
			return machine.New(h.db, zone()).ReplaceSigning(ctx, by) // refuses
		}
		before, unfinished, err := backup.SigningKeys(k.DB)
		if err != nil {
			return err
		}
		if before == 0 {
			return fault.New(fault.Unavailable, "还没有签名的钥匙 %s", backup.SignKeyPath(k.DB)).
				WithHint("用 jifen verify --write-root 写下头一个根就有了")
		}
		w := world()
		if !unfinished {
			if err := machine.New(h.db, zone()).ReplaceSigning(ctx, by); err != nil {
				return err
			}
			if _, err := w.WriteRoot(ctx, h.db, k.DB); err != nil { // the line stands under the key that goes
				return err
			}
			if _, err := fmt.Fprintln(c.err, "用旧的钥匙签下了现在的根"); err != nil {
				return err
			}
		}
		if err := w.ReplaceSignKey(k.DB); err != nil {
			return err
		}
		now, _, err := backup.SigningKeys(k.DB)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "换好了：以后的根用第 %d 把签。%s 另外放好，%s 另存一份\n", now, backup.SignKeyPath(k.DB),
			backup.PublicKeyPath(k.DB))
		return err
	})
}
