package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"jifen/internal/casebook"
	"jifen/internal/fault"
	"jifen/internal/rulebook"
	"jifen/internal/yamldoc"
)

// checkCommand is jifen rules check.
type checkCommand struct {
	Path string `arg:"" name:"文件或文件夹" help:"规则文件、用例文件，或者放着它们的文件夹（连同下面各层）"`
}

// Help shows how it is used.
func (*checkCommand) Help() string {
	return `每一处问题都说出文件、行、列和改法。有错误时退出码是 1；只有提醒是 0。

例子：
  jifen rules check rules/weizhou.yaml
  jifen rules check rules
`
}

// Run reports every problem of every file.
func (k *checkCommand) Run(c *console) error {
	rules, cases, err := findFiles(k.Path)
	if err != nil {
		return err
	}
	f := findings{out: c.out}
	for _, name := range rules {
		loaded, err := rulebook.Open(name, readText)
		if err != nil {
			return err
		}
		if err := f.tell(loaded.File, loaded.Problems); err != nil {
			return err
		}
	}
	for _, name := range cases {
		src, err := readText(name)
		if err != nil {
			return err
		}
		loaded := casebook.Read(name, src)
		if err := f.tell(loaded.File, append(loaded.Problems, homeless(name, loaded)...)); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(c.out, "检查了 %d 个规则文件、%d 个用例文件：错误 %d 处，提醒 %d 处\n", len(rules), len(cases), f.errors, f.warnings)
	if err == nil && f.errors > 0 {
		return errSaid
	}
	return err
}

// findings tells problems and counts them.
type findings struct {
	out              io.Writer
	errors, warnings int
}

func (f *findings) tell(file *yamldoc.File, problems []yamldoc.Problem) error {
	for _, p := range problems {
		if p.Warning {
			f.warnings++
		} else {
			f.errors++
		}
		if _, err := io.WriteString(f.out, file.Format(p)); err != nil {
			return err
		}
	}
	return nil
}

// homeless finds the mistake that only who knows the folder can: a case file
// for a rule file that is not there.
func homeless(name string, loaded *casebook.Loaded) []yamldoc.Problem {
	if loaded.Book == nil {
		return nil
	}
	if info, err := os.Stat(rulesOf(name, loaded.Book)); err == nil && !info.IsDir() {
		return nil
	}
	return []yamldoc.Problem{loaded.File.Root.Get("办法").At(0, "没有“"+loaded.Book.Rules+"”这个规则文件", "从本文件所在的文件夹写起，例如 ../weizhou.yaml")}
}

// findFiles returns the rule files and case files that a path stands for. No
// such file, and a folder without any, are errors.
func findFiles(at string) (rules, cases []string, err error) {
	info, err := os.Stat(at)
	if err != nil {
		return nil, nil, unreadable(at, err)
	}
	folder, name := at, "."
	if !info.IsDir() {
		folder, name = filepath.Dir(at), filepath.Base(at)
	}
	rules, cases, err = casebook.Files(os.DirFS(folder), name)
	if err != nil {
		var where *fs.PathError
		if errors.As(err, &where) {
			return nil, nil, unreadable(joined(folder, where.Path), err)
		}
		return nil, nil, err
	}
	if len(rules)+len(cases) == 0 {
		return nil, nil, fault.New(fault.NotFound, "%s 里没有规则文件", at).WithHint("规则文件的名字以 .yaml 结尾")
	}
	for _, list := range [][]string{rules, cases} {
		for i := range list {
			list[i] = joined(folder, list[i])
		}
	}
	return rules, cases, nil
}

// joined is a slash path below a folder as the system writes it.
func joined(folder, name string) string {
	return filepath.Join(folder, filepath.FromSlash(path.Clean(name)))
}
