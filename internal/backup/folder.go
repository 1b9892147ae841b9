package backup

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// Folder is a folder in which a copy of a database is kept of every day.
type Folder struct {
	World
	Database string
	Path     string
	Keep     int // how many copies
}

// copyNames and halfNames are the names of copies, of which only such are ever
// removed, and of what a power cut has left of one (see World.verified).
func copyNames() *regexp.Regexp { return regexp.MustCompile(`^jifen-(\d{4}-\d{2}-\d{2})\.db$`) }
func halfNames() *regexp.Regexp { return regexp.MustCompile(`^jifen-\d{4}-\d{2}-\d{2}\.db\.new\.\d+$`) }

// abandoned is the age at which half a copy is nobody's work any more.
const abandoned = 24 * time.Hour

func (f Folder) today() calendar.Day { return calendar.FromTime(f.Now()) }

// Prepare makes the folder, and refuses one in which nothing can be kept.
func (f Folder) Prepare() error {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return f.closed(err)
	}
	probe, err := os.CreateTemp(f.Path, ".jifen-probe.*")
	if err != nil {
		return f.closed(err)
	}
	_ = probe.Close() // nothing was written
	if err := os.Remove(probe.Name()); err != nil {
		return f.closed(err)
	}
	return nil
}

// Swallows reports whether the database itself lies in the folder under the name of
// a copy, and would be removed as one that is too old.
func (f Folder) Swallows() bool {
	path, err := filepath.EvalSymlinks(f.Database)
	return err == nil && copyNames().MatchString(filepath.Base(path)) && oneFolder(filepath.Dir(path), f.Path)
}

// closed is the error of a folder that lets nothing in.
func (f Folder) closed(err error) error {
	return fault.Wrap(err, fault.Unavailable, "备份文件夹 %s 写不了：%s", f.Path, fault.Reason(err)).WithHint("换一个能写的文件夹，最好在另一个盘上")
}

// oneFolder reports whether two paths lead to the same folder.
func oneFolder(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, other)
}

// Made holds what Make did.
type Made struct {
	Path string
	Root *Root     // of the copy; nil where it stood already
	At   time.Time // when it was written
	Gone []string  // names of those that were too old
}

// Make makes the day's copy where there is none, looks it through, and then
// removes the oldest. The roots beside them stay: they tell what was changed
// before the oldest copy that is left.
func (f Folder) Make(ctx context.Context) (*Made, error) {
	made := &Made{Path: filepath.Join(f.Path, "jifen-"+f.today().String()+".db")}
	info, err := os.Lstat(made.Path)
	if err != nil {
		if made.Root, err = f.Copy(ctx, f.Database, made.Path); err != nil {
			return nil, err
		}
		if info, err = os.Lstat(made.Path); err != nil {
			return nil, fault.Unreadable(made.Path, err)
		}
	}
	if !isCopy(info) {
		return nil, fault.New(fault.Invalid, "%s 已经有了，却不是备份", made.Path).WithHint("把它挪到别处去")
	}
	made.At = info.ModTime()
	if err := f.sweep(); err != nil {
		return made, err
	}
	made.Gone, err = f.prune(filepath.Base(made.Path))
	return made, err
}

// sweep removes what power cuts have left of copies; one that another program is
// making now is younger.
func (f Folder) sweep() error {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return f.closed(err)
	}
	half := halfNames()
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !e.IsDir() || !half.MatchString(e.Name()) || f.Now().Sub(info.ModTime()) < abandoned {
			continue
		}
		if err := os.RemoveAll(filepath.Join(f.Path, e.Name())); err != nil {
			return f.closed(err)
		}
	}
	return nil
}

// isCopy reports whether what has a copy's name may be one: what is moved to its
// place was looked through before.
func isCopy(info os.FileInfo) bool { return info.Mode().IsRegular() && info.Size() > 0 }

// list returns the copies by day, the oldest first.
func (f Folder) list() (out []os.FileInfo, err error) {
	entries, err := os.ReadDir(f.Path) // in the order of the names
	if err != nil {
		failed := fault.Wrap(err, fault.Unavailable, "备份文件夹 %s 读不了：%s", f.Path, fault.Reason(err))
		return nil, failed.WithHint("看看放备份的盘连着没有")
	}
	names := copyNames()
	for _, e := range entries {
		if !names.MatchString(e.Name()) {
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
func (f Folder) prune(made string) (gone []string, err error) {
	others, err := f.list()
	if err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(i os.FileInfo) bool { return i.Name() == made })
	for _, info := range others[:max(0, len(others)-(f.Keep-1))] {
		path := filepath.Join(f.Path, info.Name())
		if err := os.Remove(path); err != nil {
			failed := fault.Wrap(err, fault.Unavailable, "旧的备份 %s 删不掉：%s", path, fault.Reason(err))
			return gone, failed.WithHint("看看这个文件夹能不能写，放备份的盘会满")
		}
		gone = append(gone, info.Name())
	}
	return gone, nil
}

// Newest returns the day of the newest copy, 0 for none, and its file.
func (f Folder) Newest() (day calendar.Day, path string, err error) {
	day, _, err = f.newest()
	return day, filepath.Join(f.Path, "jifen-"+day.String()+".db"), err
}

// newest returns the day of the newest copy, 0 for none, and when it was
// written. One of a day to come was made while the clock was wrong.
func (f Folder) newest() (day calendar.Day, at time.Time, err error) {
	all, err := f.list()
	names := copyNames()
	for _, info := range all {
		of, err := calendar.Parse(names.FindStringSubmatch(info.Name())[1])
		if err == nil && of <= f.today() {
			day, at = of, info.ModTime()
		}
	}
	return day, at, err
}
