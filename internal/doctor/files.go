package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// listed bounds how many files are named.
const listed = 5

// modes looks for files that others on this computer can read: names, points and
// sanctions of everybody are in them.
func (o *Options) modes() Finding {
	const name = "权限"
	paths := []string{
		backup.RootsPath(o.Database), backup.SignKeyPath(o.Database), backup.ErasuresPath(o.Database),
	}
	if !store.OnServer(o.Database) {
		for _, beside := range [...]string{"", "-wal", "-shm", "-journal", ".lock"} {
			paths = append(paths, o.Database+beside)
		}
	}
	patterns := []string{plain(o.Database) + ".v*"} // copies from before a migration
	if o.Backups != "" {
		patterns = append(patterns, filepath.Join(plain(o.Backups), "*.db"), filepath.Join(plain(o.Backups), "*.roots"))
	}
	for _, pattern := range patterns {
		more, err := filepath.Glob(pattern)
		if err != nil {
			return broken(name, fault.Unreadable(filepath.Dir(pattern), err))
		}
		paths = append(paths, more...)
	}
	var open []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			open = append(open, path)
		}
	}
	if len(open) == 0 || runtime.GOOS == "windows" { // which has no such modes
		return Finding{name, Well, "数据库和旁边的文件、备份都只有主人能读", ""}
	}
	few := open[:min(listed, len(open))]
	words := fmt.Sprintf("有 %d 个文件别人也能读：%s", len(open), strings.Join(few, "、"))
	return Finding{name, Warning, words, "chmod 600 " + strings.Join(few, " ")}
}

// plain escapes what a pattern would take for more than a name.
func plain(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// keysBesideCopies returns the key files in the folder of the copies.
func (o *Options) keysBesideCopies() ([]string, error) {
	if o.Backups == "" {
		return nil, nil
	}
	return filepath.Glob(filepath.Join(plain(o.Backups), "*.key"))
}

// How little room is a warning, and how little is none.
const (
	littleRoom = 1 << 30
	noRoom     = 100 << 20
)

// room looks at the disks. A migration takes twice the database, a copy once.
func (o *Options) room() Finding {
	const name = "磁盘"
	if store.OnServer(o.Database) {
		return Finding{name, Unasked, "数据库在服务器上", "在那一台上看"}
	}
	size := sizeOf(o.Database) + sizeOf(o.Database+"-wal")
	words, hint, worst := "数据库 "+inBytes(size), "", Well
	type place struct {
		what, path string
		need       uint64
	}
	places := []place{{"库的盘", filepath.Dir(o.Database), 2 * size}}
	if o.Backups != "" {
		places = append(places, place{"备份的盘", o.Backups, size})
	}
	for _, p := range places {
		free, err := o.Free(p.path)
		if err != nil {
			return broken(name, fault.Unreadable(p.path, err))
		}
		words += "，" + p.what + "还有 " + inBytes(free)
		state := Well
		switch {
		case free < noRoom || p.what == "备份的盘" && free < p.need:
			state, hint = Broken, "马上腾出空间：写不下的时候，什么也不能记，备份也做不成"
		case free < max(littleRoom, p.need):
			state = Warning
			if worst < Broken {
				hint = "腾出空间；备份放在另一个盘上，旧的少留几份（--keep）"
			}
		}
		worst = max(worst, state)
	}
	return Finding{name, worst, words, hint}
}

func sizeOf(path string) uint64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return uint64(info.Size())
}

// inBytes writes a size as people read one.
func inBytes(n uint64) string {
	switch {
	case n >= 10<<30:
		return strconv.FormatUint(n>>30, 10) + " GB"
	case n >= 1<<20:
		return strconv.FormatUint(n>>20, 10) + " MB"
	default:
		return strconv.FormatUint(n>>10, 10) + " KB"
	}
}

// How old in days the newest copy may be.
const (
	freshCopy = 1
	oldCopy   = 7
)

// copies looks at the newest copy.
func (o *Options) copies() Finding {
	const name, hint = "备份", "网站用 --backups 打开的，看“运行状况”里为什么没有做成；或者用 jifen daily 做一份"
	if store.OnServer(o.Database) {
		return Finding{name, Unasked, "数据库在服务器上，用它自己的办法备份", "在那一台上看，做法见 docs/city.md"}
	}
	if o.Backups == "" {
		return Finding{name, Unasked, "没有看", "加上 --backups 备份文件夹"}
	}
	folder := backup.Folder{World: o.World, Database: o.Database, Path: o.Backups}
	day, path, err := folder.Newest()
	if err != nil {
		return broken(name, err)
	}
	if day == 0 {
		return Finding{name, Broken, o.Backups + " 里一份备份也没有", hint}
	}
	words := "最近一份是 " + path
	switch age := int(calendar.FromTime(o.Now()) - day); {
	case age > oldCopy:
		return Finding{name, Broken, fmt.Sprintf("%s，%d 天以前的", words, age), hint}
	case age > freshCopy:
		return Finding{name, Warning, fmt.Sprintf("%s，%d 天以前的", words, age), hint}
	}
	if _, err := backup.LastRoot(backup.RootsPath(path)); err != nil {
		return Finding{name, Warning, words + "，旁边没有写着它的根", "用 jifen verify --db " + path + " 查过再用它"}
	}
	return Finding{name, Well, words, ""}
}
