package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jifen/internal/fault"
)

// private is the mode of every file of a database: names, points and sanctions
// of everybody are in it.
const private fs.FileMode = 0o600

// realFile returns where the file itself lies when path is a symbolic link to
// it, so that two names of one file have one lock and one WAL. A file that is
// not there yet stays under its path.
func realFile(path string) (string, error) {
	file, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "打不开数据库文件 %s", path)
	}
	return file, nil
}

// oneName refuses a file that has several names by hard links: who opens it by
// another one finds neither its lock nor its WAL.
func oneName(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil //nolint:nilerr // told by who opens it
	}
	if n := hardLinks(info); n > 1 {
		return fault.New(fault.Unavailable, "数据库文件 %s 有 %d 个名字（硬链接），从不同的名字打开会写坏", path, n).
			WithHint("用 cp 拷一份出来用，或者删去别的名字")
	}
	return nil
}

// createPrivate creates an empty file that only its owner reads, whatever the
// umask says, and tightens one that is there already.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, private)
	if errors.Is(err, fs.ErrExist) {
		// Not opened: closing it would let go the locks that SQLite holds on it.
		return tighten(path)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// tighten takes a file away from everybody but its owner. A disk that knows no
// modes keeps its own; no file is nothing to do.
func tighten(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return os.Chmod(path, mode&^0o077)
	}
	return nil
}

// ownFiles makes the database file if it is to be created, and sees to it that
// only its owner reads it and what SQLite has beside it.
func ownFiles(path string, create bool) error {
	var err error
	if create {
		err = createPrivate(path)
	}
	for _, beside := range [...]string{"", "-wal", "-shm", "-journal"} {
		err = errors.Join(err, tighten(path+beside))
	}
	if err == nil {
		return nil
	}
	failed := fault.Wrap(err, fault.Unavailable, "改不了 %s 的权限，别人也能读它", path)
	return failed.WithHint("用这个文件的主人来运行，或者请系统管理员 chmod 600 %s", path)
}
