package main

import (
	"bytes"
	"fmt"
	"io"

	"jifen/internal/fault"
	"jifen/internal/ruledoc"
	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// docCommand is jifen rules doc.
type docCommand struct {
	Path string `arg:"" name:"规则文件" help:"要排印的规则文件"`
}

// Help shows how it is used.
func (*docCommand) Help() string {
	return `把规则文件排成办法的样子：分章分条，项目列成表，可以打印、张贴。张贴的和算分的是同一份。
补充文件也排得出来，另成一份：补充哪份办法，给哪个组织，多了哪几个项目。

例子：
  jifen rules doc rules/weizhou.yaml > 办法.html
`
}

// Run typesets a rule file.
func (k *docCommand) Run(c *console) error {
	book, root, err := readRules(c, k.Path)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := ruledoc.Typeset(book, root).Write(&b); err != nil {
		return fault.Wrap(err, fault.Internal, "排印不了")
	}
	_, err = c.out.Write(b.Bytes())
	return err
}

// diffCommand is jifen rules diff.
type diffCommand struct {
	Before string `arg:"" name:"旧规则文件" help:"原来的规则文件"`
	After  string `arg:"" name:"新规则文件" help:"改过的规则文件"`
}

// Help shows how it is used.
func (*diffCommand) Help() string {
	return `只说意思上的改动，一处一行：原来是什么，改成什么，从哪天起，根据什么。换了次序、注释、引号的不算改动。
没有改动，退出码是 0；有改动也是 0。

例子：
  jifen rules diff 旧.yaml 新.yaml
`
}

// Run prints what changed in meaning.
func (k *diffCommand) Run(c *console) error {
	_, before, err := readRules(c, k.Before)
	if err != nil {
		return err
	}
	_, after, err := readRules(c, k.After)
	if err != nil {
		return err
	}
	changes := ruledoc.Diff(before, after)
	for _, change := range changes {
		if _, err := fmt.Fprintln(c.out, change); err != nil {
			return err
		}
	}
	last := fmt.Sprintf("意思上的改动 %d 处", len(changes))
	if len(changes) == 0 {
		last = "意思上没有改动"
	}
	_, err = fmt.Fprintln(c.out, last)
	return err
}

// readRules loads a rule file and returns it with its text; its mistakes go to
// the complaints.
func readRules(c *console, path string) (*ruleset.RuleSet, *yamldoc.Node, error) {
	loaded, err := ruleset.Open(path, readText)
	if err != nil {
		return nil, nil, err
	}
	if loaded.Book == nil {
		_, _ = io.WriteString(c.err, loaded.Format()) // as for say
		return nil, nil, fault.New(fault.Invalid, "%s 有 %d 处错误", path, loaded.Errors()).WithHint("用 jifen rules check 逐处改好")
	}
	return loaded.Book, loaded.File.Root, nil
}

// schemaCommand is jifen rules schema.
type schemaCommand struct {
	Count bool `help:"只数一共有多少个键"`
}

// Help shows how it is used.
func (*schemaCommand) Help() string {
	return `印出规则文件的 JSON Schema，给编辑器用：写的时候提示有哪些键、每个键是什么意思，写错了当场标出来。

例子：
  jifen rules schema > 规则文件.schema.json
  jifen rules schema --count
`
}

// Run prints the JSON Schema of rule files.
func (k *schemaCommand) Run(c *console) error {
	if k.Count {
		_, err := fmt.Fprintf(c.out, "%d 个键\n", len(ruleset.Keys()))
		return err
	}
	schema, err := ruleset.Schema()
	if err == nil {
		_, err = c.out.Write(schema)
	}
	return err
}
