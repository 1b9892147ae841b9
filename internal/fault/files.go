package fault

import (
	"errors"
	"io/fs"
	"syscall"
)

// Reason says in Chinese why the system refused a file.
func Reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "没有这个文件或文件夹"
	case errors.Is(err, fs.ErrPermission):
		return "没有权限"
	case errors.Is(err, syscall.EISDIR):
		return "它是文件夹，不是文件"
	case errors.Is(err, syscall.ENOTDIR):
		return "路径里有一段不是文件夹"
	case errors.Is(err, syscall.ENOSPC):
		return "磁盘满了"
	case errors.Is(err, fs.ErrClosed), errors.Is(err, syscall.EPIPE):
		return "对方已经不再接收"
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		err = number // without the paths and calls around it
	}
	return "系统说“" + err.Error() + "”"
}

// Unreadable makes the error of a file that cannot be read.
func Unreadable(path string, err error) error {
	return Wrap(err, Unavailable, "读不了 %s：%s", path, Reason(err))
}

// Unwritable makes the error of a file that cannot be written.
func Unwritable(path string, err error) error {
	return Wrap(err, Unavailable, "写不了 %s：%s", path, Reason(err))
}
