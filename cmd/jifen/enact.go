package main

import (
	"context"
	"fmt"
	"io"

	"jifen/internal/enactment"
	"jifen/internal/fault"
	"jifen/internal/rulebook"
	"jifen/internal/store"
)

// enactCommand is jifen rules enact.
type enactCommand struct {
	Path string `arg:"" name:"规则文件" help:"要启用的规则文件"`
	database
	Org string `placeholder:"组织" help:"在哪个组织和它的下级启用；不写就是全街道"`
}

// Help shows how it is used.
func (*enactCommand) Help() string {
	return `先检查规则文件，再试算旁边写明用它的用例；有一处错、有一例没通过，就不启用。
从文件里“施行”的那一天起算数，以前启用的留着备查。

例子：
  jifen rules enact 办法.yaml --db data/jifen.db
`
}

// Run puts a rule file in force.
func (k *enactCommand) Run(c *console) error {
	source, err := soundRules(c, k.Path)
	if err != nil {
		return err
	}
	book := rulebook.Load(k.Path, source).Book
	return k.with(func(ctx context.Context, h *house) error {
		var org store.Org
		err := h.db.Exclusive(ctx, func(tx *store.Tx) (err error) {
			if org, err = findOrg(&tx.View, k.Org); err != nil {
				return err
			}
			return enactment.Enact(tx, nil, org.ID, k.Path, source)
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "在“%s”启用了：%s\n  编号 %s，%s 起施行，规则指纹 %s\n", org.Name, book.Title, book.Code, book.From, book.Hash[:12])
		return err
	})
}

// soundRules reads a rule file that is to be put in force: it has no mistake,
// and the cases beside it pass. What is wrong goes to the complaints.
func soundRules(c *console, path string) ([]byte, error) {
	source, err := readText(path)
	if err != nil {
		return nil, err
	}
	if loaded := rulebook.Load(path, source); loaded.Book == nil {
		_, _ = io.WriteString(c.err, loaded.Format()) // as for say
		return nil, fault.New(fault.Invalid, "%s 有 %d 处错误，没有启用", path, loaded.Errors()).WithHint("逐处改好，再用 jifen rules check 查一遍")
	}
	cases := casesCommand{Path: path}
	books, err := cases.books()
	if err != nil {
		return nil, err
	}
	t := trial{out: c.err, rules: map[string]*rulebook.Rulebook{}}
	for _, name := range books {
		if err := t.book(name); err != nil {
			return nil, err
		}
	}
	if t.failed+t.broken > 0 {
		return nil, fault.New(fault.Invalid, "用例没有全过（未过 %d 例，读不了 %d 个文件），没有启用", t.failed, t.broken).WithHint("改好规则或用例，用 jifen rules test 试过再启用")
	}
	return source, nil
}
