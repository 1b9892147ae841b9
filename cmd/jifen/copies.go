package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// dailyCommand is jifen daily.
type dailyCommand struct {
	database
	To   string `required:"" placeholder:"文件夹" help:"备份放在哪个文件夹"`
	Keep int    `default:"14" placeholder:"份数" help:"留最近几份，1 到 1000"`
}

// Help says how it is run every day.
func (*dailyCommand) Help() string {
	return `给定时任务每天用一次：备份成“jifen-日期.db”，查过，再删去太旧的。备份没有做成，什么也不删，退出码不是 0。
只删名字正好是“jifen-日期.db”的文件，别的一概不动。网站自己也能每天做，见 jifen serve --help 的 --backups；
两样都用、写同一个文件夹也行，一天还是一份，“运行状况”一页看得到。

例子（每天 2 点，crontab）：
  0 2 * * * jifen daily --db /srv/jifen/jifen.db --to /backup
`
}

// Run makes the day's backup and removes the oldest.
func (k *dailyCommand) Run(c *console) error {
	kept := copies{db: k.DB, folder: k.To, keep: k.Keep, now: today}
	if err := kept.prepare(); err != nil {
		return err
	}
	made, err := kept.make(context.Background())
	if err != nil {
		return err
	}
	said := fmt.Sprintf("今天的备份已经有了：%s\n", made.path)
	if made.root != nil {
		said = fmt.Sprintf("备份好了：%s，%d 环都查过\n  根：%s\n", made.path, made.root.links, made.root.root)
	}
	if len(made.gone) > 0 {
		said += "  删去了太旧的：" + strings.Join(made.gone, "、") + "\n"
	}
	_, err = fmt.Fprint(c.out, said)
	return err
}

// copies is a folder in which a copy of a database is kept of every day.
type copies struct {
	db, folder string
	keep       int              // how many
	now        func() time.Time // in the organisation's zone
}

// copyName is the name of a copy; only such files are ever removed, and what a
// power cut has left of one (halfName, see copyVerified).
var (
	copyName = regexp.MustCompile(`^jifen-(\d{4}-\d{2}-\d{2})\.db$`)
	halfName = regexp.MustCompile(`^jifen-\d{4}-\d{2}-\d{2}\.db\.new\.\d+$`)
)

// abandoned is the age at which half a copy is nobody's work any more.
const abandoned = 24 * time.Hour

// today is the day it is.
func (k copies) today() calendar.Day { return calendar.FromTime(k.now()) }

// prepare makes the folder and refuses what would go wrong in it later.
func (k copies) prepare() error {
	if k.keep < 1 || k.keep > 1000 {
		return misused(fault.New(fault.Invalid, "--keep 写了 %d", k.keep).WithHint("写 1 到 1000"))
	}
	if err := os.MkdirAll(k.folder, 0o700); err != nil {
		return k.closed(err)
	}
	if path, err := filepath.EvalSymlinks(k.db); err == nil && copyName.MatchString(filepath.Base(path)) && oneFolder(filepath.Dir(path), k.folder) {
		return misused(fault.New(fault.Invalid, "%s 的名字和每天的备份一样，又在同一个文件夹里，会被当成旧的备份删去", k.db).WithHint("备份换一个文件夹，最好在另一个盘上"))
	}
	probe, err := os.CreateTemp(k.folder, ".jifen-probe.*")
	if err != nil {
		return k.closed(err)
	}
	_ = probe.Close() // nothing was written
	if err := os.Remove(probe.Name()); err != nil {
		return k.closed(err)
	}
	return nil
}

// closed is the error of a folder that lets nothing in.
func (k copies) closed(err error) error {
	return fault.Wrap(err, fault.Unavailable, "备份文件夹 %s 写不了：%s", k.folder, reason(err)).WithHint("换一个能写的文件夹，最好在另一个盘上")
}

// oneFolder reports whether two paths lead to the same folder.
func oneFolder(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, other)
}

// copied is what make did.
type copied struct {
	path string
	root *rootLine // of the copy; nil where it stood already
	at   time.Time // when it was written
	gone []string  // names of those that were too old
}

// make makes the day's copy where there is none, looks it through, and then
// removes the oldest.
func (k copies) make(ctx context.Context) (*copied, error) {
	made := &copied{path: filepath.Join(k.folder, "jifen-"+k.today().String()+".db")}
	info, err := os.Lstat(made.path)
	if err != nil {
		if made.root, err = copyVerified(ctx, k.db, made.path, store.Copy); err != nil {
			return nil, err
		}
		if info, err = os.Lstat(made.path); err != nil {
			return nil, unreadable(made.path, err)
		}
	}
	if !isCopy(info) {
		return nil, fault.New(fault.Invalid, "%s 已经有了，却不是备份", made.path).WithHint("把它挪到别处去")
	}
	made.at = info.ModTime()
	if err := k.sweep(); err != nil {
		return made, err
	}
	made.gone, err = k.prune(filepath.Base(made.path))
	return made, err
}

// sweep removes what power cuts have left of copies; one that another program is
// making now is younger.
func (k copies) sweep() error {
	entries, err := os.ReadDir(k.folder)
	if err != nil {
		return k.closed(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !e.IsDir() || !halfName.MatchString(e.Name()) || k.now().Sub(info.ModTime()) < abandoned {
			continue
		}
		if err := os.RemoveAll(filepath.Join(k.folder, e.Name())); err != nil {
			return k.closed(err)
		}
	}
	return nil
}

// isCopy reports whether what has a copy's name may be one: what is moved to its
// place was looked through before.
func isCopy(info os.FileInfo) bool { return info.Mode().IsRegular() && info.Size() > 0 }

// list returns the copies by day, the oldest first.
func (k copies) list() (out []os.FileInfo, err error) {
	entries, err := os.ReadDir(k.folder) // in the order of the names
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "备份文件夹 %s 读不了：%s", k.folder, reason(err)).WithHint("看看放备份的盘连着没有")
	}
	for _, e := range entries {
		if !copyName.MatchString(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && isCopy(info) { // else it has gone since
			out = append(out, info)
		}
	}
	return out, nil
}

// prune removes the oldest copies and returns their names. The one just made
// stays, whatever days the others are of.
func (k copies) prune(made string) (gone []string, err error) {
	others, err := k.list()
	if err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(i os.FileInfo) bool { return i.Name() == made })
	for _, info := range others[:max(0, len(others)-(k.keep-1))] {
		path := filepath.Join(k.folder, info.Name())
		if err := os.Remove(path); err != nil {
			return gone, fault.Wrap(err, fault.Unavailable, "旧的备份 %s 删不掉：%s", path, reason(err)).WithHint("看看这个文件夹能不能写，放备份的盘会满")
		}
		gone = append(gone, info.Name())
	}
	return gone, nil
}

// newest returns the day of the newest copy, 0 for none, and when it was
// written. One of a day to come was made while the clock was wrong.
func (k copies) newest() (day calendar.Day, at time.Time, err error) {
	all, err := k.list()
	for _, info := range all {
		of, err := calendar.Parse(copyName.FindStringSubmatch(info.Name())[1])
		if err == nil && of <= k.today() {
			day, at = of, info.ModTime()
		}
	}
	return day, at, err
}
