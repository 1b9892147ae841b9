package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"jifen/internal/fault"
	"jifen/internal/formula"
)

// misuse says in Chinese what the parser refused. The parser's errors have no
// types, only English texts; they decide which sentence it is, but no part of
// them is shown.
func misuse(refused *kong.ParseError) error {
	node := refused.Context.Selected()
	if node == nil {
		node = refused.Context.Model.Node
	}
	u := usageOf{node: node, context: refused.Context, text: refused.Error()}
	f := u.sentence()
	if f.Hint == "" {
		f = f.WithHint("写 %s --help 看用法", node.FullPath())
	}
	return usageError{f}
}

// usageOf is a refused command line.
type usageOf struct {
	node    *kong.Node // the command it got to
	context *kong.Context
	text    string // the parser's words
}

func (u *usageOf) sentence() *fault.Error {
	if name, ok := strings.CutPrefix(u.text, "unknown flag "); ok {
		return u.unknownFlag(name)
	}
	if word, ok := strings.CutPrefix(u.text, "unexpected argument "); ok {
		return u.unexpected(word)
	}
	for _, group := range u.node.AllFlags(false) {
		for _, f := range group {
			if strings.HasPrefix(u.text, "--"+f.Name+": ") || strings.HasPrefix(u.text, "--"+f.Name+" must") {
				return u.badValue(f)
			}
		}
	}
	switch {
	case strings.HasPrefix(u.text, "missing flags: "):
		return fault.New(fault.Invalid, "“%s”少了 %s", u.node.FullPath(), strings.Join(u.missing(), "、"))
	case len(u.node.Children) > 0:
		return fault.New(fault.Invalid, "“%s”后面还要写一个命令", u.node.FullPath()).
			WithHint("可写：%s", strings.Join(children(u.node), "、"))
	case len(u.node.Positional) > 0:
		return fault.New(fault.Invalid, "“%s”后面还要写%s", u.node.FullPath(), u.node.Positional[0].Name)
	}
	return fault.New(fault.Invalid, "命令写得不对")
}

// unknownFlag knows only the flag's first byte where it is a short one, so the
// word that was typed is looked up.
func (u *usageOf) unknownFlag(name string) *fault.Error {
	name, _, _ = strings.Cut(name, ", did you mean ")
	word := name
	for _, arg := range u.context.Args {
		if strings.HasPrefix(arg, name) {
			word, _, _ = strings.Cut(arg, "=")
			break
		}
	}
	if owner := ownerOf(u.context.Model.Node, word); owner != nil && len(u.node.Children) > 0 {
		return fault.New(fault.Invalid, "“%s”要写在命令后面", word).WithHint("写成 %s %s …", owner.FullPath(), word)
	}
	f := fault.New(fault.Invalid, "没有“%s”这个选项", word)
	if near := formula.Nearest(word, flagNames(u.node)); near != "" {
		return f.WithHint("是不是“%s”？", near)
	}
	return f
}

// unexpected is a word where none or another was due.
func (u *usageOf) unexpected(word string) *fault.Error {
	word, _, _ = strings.Cut(word, ", did you mean ")
	if strings.HasPrefix(word, "—") || strings.HasPrefix(word, "–") || strings.HasPrefix(word, "－") {
		return fault.New(fault.Invalid, "“%s”不像选项", word).WithHint("选项前面是两个英文减号，写成 --%s", strings.TrimLeft(word, "—–－-"))
	}
	if len(u.node.Children) == 0 {
		return fault.New(fault.Invalid, "“%s”后面多出了“%s”", u.node.FullPath(), word)
	}
	f := fault.New(fault.Invalid, "没有“%s”这个命令", word)
	if near := formula.Nearest(word, children(u.node)); near != "" {
		return f.WithHint("是不是“%s %s”？", u.node.FullPath(), near)
	}
	return f.WithHint("可写：%s", strings.Join(children(u.node), "、"))
}

// badValue is a flag without its value, or with one that does not fit.
func (u *usageOf) badValue(f *kong.Flag) *fault.Error {
	switch {
	case f.Enum != "" && strings.Contains(u.text, " must be one of "):
		return fault.New(fault.Invalid, "“--%s”不能写“%s”", f.Name, quoted(u.text)).
			WithHint("可写：%s", strings.Join(f.EnumSlice(), "、"))
	case f.IsBool():
		return fault.New(fault.Invalid, "“--%s”后面不写值", f.Name).WithHint("只写 --%s", f.Name)
	case strings.Contains(u.text, " value but got "):
		return fault.New(fault.Invalid, "“--%s”后面要写%s", f.Name, f.FormatPlaceHolder()).
			WithHint("写成 --%s %s", f.Name, f.FormatPlaceHolder())
	default:
		return fault.New(fault.Invalid, "“--%s”要写整数，写的是“%s”", f.Name, quoted(u.text))
	}
}

// quoted returns the value at the end of one of the parser's texts.
func quoted(text string) string {
	_, last, _ := strings.Cut(text, " but got ")
	value, err := strconv.Unquote(last)
	if errors.Is(err, strconv.ErrSyntax) {
		return last
	}
	return value
}

// missing lists the required flags that were not given.
func (u *usageOf) missing() []string {
	var out []string
	for _, group := range u.node.AllFlags(false) {
		for _, f := range group {
			if f.Required && !f.Set {
				out = append(out, "--"+f.Name+" "+f.FormatPlaceHolder())
			}
		}
	}
	return out
}

// children lists the commands under a node.
func children(n *kong.Node) []string {
	out := make([]string, len(n.Children))
	for i, c := range n.Children {
		out[i] = c.Name
	}
	return out
}

// flagNames lists the flags of a command as they are written.
func flagNames(n *kong.Node) []string {
	var out []string
	for _, group := range n.AllFlags(false) {
		for _, f := range group {
			out = append(out, "--"+f.Name)
		}
	}
	return out
}

// ownerOf returns the first command that has a flag of its own, nil for none.
func ownerOf(n *kong.Node, word string) *kong.Node {
	for _, leaf := range n.Leaves(false) {
		for _, f := range leaf.Flags {
			if "--"+f.Name == word {
				return leaf
			}
		}
	}
	return nil
}
