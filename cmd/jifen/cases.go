package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jifen/internal/fault"
	"jifen/internal/report"
	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
	"jifen/internal/yamldoc"
)

// casesCommand is jifen rules test.
type casesCommand struct {
	Paths []string `arg:"" name:"文件或文件夹" help:"规则文件：试它下面各层里写明用它的用例；用例文件：试它自己；文件夹：全都试；可以写几个"`

	Coverage bool `help:"再说出哪些项目和条款没有用例用到"`
}

// Help shows how it is used.
func (*casesCommand) Help() string {
	return `用例和规则放在一起，写明谁、有过什么事、应当得多少分。没通过的，说出差在哪里，并列出这个人的分是怎么来的。
有一例没通过、有文件写错，或者一个用例也没有，退出码都是 1。

例子：
  jifen rules test rules/weizhou.yaml
  jifen rules test rules
`
}

// Run runs the worked cases that a path stands for.
func (k *casesCommand) Run(c *console) error {
	var books []string
	for _, at := range k.Paths {
		some, err := booksOf(at)
		if err != nil {
			return err
		}
		for _, name := range some {
			if !slices.Contains(books, name) {
				books = append(books, name)
			}
		}
	}
	t := trial{out: c.out, files: map[string]*ruleversions.Versions{}, covered: map[string]*ruletest.Coverage{}}
	for _, name := range books {
		if err := t.book(name); err != nil {
			return err
		}
	}
	if t.passed+t.failed+t.broken == 0 {
		return fault.New(fault.NotFound, "没有找到 %s 的用例", strings.Join(k.Paths, "、")).
			WithHint("用例写在规则文件旁边的 .yaml 文件里，用“办法”一项写明试的是哪一份规则")
	}
	last := fmt.Sprintf("通过 %d 例，未过 %d 例", t.passed, t.failed)
	if t.broken > 0 {
		last += fmt.Sprintf("，另有 %d 个文件有错，没有试", t.broken)
	}
	if _, err := fmt.Fprintln(c.out, last); err != nil {
		return err
	}
	if k.Coverage {
		if err := t.uncovered(); err != nil {
			return err
		}
	}
	if t.failed+t.broken > 0 {
		return errReported
	}
	return nil
}

// booksOf returns the case files that a path stands for. For a rule file they are those at its
// side or below that name it.
func booksOf(at string) ([]string, error) {
	rules, cases, err := findFiles(at)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(at); err != nil || info.IsDir() || len(rules) == 0 {
		return cases, err
	}
	_, cases, err = findFiles(filepath.Dir(at))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cases, func(name string) bool { return !names(name, rules[0]) }), nil
}

// names reports whether a case file is about a rule file. One that cannot be
// read at all may be about anything, so it is not passed over.
func names(caseFile, rules string) bool {
	src, err := readText(caseFile)
	if err != nil {
		return true
	}
	loaded := ruletest.Read(caseFile, src)
	if loaded.Book != nil {
		return slices.Contains(rulesOf(caseFile, loaded.Files()), filepath.Clean(rules))
	}
	if node := loaded.File.Root.Get("办法"); node != nil && node.Kind == yamldoc.Scalar {
		return filepath.Join(filepath.Dir(caseFile), filepath.FromSlash(node.Text)) == filepath.Clean(rules)
	}
	return true
}

// rulesOf are the rule files that a case file names, seen from here.
func rulesOf(caseFile string, named []string) []string {
	out := make([]string, len(named))
	for i, name := range named {
		out[i] = filepath.Join(filepath.Dir(caseFile), filepath.FromSlash(name))
	}
	return out
}

// trial runs case files and counts.
type trial struct {
	out                    io.Writer
	files                  map[string]*ruleversions.Versions // loaded ones, by their names; nil for those with errors
	passed, failed, broken int
	covered                map[string]*ruletest.Coverage // likewise; nil where nobody asks
}

// uncovered prints the parts of each rule file that no case touched.
func (t *trial) uncovered() error {
	for _, name := range slices.Sorted(maps.Keys(t.covered)) {
		var left []string
		for _, book := range t.files[name].Books() {
			for _, path := range t.covered[name].Untouched(book) {
				if !slices.Contains(left, path) {
					left = append(left, path)
				}
			}
		}
		words := "都有用例用到"
		if len(left) > 0 {
			words = fmt.Sprintf("没有用例用到的 %d 处：%s", len(left), strings.Join(left, "、"))
		}
		if _, err := fmt.Fprintf(t.out, "%s：%s\n", name, words); err != nil {
			return err
		}
	}
	return nil
}

// book runs one case file. Only what cannot be read or written is an error.
func (t *trial) book(name string) error {
	src, err := readText(name)
	if err != nil {
		return err
	}
	loaded := ruletest.Read(name, src)
	if lost := homeless(name, loaded); loaded.Book == nil || len(lost) > 0 {
		t.broken++
		f := findings{out: t.out}
		return f.tell(loaded.File, append(loaded.Problems, lost...))
	}
	names := rulesOf(name, loaded.Files())
	files, err := t.load(names)
	if files == nil || err != nil {
		return err
	}
	outcomes, at := loaded.Book.RunUnder(files), strings.Join(names, "、")
	if t.covered != nil {
		if t.covered[at] == nil {
			t.covered[at] = &ruletest.Coverage{}
		}
		t.covered[at].Add(outcomes)
	}
	for _, o := range outcomes {
		if o.OK {
			t.passed++
			continue
		}
		t.failed++
		if err := t.explain(name, &o); err != nil {
			return err
		}
	}
	return nil
}

// load returns the rule files of a case file, nil if one has errors, which are
// told the first time.
func (t *trial) load(names []string) (*ruleversions.Versions, error) {
	key := strings.Join(names, "、")
	if files, seen := t.files[key]; seen {
		return files, nil
	}
	files, broken, err := ruleversions.Open(names, readText)
	if fault.CodeOf(err) == fault.Invalid { // the files do not go together
		t.broken++
		_, err = fmt.Fprintf(t.out, "%s：%s\n", key, fault.From(err).Error())
		t.files[key] = nil
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	t.files[key] = files
	for _, res := range broken {
		t.broken++
		if _, err := io.WriteString(t.out, res.Format()); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// explain writes what a case expected, what came out, and how.
func (t *trial) explain(file string, o *ruletest.Outcome) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: 未过：%s\n", file, o.Line, o.Name)
	for _, d := range o.Differences {
		b.WriteString("  " + d + "\n")
	}
	for i := range o.Statements {
		o.Statements[i].Standing.Member = "" // a case has no id
		var account strings.Builder
		if err := report.Statement(&account, o.Book, "算出来", &o.Statements[i]); err != nil {
			return err
		}
		b.WriteString("\n")
		for line := range strings.Lines(account.String()) {
			if line != "\n" {
				b.WriteString("    ")
			}
			b.WriteString(line)
		}
	}
	b.WriteString("\n")
	_, err := io.WriteString(t.out, b.String())
	return err
}
