package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jifen/internal/demo"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// demoCommand is jifen demo.
type demoCommand struct {
	Members int    `default:"1485" placeholder:"人数" help:"党员人数，50 到 25000；写成表格最多 15000"`
	Seed    uint64 `default:"1" placeholder:"种子" help:"同一个种子总是同一条街道"`
	Year    int    `default:"2026" placeholder:"年份" help:"哪一年的事"`
	Out     string `placeholder:"文件夹" help:"三张表写到哪个文件夹，没有就新建"`
	DB      string `name:"db" placeholder:"文件" help:"改为造一个数据库，写到这个文件；年份是今年，到今天为止"`
	Force   bool   `help:"文件夹里已有同名文件时覆盖"`
}

// Help shows the files that are written.
func (*demoCommand) Help() string {
	return `写出 members.csv（党员）、entries.csv（记录）、attendance.csv（出勤）三张表，可以用表格软件打开。
三张表都写完了才放进文件夹，中途出错不会留下半张。
写 --db 就造一个数据库，帐号和密码在旁边的 demo-accounts.txt，密钥在旁边的“数据库文件名.key”。

例子：
  jifen demo --out data/example
  jifen demo --members 200 --seed 7 --out data/small
  jifen demo --db data/demo.db
`
}

// maxTables limits the members of a demo in tables: jifen score reads no more.
const maxTables = 15_000

// Run writes the tables of an invented street.
func (d *demoCommand) Run(c *console) error {
	if err := d.check(); err != nil {
		return err
	}
	if d.DB != "" {
		return d.fillDatabase(c)
	}
	if d.Members > maxTables {
		return misused(fault.New(fault.Invalid, "写成表格最多 %d 人", maxTables).WithHint("更多的人请用 --db 造数据库"))
	}
	street, err := demo.New(demo.Options{Members: d.Members, Seed: d.Seed, Year: d.Year})
	if err != nil {
		return misused(err)
	}
	members, entries, attendance := street.Tables()
	files := []demoFile{
		{path: filepath.Join(d.Out, "members.csv"), what: "党员", table: members},
		{path: filepath.Join(d.Out, "entries.csv"), what: "记录", table: entries},
		{path: filepath.Join(d.Out, "attendance.csv"), what: "出勤", table: attendance},
	}
	if err := writeAll(d.Out, files, d.Force); err != nil {
		return err
	}
	return d.tell(c, street, files)
}

// tell prints the files that were written and what to try with them.
func (d *demoCommand) tell(c *console, street *demo.Street, files []demoFile) error {
	var b strings.Builder
	fmt.Fprintf(&b, "造好了一条街道 %d 年的演示数据，党员 %d 人。人和事都是编的。\n", d.Year, len(street.Members))
	for i := range files {
		fmt.Fprintf(&b, "  %s  %s %d 行\n", files[i].path, files[i].what, len(files[i].table)-1)
	}
	fmt.Fprintf(&b, "\n接着可以算一个支部的分：\n  jifen score --rules rules/weizhou.yaml --members %s --entries %s "+
		"--attendance %s --period %d --branch %s\n",
		shellWord(files[0].path), shellWord(files[1].path), shellWord(files[2].path), d.Year, street.Members[0].Home[0])
	_, err := io.WriteString(c.out, b.String())
	return err
}

// demoFile is one table on its way to the disk.
type demoFile struct {
	path  string
	what  string
	table [][]string // header first
	temp  string     // where it waits; "" once it is in place
}

// writeAll writes every file beside its place first and moves them there only
// when all are written, so that a full disk leaves nothing half done.
func writeAll(folder string, files []demoFile, force bool) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return unwritable(folder, err)
	}
	if err := free(files, force); err != nil {
		return err
	}
	defer func() {
		for i := range files {
			if files[i].temp != "" {
				_ = os.Remove(files[i].temp) // what is left of a failure that is being reported
			}
		}
	}()
	for i := range files {
		if err := files[i].stage(folder); err != nil {
			return unwritable(files[i].path, err)
		}
	}
	for i := range files {
		if err := os.Rename(files[i].temp, files[i].path); err != nil {
			return unwritable(files[i].path, err)
		}
		files[i].temp = ""
	}
	return nil
}

// free reports whether the files may be written: what stands there is a file,
// and is to be overwritten.
func free(files []demoFile, force bool) error {
	var taken []string
	for i := range files {
		info, err := os.Lstat(files[i].path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err == nil && info.IsDir():
			return fault.New(fault.Unavailable, "写不了 %s：那里有同名的文件夹", files[i].path)
		default:
			taken = append(taken, files[i].path)
		}
	}
	if len(taken) > 0 && !force {
		return fault.New(fault.Conflict, "已经有 %s，没有动它", strings.Join(taken, "、")).WithHint("换一个文件夹；确实要覆盖，加 --force")
	}
	return nil
}

// stage writes the table into a temporary file.
func (f *demoFile) stage(folder string) error {
	temp, err := os.CreateTemp(folder, filepath.Base(f.path)+".*.tmp")
	if err != nil {
		return err
	}
	f.temp = temp.Name()
	return errors.Join(spreadsheet.WriteCSV(temp, f.table[0], f.table[1:]), temp.Chmod(0o644), temp.Close())
}

// shellWord quotes a path for the shell where it needs it.
func shellWord(s string) string {
	special := func(r rune) bool { return r < 0x80 && !strings.ContainsRune("/._-+:,@%", r) && !letterOrDigit(r) }
	if strings.ContainsFunc(s, special) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

func letterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
