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

// rotateCommand is jifen key rotate.
type rotateCommand struct{ acting }

// Help describes what is done.
func (*rotateCommand) Help() string {
	return `给数据库换一把密钥：密钥文件里加一行新的，以后的记录用新的封存，身份证号、手机号用新的重新加密。怀疑密钥文件被人看过、管机器的人
换了，就换一把；原来的几行留着，以前的记录靠它们来查，不能删。换了以后，拿着旧密钥的人伪造不了记录，也打不开号码。

网站先停下来（PostgreSQL 上的，每一台都停）。半路停电、被关掉，库是完整的，再运行一次接着做完。
换好以后，把新的密钥文件另外备份一份，别的电脑上的也换成新的，再开网站。换以前的备份，用新的密钥文件也打得开。

例子：
  jifen key rotate --db data/jifen.db --as guanli
`
}

// Run replaces the key, or goes on with what was begun.
func (k *rotateCommand) Run(c *console) error {
	key := backup.KeyPath(k.DB)
	var actor *access.Actor
	err := k.in(store.Alone, c, func(ctx context.Context, h *house, by *access.Actor) error {
		actor = by
		before, err := machine.New(h.db, zone()).SealedBefore(ctx, by, h.vault)
		if err != nil {
			return err
		}
		there, err := backup.CountKeys(key)
		if err != nil || there > h.vault.Generations() || before > 0 {
			return err // of one that was broken off
		}
		if err := backup.AddKey(key, world().Random); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.err, "密钥文件 %s 里加了第 %d 把\n", key, there+1)
		return err
	})
	if err != nil {
		return err
	}
	err = k.alone(func(ctx context.Context, h *house) error {
		mark, err := backup.MarkAfter(key, h.vault)
		if err != nil || mark == "" {
			return err
		}
		if err := machine.New(h.db, zone()).Rekey(ctx, actor, mark); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.err, "以后的记录用第 %d 把封存\n", h.vault.Generations()+1)
		return err
	})
	if err != nil {
		return err
	}
	return k.alone(func(ctx context.Context, h *house) error { return k.reseal(ctx, c, h, actor) })
}

// reseal seals the numbers under the new key.
func (k *rotateCommand) reseal(ctx context.Context, c *console, h *house, actor *access.Actor) error {
	sealed, shut, err := machine.New(h.db, zone()).Reseal(ctx, actor, h.vault, func(sealed int) error {
		_, err := fmt.Fprintf(c.err, "重新加密了 %d 个号码\n", sealed)
		return err
	})
	if err != nil {
		return err
	}
	if err := h.db.Scrub(ctx); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.out, "换好了：现在用第 %d 把，重新加密了 %d 个号码。把 %s 另外备份一份；里面原来的几行不要删\n",
		h.vault.Generations(), sealed, backup.KeyPath(k.DB)); err != nil {
		return err
	}
	if shut > 0 {
		return fault.New(fault.Unavailable, "有 %d 个号码用哪一把都打不开，没有动", shut).WithHint("重新导入这些人的号码；或从备份里找")
	}
	return nil
}
