package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
	"jifen/internal/yamldoc"
)

// checkCommand is jifen rules check.
type checkCommand struct {
	Paths []string `arg:"" name:"文件或文件夹" help:"规则文件、用例文件，或者放着它们的文件夹（连同下面各层）；可以写几个"`
}

// Help shows how it is used.
func (*checkCommand) Help() string {
	return `每一处问题都说出文件、行、列和改法。有错误时退出码是 1；只有提醒是 0。

例子：
  jifen rules check rules/weizhou.yaml
  jifen rules check rules
  jifen rules check rules/weizhou.yaml rules/cases/weizhou.yaml
`
}

// Run reports every problem of every file.
func (k *checkCommand) Run(c *console) error {
	rules, cases, err := findAll(k.Paths)
	if err != nil {
		return err
	}
	f := findings{out: c.out}
	known := map[string]*ruleversions.Versions{}
	for _, name := range rules {
		loaded, err := ruleset.Open(name, readText)
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
		loaded := ruletest.Read(name, src)
		more := homeless(name, loaded)
		if len(more) == 0 {
			if more, err = against(known, name, loaded); err != nil {
				return err
			}
		}
		if err := f.tell(loaded.File, yamldoc.CollectFindings(loaded.File,
			append(loaded.Problems, more...)).Problems); err != nil {
			return err
		}
	}
	said := ""
	if f.answered > 0 {
		said = fmt.Sprintf("，另有 %d 处已说明", f.answered)
	}
	_, err = fmt.Fprintf(c.out, "检查了 %d 个规则文件、%d 个用例文件：错误 %d 处，提醒 %d 处%s\n", len(rules), len(cases), f.errors, f.warnings,
		said)
	if err == nil && f.errors > 0 {
		return errReported
	}
	return err
}

// findings tells problems and counts them.
type findings struct {
	out              io.Writer
	errors, warnings int
	answered         int // warnings for which the file gives a reason
}

func (f *findings) tell(file *yamldoc.File, problems []yamldoc.Problem) error {
	for _, p := range problems {
		switch {
		case p.Warning && p.Reply != "":
			f.answered++
		case p.Warning:
			f.warnings++
		default:
			f.errors++
		}
		if _, err := io.WriteString(f.out, file.Format(p)); err != nil {
			return err
		}
	}
	return nil
}

// homeless finds the mistakes that only who knows the folder can: a case file
// for rule files that are not there.
func homeless(name string, loaded *ruletest.Loaded) (lost []yamldoc.Problem) {
	for _, key := range []string{"办法", "补充"} {
		n := loaded.File.Root.Get(key)
		if n == nil {
			continue
		}
		list := []*yamldoc.Node{n}
		if n.Kind == yamldoc.List {
			list = n.Items
		}
		for _, at := range list {
			if at.Kind != yamldoc.Scalar || at.Text == "" {
				continue // told
			}
			if info, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(at.Text))); err == nil &&
				!info.IsDir() {
				continue
			}
			lost = append(lost, at.At(0, "没有“"+at.Text+"”这个规则文件", "从本文件所在的文件夹写起，例如 ../weizhou.yaml"))
		}
	}
	return lost
}

// against holds a case file against its rule files, which are read once.
func against(known map[string]*ruleversions.Versions, name string, loaded *ruletest.Loaded) ([]yamldoc.Problem, error) {
	paths := rulesOf(name, loaded.Files())
	if len(paths) == 0 {
		return nil, nil // told
	}
	key := strings.Join(paths, "、")
	files, told := known[key]
	if !told {
		at, mistakes := loaded.File.Root.Get("办法"), 0
		var broken []*ruleset.Result
		var err error
		files, broken, err = ruleversions.Open(paths, readText)
		if fault.CodeOf(err) == fault.Invalid { // they do not go together
			known[key] = nil
			return []yamldoc.Problem{at.At(0, fault.From(err).Error(), "")}, nil
		}
		if err != nil {
			return nil, err
		}
		known[key] = files
		for _, res := range broken {
			mistakes += res.Errors()
		}
		if files == nil {
			p := at.At(0, fmt.Sprintf("“%s”有 %d 处错误，用例没有和它核对", strings.Join(loaded.Files(), "、"), mistakes), "先查那一份："+key)
			p.Warning = true
			return []yamldoc.Problem{p}, nil
		}
	}
	if files == nil {
		return nil, nil
	}
	return loaded.Check(files), nil
}

// findAll is findFiles for several paths; what is found twice counts once.
func findAll(paths []string) (rules, cases []string, err error) {
	for _, at := range paths {
		r, c, err := findFiles(at)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range r {
			if !slices.Contains(rules, name) {
				rules = append(rules, name)
			}
		}
		for _, name := range c {
			if !slices.Contains(cases, name) {
				cases = append(cases, name)
			}
		}
	}
	return rules, cases, nil
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
	rules, cases, err = ruletest.Files(os.DirFS(folder), name)
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
