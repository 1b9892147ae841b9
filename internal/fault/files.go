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
	return hinted(Wrap(err, Unavailable, "读不了 %s：%s", path, Reason(err)), "读")
}

// hinted adds what to do about a file that cannot be read or written.
func hinted(f *Error, does string) error {
	switch {
	case errors.Is(f, fs.ErrNotExist), errors.Is(f, syscall.ENOTDIR):
		return f.WithHint("看看文件名、文件夹写得对不对")
	case errors.Is(f, fs.ErrPermission):
		return f.WithHint("换一个能%s它的用户来运行，或者请系统管理员改它的权限", does)
	case errors.Is(f, syscall.EISDIR):
		return f.WithHint("写到文件名为止")
	case errors.Is(f, syscall.ENOSPC):
		return f.WithHint("腾出空间再来")
	}
	return f
}

// Unwritable makes the error of a file that cannot be written.
func Unwritable(path string, err error) error {
	return hinted(Wrap(err, Unavailable, "写不了 %s：%s", path, Reason(err)), "写")
}
