package ruletest

import (
	"io/fs"
	"path"
	"slices"

	"jifen/internal/fault"
	"jifen/internal/yamldoc"
)

// Limits of a folder of rules.
const (
	maxFiles = 2000
	maxBytes = 4 << 20 // of one file
)

// Files finds the rule files and the case files at a path: one file, or a
// folder with everything below it. A YAML file that has the key 用例 is a case
// file. Names come sorted.
func Files(fsys fs.FS, at string) (rules, cases []string, err error) {
	seen := 0
	err = fs.WalkDir(fsys, at, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || (name != at && path.Ext(name) != ".yaml" && path.Ext(name) != ".yml") {
			return nil
		}
		if seen++; seen > maxFiles {
			return fault.New(fault.TooMany, "文件夹里的规则文件太多").WithHint("最多 %d 个", maxFiles)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() > maxBytes {
			return fault.New(fault.TooMany, "%s 太大", name).WithHint("一个文件最多 4 MB")
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		// A file that cannot be read as YAML is reported by whoever loads it.
		if file, _ := yamldoc.Parse(name, src); file.Root.Get("用例") != nil {
			cases = append(cases, name)
		} else {
			rules = append(rules, name)
		}
		return nil
	})
	slices.Sort(rules)
	slices.Sort(cases)
	return rules, cases, err
}
