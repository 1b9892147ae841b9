package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"jifen/internal/yamldoc"
)

// printHelp prints the help of the program or of one command. Commands without
// subcommands get their options, the others the list of what is below them.
func printHelp(_ kong.HelpOptions, ctx *kong.Context) error {
	var b strings.Builder
	node := ctx.Selected()
	switch {
	case node == nil:
		b.WriteString("jifen：按规则文件给党员积分——算分、排名、预警，每一分都说得出依据\n\n用法：jifen 命令 [选项]\n\n")
		writeCommands(&b, ctx.Model.Node)
		b.WriteString(exitCodes)
	case len(node.Children) > 0:
		fmt.Fprintf(&b, "%s\n\n用法：%s 命令 [选项]\n\n", node.Help, node.FullPath())
		writeCommands(&b, node)
	default:
		writeCommand(&b, node)
	}
	_, err := io.WriteString(ctx.Stdout, b.String())
	return err
}

// exitCodes ends the program's help.
const exitCodes = `
退出码：
  0  办成了
  1  答案是“不行”：规则或数据有错、用例没通过、查无此人、库被改过
  2  命令写得不对
  3  办不了：文件读不了或写不了

一个命令怎么用，在它后面写 --help，例如 jifen score --help
`

func writeCommands(b *strings.Builder, n *kong.Node) {
	b.WriteString("命令：\n")
	var rows [][2]string
	for _, leaf := range n.Leaves(true) {
		rows = append(rows, [2]string{strings.TrimPrefix(leaf.FullPath(), "jifen "), leaf.Help})
	}
	writeRows(b, rows)
}

func writeCommand(b *strings.Builder, n *kong.Node) {
	usage := n.FullPath()
	var required, optional, rows [][2]string
	for _, p := range n.Positional {
		usage += " " + p.Name
	}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			name := "--" + f.Name
			if !f.IsBool() {
				name += " " + f.FormatPlaceHolder()
			}
			text := f.Help
			if f.HasDefault {
				text += "；不写就是 " + f.Default
			}
			if f.Required {
				usage += " " + name
				required = append(required, [2]string{name, text})
			} else {
				optional = append(optional, [2]string{name, text})
			}
		}
	}
	fmt.Fprintf(b, "%s\n\n用法：%s [选项]\n", n.Help, usage)
	for _, p := range n.Positional {
		rows = append(rows, [2]string{p.Name, p.Help})
	}
	for _, part := range []struct {
		title string
		rows  [][2]string
	}{{"", rows}, {"必须写的选项", required}, {"可写可不写的选项", optional}} {
		if len(part.rows) == 0 {
			continue
		}
		b.WriteString("\n")
		if part.title != "" {
			b.WriteString(part.title + "：\n")
		}
		writeRows(b, part.rows)
	}
	if n.Detail != "" { // what the command's Help method says
		b.WriteString("\n" + n.Detail)
	}
}

// writeRows sets names and explanations in two columns.
func writeRows(b *strings.Builder, rows [][2]string) {
	widest := 0
	for _, r := range rows {
		widest = max(widest, yamldoc.Width(r[0]))
	}
	for _, r := range rows {
		b.WriteString("  " + r[0] + strings.Repeat(" ", widest-yamldoc.Width(r[0])+2) + r[1] + "\n")
	}
}
